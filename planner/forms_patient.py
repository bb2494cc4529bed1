"""Whom a plan is for: a patient of the clinic, or somebody new."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from planner.context import AnyPatient, NewPatient, birth_date_fault
from planner.forms_clinic import PatientForm
from planner.models import Patient, User
from planner.models.patients import ORDER
from planner.patient_search import fitting
from planner.taper.amounts import show_day

FIND = "find"  # what is pressed to look for somebody, and not to issue
NEW_FIELDS = ("name", "born", "identifier")
MOST_LISTED = 50
MOST_FOUND = 20
MOST_LETTERS = 200


def named(patient: Patient) -> str:
    """With all that tells two of one name apart."""
    return f"{patient}, born {show_day(patient.born)}"


class PatientField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Patient) -> str:
        return named(obj)


class PatientChoiceForm(PatientForm):
    """One of the clinic's patients, or a new one."""

    find = forms.CharField(
        label="Find a patient",
        required=False,
        max_length=MOST_LETTERS,
        help_text="By name, identifier or date of birth.",
        widget=forms.TextInput({"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    patient = PatientField(
        queryset=None,
        label="From the list",
        required=False,
        empty_label="Somebody new",
        error_messages={"invalid_choice": "This patient is not in your clinic's list. Choose again."},
    )
    field_order = ["find", "patient", *NEW_FIELDS]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        everybody = Patient.for_user(user).order_by(*ORDER)
        self.fields["patient"].queryset = everybody  # type: ignore[attr-defined]
        for name in NEW_FIELDS:
            self.fields[name].required = False
        self.is_long = everybody[MOST_LISTED : MOST_LISTED + 1].exists()
        if self.is_long:
            self._list_found(str(self._typed().get("find") or ""))
        else:
            del self.fields["find"]

    def _list_found(self, text: str) -> None:
        """Only those whom the words fit, and the one who was chosen before: a list of all would be too long."""
        found: list[Patient] = []
        if text.strip():
            found = list(fitting(self.user.clinic, text).of(self.user).order_by(*ORDER)[: MOST_FOUND + 1])
        field, chosen = self.fields["patient"], self._chosen_before()
        shown = [*([chosen] if chosen and chosen not in found else []), *found[:MOST_FOUND]]
        field.help_text = _told(text, len(found))
        field.widget = forms.RadioSelect(choices=[("", "Somebody new"), *((who.pk, named(who)) for who in shown)])

    def _typed(self) -> Mapping[str, Any]:
        typed: Mapping[str, Any] = self.data if self.is_bound else self.initial
        return typed

    def _chosen_before(self) -> Patient | None:
        with suppress(forms.ValidationError):
            found: Patient | None = self.fields["patient"].clean(self._typed().get("patient"))
            return found
        return None

    def clean_born(self) -> date | None:
        born: date | None = self.cleaned_data["born"]
        if born and (fault := birth_date_fault(born)):
            raise forms.ValidationError(fault)
        return born

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        given = [name for name in NEW_FIELDS if data.get(name)]
        if data.get("patient") and given:
            self.add_error("patient", "Choose from the list, or add somebody new: not both.")
        if not data.get("patient") and "patient" not in self.errors:
            self._require_new(given)
        return data

    def _require_new(self, given: Sequence[str]) -> None:
        if not given and not any(name in self.errors for name in NEW_FIELDS):
            self.add_error("patient", "Choose a patient from the list, or add somebody new below.")
            return
        for name in NEW_FIELDS:
            if name not in given and name not in self.errors:
                self.add_error(name, "A new patient has a name, a date of birth and an identifier.")

    @classmethod
    def looking(cls, typed: QueryDict, user: User) -> "PatientChoiceForm":
        """While somebody is still looked for, nothing that was typed is a fault."""
        return cls(initial=typed.dict(), user=user)

    def chosen(self) -> AnyPatient | None:
        """The patient; None while nobody is chosen."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        return data["patient"] or NewPatient(**{name: data[name] for name in NEW_FIELDS})

    def blame_patient(self, message: str) -> None:
        """That this patient stops the plan, said where the slip can be mended."""
        field = self.field_of("born")
        who = "this patient" if field == "patient" else "this date of birth"
        self.add_error(field, f"With {who} the plan cannot be issued. {message}")

    def field_of(self, name: str) -> str:
        """The field at which something about the patient is said: the list, where one was chosen from it."""
        return "patient" if name in NEW_FIELDS and self.data.get("patient") else name


def _told(text: str, count: int) -> str:
    """How many were found; the list itself is beside it."""
    if not text.strip():
        return f"The clinic has more than {MOST_LISTED} patients: find somebody first."
    if count > MOST_FOUND:
        return f"The first {MOST_FOUND} of those found. Type more to see fewer."
    return f"{count} found." if count else "Nobody is found by these words."

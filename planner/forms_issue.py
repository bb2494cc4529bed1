"""Forms of the page on which a plan is issued."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from planner.context import AnyPatient, NewPatient, birth_date_fault
from planner.forms_clinic import PatientForm
from planner.issuing import MOST_LETTERS, Question
from planner.models import Patient, User

NEW_FIELDS = ("name", "born", "identifier")
ANSWER_KINDS = ("usual", "reason", "specialist")


class PatientChoiceForm(PatientForm):
    """One of the clinic's patients, or a new one."""

    patient: "forms.ModelChoiceField[Patient]" = forms.ModelChoiceField(
        queryset=None,
        label="From the list",
        required=False,
        empty_label="Somebody new",
        error_messages={"invalid_choice": "This patient is not in your clinic's list. Choose again."},
    )
    field_order = ["patient", *NEW_FIELDS]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["patient"].queryset = Patient.for_user(user)  # type: ignore[attr-defined]
        for name in NEW_FIELDS:
            self.fields[name].required = False

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


class ReasonsForm(forms.Form):
    """A reason for each question, chosen or typed, and the specialist where one has to be named."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self._ask(question)

    def _ask(self, question: Question) -> None:
        usual = [("", "Choose, or type your own"), *((words, words) for words in question.usual_reasons)]
        self.fields[f"usual-{question.code}"] = forms.ChoiceField(label="Reason", choices=usual, required=False)
        self.fields[f"reason-{question.code}"] = forms.CharField(
            label="Your own words", max_length=MOST_LETTERS, required=False
        )
        if question.specialist:
            self.fields[f"specialist-{question.code}"] = forms.CharField(
                label="Specialist who directs this", max_length=100, required=False
            )

    def rows(self) -> list[tuple[Question, list[BoundField]]]:
        """Each question with its fields."""
        return [
            (q, [self[f"{k}-{q.code}"] for k in ANSWER_KINDS if f"{k}-{q.code}" in self.fields]) for q in self.questions
        ]

    def reasons(self) -> dict[str, str]:
        """By code; what was chosen and what was typed both count, and the same words once."""
        given = {q.code: (self._given("usual", q), self._given("reason", q)) for q in self.questions}
        return {
            code: typed if chosen in typed else "; ".join(filter(None, (chosen, typed)))
            for code, (chosen, typed) in given.items()
        }

    def specialists(self) -> dict[str, str]:
        """By code."""
        return {q.code: self._given("specialist", q) for q in self.questions if q.specialist}

    def _given(self, kind: str, question: Question) -> str:
        return str(self.cleaned_data.get(f"{kind}-{question.code}", ""))

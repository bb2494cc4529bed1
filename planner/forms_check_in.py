"""What is asked at a check-in, and when something else was taken than planned."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from planner.forms.fields import AmountField, DaysField
from planner.forms_clinic import DateInput
from planner.formulary import MedicineFile
from planner.models import DECISIONS, HOW
from planner.revising import MOST_DAYS
from planner.suggestions import Report
from planner.taper.medicine import TIMES

DATE = dict.fromkeys(("required", "invalid"), "Give a date as year-month-day, such as 2027-01-13.")
MISSED = dict.fromkeys(("required", "invalid", "min_value", "max_value"), "Give a whole number from 0 to 99.")
FORGED = {"invalid_choice": "Tick signs of the list: the medicine’s file names no other ones."}
NOT_ANSWERED = "Answer this first: what follows depends on it."


class CheckInForm(forms.Form):
    """The answers, and what the clinician decides. The signs are those of the medicine's file."""

    too_much = forms.ChoiceField(
        label="Is the patient very sleepy, floppy or breathing slowly?",
        choices=(("no", "No"), ("yes", "Yes")),
        widget=forms.RadioSelect,
        error_messages={"required": NOT_ANSWERED, "invalid_choice": NOT_ANSWERED},
    )
    how = forms.ChoiceField(
        label="How is the patient?",
        choices=HOW,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose how the patient is."},
    )
    signs = forms.MultipleChoiceField(
        label="Signs", widget=forms.CheckboxSelectMultiple, required=False, error_messages=FORGED
    )
    danger = forms.MultipleChoiceField(
        label="Emergency signs", widget=forms.CheckboxSelectMultiple, required=False, error_messages=FORGED
    )
    missed = forms.IntegerField(
        label="Doses missed",
        min_value=0,
        max_value=99,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=MISSED,
    )
    day = forms.DateField(label="Day of the contact", widget=DateInput(), error_messages=DATE)
    note = forms.CharField(
        label="Note",
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"max_length": "Give at most 1,000 characters."},
    )
    decision = forms.ChoiceField(
        label="Your decision",
        choices=DECISIONS,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose what follows from the list."},
    )
    days = DaysField(label="Days to hold", most=MOST_DAYS)
    reason = forms.CharField(
        label="Reason",
        help_text="Needed where you decide otherwise than the rule proposes",
        max_length=500,
        required=False,
        error_messages={"max_length": "Give at most 500 characters."},
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, file: MedicineFile | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signs = {"signs": file.patient.call_us, "danger": file.patient.emergency} if file else {}
        for name in ("signs", "danger"):
            self.fields[name].choices = [(says, says) for says in signs.get(name, ())]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("too_much") == "yes":
            return self._emergency(data)
        if data.get("too_much") and not data.get("how") and "how" not in self.errors:
            self.add_error("how", "Choose how the patient is.")
        if data.get("how") and not data.get("decision") and "decision" not in self.errors:
            self.add_error("decision", "Choose what follows.")
        if data.get("decision") == "hold":
            if not data.get("days") and "days" not in self.errors:
                self.add_error("days", f"Give a whole number of days from 1 to {MOST_DAYS}.")
        else:
            self.errors.pop("days", None)
        return data

    def _emergency(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing else is asked then, so nothing else that was typed stands in the way."""
        for name in ("how", "signs", "danger", "missed", "decision", "days", "reason"):
            self.errors.pop(name, None)
        return data | {"decision": "emergency", "reason": ""}

    def report(self) -> Report:
        """What was said. The form must be valid."""
        data = self.cleaned_data
        return Report(
            day=data["day"],
            too_much=data["too_much"] == "yes",
            how=data.get("how", ""),
            signs=(*data.get("signs", ()), *data.get("danger", ())),
            emergency=bool(data.get("danger")),
            missed=data.get("missed") or 0,
            note=data["note"],
        )


def answers_so_far(typed: QueryDict, file: MedicineFile | None, today: date) -> Report | None:
    """The answers as far as they are given, whatever else is missing; None before the first question that counts."""
    too_much, how = typed.get("too_much") == "yes", typed.get("how", "")
    if not too_much and how not in dict(HOW):
        return None
    emergency = file is not None and not set(typed.getlist("danger")).isdisjoint(file.patient.emergency)
    return Report(today, too_much, how, (), emergency)


class TakenForm(forms.Form):
    """Days on which something else was taken than planned, and what."""

    first = forms.DateField(label="From", widget=DateInput(), error_messages=DATE)
    last = forms.DateField(
        label="To", widget=DateInput(), required=False, error_messages=DATE, help_text="Empty: it is still taken so."
    )
    morning = AmountField(label="Morning")
    midday = AmountField(label="Midday")
    evening = AmountField(label="Evening")
    bedtime = AmountField(label="Bedtime")
    note = forms.CharField(
        label="Note",
        max_length=500,
        required=False,
        error_messages={"max_length": "Give at most 500 characters."},
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="taken_%s", initial=dict(initial or {}))

    def regimen(self) -> dict[str, Decimal]:
        """The doses that were typed, by time."""
        return {time: self.cleaned_data[time] for time in TIMES if self.cleaned_data[time] is not None}

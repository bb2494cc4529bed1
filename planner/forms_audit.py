"""What the audit trail is searched by."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from planner.forms_clinic import DateInput
from planner.trail import Wanted

ABOUT = (("", "Anything"), ("patient", "A patient, with all plans"), ("plan", "A plan"), ("version", "A version"))
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)
LARGEST = 2**63 - 1
NUMBER = dict.fromkeys(
    ("invalid", "min_value", "max_value"), "Give the number from the address of its page, such as 12 in /patients/12/."
)


class TrailDate(forms.DateField):
    def __init__(self, label: str) -> None:
        messages = {"invalid": "Give a date as year-month-day, such as 2026-11-25."}
        super().__init__(label=label, required=False, widget=DateInput(), error_messages=messages)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and not FIRST <= value <= LAST:
            raise forms.ValidationError(f"Give a date between {FIRST.year} and {LAST.year}.")


class TrailForm(forms.Form):
    person = forms.ChoiceField(
        label="Person", required=False, error_messages={"invalid_choice": "Choose a person from the list."}
    )
    action = forms.ChoiceField(
        label="What was done",
        required=False,
        error_messages={"invalid_choice": "Choose from the list what was done."},
    )
    about = forms.ChoiceField(
        label="About",
        required=False,
        choices=ABOUT,
        error_messages={"invalid_choice": "Choose from the list what it is about."},
    )
    number = forms.IntegerField(
        label="Its number",
        required=False,
        min_value=1,
        max_value=LARGEST,
        error_messages=NUMBER,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    since = TrailDate("From")
    until = TrailDate("To")

    def __init__(self, data: QueryDict, *, people: Iterable[tuple[int, str]], actions: Mapping[str, str]) -> None:
        super().__init__(data)
        self.fields["person"].choices = [("", "Anybody"), *people]  # type: ignore[attr-defined]
        self.fields["action"].choices = [("", "Anything"), *actions.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day is before the first.")
        if data.get("about") and data.get("number") is None and "number" not in self.errors:
            self.add_error("number", "Give the number too, or choose Anything under About.")
        if data.get("number") and not data.get("about") and "about" not in self.errors:
            self.add_error("about", "Choose what the number is of: a patient, a plan or a version.")
        return data

    def wanted(self) -> Wanted:
        """Of a form without a fault."""
        data = self.cleaned_data
        person = int(data["person"]) if data["person"] else None
        return Wanted(**{**{name: data[name] for name in self.fields}, "person": person})

"""Forms for the days on which somebody at the clinic answers the phone."""

from typing import Any

from django import forms

from planner.closures import regions_of
from planner.forms_clinic import DateInput, Line
from planner.models import CHECK_INS, Clinic
from planner.taper.amounts import DAY_NAMES

TICK_A_DAY = "Tick at least one day on which somebody answers the phone."
GIVE_A_DAY = "Give a date as year-month-day, such as 2026-12-24."


class OpeningForm(forms.Form):
    """The clinic's week, the public holidays it closes on, and its check-ins. clinic: whose country has the regions."""

    weekdays = forms.TypedMultipleChoiceField(
        label="Open on",
        coerce=int,
        choices=list(enumerate(DAY_NAMES)),
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("required", "invalid_choice", "invalid_list"), TICK_A_DAY),
    )
    closed_on_holidays = forms.BooleanField(label="Closed on public holidays", required=False)
    region = forms.ChoiceField(
        label="Region",
        required=False,
        help_text="Some holidays hold only in a region.",
        error_messages={"invalid_choice": "Choose a region from the list."},
    )
    check_ins = forms.ChoiceField(
        label="Check-ins, when signs of withdrawal would be worst",
        choices=CHECK_INS,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose from the list when a check-in is planned."
        ),
    )

    def __init__(self, data: Any = None, *, clinic: Clinic) -> None:
        initial = {
            "weekdays": list(clinic.open_weekdays),
            "closed_on_holidays": clinic.closed_on_holidays,
            "region": clinic.holiday_region,
            "check_ins": clinic.check_ins,
        }
        super().__init__(data, initial=initial)
        shared = "Only holidays that the whole country has"
        self.fields["region"].choices = [("", shared), *regions_of(clinic.country).items()]  # type: ignore[attr-defined]


class ClosingForm(forms.Form):
    """Closing days of the clinic's own; a single day needs no last one."""

    name = Line(
        label="What for",
        max_length=100,
        give="Say what for, such as Christmas break.",
        help_text="Such as Christmas break or staff training",
    )
    first = forms.DateField(
        label="First closed day",
        widget=DateInput(),
        error_messages=dict.fromkeys(("required", "invalid"), GIVE_A_DAY),
    )
    last = forms.DateField(
        label="Last closed day",
        widget=DateInput(),
        required=False,
        help_text="Empty for a single day",
        error_messages={"invalid": GIVE_A_DAY},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="closing_%s")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "first" in data and "last" in data:
            data["last"] = data["last"] or data["first"]  # a single day
        return data

"""Forms for the clinic, its people, its defaults and its patients."""

from typing import Any

from django import forms

from planner.context import NewPatient
from planner.models import COUNTRIES, PAGE_SIZES

MOST_DAYS = 90  # between cuts, and in a limit's window
DAYS = dict.fromkeys(("invalid", "min_value", "max_value"), f"Give a whole number of days from 1 to {MOST_DAYS}.")
CUT = {"max_length": "Give a plain number above 0, such as 10 or 2.5."}
BASIS = {"invalid_choice": "Choose from the list what the cut is counted in."}
PASSWORD_HELP = "At least 12 characters. A few words that only you put together are good."


def _said(*codes: str, words: str) -> dict[str, str]:
    return dict.fromkeys(codes, words)


class Line(forms.CharField):
    """A text that is needed. give: what is said where it is empty."""

    def __init__(self, *, give: str, max_length: int, **kwargs: Any) -> None:
        messages = {"required": give, "max_length": f"Give at most {max_length} characters."}
        super().__init__(max_length=max_length, error_messages=messages, **kwargs)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClinicForm(forms.Form):
    """What stands on every paper about the clinic."""

    clinic_name = Line(label="Name of the clinic", max_length=100, give="Give the name that patients know.")
    country = forms.ChoiceField(
        label="Country",
        choices=[("", "Choose"), *COUNTRIES],
        help_text="It decides which products and label maximums are offered, and how numbers are written.",
        error_messages=_said("required", "invalid_choice", words="Choose the clinic’s country from the list."),
    )
    phone = Line(
        label="Phone",
        max_length=40,
        give="Give the number on which patients reach the clinic.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    hours = Line(
        label="Opening hours",
        max_length=120,
        give="Give the opening hours, such as Monday to Friday, 8 am to 6 pm.",
        help_text="As patients read them: Monday to Friday, 8 am to 6 pm",
    )
    out_of_hours = Line(
        label="Out of hours",
        max_length=120,
        give="Give the number to call when the clinic is closed.",
        help_text="The number to call when the clinic is closed",
    )
    emergency = Line(
        label="Emergency number",
        max_length=20,
        give="Give the number for emergencies, such as 911 or 999.",
        help_text="911 in the United States, 999 in the United Kingdom",
    )
    page_size = forms.ChoiceField(
        label="Paper",
        choices=PAGE_SIZES,
        error_messages=_said("required", "invalid_choice", words="Choose the paper you print on: A4 or Letter."),
    )

    def details(self) -> dict[str, str]:
        data = {name: self.cleaned_data[name] for name in ClinicForm.base_fields}
        return {"name": data.pop("clinic_name"), **data}


class PersonForm(forms.Form):
    name = Line(
        label="Name",
        max_length=100,
        give="Give the person’s name, with title and role.",
        help_text="As it stands on a plan, with title and role",
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="For signing in",
        error_messages=_said(
            "required", "invalid", "max_length", words="Give one e-mail address, such as name@example.org."
        ),
    )


class PasswordForm(forms.Form):
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text=PASSWORD_HELP,
        error_messages={"required": "Give a password of at least 12 characters."},
        widget=forms.PasswordInput({"autocomplete": "new-password"}, render_value=False),
    )
    again = forms.CharField(
        label="Password again",
        strip=False,
        error_messages={"required": "Type the same password a second time."},
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        password, again = data.get("password"), data.get("again")
        if password and again and password != again:
            self.add_error("again", "The two passwords differ. Type the same one twice.")
        return data


class SetUpForm(PasswordForm, PersonForm, ClinicForm):
    """The clinic and its first person."""

    field_order = [*ClinicForm.base_fields, "name", "email", "password", "again"]


class PatientForm(forms.Form):
    name = Line(label="Name", max_length=100, give="Give the patient’s name, as it is to stand on the calendar.")
    born = forms.DateField(
        label="Date of birth",
        widget=DateInput(),
        error_messages=_said(
            "required", "invalid", words="Give the date of birth as year-month-day, such as 1968-03-14."
        ),
    )
    identifier = Line(
        label="Identifier",
        max_length=40,
        give="Give the patient’s record or hospital number.",
        help_text="Record or hospital number",
    )

    def new_patient(self) -> NewPatient:
        return NewPatient(**self.cleaned_data)


class DefaultsForm(forms.Form):
    """A clinic's pace and limit for one medicine. A whole line left empty keeps the medicine's own."""

    UNITS = (("current", "% of the current dose"), ("starting", "% of the starting dose"))

    pace_cut = forms.CharField(label="Cut", max_length=12, required=False, error_messages=CUT)
    pace_of = forms.ChoiceField(label="Of", error_messages=BASIS)
    pace_every = forms.IntegerField(
        label="Days between cuts", min_value=1, max_value=MOST_DAYS, required=False, error_messages=DAYS
    )
    limit_cut = forms.CharField(label="Largest cut", max_length=12, required=False, error_messages=CUT)
    limit_of = forms.ChoiceField(label="Of", error_messages=BASIS)
    limit_days = forms.IntegerField(
        label="In how many days", min_value=1, max_value=MOST_DAYS, required=False, error_messages=DAYS
    )

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        for name in ("pace_of", "limit_of"):
            self.fields[name].choices = [*self.UNITS, ("", unit)]  # type: ignore[attr-defined]
            self.fields[name].required = False

    @staticmethod
    def initial_from(pace: list[dict[str, Any]], limit: dict[str, Any]) -> dict[str, Any]:
        """What the fields show for a saved pace and limit."""
        shown: dict[str, Any] = {"pace_of": "current", "limit_of": "current"}
        if pace:
            shown |= _line("pace", pace[0]) | {"pace_every": pace[0]["every"]}
        if limit:
            shown |= _line("limit", limit) | {"limit_days": limit["days"]}
        return shown

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._both_or_none("pace_cut", "pace_every")
        self._both_or_none("limit_cut", "limit_days")
        return data

    def _both_or_none(self, cut: str, days: str) -> None:
        given = {name: self.cleaned_data.get(name) not in (None, "") for name in (cut, days)}
        for name, is_given in given.items():
            if not is_given and any(given.values()) and name not in self.errors:
                self.add_error(name, "Give both the cut and the days, or neither for the medicine's own.")

    def pace(self) -> list[dict[str, Any]]:
        """In the form of a request; empty for the medicine's own."""
        cut = self._cut("pace")
        return [{**cut, "every": self.cleaned_data["pace_every"]}] if cut else []

    def limit(self) -> dict[str, Any]:
        """In the form of a request; empty for the medicine's own."""
        cut = self._cut("limit")
        return {**cut, "days": self.cleaned_data["limit_days"]} if cut else {}

    def _cut(self, line: str) -> dict[str, Any]:
        amount, of = self.cleaned_data[f"{line}_cut"], self.cleaned_data[f"{line}_of"]
        if not amount:
            return {}
        return {"cut": f"{amount}%", "of": of} if of else {"cut": f"{amount} {self.unit}"}


def _line(name: str, rule: dict[str, Any]) -> dict[str, Any]:
    amount = str(rule["cut"]).rstrip("%").split(" ")[0]
    return {f"{name}_cut": amount, f"{name}_of": rule.get("of", "")}

"""Forms for the clinic, its people, its defaults and its patients."""

from typing import Any

from django import forms

from planner.context import NewPatient
from planner.models import COUNTRIES, PAGE_SIZES

PASSWORD_HELP = "At least 12 characters. A few words that only you put together are good."


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClinicForm(forms.Form):
    """What stands on every paper about the clinic."""

    clinic_name = forms.CharField(label="Name of the clinic", max_length=100)
    country = forms.ChoiceField(
        label="Country",
        choices=[("", "Choose"), *COUNTRIES],
        help_text="It decides which products and label maximums are offered, and how numbers are written.",
    )
    phone = forms.CharField(label="Phone", max_length=40, widget=forms.TextInput({"autocomplete": "off"}))
    hours = forms.CharField(
        label="Opening hours", max_length=120, help_text="As patients read them: Monday to Friday, 8 am to 6 pm"
    )
    out_of_hours = forms.CharField(
        label="Out of hours", max_length=120, help_text="The number to call when the clinic is closed"
    )
    emergency = forms.CharField(
        label="Emergency number", max_length=20, help_text="911 in the United States, 999 in the United Kingdom"
    )
    page_size = forms.ChoiceField(label="Paper", choices=PAGE_SIZES)

    def details(self) -> dict[str, str]:
        data = {name: self.cleaned_data[name] for name in ClinicForm.base_fields}
        return {"name": data.pop("clinic_name"), **data}


class PersonForm(forms.Form):
    name = forms.CharField(label="Name", max_length=100, help_text="As it stands on a plan, with title and role")
    email = forms.EmailField(label="E-mail address", help_text="For signing in")


class PasswordForm(forms.Form):
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput({"autocomplete": "new-password"}, render_value=False),
    )
    again = forms.CharField(
        label="Password again", strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
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
    name = forms.CharField(label="Name", max_length=100)
    born = forms.DateField(label="Date of birth", widget=DateInput())
    identifier = forms.CharField(label="Identifier", max_length=40, help_text="Record or hospital number")

    def new_patient(self) -> NewPatient:
        return NewPatient(**self.cleaned_data)


class DefaultsForm(forms.Form):
    """A clinic's pace and limit for one medicine. A whole line left empty keeps the medicine's own."""

    UNITS = (("current", "% of the current dose"), ("starting", "% of the starting dose"))

    pace_cut = forms.CharField(label="Cut", max_length=12, required=False)
    pace_of = forms.ChoiceField(label="Of")
    pace_every = forms.IntegerField(label="Days between cuts", min_value=1, max_value=365, required=False)
    limit_cut = forms.CharField(label="Largest cut", max_length=12, required=False)
    limit_of = forms.ChoiceField(label="Of")
    limit_days = forms.IntegerField(label="In how many days", min_value=1, max_value=365, required=False)

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

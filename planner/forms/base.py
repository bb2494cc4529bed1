"""What the planner's form and the check's form ask alike: a medicine, its products, the regimen, the target."""

from abc import abstractmethod
from decimal import Decimal
from typing import Any

from django import forms

from planner.forms.fields import AmountField
from planner.formulary import MedicineFile, Shelf, inline_medicine
from planner.models import Clinic
from planner.taper import BadInput, Request, parse_request
from planner.taper.medicine import TIMES, Medicine
from planner.taper.request import Context

ONE_BOX = (
    "Give one number without a unit, such as 20 or 12.5, "
    "or all times here, such as 20 20 20, and leave the other boxes empty."
)


def _time(label: str) -> AmountField:
    return AmountField(label=label, message=ONE_BOX)


class RegimenForm(forms.Form):
    """The fields that both have, and the engine's request that they make with those of their own."""

    clinic: Clinic
    shelf: Shelf
    file: MedicineFile
    engine_medicine: Medicine
    context: Context

    medicine = forms.ChoiceField(label="Medicine")
    shown_for = forms.CharField(required=False, widget=forms.HiddenInput)
    morning, midday, evening, bedtime = (_time(time.capitalize()) for time in TIMES)
    target = AmountField(
        label="Target",
        initial="0",
        missing="Give the daily dose to end at: 0 to stop.",
        message="Give a plain number of at least 0, such as 10 or 12.5, or 0 to stop.",
    )

    @property
    def default_products(self) -> list[str]:
        return list(self.file.defaults_in(self.clinic.country))

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Gives a field its choices, which its message then names."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        names = ", ".join(words for key, words in choices if key).replace("%", "%%")  # it is a pattern
        field.error_messages["invalid_choice"] = f"Choose from: {names}."

    def engine_request(self) -> Request | None:
        """The engine's request; None where something typed cannot be used, which is then said at its field."""
        if not self.is_valid():
            return None
        try:
            return parse_request(self.request_data(), self.shelf.find, inline_medicine, self.context)
        except BadInput as bad:
            self.refuse(bad)
            return None

    @abstractmethod
    def request_data(self) -> dict[str, Any]:
        """The request in its JSON form. The form must be valid."""

    @abstractmethod
    def refuse(self, bad: BadInput) -> None:
        """Says what the engine could not take at the field where it was typed."""

    def daily(self) -> dict[str, Decimal] | None:
        """The dose at each time as it was understood; None where nothing usable was typed."""
        if not self.is_bound or any(time in self.errors for time in TIMES):
            return None
        return {time: self.cleaned_data[time] for time in TIMES if self.cleaned_data.get(time)}

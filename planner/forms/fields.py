"""Fields for doses, cuts and days: each message says what is allowed."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from planner.taper import BadInput
from planner.taper.amounts import parse_amount

MOST_DAYS = 90  # between cuts, and in a limit's window: more is a slip of the pen
ABOVE_ZERO = "Give a plain number above 0, such as 10 or 2.5."


class AmountField(forms.CharField):
    """A plain decimal of at least 0, as text without a unit."""

    def __init__(self, *, missing: str = "", message: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(required=bool(missing), error_messages={"required": missing}, **kwargs)
        self.message = message

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount("", text if text.isascii() else "")
        except BadInput as bad:
            raise ValidationError(self.message or bad.allowed, code="amount") from bad


class CutField(AmountField):
    """The size of a cut: above 0."""

    def clean(self, value: Any) -> Decimal | None:
        amount = super().clean(value)
        if amount == 0:
            raise ValidationError(ABOVE_ZERO, code="amount")
        return amount


class DaysField(forms.CharField):
    """A whole number of days from 1; None where it is left empty."""

    def __init__(self, *, most: int = MOST_DAYS, **kwargs: Any) -> None:
        self.most = most
        widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= self.most):
            raise ValidationError(f"Give a whole number of days from 1 to {self.most}.", code="days")
        return int(text)

"""Amounts are exact decimals, written without an exponent or trailing zeros."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

from planner.taper.errors import BadInput

_PLAIN = re.compile(r"[0-9]{1,7}(\.[0-9]{1,8})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEARS = range(1990, 2191)
TENTH = Decimal("0.1")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def parse_amount(field: str, value: object) -> Decimal:
    """A decimal of at least 0 from text such as ``"12.5"`` (a whole number may be an int).

    Raises BadInput for anything else: signs, exponents, commas, more than 8 decimals.
    """
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not _PLAIN.fullmatch(text):
        raise BadInput(field, value, "Give a plain number such as 20 or 12.5: digits, with a point for decimals.")
    return Decimal(text)


def parse_day(field: str, value: object) -> date:
    """A date from text such as ``"2026-12-07"``. Raises BadInput for anything else, and far from our time."""
    try:
        found = date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise BadInput(field, value, "Give a date that exists as year-month-day, such as 2026-12-07.")
    return found


def show(amount: Decimal | Fraction | int) -> str:
    """The shortest exact text of an amount: ``55``, ``12.5``. Raises ValueError if it has no end."""
    if not amount:
        return "0"
    text = format(amount if isinstance(amount, Decimal) else _decimal(Fraction(amount)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _decimal(number: Fraction) -> Decimal:
    found = Decimal(number.numerator) / Decimal(number.denominator)
    if Fraction(found) != number:
        raise ValueError(f"{number} is not a finite decimal")
    return found


def show_day(day: date) -> str:
    """A date with its month spelled: ``7 December 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def show_weekday(day: date) -> str:
    """A date with its weekday and its month spelled: ``Monday 7 December 2026``."""
    return f"{DAY_NAMES[day.weekday()]} {show_day(day)}"


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """part of whole in percent, to one decimal, halves up. whole must be above 0."""
    (part_top, part_bottom), (whole_top, whole_bottom) = part.as_integer_ratio(), whole.as_integer_ratio()
    top, bottom = part_top * whole_bottom * 1000, part_bottom * whole_top
    return Decimal((2 * top + bottom) // (2 * bottom)) * TENTH

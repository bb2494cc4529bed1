"""The one place that writes numbers, doses and dates, on paper and on screen."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from planner.taper.amounts import show

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MICROGRAM = ("mcg", "microgram", "micrograms", "ug", "µg", "μg")
# Countries whose labels write 2,5: the mark that the patient sees on the box is the one used.
_COMMA = (
    "AL AD AR AT AZ BA BE BG BO BR BY CL CO CR CU CY CZ DE DK EC EE ES FI FO FR GE GL GR HR HU ID IS IT KG KZ LT LU LV"
    " MA MC MD ME MK MN NL NO PL PT PY RO RS RU SE SI SK SM TN TR UA UY UZ VA VE VN XK ZA"
)
COMMA_COUNTRIES = frozenset(_COMMA.split())


def decimal_mark(country: str) -> str:
    """The mark on the labels of a country (ISO 3166 two letters)."""
    return "," if country in COMMA_COUNTRIES else "."


@lru_cache(maxsize=4096)
def number(amount: Decimal | int, country: str) -> str:
    """An amount without trailing zeros, with a leading zero: ``12.5``, ``1,250``; ``12,5`` and ``1250`` in Germany."""
    text = show(amount)
    if decimal_mark(country) == ",":
        return text.replace(".", ",")
    whole, point, decimals = text.partition(".")
    return f"{int(whole):,}{point}{decimals}"


def read_number(text: str, country: str) -> Decimal:
    """The amount that number() wrote. Raises ValueError for any other spelling."""
    mark = decimal_mark(country)
    plain = text.replace(",", ".") if mark == "," else text.replace(",", "")
    try:
        amount = Decimal(plain)
    except ArithmeticError as error:
        raise ValueError(f"{text!r} is no number") from error
    if number(amount, country) != text:
        raise ValueError(f"{text!r} is not written as a number should be")
    return amount


def unit_word(unit: str, country: str) -> str:
    """The unit as patients of a country read it: never the Greek letter for micrograms."""
    if unit.lower() in MICROGRAM:
        return "mcg" if country == "US" else "micrograms"
    return unit


def dose(amount: Decimal, unit: str, country: str) -> str:
    """``12.5 mg``. One microgram stays singular."""
    word = unit_word(unit, country)
    if word == "micrograms" and amount == 1:
        word = "microgram"
    return f"{number(amount, country)} {word}"


def millilitres(volume: Decimal, country: str) -> str:
    """``7.5 mL``."""
    return f"{number(volume, country)} mL"


def percent(amount: Decimal, country: str) -> str:
    """``8.3%``."""
    return f"{number(amount, country)}%"


def long_date(day: date, *, weekday: bool = True, year: bool = True) -> str:
    """``Monday 7 December 2026``, with weekday and year unless told otherwise."""
    parts = [WEEKDAYS[day.weekday()]] if weekday else []
    parts += [str(day.day), MONTHS[day.month - 1]]
    return " ".join([*parts, str(day.year)] if year else parts)


def short_date(day: date, *, weekday: bool = False, year: bool = False) -> str:
    """``7 Dec``, with the weekday ``Mon 7 Dec`` and the year ``7 Dec 2026`` if asked for."""
    parts = [WEEKDAYS[day.weekday()][:3]] if weekday else []
    parts += [str(day.day), MONTHS[day.month - 1][:3]]
    return " ".join([*parts, str(day.year)] if year else parts)


def month_name(day: date) -> str:
    """``December 2026``."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def first_weekday(country: str) -> int:
    """Weekday on which a calendar's week begins: 0 for Monday, 6 for Sunday (United States)."""
    return 6 if country == "US" else 0

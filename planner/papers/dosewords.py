"""The doses and dates of a calendar, read back from its words."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from planner.papers.numbers import MONTHS, read_number
from planner.papers.wording import NAMES, NO_DOSE, PARTS

_NUM = r"\d[\d.,]*"
_UNIT = r"(?!mL\b|tablets?\b|capsules?\b|packets?\b|and\b|of\b)[A-Za-z]+"
_PART = r"half|a half|a quarter|three quarters"
_FORM_WORDS = "|".join(word for names in NAMES.values() for word in names)
_LIQUID = re.compile(rf"({_NUM}) mL(?: of ({_NUM}) {_UNIT} in each mL)? \(({_NUM}) ({_UNIT})\)")
_AMOUNT = re.compile(rf"[(=]? ?({_NUM}) ({_UNIT})\)?")
_COUNT = rf"(?:({_NUM}) and ({_PART})|({_PART})|({_NUM}))"
_SOLID = re.compile(rf"{_COUNT}(?: of a| a)?(?: ({_FORM_WORDS})\b)?(?: of ({_NUM}) {_UNIT})?")
_SHORT = re.compile(rf"(\d+) ({'|'.join(month[:3] for month in MONTHS)})(?: (\d{{4}}))?")
_FORMS = {word: form for form, names in NAMES.items() for word in names}
_PARTS = {words: part for part, words in PARTS.items()} | {"a half": Decimal("0.5")}


@dataclass(frozen=True)
class PortionRead:
    """Pieces as read; form, strength and amount are None where the words do not name them."""

    units: Decimal
    form: str | None = None
    strength: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class DoseRead:
    """A dose as read: its amount with the unit's word, and its pieces. Nothing to take: 0 and no pieces."""

    amount: Decimal | None
    unit: str = ""
    portions: tuple[PortionRead, ...] = ()


def read_dose(words: str, country: str) -> DoseRead:
    """What a cell says. Raises ValueError for words that are not a dose, or say more than one."""
    if words == NO_DOSE:
        return DoseRead(Decimal(0))
    rest, portions, stated = words.strip(), list[PortionRead](), list[tuple[Decimal, str]]()
    while rest:
        found = _LIQUID.match(rest) or _AMOUNT.match(rest) or _SOLID.match(rest)
        if not found:
            raise ValueError(f"{words!r} is no dose")
        if found.re is _AMOUNT:
            stated.append((read_number(found[1], country), found[2]))
        else:
            portions.append(_liquid(found, country) if found.re is _LIQUID else _solid(found, country))
        rest = rest[found.end() :].lstrip(" +")
    return _dose(words, portions, stated)


def _dose(words: str, portions: list[PortionRead], stated: list[tuple[Decimal, str]]) -> DoseRead:
    if len(stated) > 1:
        raise ValueError(f"{words!r} states two amounts")
    if stated:
        return DoseRead(*stated[0], tuple(portions))
    measured = [portion.amount for portion in portions if portion.amount is not None]
    whole = sum(measured, Decimal(0)) if portions and len(measured) == len(portions) else None
    unit = found[4] if (found := _LIQUID.search(words)) else ""
    return DoseRead(whole, unit, tuple(portions))


def _liquid(found: re.Match[str], country: str) -> PortionRead:
    strength = read_number(found[2], country) if found[2] else None
    return PortionRead(read_number(found[1], country), "solution", strength, read_number(found[3], country))


def _solid(found: re.Match[str], country: str) -> PortionRead:
    whole = read_number(found[1] or found[4] or "0", country)
    part = _PARTS[found[2] or found[3]] if found[2] or found[3] else Decimal(0)
    form = _FORMS[found[5]] if found[5] else None
    return PortionRead(whole + part, form, read_number(found[6], country) if found[6] else None)


def read_month(title: str) -> date | None:
    """The first day of the month in a page's title, or None."""
    found = re.fullmatch(rf"({'|'.join(MONTHS)}) (\d{{4}})(, continued)?", title)
    return date(int(found[2]), MONTHS.index(found[1]) + 1, 1) if found else None


def read_dates(words: str) -> list[date]:
    """The dates in ``28 Dec 2026 to 3 Jan 2027``; one without a year has the next one's. Raises ValueError."""
    dates: list[date] = []
    year = ""
    for day, month, written in reversed(_SHORT.findall(words)):
        year = written or year
        if not year:
            raise ValueError(f"{words!r} has no year")
        names = [name[:3] for name in MONTHS]
        dates.insert(0, date(int(year), names.index(month) + 1, int(day)))
    return dates

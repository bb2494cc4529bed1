"""A schedule as people write it, a step a line: a date (or none), the doses, the days.

    7 Dec 2026  20 15 20  7 days
    2026-12-07: 20/15/20 for 1 week
    20 15 20 x 7
    stop

What could mean two things is not read: numeric dates such as 7/12/2026, commas, months as a length, ranges.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from planner.taper.amounts import DAY_NAMES, MONTHS, YEARS, show_day
from planner.taper.given import MOST_STEPS
from planner.taper.medicine import TIMES
from planner.taper.read_pace import LONGEST_DAYS

MOST_LETTERS = 120  # in a line
MOST_FAULTS = 10  # lines named at once
HOW = "Write the doses, then the days, as 20 15 20 7 days."
DAYS_WORDS = f"Give 1 to {LONGEST_DAYS} days."

_AFTER_DATE = r"\s*[:,–-]?(?:\s+|$)"
_WEEKDAY = r"(?:(?P<weekday>[a-z]{3,9})\.?,?\s+)?"
_DAY, _MONTH, _YEAR = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?", r"(?P<month>[a-z]{3,9})\.?", r"(?P<year>[0-9]{4})"
_DATES = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})" + _AFTER_DATE),
    re.compile(rf"{_WEEKDAY}{_DAY}\s+{_MONTH},?\s+{_YEAR}{_AFTER_DATE}"),
    re.compile(rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}{_AFTER_DATE}"),
)
_NUMERIC_DATE = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}\b")
_DAYS = re.compile(r"(?:^|\s+)(?:for\s+)?(?:x\s*)?(?P<count>[0-9]{1,6})\s*(?P<unit>d|days?|w|wks?|weeks?)\.?$")
_TIMES_DAYS = re.compile(r"(?:^|\s+)x\s*(?P<count>[0-9]{1,6})$")
_MONTHS_LONG = re.compile(r"[0-9]\s*(?:months?|years?)\.?$")
_WHOLE_DAY = re.compile(r"(?<=\S)\s*(?:/\s*day|a day|per day|each day|every day|daily)$")
_NUMBER = re.compile(r"(?P<amount>[0-9]{1,7}(?:\.[0-9]{1,8})?)(?P<unit>[a-z]*)")


@dataclass(frozen=True)
class Line:
    """A step as it was typed.

    number: of the line in the box, from 1; start: None where the step follows the one before; doses: in order;
    days: None where none are given, which only a last dose of zero may do.
    """

    number: int
    start: date | None
    doses: tuple[Decimal, ...]
    days: int | None

    @property
    def is_zero(self) -> bool:
        return not any(self.doses)


@dataclass(frozen=True)
class LineFault:
    """What is wrong with a line, and what is allowed instead."""

    number: int
    words: str

    def __str__(self) -> str:
        return f"Line {self.number}: {self.words}"


def said(faults: Sequence[LineFault]) -> list[str]:
    """A message for each line at fault; the first of them where there are many."""
    more = len(faults) - MOST_FAULTS
    messages = [str(fault) for fault in faults[:MOST_FAULTS]]
    return [*messages, f"And {more} more line{'s' if more > 1 else ''}."] if more > 0 else messages


class Unreadable(ValueError):
    """Why a line cannot be read, in words for whoever typed it."""


def too_many_lines(text: str) -> str:
    """What is said of more steps than are read; empty where there are not too many."""
    count = sum(bool(line.strip()) for line in text.splitlines())
    return f"{count:,} lines: give at most {MOST_STEPS:,} steps, one a line." if count > MOST_STEPS else ""


def read_lines(text: str, unit: str) -> tuple[list[Line], list[LineFault]]:
    """The steps of a text, and the lines that cannot be read. unit: the medicine's; empty lines are passed over."""
    found: list[Line] = []
    faults: list[LineFault] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(read_line(number, line, unit))
        except Unreadable as fault:
            faults.append(LineFault(number, str(fault)))
    return found, faults


def read_line(number: int, line: str, unit: str) -> Line:
    """One step. Raises Unreadable with what is allowed."""
    if len(line) > MOST_LETTERS:
        raise Unreadable(f"Give at most {MOST_LETTERS} letters: one step a line.")
    text = " ".join(line.replace("×", "x").split()).casefold().lstrip("•* ").removeprefix("then ")
    start, text = _date(text)
    if text.rstrip(".") == "stop":
        return Line(number, start, (Decimal(0),), None)
    days, text = _days(text)
    doses = _doses(text, unit.casefold(), unit)
    if days is None and any(doses):
        raise Unreadable("Say for how many days, as 7 days, 2 weeks or x 7.")
    return Line(number, start, doses, days)


def _date(text: str) -> tuple[date | None, str]:
    """The date at the beginning of a line, and what follows it."""
    for pattern in _DATES:
        match = pattern.match(text)
        if match:
            found = match.groupdict()
            day = _day(int(found["year"]), _month(found["month"]), int(found["day"]))
            _require_weekday(found.get("weekday"), day)
            return day, text[match.end() :]
    if _NUMERIC_DATE.match(text):
        raise Unreadable("Write the month of a date as a word, as 7 Dec 2026, or the date as 2026-12-07.")
    return None, text


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    names = [name.casefold() for name in MONTHS]
    found = next((place for place, name in enumerate(names) if text in (name, name[:3], name[:4])), None)
    if found is None:
        raise Unreadable(f"“{text}” is no month. Write a date as 7 Dec 2026 or 2026-12-07.")
    return found + 1


def _day(year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise Unreadable(f"The year {year} is too far away: give one from {YEARS[0]} to {YEARS[-1]}.")
    if not 1 <= month <= len(MONTHS):
        raise Unreadable(f"There is no month {month}: a date is year-month-day, as 2026-12-07.")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        name = f"{MONTHS[month - 1]} {year}"
        raise Unreadable(f"There is no {day} {name}: {name} has {last} days.")
    return date(year, month, day)


def _require_weekday(text: str | None, day: date) -> None:
    name = DAY_NAMES[day.weekday()].lower()
    if text and text not in (name, name[: max(3, len(text))]):
        raise Unreadable(f"{show_day(day)} is a {name.capitalize()}, not “{text}”.")


def _days(text: str) -> tuple[int | None, str]:
    """The days at the end of a line, and what stands before them; None where there are none."""
    if _MONTHS_LONG.search(text):
        raise Unreadable("Months and years differ in length: give days or weeks, as 28 days or 4 weeks.")
    match = _DAYS.search(text) or _TIMES_DAYS.search(text)
    if match is None:
        return None, text
    is_weeks = match.groupdict().get("unit", "d").startswith("w")
    days = int(match["count"]) * (7 if is_weeks else 1)
    if not 1 <= days <= LONGEST_DAYS:
        raise Unreadable(DAYS_WORDS)
    return days, text[: match.start()]


def _doses(text: str, unit: str, shown_unit: str) -> tuple[Decimal, ...]:
    whole_day = _WHOLE_DAY.search(text)
    text = (text[: whole_day.start()] if whole_day else text).rstrip(" :;,")
    if "," in text:
        raise Unreadable("Leave out commas: write decimals with a point, as 12.5, and a space between doses.")
    doses = _numbers(text.replace("/", " / ").split(), unit, shown_unit)
    if not doses:
        raise Unreadable(f"The doses are missing. {HOW}")
    if len(doses) > len(TIMES):
        raise Unreadable(f"{len(doses)} doses: give at most four, for {', '.join(TIMES)}. {HOW}")
    if whole_day and len(doses) > 1:
        raise Unreadable("Give either the dose at each time, or one dose for the whole day.")
    return doses


def _numbers(words: Sequence[str], unit: str, shown_unit: str) -> tuple[Decimal, ...]:
    """The numbers among the words of a line; a unit may follow each, and a slash may stand between two."""
    doses: list[Decimal] = []
    may_follow: tuple[str, ...] = ()
    for place, word in enumerate(words):
        match = _NUMBER.fullmatch(word)
        if match:
            if match["unit"] not in ("", unit):
                raise _another(match["unit"], shown_unit)
            doses.append(Decimal(match["amount"]))
            may_follow = ("/",) if match["unit"] else ("/", unit)
        elif word in may_follow and place < len(words) - (word == "/"):
            may_follow = ("/",) if word == unit else ()
        else:
            raise _another(word, shown_unit)
    if 0 < words.count("/") < len(doses) - 1:  # 7/12/26 20 could be a date and a dose
        raise Unreadable("Separate the doses either by spaces or by slashes. Write a date as 7 Dec 2026.")
    return tuple(doses)


def _another(word: str, unit: str) -> Unreadable:
    if any(name.casefold().startswith(word) for name in MONTHS) and len(word) >= 3:
        return Unreadable("Give a date at the beginning of the line and with its year, as 7 Dec 2026.")
    return Unreadable(f"“{word}” cannot be read here. Doses are in {unit}. {HOW}")

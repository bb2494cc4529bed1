"""Plain sums over an answer in its JSON form."""

from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

Json = dict[str, Any]
Units = dict[str, Fraction]
ONE_DAY = timedelta(days=1)
NONE = Fraction(0)


def total(regimen: dict[str, str]) -> Fraction:
    return sum(map(Fraction, regimen.values()), NONE)


def current(answer: Json) -> Fraction:
    """The daily dose before the first step."""
    return total(answer["request"]["regimen"])


def starting(answer: Json) -> Fraction:
    """The daily dose before the whole taper."""
    given = answer["request"].get("starting")
    return current(answer) if given is None else Fraction(given)


def doses(answer: Json) -> list[Fraction]:
    """The daily dose before the first step, then that of each step."""
    return [current(answer), *(Fraction(step["daily"]) for step in answer["steps"])]


def percent(part: Fraction, whole: Fraction) -> str:
    """With one decimal, halves up; for a rise with its sign."""
    tenths = floor(abs(part) * 1000 / whole + Fraction(1, 2)) if whole else 0
    return f"{'-' if part < 0 and tenths else ''}{tenths // 10}.{tenths % 10}"


def size_of(size: str, of: str | None, now: Fraction, at_first: Fraction) -> Fraction:
    """A size such as ``10%`` or ``5 mg`` in the medicine's unit."""
    if not size.endswith("%"):
        return Fraction(size.split()[0])
    return Fraction(size[:-1]) / 100 * (now if of == "current" else at_first)


def allowed(answer: Json, reference: Fraction) -> Fraction:
    """What the limit allows from a dose, in the medicine's unit."""
    limit = answer["request"]["limit"]
    return size_of(limit["cut"], limit.get("of"), reference, starting(answer))


def by_day(answer: Json) -> dict[date, Json]:
    """The step of every day on which one is taken."""
    days = {}
    for step in answer["steps"]:
        for number in range(step["days"]):
            days[date.fromisoformat(step["start"]) + ONE_DAY * number] = step
    return days

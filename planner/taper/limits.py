"""The limit over windows of days, for dated doses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from planner.taper.medicine import Limit


@dataclass(frozen=True)
class Dated:
    """A daily dose and the day from which it is in force."""

    start: date
    daily: Decimal


@dataclass(frozen=True)
class Window:
    """A cut held against a limit: reference, allowed and breach in the medicine's unit; breach 0 keeps the limit."""

    since: date
    reference: Decimal
    allowed: Decimal
    breach: Decimal


def in_force(past: Sequence[Dated], day: date, starting: Decimal) -> Decimal:
    """The daily dose in force on a day: of the last that began by then, else the starting dose."""
    return next((dated.daily for dated in reversed(past) if dated.start <= day), starting)


def window(limit: Limit, past: Sequence[Dated], day: date, new: Decimal, starting: Decimal) -> Window:
    """How a cut to a new daily dose on a day stands against the limit, after the doses before it."""
    since = day - timedelta(days=limit.days)
    reference = in_force(past, since, starting)
    allowed = limit.cut.units(reference, starting)
    return Window(since, reference, allowed, max(Decimal(0), reference - new - allowed))


def first_day_within(limit: Limit, past: Sequence[Dated], earliest: date, new: Decimal, starting: Decimal) -> date:
    """The first day, not before the earliest, on which the window lets a cut to a new dose in.

    A cut beyond the limit by itself waits until the window holds nothing but the dose before it.
    """
    current = past[-1].daily if past else starting
    clear = past[-1].start + timedelta(days=limit.days) if past else earliest
    if current - new > limit.cut.units(current, starting):
        return max(earliest, clear)
    days = [earliest, *(dated.start + timedelta(days=limit.days) for dated in past)]
    return min(d for d in days if d >= earliest and not window(limit, past, d, new, starting).breach)

"""The limit over windows of days, for dated doses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from planner.taper.medicine import Limit


class Dated(Protocol):
    """Anything with a daily dose and the day from which it is in force."""

    @property
    def start(self) -> date: ...
    @property
    def daily(self) -> Decimal: ...


@dataclass(frozen=True)
class Window:
    """A cut held against a limit: reference, allowed and breach in the medicine's unit; breach 0 keeps the limit."""

    since: date
    reference: Decimal
    allowed: Decimal
    breach: Decimal


@dataclass(frozen=True)
class Course:
    """The first `count` of some dated doses, in order, after a starting dose."""

    doses: Sequence[Dated]
    count: int
    starting: Decimal

    @property
    def current(self) -> Decimal:
        return self.doses[self.count - 1].daily if self.count else self.starting

    def in_force(self, day: date) -> Decimal:
        """The daily dose in force on a day: of the last that began by then, else the starting dose."""
        for place in range(self.count - 1, -1, -1):
            if self.doses[place].start <= day:
                return self.doses[place].daily
        return self.starting

    def window(self, limit: Limit, day: date, new: Decimal) -> Window:
        """How a cut to a new daily dose on a day stands against a limit."""
        since = day - timedelta(days=limit.days)
        reference = self.in_force(since)
        allowed = limit.cut.units(reference, self.starting)
        return Window(since, reference, allowed, max(Decimal(0), reference - new - allowed))

    def first_day_within(self, limit: Limit, earliest: date, new: Decimal) -> date:
        """The first day, not before the earliest, on which the window lets a cut to a new dose in.

        A cut beyond the limit by itself waits until the window holds nothing but the dose before it.
        """
        entries = [self.doses[place].start + timedelta(days=limit.days) for place in range(self.count)]
        if self.current - new > limit.cut.units(self.current, self.starting):
            return max([earliest, *entries])
        days = [earliest, *(day for day in entries if day > earliest)]
        return min(day for day in days if not self.window(limit, day, new).breach)

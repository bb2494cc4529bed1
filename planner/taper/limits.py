"""The limit over windows of days, for dated doses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, pairwise, takewhile
from typing import NamedTuple, Protocol

from planner.taper.calendar_days import next_allowed
from planner.taper.medicine import Limit
from planner.taper.request import Request


class Dated(Protocol):
    """Anything with a daily dose and the day from which it is in force."""

    @property
    def start(self) -> date: ...
    @property
    def daily(self) -> Decimal: ...


class Window(NamedTuple):
    """A cut held against a limit: reference, allowed and breach in the medicine's unit; breach 0 keeps the limit."""

    since: date
    reference: Decimal
    allowed: Decimal
    breach: Decimal


@dataclass(frozen=True)
class Course:
    """What a request's patient took before, and the first `count` of some dated doses after it, in order."""

    request: Request
    doses: Sequence[Dated]
    count: int

    @property
    def current(self) -> Decimal:
        return self.doses[self.count - 1].daily if self.count else self.request.current

    def in_force(self, day: date) -> Decimal:
        """The daily dose in force on a day: of the last that began by then, else the one before them all."""
        for place in range(self.count - 1, -1, -1):
            if self.doses[place].start <= day:
                return self.doses[place].daily
        past = reversed(self.request.past)
        return next((taken.daily for taken in past if taken.start <= day), self.request.at_first)

    def window(self, limit: Limit, day: date, new: Decimal) -> Window:
        """How a cut to a new daily dose on a day stands against a limit."""
        since = day - timedelta(days=limit.days)
        reference = self.in_force(since)
        allowed = limit.cut.units(reference, self.request.starting)
        return Window(since, reference, allowed, max(Decimal(0), reference - new - allowed))

    def first_day_within(self, limit: Limit, earliest: date, new: Decimal) -> date:
        """The first allowed day, not before the earliest, on which the window lets a cut to a new dose in.

        A cut beyond the limit by itself waits until the window holds nothing but the dose before it.
        """
        window = timedelta(days=limit.days)
        entries = [start + window for start in takewhile(lambda start: start + window > earliest, self.changes())]
        if self.is_beyond(limit, new):
            return next_allowed(max([earliest, *entries]), self.request.change_on)
        days = (next_allowed(day, self.request.change_on) for day in (earliest, *reversed(entries)))
        return next(day for day in days if not self.window(limit, day, new).breach)

    def changes(self) -> Iterator[date]:
        """The days on which the daily dose became another, the last one first."""
        doses = (self.doses[place] for place in range(self.count - 1, -1, -1))
        for later, before in pairwise(chain(doses, reversed(self.request.past), [None])):
            assert later is not None
            if later.daily != (self.request.at_first if before is None else before.daily):
                yield later.start

    def is_beyond(self, limit: Limit, new: Decimal) -> bool:
        """Whether a cut from the current dose passes the limit by itself, whatever the days."""
        return self.current - new > limit.cut.units(self.current, self.request.starting)

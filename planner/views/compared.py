"""A version in force and a change of it, side by side by the days on which a dose changes."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from planner.course import Span, as_planned, at
from planner.models import Plan
from planner.views.schedule import Json


@dataclass(frozen=True)
class Line:
    """What is taken from a day on: as planned, and with the change. None: nothing, after a stop or before the plan."""

    day: date
    planned: Decimal | None
    changed: Decimal | None

    @property
    def differs(self) -> bool:
        return self.planned != self.changed


@dataclass(frozen=True)
class Compared:
    """lines: from the first day of the change on; the ends are the days of the stop, None where there is none."""

    lines: list[Line]
    ends: date | None
    would_end: date | None

    @property
    def later(self) -> int | None:
        """By how many days the stop moves; None where one of the two has none."""
        return (self.would_end - self.ends).days if self.ends and self.would_end else None


def compared(plan: Plan, answer: Json) -> Compared:
    """answer: of the change, in its JSON form, with steps."""
    planned = as_planned(sorted(plan.versions.all(), key=lambda version: version.number))
    steps = answer.get("steps", [])
    if not steps:
        return Compared([], plan.ends, None)
    starts = [date.fromisoformat(step["start"]) for step in steps]
    days = sorted({*starts, *(span.first for span in planned if span.first > starts[0]), *_stop(plan, starts[0])})
    lines = [Line(day, _planned(planned, plan, day), _changed(steps, starts, day)) for day in days]
    would_end = starts[-1] if steps[-1]["daily"] == "0" else None
    return Compared(lines, plan.ends, would_end)


def _stop(plan: Plan, first: date) -> list[date]:
    return [plan.ends] if plan.ends and plan.ends > first else []


def _planned(spans: list[Span], plan: Plan, day: date) -> Decimal | None:
    if plan.ends and day >= plan.ends:
        return None
    found = at(spans, day) or at(spans, day - timedelta(days=1))
    return found.daily if found else None


def _changed(steps: list[Json], starts: list[date], day: date) -> Decimal | None:
    begun = [step for step, start in zip(steps, starts, strict=True) if start <= day]
    return Decimal(begun[-1]["daily"]) or None

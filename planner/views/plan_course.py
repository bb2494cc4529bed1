"""The course of a plan as its page shows it: days of one regimen after another as one stretch, and the holds in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from planner.course import Span, as_planned, at, course_of
from planner.models import Plan, Version
from planner.standing import first_of, full, starting_of, times_of
from planner.taper.amounts import percent
from planner.taper.schedule import Portion

ONE_DAY = timedelta(days=1)
Regimen = Mapping[str, Decimal]


@dataclass(frozen=True)
class Stretch:
    """Days on which one regimen is taken, over all versions. last: None where it goes on.

    was: the regimen planned before it; starting: the daily dose before the taper; take: the pieces at each time, none
    where it was taken otherwise than planned; over_limit: it begins with a cut over the limit.
    """

    number: int
    first: date
    last: date | None
    regimen: Regimen
    was: Regimen
    starting: Decimal
    take: Mapping[str, tuple[Portion, ...]]
    over_limit: bool
    otherwise: bool

    @property
    def daily(self) -> Decimal:
        return sum(self.regimen.values(), Decimal(0))

    @property
    def cut(self) -> Decimal:
        return sum(self.was.values(), Decimal(0)) - self.daily

    @property
    def of_current(self) -> Decimal:
        before = self.daily + self.cut
        return percent(self.cut, before) if before else Decimal(0)

    @property
    def of_starting(self) -> Decimal:
        return percent(self.cut, self.starting)

    @property
    def days(self) -> int | None:
        return (self.last - self.first).days + 1 if self.last else None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Hold:
    """The days by which a dose is taken longer than was planned before. last: None until further notice."""

    first: date
    last: date | None
    daily: Decimal

    def days_until(self, day: date) -> int:
        return ((self.last or day) - self.first).days + 1


@dataclass(frozen=True)
class Course:
    """A plan from its first lower dose on. stop: the day from which nothing is taken; None where there is none; closed:
    nobody takes anything by it any more.
    """

    begins: date
    stretches: tuple[Stretch, ...]
    stop: date | None
    before: Regimen
    starting: Decimal
    holds: tuple[Hold, ...]
    times: tuple[str, ...]
    closed: bool

    def at(self, day: date) -> Stretch | None:
        """The one of a day; None before the first, after a stop, and where the plan is closed."""
        return next((stretch for stretch in self.stretches if stretch.covers(day) and not self.closed), None)

    def daily_on(self, day: date) -> Decimal:
        """Before the first lower dose what the plan began from, after a stop nothing."""
        found = self.at(day)
        if found:
            return found.daily
        return sum(self.before.values(), Decimal(0)) if day < self.begins else Decimal(0)

    def after(self, day: date) -> Stretch | None:
        """The next one that begins."""
        return next((stretch for stretch in self.stretches if stretch.first > day), None)


def course(plan: Plan) -> Course:
    """What was and will be taken; of a closed plan only what was."""
    until = plan.closed_on + ONE_DAY if plan.closed_on else None
    times = times_of(plan)
    before = full(first_of(plan).answer["request"]["regimen"], times)
    stretches = tuple(_stretches(plan, course_of(plan, until), before))
    stop = plan.ends if until is None or (plan.ends and plan.ends < until) else None
    begins = stretches[0].first if stretches else min(version.begins for version in plan.versions.all())
    shown = [time for time in times if before[time] or any(stretch.regimen[time] for stretch in stretches)]
    return Course(
        begins,
        stretches,
        stop,
        before,
        Decimal(starting_of(plan)),
        tuple(_holds(plan, stretches)),
        tuple(shown),
        closed=until is not None,
    )


def replaced_spans(plan: Plan) -> tuple[Version | None, list[Span]]:
    """The version that the one in force replaced, and what it said of the days from then on."""
    versions = in_order(plan)
    if len(versions) < 2:
        return None, []
    *_, old, current = versions
    spans = [replace(s, first=max(s.first, current.begins)) for s in as_planned([old]) if not _over(s, current.begins)]
    return old, spans


def in_order(plan: Plan) -> list[Version]:
    return sorted(plan.versions.all(), key=lambda version: version.number)


def _over(span: Span, day: date) -> bool:
    return span.last is not None and span.last < day


def _stretches(plan: Plan, spans: Sequence[Span], before: Regimen) -> list[Stretch]:
    steps = {(version.number, step["number"]): step for version in plan.versions.all() for step in _steps(version)}
    times, starting = times_of(plan), Decimal(starting_of(plan))
    found: list[Stretch] = []
    for span in spans:
        was = next((stretch.regimen for stretch in reversed(found) if not stretch.otherwise), before)
        made = _stretch(span, steps.get((span.version, span.step)), was, times, starting)
        if found and _same(found[-1], made):
            found[-1] = replace(found[-1], last=made.last)
        else:
            found.append(replace(made, number=len(found) + 1))
    return found


def _stretch(span: Span, step: Mapping[str, Any] | None, was: Regimen, times: list[str], starting: Decimal) -> Stretch:
    begins_step = step is not None and step["start"] == span.first.isoformat()
    return Stretch(
        number=0,
        first=span.first,
        last=span.last,
        regimen=full(span.regimen, times),
        was=was,
        starting=starting,
        take={} if step is None or span.otherwise else _take(step),
        over_limit=bool(begins_step and step and step["over_limit"] and not span.otherwise),
        otherwise=span.otherwise,
    )


def _same(one: Stretch, other: Stretch) -> bool:
    return (one.regimen, one.take, one.otherwise) == (other.regimen, other.take, other.otherwise)


def _steps(version: Version) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = version.answer["steps"]
    return steps


def _take(step: Mapping[str, Any]) -> dict[str, tuple[Portion, ...]]:
    return {
        time: tuple(Portion(portion["product"], Decimal(portion["units"])) for portion in portions)
        for time, portions in step["take"].items()
    }


def _holds(plan: Plan, stretches: Sequence[Stretch]) -> Iterator[Hold]:
    """From the day on which the version before would have changed the dose, as long as that dose was taken."""
    versions = in_order(plan)
    for place, version in enumerate(versions):
        if version.kind not in ("hold", "wait") or version.held_until is None:
            continue
        first = _would_change(as_planned(versions[:place]), version.begins) or version.begins
        found = next((stretch for stretch in stretches if stretch.covers(first)), None)
        held = sum((Decimal(dose) for dose in _steps(version)[0]["regimen"].values()), Decimal(0))
        if found and found.daily == held:
            yield Hold(first, found.last, held)


def _would_change(spans: Sequence[Span], begins: date) -> date | None:
    now = at(spans, begins - ONE_DAY)
    later = [span.first for span in spans if span.first >= begins and (now is None or span.regimen != now.regimen)]
    return min(later, default=None)

"""Where a running plan stands on a day: the dose, since when, what comes next, what was taken, what is in hand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from planner.course import Span, at, clipped, course_of, origin_among
from planner.models import Plan, Version
from planner.taper.amounts import show
from planner.taper.medicine import TIMES

ONE_DAY = timedelta(days=1)
Regimen = Mapping[str, Decimal]


@dataclass(frozen=True)
class Standing:
    """Where a plan stands when a revision begins.

    before: what is taken on the day before; held: the dose that would go on if nothing were cut any more; since: its
    first day; next_cut: when the version in force would change it, None where it would not; past: what was taken.
    """

    before: Regimen
    held: Regimen
    since: date
    next_cut: date | None
    past: tuple[Span, ...]

    @property
    def daily(self) -> Decimal:
        return sum(self.held.values(), Decimal(0))


@dataclass(frozen=True)
class Earlier:
    """A dose that was taken before: its last regimen, and whether a check-in at it said well."""

    daily: Decimal
    regimen: Regimen
    was_well: bool


def standing(plan: Plan, begins: date, from_time: str = "") -> Standing:
    """from_time: empty where the day's first dose is a new one; else the day has begun as planned."""
    spans = course_of(plan)
    times = times_of(plan)
    first = full(first_of(plan).answer["request"]["regimen"], times)
    before = _taken_on(spans, begins - ONE_DAY, first, times)
    held = _taken_on(spans, begins, first, times) if from_time else before
    since = begins if from_time and held != before else _since(spans, begins - ONE_DAY) or begins
    after = begins if from_time else begins - ONE_DAY
    changes = [span.first for span in spans if span.first > after and full(span.regimen, times) != held]
    ahead = [*changes, *([plan.ends] if plan.ends and plan.ends > after else [])]
    return Standing(before, held, since, min(ahead, default=None), tuple(clipped(spans, begins)))


def earlier_doses(plan: Plan, standing: Standing) -> list[Earlier]:
    """The doses above the present one that were taken, the lowest first: what a patient may go back to."""
    well = {check_in.dose for check_in in plan.check_ins.all() if check_in.how == "well"}
    times, found = times_of(plan), {}
    first = full(origin_of(plan).answer["request"]["regimen"], times)
    for regimen in (first, *(full(span.regimen, times) for span in standing.past)):
        daily = sum(regimen.values(), Decimal(0))
        if daily > standing.daily:
            found[daily] = Earlier(daily, regimen, daily in well)
    return [found[daily] for daily in sorted(found)]


def step_back_dose(doses: Sequence[Earlier]) -> Earlier | None:
    """The last dose with a check-in that said well, else the one taken before this one."""
    return next((dose for dose in doses if dose.was_well), doses[0] if doses else None)


def in_hand(plan: Plan, day: date) -> dict[str, Decimal]:
    """What a patient who took everything as planned holds on the morning of a day: pieces or mL by product."""
    version = in_force(plan, day)
    held = {key: Decimal(units) for key, units in (version.answer["request"].get("on_hand") or {}).items()}
    for fill in version.answer["supply"]["fills"]:
        if date.fromisoformat(fill["start"]) <= day:
            held = _sum(held, {key: Decimal(units) for key, units in fill["dispense"].items()})
    for span in clipped(course_of(plan), day):
        if span.version == version.number and span.last and span.step:
            days = (span.last - span.first).days + 1
            held = _sum(held, {key: -units * days for key, units in span.units.items()})
    return {key: max(Decimal(0), units) for key, units in held.items()}


def slip_before(plan: Plan, begins: date) -> tuple[Span, Span] | None:
    """What was taken otherwise up to the day before, with what the plan says from a day on; None where it goes on."""
    spans = course_of(plan)
    before, on = at(spans, begins - ONE_DAY), at(spans, begins)
    return (before, on) if before and on and before.otherwise and not on.otherwise else None


def products_before(plan: Plan, day: date) -> frozenset[str]:
    """Keys of those that were taken by the plan before a day."""
    return frozenset(key for span in clipped(course_of(plan), day) for key, units in span.units.items() if units)


def times_of(plan: Plan) -> list[str]:
    """Every time of the day at which anything was ever taken."""
    regimens = [version.answer["request"]["regimen"] for version in plan.versions.all()]
    regimens += [note.regimen for note in plan.taken_otherwise.all()]
    return [time for time in TIMES if any(time in regimen for regimen in regimens)]


def full(regimen: Mapping[str, Any], times: Sequence[str]) -> Regimen:
    """A dose at each of the times, 0 where none is named."""
    return {time: Decimal(regimen.get(time, 0)) for time in times}


def current_of(plan: Plan) -> Version:
    """The version in force."""
    version: Version | None = plan.current
    assert version is not None
    return version


def first_of(plan: Plan) -> Version:
    """The version with which the plan began."""
    found: Version = min(plan.versions.all(), key=lambda version: version.number)
    return found


def origin_of(plan: Plan) -> Version:
    """The last version that was planned as a whole: revisions go on from it."""
    return origin_among(sorted(plan.versions.all(), key=lambda version: version.number))


def _taken_on(spans: Sequence[Span], day: date, first: Regimen, times: Sequence[str]) -> Regimen:
    """Before the first step it is what the plan began from; after a stop it is nothing."""
    found = at(spans, day)
    if found is None and spans and day > spans[0].first:
        return full({}, times)
    return full(found.regimen, times) if found else first


def _since(spans: Sequence[Span], day: date) -> date | None:
    """The first of the days on which the dose of a day was taken, one after the other."""
    found = at(spans, day)
    for span in reversed([span for span in spans if span.first <= day]):
        if found is None or span.regimen != found.regimen:
            break
        since = span.first
    return since if found else None


def in_force(plan: Plan, day: date) -> Version:
    """The version by which the day is lived; one that only begins later has handed out nothing yet."""
    spans = course_of(plan)
    found = at(spans, day) or at(spans, day - ONE_DAY)
    return next((v for v in plan.versions.all() if found and v.number == found.version), current_of(plan))


def _sum(one: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {key: one.get(key, Decimal(0)) + other.get(key, Decimal(0)) for key in {**one, **other}}


def starting_of(plan: Plan) -> str:
    """The daily dose before the whole taper, kept through all its versions."""
    first = first_of(plan).answer["request"]
    return first.get("starting") or show(sum(map(Decimal, first["regimen"].values()), Decimal(0)))


def history_of(past: Sequence[Span]) -> list[dict[str, Any]]:
    """What was taken in the form of a request, days of one regimen after another as one."""
    found: list[dict[str, Any]] = []
    for first, last, regimen in _joined(past):
        found.append(
            {
                "start": first.isoformat(),
                "days": (last - first).days + 1,
                "regimen": {time: show(dose) for time, dose in regimen.items()},
            }
        )
    return found


def _joined(past: Sequence[Span]) -> Iterator[tuple[date, date, Regimen]]:
    open_: tuple[date, date, Regimen] | None = None
    for span in past:
        assert span.last is not None
        if open_ and open_[2] == span.regimen:
            open_ = (open_[0], span.last, span.regimen)
        else:
            if open_:
                yield open_
            open_ = (span.first, span.last, span.regimen)
    if open_:
        yield open_

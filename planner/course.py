"""What a patient of a running plan took, day by day: by the version in force, or otherwise where that was noted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from planner.models import Plan, TakenOtherwise, Version

ONE_DAY = timedelta(days=1)
Regimen = Mapping[str, Decimal]


@dataclass(frozen=True)
class Span:
    """Days on which one regimen is taken. last: None where it goes on; units: pieces or mL a day by product.

    version: the number of the version in force; step: of its step, 0 before its first; otherwise: not as planned.
    """

    first: date
    last: date | None
    regimen: Regimen
    units: Mapping[str, Decimal]
    version: int
    step: int
    otherwise: bool = False

    @property
    def daily(self) -> Decimal:
        return sum(self.regimen.values(), Decimal(0))

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def course_of(plan: Plan, until: date | None = None) -> list[Span]:
    """What was and will be taken, from the first lower dose on, without a gap; before a day, where one is given."""
    versions = sorted(plan.versions.all(), key=lambda version: version.number)
    return clipped(lived(versions, plan.taken_otherwise.all()), until)


def lived(versions: Sequence[Version], notes: Iterable[TakenOtherwise]) -> list[Span]:
    """What a plan's versions, in their order, and the notes about it say was and will be taken."""
    return as_taken(as_planned(versions), [(note, _last_day(note, versions)) for note in notes])


def as_planned(versions: Sequence[Version]) -> list[Span]:
    """The steps of each version on the days on which it was in force: until a later one begins."""
    found: list[Span] = []
    until: date | None = None
    for version in reversed(versions):
        found = [*clipped(_spans(version), until), *found]
        first = _in_force_from(version)
        until = first if until is None else min(first, until)
    return found


def as_taken(spans: Iterable[Span], notes: Iterable[tuple[TakenOtherwise, date | None]]) -> list[Span]:
    """The spans with what was noted in their place, each with its last day: of two notes about one day the later one
    counts.
    """
    found = list(spans)
    for note, last in notes:
        found = [part for span in found for part in _with_note(span, note, last)]
    return found


def clipped(spans: Iterable[Span], until: date | None) -> list[Span]:
    """What of them lies before a day."""
    if until is None:
        return list(spans)
    last = until - ONE_DAY
    begun = [span for span in spans if span.first < until]
    return [span if span.last and span.last <= last else replace(span, last=last) for span in begun]


def at(spans: Sequence[Span], day: date) -> Span | None:
    """The span of a day; None before the first, and after a stop."""
    return next((span for span in spans if span.covers(day)), None)


def _last_day(note: TakenOtherwise, versions: Iterable[Version]) -> date | None:
    """One that goes on ends where a version begins that was issued after it: that one knew of it."""
    later = [_in_force_from(version) for version in versions if version.issued_at > note.at]
    return note.last or min((first - ONE_DAY for first in later), default=None)


def _in_force_from(version: Version) -> date:
    return version.in_force_from


def _spans(version: Version) -> list[Span]:
    """Every step with its days; the last dose goes on until something replaces it."""
    steps = version.answer["steps"]
    spans = [_span(version, step) for step in steps if step["days"]]
    if spans and not version.ends_at_zero:
        spans[-1] = replace(spans[-1], last=None)
    first = _in_force_from(version)
    if first < version.begins:
        now = _amounts(version.answer["request"]["regimen"])
        spans.insert(0, Span(first, version.begins - ONE_DAY, now, {}, version.number, 0))
    return spans


def _span(version: Version, step: Mapping[str, Any]) -> Span:
    units: dict[str, Decimal] = {}
    for portion in (portion for portions in step["take"].values() for portion in portions):
        units[portion["product"]] = units.get(portion["product"], Decimal(0)) + Decimal(portion["units"])
    first = date.fromisoformat(step["start"])
    return Span(
        first, first + ONE_DAY * (step["days"] - 1), _amounts(step["regimen"]), units, version.number, step["number"]
    )


def _with_note(span: Span, note: TakenOtherwise, until: date | None) -> list[Span]:
    """A span with the days of a note cut out and said anew."""
    first = max(span.first, note.first)
    last = min((day for day in (span.last, until) if day), default=None)
    if (last is not None and last < first) or (span.last is not None and span.last < first):
        return [span]
    noted = replace(span, first=first, last=last, regimen=_amounts(note.regimen), units={}, otherwise=True)
    before = [replace(span, last=first - ONE_DAY)] if span.first < first else []
    goes_on = last is not None and (span.last is None or last < span.last)
    after = [replace(span, first=last + ONE_DAY)] if last is not None and goes_on else []
    return [*before, noted, *after]


def _amounts(regimen: Mapping[str, str]) -> Regimen:
    return {time: Decimal(dose) for time, dose in regimen.items()}

"""Whether a file's versions go on from each other: what each says was taken is what those before it say."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from planner.course import Span, at, clipped, lived
from planner.models import TakenOtherwise, Version
from planner.plan_files.shape import Content
from planner.revising import shares_of
from planner.taper.amounts import show

Json = Mapping[str, Any]
Days = list[tuple[date, date, dict[str, Decimal]]]
ONE_DAY = timedelta(days=1)


def plain_versions(content: Content) -> list[Version]:
    """The versions as rows that are not kept."""
    return [
        Version(
            number=one.number, kind=one.kind, summary=one.summary, why=one.why, begins=one.begins,
            held_until=one.held_until, request=one.answer.request, answer=one.answer.model_dump(mode="json"),
            reasons=one.reasons, specialists=one.specialists, engine_version=one.engine_version,
            medicine_version=one.medicine_version, medicine_hash=one.medicine_hash, issued_at=one.issued_at,
            issued_on=one.issued_on, ends=one.answer.ends,
        )
        for one in content.versions
    ]  # fmt: skip


def plain_notes(content: Content) -> list[TakenOtherwise]:
    """What was taken otherwise, as rows that are not kept, in the order in which it was noted."""
    return [TakenOtherwise(**dict(note)) for note in content.taken_otherwise]


def past_faults(content: Content) -> list[str]:
    """Whether each version goes on from what those before it, and the notes by then, say was taken."""
    versions, notes = plain_versions(content), plain_notes(content)
    found = list(_first_faults(versions[0].answer["request"]))
    for place, version in enumerate(versions[1:], start=1):
        known = [note for note in notes if note.at <= version.issued_at]
        spans = lived(versions[:place], known)
        if version.kind == "import":
            found += _import_faults(version, versions[place - 1])
        else:
            found += [f"Version {version.number}: {words}" for words in _goes_on(version, versions[:place], spans)]
    return [*found, *_dose_faults(content, versions, notes)]


def _dose_faults(content: Content, versions: Sequence[Version], notes: Sequence[TakenOtherwise]) -> Iterator[str]:
    """Whether each check-in was at the dose that was taken, by what was known then."""
    known: dict[tuple[int, int], list[Span]] = {}  # by how many versions and notes there were
    for place, check_in in enumerate(content.check_ins, start=1):
        heard = [note for note in notes if note.at <= check_in.at]
        key = check_in.version, len(heard)
        spans = known[key] = known.get(key) or lived(versions[: check_in.version], heard)
        taken = at(spans, check_in.day)
        after_stop = taken is None and spans and check_in.day > spans[0].first
        daily = taken.daily if taken else Decimal(0) if after_stop else versions[0].daily_on(date.min)
        if Decimal(check_in.daily) != daily:
            yield f"Check-in {place}: “daily” says {check_in.daily}; by the versions {show(daily)} was taken."


def _first_faults(request: Json) -> Iterator[str]:
    for name in ("history", "starting", "lead", "proportions", "on_hand"):
        if request.get(name):
            yield f"Version 1: “{name}” tells of a past that no version of the file does."


def _import_faults(version: Version, before: Version) -> Iterator[str]:
    parts = ("request", "steps", "supply", "ends")
    same = all(version.answer[part] == before.answer[part] for part in parts)
    if not same or version.held_until != before.held_until:
        yield f"Version {version.number}: it was imported, but is not the version before it."


def _goes_on(version: Version, earlier: Sequence[Version], spans: Sequence[Span]) -> Iterator[str]:
    request = version.answer["request"]
    begins = min(version.issued_on, date.fromisoformat(request["start"])) if version.kind == "again" else version.begins
    past = clipped(spans, begins)
    given, due = _days_of(request.get("history") or ()), _joined((s.first, s.last, s.regimen) for s in past)
    if given != due and not (version.kind == "again" and not given):
        yield "“history” is not what the versions before it and the notes by then say was taken."
    starting = earlier[0].answer["request"]
    at_first = show(sum(map(Decimal, starting["regimen"].values()), Decimal(0)))
    if request.get("starting") != at_first and not (version.kind == "again" and request.get("starting") is None):
        yield f"“starting” is not the daily dose with which the plan began, {at_first}."
    before = at(past, begins - ONE_DAY)
    regimen = before.regimen if before else starting["regimen"]
    shares = shares_of(earlier[-1].answer["request"])
    if version.kind != "again" and request.get("proportions") and _taken(request["proportions"]) != _taken(shares):
        yield "“proportions” are not those of the version before it."
    if version.kind != "again" and _taken(request["regimen"]) != _taken(regimen):
        yield "“regimen” is not what is taken on the day before it begins."


def _days_of(history: Sequence[Json]) -> Days:
    return _joined(
        (first := date.fromisoformat(one["start"]), first + (one["days"] - 1) * ONE_DAY, one["regimen"])
        for one in history
    )


def _joined(days: Any) -> Days:
    """Days of one regimen after another as one; a time at zero is none."""
    found: Days = []
    for first, last, regimen in days:
        taken = _taken(regimen)
        if found and found[-1][2] == taken and found[-1][1] + ONE_DAY == first:
            found[-1] = (found[-1][0], last, taken)
        else:
            found.append((first, last, taken))
    return found


def _taken(regimen: Mapping[str, Any]) -> dict[str, Decimal]:
    return {time: Decimal(dose) for time, dose in regimen.items() if Decimal(dose)}

"""The tables and lists of a plan's page: steps, versions, check-ins, what was taken otherwise, supply, reasons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from planner.course import amounts, at, course_of
from planner.models import CheckIn, Plan, Version
from planner.papers.numbers import short_date
from planner.standing import in_force, in_hand
from planner.taper.schedule import Portion
from planner.views.found import TITLES
from planner.views.plan_chart import SIGNS, sign_of
from planner.views.plan_course import ONE_DAY, Course, Stretch, in_order
from planner.views.plan_words import Speaker

LABELS = {"over-limit": "{} cuts are over the limit"}
HOW_WORDS = {"emergency": "Emergency", "well": "Well", "mild": "Mild", "moderate": "Moderate", "severe": "Severe"}


@dataclass(frozen=True)
class Cell:
    """What is taken at one time of a stretch."""

    time: str
    dose: Decimal
    is_lower: bool
    is_higher: bool
    portions: tuple[Portion, ...]
    words: str


@dataclass(frozen=True)
class StepRow:
    """A stretch as a row of the steps. held: by how many days it was held longer, in words."""

    stretch: Stretch
    cells: list[Cell]
    is_now: bool
    names_year: bool
    held: str


@dataclass(frozen=True)
class VersionRow:
    version: Version
    state: str
    what: str
    last_dose: str


@dataclass(frozen=True)
class CheckInRow:
    """how: the word for the sign beside it."""

    check_in: CheckIn
    symbol: str
    look: str
    how: str
    daily: str


@dataclass(frozen=True)
class SupplyShown:
    """in_hand, needed, next_fill: amounts in words; until: the last day of the fill in hand; next: of the one after."""

    in_hand: list[str]
    needed: list[str]
    until: date | None
    next_fill: list[str]
    next_first: date | None
    next_last: date | None
    missed: int
    otherwise: bool


@dataclass(frozen=True)
class KeptReason:
    about: str
    reason: str
    specialist: str


def step_rows(course: Course, today: date, speaker: Speaker) -> tuple[list[StepRow], list[StepRow]]:
    """The steps already taken, and the present one with those to come."""
    rows, last_year = [], None
    for stretch in course.stretches:
        rows.append(_step_row(course, stretch, today, speaker, names_year=stretch.first.year != last_year))
        last_year = (stretch.last or stretch.first).year
    taken = [row for row in rows if row.stretch.last and (row.stretch.last < today or course.closed)]
    ahead = rows[len(taken) :]
    return taken, [replace(ahead[0], names_year=True), *ahead[1:]] if ahead else []


def _step_row(course: Course, stretch: Stretch, today: date, speaker: Speaker, *, names_year: bool) -> StepRow:
    cells = [
        Cell(
            time, stretch.regimen[time], stretch.regimen[time] < stretch.was[time],
            stretch.regimen[time] > stretch.was[time], tuple(stretch.take.get(time, ())),
            speaker.pieces(stretch.take.get(time, ())),
        )
        for time in course.times
    ]  # fmt: skip
    hold = next((hold for hold in course.holds if stretch.covers(hold.first)), None)
    days = hold.days_until(today) if hold else 0
    held = f"held {days} day{'' if days == 1 else 's'}" if hold and hold.last else "held" if hold else ""
    return StepRow(stretch, cells, stretch is course.at(today), names_year, held)


def version_rows(plan: Plan) -> list[VersionRow]:
    """The newest first."""
    return [_version_row(plan, version) for version in reversed(in_order(plan))]


def _version_row(plan: Plan, version: Version) -> VersionRow:
    current = "Closed" if plan.closed_on else "Current"
    request = version.answer["request"]
    begins = sum(map(Decimal, request["regimen"].values()), Decimal(0))
    unit = version.answer["steps"][0]["unit"]
    first = f"First plan, from {begins:f} {unit} a day" if version.kind == "first" else version.get_kind_display()
    return VersionRow(
        version=version,
        state=current if version.pk == plan.current_id else "Replaced",
        what=version.summary or first,
        last_dose=_last_dose(version),
    )


def _last_dose(version: Version) -> str:
    if version.ends_at_zero:
        stop = date.fromisoformat(version.answer["steps"][-1]["start"])
        return short_date(stop - ONE_DAY, weekday=True, year=True)
    return "Not planned"


def check_in_rows(plan: Plan, speaker: Speaker) -> list[CheckInRow]:
    """The newest first."""
    return [_check_in_row(check_in, speaker) for check_in in reversed(plan.check_ins.all())]


def _check_in_row(check_in: CheckIn, speaker: Speaker) -> CheckInRow:
    key = sign_of(check_in)
    symbol, look = SIGNS[key]
    how = "Too much medicine?" if check_in.too_much else HOW_WORDS[check_in.how]
    how = f"{how}, with an emergency sign" if check_in.emergency else how
    return CheckInRow(check_in, symbol, look, how, speaker.dose(check_in.dose))


def taken_words(plan: Plan, speaker: Speaker) -> list[tuple[str, Any]]:
    """Each note of what was taken otherwise, in words, the newest first."""
    return [(_note_words(note, speaker), note) for note in reversed(plan.taken_otherwise.all())]


def _note_words(note: Any, speaker: Speaker) -> str:
    regimen = amounts(note.regimen)
    daily = speaker.dose(sum(regimen.values(), Decimal(0)))
    first = short_date(note.first, weekday=True, year=True)
    last = short_date(note.last, weekday=True, year=True) if note.last else ""
    days = f"On {first}" if note.last == note.first else f"From {first} {f'to {last}' if last else 'on'}"
    return f"{days}: {daily} a day ({speaker.regimen(regimen)})."


def supply_shown(plan: Plan, today: date, speaker: Speaker) -> SupplyShown | None:
    """None where nothing is supplied any more."""
    until = _supplied_until(plan, today)
    coming = min(_fills_to_come(plan, today), key=lambda fill: str(fill["start"]), default=None)
    if plan.closed_on or not (until or coming):
        return None
    return SupplyShown(
        in_hand=_amounts(in_hand(plan, today), speaker) if until else [],
        needed=_amounts(_needs(plan, today, until), speaker) if until else [],
        until=until,
        next_fill=_amounts({key: Decimal(n) for key, n in coming["dispense"].items()}, speaker) if coming else [],
        next_first=date.fromisoformat(coming["start"]) if coming else None,
        next_last=date.fromisoformat(coming["end"]) if coming else None,
        missed=sum(check_in.missed for check_in in plan.check_ins.all()),
        otherwise=bool(plan.taken_otherwise.all()),
    )


def _supplied_until(plan: Plan, today: date) -> date | None:
    """The last day of the fill in hand, or the one before another version begins; None where there is no fill."""
    version = in_force(plan, today)
    now = next((fill for fill in _fills(version) if fill["start"] <= today.isoformat() <= fill["end"]), None)
    if now is None:
        return None
    last, lived = date.fromisoformat(now["end"]), [s for s in course_of(plan) if s.version == version.number]
    return min(last, lived[-1].last or last) if lived else last


def _fills_to_come(plan: Plan, today: date) -> Iterator[dict[str, Any]]:
    """Those of every version that begin after a day, while it is in force."""
    spans = course_of(plan)
    for version in plan.versions.all():
        for fill in _fills(version):
            first = date.fromisoformat(fill["start"])
            if first > today and (span := at(spans, first)) and span.version == version.number:
                yield fill


def _fills(version: Version) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = version.answer["supply"]["fills"]
    return found


def _amounts(units: Mapping[str, Decimal], speaker: Speaker) -> list[str]:
    return [speaker.units(key, amount) for key, amount in units.items() if amount] or ["nothing"]


def _needs(plan: Plan, first: date, last: date) -> dict[str, Decimal]:
    """Units from one day to another, both counted, by the course of the plan."""
    found: dict[str, Decimal] = {}
    for span in course_of(plan):
        days = (min(span.last or last, last) - max(span.first, first)).days + 1
        for key, units in span.units.items() if days > 0 else ():
            found[key] = found.get(key, Decimal(0)) + units * days
    return found


def kept_reasons(version: Version) -> Iterator[KeptReason]:
    """Why a version was issued with what was found."""
    for code, reason in version.reasons.items():
        found = [finding["message"] for finding in version.answer["findings"] if finding["code"] == code]
        usual = f"{code.replace('-', ' ').capitalize()}, {{}} times"
        about = (LABELS | TITLES).get(code, usual).format(len(found)) if len(found) > 1 else "".join(found)
        yield KeptReason(about.partition(". ")[0].removesuffix("."), reason, version.specialists.get(code, ""))

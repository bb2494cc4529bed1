"""The lines of a schedule as dated steps: which dose is taken when, and from which day on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from planner.forms.schedule_text import HOW, Line, LineFault, read_lines, said, too_many_lines
from planner.taper.amounts import show, show_day
from planner.taper.medicine import TIMES, Time
from planner.taper.read_pace import LONGEST_DAYS

ALL_TIMES = f"four, for {', '.join(TIMES)}, with 0 where none is taken"
EMPTY = "Give at least one step, as 20 15 20 7 days."
NO_DAY = "Give the day on which the first step begins, here or in its line."

Messages = dict[str, list[str]]


@dataclass(frozen=True)
class DatedStep:
    """A step of the schedule. line: where it was typed, from 1."""

    line: int
    start: date
    days: int
    regimen: Mapping[Time, Decimal]

    def as_json(self) -> dict[str, Any]:
        """As a request gives it."""
        doses = {time: show(dose) for time, dose in self.regimen.items()}
        return {"start": self.start.isoformat(), "days": self.days, "regimen": doses}


def read_schedule(
    text: str, unit: str, times: Sequence[Time], first_day: date | None
) -> tuple[list[DatedStep], Messages]:
    """The steps of a text; or none, with messages for the fields `schedule` and `first_day`.

    unit: of the doses; times: at which the medicine is taken now (none, where that is not known: then the lines are
    read as far as they can be); first_day: of the first step, where its line has no date.
    """
    if words := too_many_lines(text):
        return [], {"schedule": [words]}
    lines, faults = read_lines(text, unit)
    faults = faults or (line_faults(lines, times) if times else [])
    if faults or not lines:
        return [], {"schedule": said(faults) if faults else [EMPTY]}
    begins = lines[0].start or first_day
    if words := _first_day_fault(begins, first_day):
        return [], {"first_day": [words]}
    return _dated(lines, times, begins) if begins and times else ([], {})


def _first_day_fault(begins: date | None, typed: date | None) -> str:
    if begins is None:
        return NO_DAY
    if typed and typed != begins:
        return f"The first line begins on {show_day(begins)}. Leave this empty, or give the same day."
    return ""


def line_faults(lines: Sequence[Line], times: Sequence[Time]) -> list[LineFault]:
    """The lines whose doses fit no time, or whose days are missing. times: at which the medicine is taken now."""
    found = []
    for line in lines:
        words = _days_fault(line, is_last=line is lines[-1]) or _doses_fault(line, times)
        if words:
            found.append(LineFault(line.number, words))
    return found


def _days_fault(line: Line, *, is_last: bool) -> str:
    if line.days is None and not is_last:
        return "Only the last line may leave out the days. Say for how many days nothing is taken, as 0 7 days."
    return ""


def _doses_fault(line: Line, times: Sequence[Time]) -> str:
    count = len(line.doses)
    if line.is_zero or count in (len(times), len(TIMES)):
        return ""
    now = f"{_times(len(times))} a day now ({', '.join(times)})"
    each = "one dose" if len(times) == 1 else f"{len(times)} doses"
    if count == 1:
        return f"One number does not say what is taken when: it is taken {now}. Write {each}, or {ALL_TIMES}. {HOW}"
    return f"{count} doses, but it is taken {now}. Write {each}, or {ALL_TIMES}."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _dated(lines: Sequence[Line], times: Sequence[Time], first: date) -> tuple[list[DatedStep], Messages]:
    """Each step from its own date, else from the day after the step before; none far from the first."""
    steps: list[DatedStep] = []
    following = first
    for line in lines:
        start, days = line.start or following, line.days or 0
        if abs((start - first).days) > LONGEST_DAYS:
            words = f"It begins on {show_day(start)}, over ten years from the first step. Check dates and days."
            return [], {"schedule": said([LineFault(line.number, words)])}
        steps.append(DatedStep(line.number, start, days, _regimen(line, times)))
        following = start + timedelta(days=days)
    return steps, {}


def _regimen(line: Line, times: Sequence[Time]) -> dict[Time, Decimal]:
    """The dose at each time: of those taken now, or of all four. Zero is zero whenever it would be taken."""
    if line.is_zero:
        return dict.fromkeys(times, Decimal(0))
    return dict(zip(times if len(line.doses) == len(times) else TIMES, line.doses, strict=True))

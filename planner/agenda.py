"""What a version in force asks of the clinic, and on which days: lists and the Today page read only this.

Works on an answer in its JSON form, so that it can be made again from any version that was kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from planner.models import Due
from planner.taper.amounts import show
from planner.taper.checkins import CheckIn

Json = dict[str, Any]
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Task:
    """kind: one of those of Due; facts: what a line about it says, as text."""

    day: date
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """What lists ask of a plan. ends: the day of the stop, None where the medicine goes on; the rest as in Plan."""

    ends: date | None
    held_from: date | None
    held_until: date | None
    last_over: date | None


@dataclass(frozen=True)
class Hold:
    """The days on which a version holds a dose. is_open: what comes after them is not decided yet."""

    first: date
    last: date
    is_open: bool


def state_of(answer: Json, hold: Hold | None) -> State:
    steps = answer["steps"]
    over = [_day(step) for step in steps if step["over_limit"]]
    return State(
        ends=_day(steps[-1]) if steps[-1]["daily"] == "0" else None,
        held_from=hold.first if hold else None,
        held_until=None if hold is None or hold.is_open else hold.last,
        last_over=max(over, default=None),
    )


def tasks_of(answer: Json, check_ins: Sequence[CheckIn], hold: Hold | None) -> list[Task]:
    """Everything that a version asks for, in the order of the days."""
    found = [*_changes(answer), *_check_ins(answer, check_ins), *_supplies(answer), *_last_dose(answer)]
    if hold:
        found.append(_end_of(hold, answer))
    return sorted(found, key=lambda task: (task.day, task.kind))


def _changes(answer: Json) -> Iterator[Task]:
    before = _daily(answer["request"]["regimen"])
    for step in answer["steps"]:
        if step["daily"] not in ("0", before):
            yield Task(_day(step), Due.CHANGE, _facts(step) | {"from": before, "percent": step["cut_of_current"]})
        before = step["daily"]


def _check_ins(answer: Json, check_ins: Sequence[CheckIn]) -> Iterator[Task]:
    for check_in in check_ins:
        step = answer["steps"][check_in.step - 1]
        cut = {"from": _before(answer, check_in.step), "after": step["start"], "why": check_in.why}
        yield Task(check_in.day, Due.CHECK_IN, _facts(step) | cut)


def _before(answer: Json, number: int) -> str:
    """The daily dose before a step."""
    before = answer["steps"][number - 2]["daily"] if number > 1 else _daily(answer["request"]["regimen"])
    return str(before)


def _end_of(hold: Hold, answer: Json) -> Task:
    step = _step_on(answer, hold.last)
    return Task(hold.last, Due.HOLD_ENDS, _facts(step) | {"since": hold.first.isoformat(), "open": hold.is_open})


def _supplies(answer: Json) -> Iterator[Task]:
    """The last day of each fill, but for that of the last dose."""
    fills, last = answer["supply"]["fills"], answer["steps"][-1]
    for fill in fills if last["daily"] != "0" else fills[:-1]:
        end = date.fromisoformat(fill["end"])
        yield Task(end, Due.SUPPLY_ENDS, _facts(_step_on(answer, end)))


def _last_dose(answer: Json) -> Iterator[Task]:
    *before, last = answer["steps"]
    if last["daily"] == "0" and before:
        yield Task(_day(last) - ONE_DAY, Due.LAST_DOSE, _facts(before[-1]))


def _step_on(answer: Json, day: date) -> Json:
    """The step in force on a day that is not before the first."""
    found: Json = next(step for step in reversed(answer["steps"]) if _day(step) <= day)
    return found


def _facts(step: Json) -> dict[str, Any]:
    return {"daily": step["daily"], "unit": step["unit"], "step": step["number"]}


def _daily(regimen: Mapping[str, str]) -> str:
    return show(sum(map(Decimal, regimen.values()), Decimal(0)))


def _day(step: Json) -> date:
    return date.fromisoformat(step["start"])

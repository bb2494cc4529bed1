"""Reading the steps of a schedule that somebody else made."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from planner.taper.amounts import parse_day, show_day
from planner.taper.complete import Bare
from planner.taper.errors import BadInput
from planner.taper.fit import require_countable
from planner.taper.medicine import TIMES, Time
from planner.taper.read_pace import LONGEST_DAYS
from planner.taper.read_past import read_regimen
from planner.taper.request import Request

KNOWN = ("start", "days", "regimen")
MOST_STEPS = 1000
UNUSED_PACE = [{"cut": "100%", "of": "current", "every": 1}]  # for the request: a given schedule needs none


def read_steps(given: Sequence[Mapping[str, Any]], request: Request) -> list[Bare]:
    """The steps as dated regimens. Raises BadInput, naming the step (from 0), the field and what is allowed."""
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise BadInput("steps", type(given).__name__, f"Give a list of at most {MOST_STEPS} steps.")
    if len(given) > MOST_STEPS:
        raise BadInput("steps", f"{len(given)} steps", f"Give at most {MOST_STEPS} steps.")
    steps = [_step(f"steps.{n}", step, request, last=n == len(given) - 1) for n, step in enumerate(given)]
    for n, step in enumerate(steps):
        _require_near(f"steps.{n}.start", step.start, steps[0].start)
    return steps


def _require_near(field: str, start: date, first: date) -> None:
    """Raises BadInput for a step ten years from the first: a slip of the pen, and an endless supply to count."""
    if abs((start - first).days) > LONGEST_DAYS:
        raise BadInput(field, start, f"It is over ten years from the first step, {show_day(first)}. Check the year.")


def _step(field: str, step: Any, request: Request, *, last: bool) -> Bare:
    if not isinstance(step, Mapping):
        raise BadInput(field, step, "Give an object with start, days and regimen.")
    for name in step:
        if name not in KNOWN:
            raise BadInput(f"{field}.{name}", step[name], f"There is no such field. Known: {', '.join(KNOWN)}.")
    regimen = _regimen(f"{field}.regimen", step.get("regimen"), request)
    days = step.get("days")
    least = 0 if last and not any(regimen.values()) else 1
    if not isinstance(days, int) or isinstance(days, bool) or not least <= days <= LONGEST_DAYS:
        raise BadInput(f"{field}.days", days, f"Give a whole number of days from {least} to {LONGEST_DAYS}.")
    return Bare(parse_day(f"{field}.start", step.get("start")), days, regimen)


def _regimen(field: str, value: Any, request: Request) -> dict[Time, Decimal]:
    given = read_regimen(field, value)
    for time, dose in given.items():
        require_countable(f"{field}.{time}", dose, request.products)
    return {time: given.get(time, Decimal(0)) for time in TIMES if time in given or time in request.regimen}

"""On which day a change has to come, counted day by day from a JSON answer."""

from datetime import date
from fractions import Fraction
from math import ceil

from tests.taper.arithmetic import (
    DAY,
    allowed_in_window,
    breach,
    current_dose,
    daily_doses,
    in_force,
    least_days,
    may_change,
    taken,
    taken_before,
)
from tests.taper.asking import Json

WEEK = 7


def day_of_change(answer: Json, place: int) -> date:
    """The first allowed day from the earliest on, on which the limit's window lets the change in."""
    day = _earliest(answer, place)
    while not (may_change(answer, day) and _lets_in(answer, place, day)):
        day += DAY
    return day


def _earliest(answer: Json, place: int) -> date:
    """When the step before it has lasted as long as its phase, or a stretch, asks for."""
    steps, start = answer["steps"], date.fromisoformat(answer["request"]["start"])
    before = daily_doses(answer)[place]
    if not place:
        known = taken_before(answer)[1:]
        held = _stretched_days(answer, place, least_days(answer, current_dose(answer)))
        return max(start, known[-1][0] + held * DAY) if known and held else start
    begun, least = date.fromisoformat(steps[place - 1]["start"]), least_days(answer, before)
    if steps[place]["daily"] == "0":
        as_the_one_before = steps[place - 2]["days"] if place > 1 and _stretches(answer) else 0
        return begun + max(least, as_the_one_before) * DAY
    return begun + max(least, _stretched_days(answer, place, least)) * DAY


def _stretches(answer: Json) -> bool:
    return bool(answer["request"]["coarse"] == "stretch")


def _stretched_days(answer: Json, place: int, every: int) -> int:
    """Under `stretch`, before a cut above the limit: cut / limit x days, in whole weeks where the phase is in weeks."""
    if not (_stretches(answer) and is_beyond(answer, place)):
        return 0
    before, new = daily_doses(answer)[place : place + 2]
    days = ceil((before - new) / allowed_in_window(answer, before) * answer["request"]["limit"]["days"])
    return ceil(Fraction(days, WEEK)) * WEEK if every % WEEK == 0 else days


def is_beyond(answer: Json, place: int) -> bool:
    """Whether a cut passes the limit by itself, whatever the days; the stop never does."""
    before, new = daily_doses(answer)[place : place + 2]
    return bool(new) and before - new > allowed_in_window(answer, before)


def _lets_in(answer: Json, place: int, day: date) -> bool:
    """Within the limit; or, for a cut beyond it by itself, after a whole window of the dose before it."""
    before, new = daily_doses(answer)[place : place + 2]
    if not new:
        return True
    if not is_beyond(answer, place):
        return breach(answer, answer["request"]["limit"], day, new) <= 0
    known = taken(answer)
    earlier = known[: len(known) - len(answer["steps"]) + place]
    window = range(1, answer["request"]["limit"]["days"] + 1)
    return all(in_force(earlier, day - days * DAY) == before for days in window)

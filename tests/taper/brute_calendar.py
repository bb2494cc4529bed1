"""On which day each step begins, and what is handed out: the plain reading of the design, beside ``brute``.

A day is counted from the request's ``start``; the first step may begin later than that.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from itertools import count
from math import ceil

from tests.taper.brute_rules import Rules
from tests.taper.brute_shape import ZERO, Regimen, whole
from tests.taper.brute_shelf import Day, Way

Path = tuple[Regimen, ...]


@dataclass(frozen=True)
class Step:
    day: int
    days: int
    regimen: Regimen
    preferred: Fraction
    breach: Fraction
    take: Day


@dataclass(frozen=True)
class Fill:
    first: int
    last: int
    units: Way
    dispense: tuple[int, ...]


def dated(rules: Rules, path: Path) -> list[Step]:
    """The path on the calendar, each step held until the next cut may come; then the stop."""
    steps: list[Step] = []
    for before, after in zip((rules.now, *path), path, strict=False):
        day = _day_of_cut(rules, steps, whole(before), whole(after))
        steps = [*_ended(steps, day), _step(rules, steps, day, before, after)]
    return steps if rules.target else _stopped(rules, steps)


def _step(rules: Rules, so_far: list[Step], day: int, before: Regimen, after: Regimen) -> Step:
    phase, _ = rules.next_regimens(before)
    assert phase
    daily = whole(before)
    breach = rules.breach(_in_force(rules, so_far, day - rules.window), whole(after))
    preferred = max(ZERO, daily - rules.preferred_cut(phase, daily))
    return Step(day, rules.every(phase), after, preferred, breach, rules.shelf.take(after))


def _ended(steps: list[Step], day: int) -> list[Step]:
    """The steps so far, the last of them taken until the day."""
    return [*steps[:-1], replace(steps[-1], days=day - steps[-1].day)] if steps else []


def _stopped(rules: Rules, steps: list[Step]) -> list[Step]:
    """With the step to zero, on the first day for it after the last dose, which a stretched taper takes at least
    as long as the one before it."""
    last = steps[-1].day + steps[-1].days if steps else 0
    if rules.coarse == "stretch" and len(steps) > 1:
        last = max(last, steps[-1].day + steps[-2].days)
    day = next(day for day in count(last) if is_change_day(rules, day))
    nothing = tuple(ZERO for _ in rules.now)
    return [*_ended(steps, day), Step(day, 0, nothing, ZERO, ZERO, rules.shelf.take(nothing))]


# The day of a cut


def _day_of_cut(rules: Rules, so_far: list[Step], current: Fraction, new: Fraction) -> int:
    """The first change day on which the window lets the cut in."""
    earliest = _earliest(rules, so_far, current, new)
    lets_in = _is_clear if rules.breach(current, new) else _is_within_limit
    return next(day for day in count(earliest) if is_change_day(rules, day) and lets_in(rules, so_far, day, new))


def _earliest(rules: Rules, so_far: list[Step], current: Fraction, new: Fraction) -> int:
    if not so_far:
        since = rules.taken_since()
        if rules.coarse == "stretch" and since is not None and rules.breach(current, new):
            return max(0, since + _hold(rules, current, current - new, rules.every(rules.phase_to(current))))
        return 0
    last = so_far[-1]
    if rules.coarse == "stretch" and rules.breach(current, new):
        return last.day + max(last.days, _hold(rules, current, current - new, last.days))
    return last.day + last.days


def _hold(rules: Rules, dose: Fraction, cut: Fraction, every: int) -> int:
    """How long a stretched taper stays before a cut above the limit: whole weeks where its phase counts in weeks."""
    days = ceil(cut / rules.allowed(dose) * rules.window)
    return 7 * ceil(Fraction(days, 7)) if every % 7 == 0 else days


def is_change_day(rules: Rules, day: int) -> bool:
    return (rules.start + timedelta(days=day)).weekday() in rules.change_on


def _is_within_limit(rules: Rules, so_far: list[Step], day: int, new: Fraction) -> bool:
    return not rules.breach(_in_force(rules, so_far, day - rules.window), new)


def _is_clear(rules: Rules, so_far: list[Step], day: int, _: Fraction) -> bool:
    """A window without a change lets in also a cut that is above the limit by itself."""
    current = whole(so_far[-1].regimen) if so_far else rules.current
    return all(_in_force(rules, so_far, before) == current for before in range(day - rules.window, day))


def _in_force(rules: Rules, so_far: list[Step], day: int) -> Fraction:
    taken = [*rules.past, *((step.day, whole(step.regimen)) for step in so_far)]
    return next(dose for since, dose in reversed(taken) if since <= day)


# Supply


def fills(rules: Rules, steps: list[Step]) -> Iterator[Fill]:
    """What is taken in each fill, day by day, and the whole pieces to hand out; what is left over, or was at hand
    before, is carried on."""
    begin, end = steps[0].day, steps[-1].day + steps[-1].days
    if rules.target:
        end = begin + ceil(Fraction(end - begin, rules.fill_days)) * rules.fill_days
    kept = rules.on_hand
    for first in range(begin, end, rules.fill_days):
        last = min(first + rules.fill_days, end) - 1
        units = _taken(rules, steps, range(first, last + 1))
        given = tuple(max(0, ceil(need - left)) for need, left in zip(units, kept, strict=True))
        kept = tuple(left + more - need for left, more, need in zip(kept, given, units, strict=True))
        yield Fill(first, last, units, given)


def _taken(rules: Rules, steps: list[Step], days: range) -> Way:
    units = [ZERO] * len(rules.shelf.keys)
    for day in days:
        step = next(s for s in reversed(steps) if s.day <= day)
        for way in step.take:
            units = [a + b for a, b in zip(units, way, strict=True)]
    return tuple(units)

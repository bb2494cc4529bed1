"""A second reading of what a schedule is, written from the design alone: slow, plain, exact.

It shares nothing with the engine but the JSON request in and the figures out. ``solve`` finds the best schedule by
recursion, remembering the best rest of the way from each regimen; ``solve_exhaustively`` remembers nothing,
lays out every schedule, dates it, and measures its breaches on the calendar. Tests hold the two together, which
is also the argument for remembering: a cut that is over the limit by itself waits until its window is clear,
so a breach, like a cost, depends on the two regimens and never on the days.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from math import ceil
from typing import Any

from tests.taper.brute_rules import Rank, Regimen, Rules, whole
from tests.taper.brute_shelf import Day, Way

Path = tuple[Regimen, ...]
ZERO = Fraction(0)


class Refused(Exception):
    """No schedule. stuck_at: the dose before the first breach, where the request refuses breaches."""

    def __init__(self, why: str, stuck_at: Fraction | None = None) -> None:
        super().__init__(why)
        self.stuck_at = stuck_at


@dataclass(frozen=True)
class Step:
    day: int  # counted from the first cut
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


def solve(request: Mapping[str, Any]) -> dict[str, Any]:
    """The schedule for a JSON request. Raises Refused."""
    rules = Rules(request)
    best = rules.best_from(rules.now)
    if best is None:
        raise Refused("these products do not lead there")
    return _answer(rules, best[1])


def solve_exhaustively(request: Mapping[str, Any], most: int) -> dict[str, Any] | None:
    """The same from every schedule there is, each laid on the calendar; None where there are more than most."""
    rules = Rules(request)
    paths: list[Path] = []
    for path in all_paths(rules, rules.now):
        paths.append(path)
        if len(paths) > most:
            return None
    if not paths:
        raise Refused("these products do not lead there")
    return _answer(rules, min(paths, key=lambda path: rank(rules, path)))


def all_paths(rules: Rules, regimen: Regimen) -> Iterator[Path]:
    if rules.is_last(regimen):
        yield ()
        return
    for new in rules.next_regimens(regimen)[1]:
        for path in all_paths(rules, new):
            yield (new, *path)


def rank(rules: Rules, path: Path) -> Rank:
    breach = sum((step.breach for step in dated(rules, path)), ZERO)
    cost = sum(rules.cost(before, after) for before, after in zip((rules.now, *path), path, strict=False))
    return Rank(breach, cost, tuple(map(rules.tie, path)))


def dated(rules: Rules, path: Path) -> list[Step]:
    """The path on the calendar, each step held until the window lets the next cut in; then the stop."""
    steps: list[Step] = []
    for before, after in zip((rules.now, *path), path, strict=False):
        day = _day_of_cut(rules, steps, whole(before), whole(after))
        steps = [*_ended(steps, day), _step(rules, steps, day, before, after)]
    if rules.target:
        return steps
    end = steps[-1].day + steps[-1].days if steps else 0
    nothing = tuple(ZERO for _ in rules.now)
    return [*steps, Step(end, 0, nothing, ZERO, ZERO, rules.shelf.take(nothing))]


def _step(rules: Rules, so_far: list[Step], day: int, before: Regimen, after: Regimen) -> Step:
    phase, _ = rules.next_regimens(before)
    assert phase
    daily = whole(before)
    breach = rules.breach(_in_force(rules, so_far, day - rules.window), whole(after))
    preferred = max(ZERO, daily - rules.preferred_cut(phase, daily))
    return Step(day, rules.every(phase), after, preferred, breach, rules.shelf.take(after))


def _ended(steps: list[Step], day: int) -> list[Step]:
    """The steps so far, the last of them taken until the day."""
    if not steps:
        return []
    *earlier, last = steps
    return [*earlier, Step(last.day, day - last.day, last.regimen, last.preferred, last.breach, last.take)]


def _day_of_cut(rules: Rules, so_far: list[Step], current: Fraction, new: Fraction) -> int:
    if not so_far:
        return 0
    last = so_far[-1]
    day = last.day + last.days
    if rules.breach(current, new):
        return max(day, last.day + rules.window)
    while rules.breach(_in_force(rules, so_far, day - rules.window), new):
        day += 1
    return day


def _in_force(rules: Rules, so_far: list[Step], day: int) -> Fraction:
    return next((whole(step.regimen) for step in reversed(so_far) if step.day <= day), rules.starting)


def fills(rules: Rules, steps: list[Step]) -> list[Fill]:
    """What is taken in each fill, day by day, and the whole pieces to hand out, what is left over carried on."""
    last = steps[-1].day + steps[-1].days
    if rules.target:
        last = ceil(Fraction(last, rules.fill_days)) * rules.fill_days
    done: list[Fill] = []
    kept: Way = (ZERO,) * len(rules.shelf.keys)
    for first in range(0, last, rules.fill_days):
        end = min(first + rules.fill_days, last)
        units = _taken(rules, steps, range(first, end))
        given = tuple(max(0, ceil(need - left)) for need, left in zip(units, kept, strict=True))
        kept = tuple(left + more - need for left, more, need in zip(kept, given, units, strict=True))
        done.append(Fill(first, end - 1, units, given))
    return done


def _taken(rules: Rules, steps: list[Step], days: range) -> Way:
    units = [ZERO] * len(rules.shelf.keys)
    for day in days:
        step = next(s for s in reversed(steps) if s.day <= day)
        for way in step.take:
            units = [a + b for a, b in zip(units, way, strict=True)]
    return tuple(units)


def _answer(rules: Rules, path: Path) -> dict[str, Any]:
    steps = dated(rules, path)
    breached = next((i for i, step in enumerate(steps) if step.breach), None)
    if rules.refuses and breached is not None:
        raise Refused("a cut is over the limit", stuck_at=whole((rules.now, *path)[breached]))
    return {
        "steps": [_step_figures(rules, step) for step in steps],
        "fills": [_fill_figures(rules, fill) for fill in fills(rules, steps)],
        "ends": _on(rules, steps[-1].day),
        "days": steps[-1].day,
    }


def _on(rules: Rules, day: int) -> str:
    return (rules.start + timedelta(days=day)).isoformat()


def _step_figures(rules: Rules, step: Step) -> dict[str, Any]:
    return {
        "start": _on(rules, step.day),
        "days": step.days,
        "regimen": dict(zip(rules.times, step.regimen, strict=True)),
        "preferred": step.preferred,
        "over_limit": step.breach > 0,
        "take": {time: _named(rules, way) for time, way in zip(rules.times, step.take, strict=True) if any(way)},
    }


def _named(rules: Rules, units: Way) -> dict[str, Fraction]:
    return {key: amount for key, amount in zip(rules.shelf.keys, units, strict=True) if amount}


def _fill_figures(rules: Rules, fill: Fill) -> dict[str, Any]:
    return {
        "start": _on(rules, fill.first),
        "end": _on(rules, fill.last),
        "units": _named(rules, fill.units),
        "dispense": _named(rules, tuple(map(Fraction, fill.dispense))),
    }

"""A second reading of what a schedule is, written from the design alone: slow, plain, exact.

It shares nothing with the engine but the JSON request in and the figures out. ``solve`` finds the best schedule by
recursion, remembering the best rest of the way from each regimen; ``solve_exhaustively`` remembers nothing,
lays out every schedule, dates it, and measures its breaches on the calendar. Tests hold the two together, which
is also the argument for remembering: a cut that is over the limit by itself waits until its window is clear,
so a breach, like a cost, depends on the two regimens and never on the days.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from fractions import Fraction
from math import floor
from typing import Any

from tests.taper.brute_calendar import Fill, Path, Step, dated, fills
from tests.taper.brute_rules import Rank, Rules
from tests.taper.brute_shape import ZERO, Regimen, whole
from tests.taper.brute_shelf import Way


class Refused(Exception):
    """No schedule. stuck_at: the dose before the first breach, where the request refuses breaches."""

    def __init__(self, why: str, stuck_at: Fraction | None = None) -> None:
        super().__init__(why)
        self.stuck_at = stuck_at


class TooMany(Exception):
    """More schedules than were to be laid out."""


def solve(request: Mapping[str, Any]) -> dict[str, Any]:
    """The schedule for a JSON request. Raises Refused."""
    return _in_time(Rules(request), remembered_best)


def solve_exhaustively(request: Mapping[str, Any], most: int) -> dict[str, Any] | None:
    """The same from every schedule there is, each laid on the calendar; None where there are more than most."""
    try:
        return _in_time(Rules(request), lambda rules: best_of_all(rules, most))
    except TooMany:
        return None


def _in_time(rules: Rules, choose: Callable[[Rules], Path]) -> dict[str, Any]:
    """At the pace asked for; or, for a wished-for last date, at the slowest pace that keeps it."""
    if rules.end_by is None:
        return _answer(rules, choose(rules))
    for pace in rules.paces_to_try():
        paced = rules.with_pace([pace])
        path = choose(paced)
        last = dated(paced, path)[-1].day
        if rules.start + timedelta(days=last) <= rules.end_by:
            return _answer(paced, path)
    raise Refused("no pace ends in time")


def remembered_best(rules: Rules) -> Path:
    best = rules.best_from(rules.now)
    if best is None:
        raise Refused("these products do not lead there")
    return best[1]


def best_of_all(rules: Rules, most: int) -> Path:
    paths: list[Path] = []
    for path in all_paths(rules, rules.now):
        paths.append(path)
        if len(paths) > most:
            raise TooMany
    if not paths:
        raise Refused("these products do not lead there")
    return min(paths, key=lambda path: rank(rules, path))


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


# The figures of an answer


def _answer(rules: Rules, path: Path) -> dict[str, Any]:
    steps = dated(rules, path)
    breached = next((i for i, step in enumerate(steps) if step.breach), None)
    if rules.coarse == "refuse" and breached is not None:
        raise Refused("a cut is over the limit", stuck_at=whole((rules.now, *path)[breached]))
    return {
        "steps": list(_step_figures(rules, steps)),
        "fills": [_fill_figures(rules, fill) for fill in fills(rules, steps)],
        "ends": _on(rules, steps[-1].day),
        "days": steps[-1].day - steps[0].day,
    }


def _on(rules: Rules, day: int) -> str:
    return (rules.start + timedelta(days=day)).isoformat()


def _step_figures(rules: Rules, steps: list[Step]) -> Iterator[dict[str, Any]]:
    for before, step in zip((rules.now, *(step.regimen for step in steps)), steps, strict=False):
        cut = whole(before) - whole(step.regimen)
        yield {
            "start": _on(rules, step.day),
            "days": step.days,
            "regimen": dict(zip(rules.times, step.regimen, strict=True)),
            "preferred": step.preferred,
            "cut_of_current": _percent(cut, whole(before)),
            "cut_of_starting": _percent(cut, rules.starting),
            "over_limit": step.breach > 0,
            "take": {time: _named(rules, way) for time, way in zip(rules.times, step.take, strict=True) if any(way)},
        }


def _percent(cut: Fraction, of: Fraction) -> Fraction:
    """To one decimal, halves up."""
    return Fraction(floor(1000 * cut / of + Fraction(1, 2)), 10)


def _named(rules: Rules, units: Way) -> dict[str, Fraction]:
    return {key: amount for key, amount in zip(rules.shelf.keys, units, strict=True) if amount}


def _fill_figures(rules: Rules, fill: Fill) -> dict[str, Any]:
    return {
        "start": _on(rules, fill.first),
        "end": _on(rules, fill.last),
        "units": _named(rules, fill.units),
        "dispense": _named(rules, tuple(map(Fraction, fill.dispense))),
    }

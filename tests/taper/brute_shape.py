"""Which regimens a schedule may pass through, in each of its shapes: the plain reading, beside ``brute``."""

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import product as every_combination

from tests.taper.brute_shelf import Shelf

Regimen = tuple[Fraction, ...]
ZERO = Fraction(0)


@cache
def whole(regimen: Regimen) -> Fraction:
    return sum(regimen, ZERO)


def regimens_of(shape: str, shelf: Shelf, now: Regimen, by_order: list[int]) -> list[Regimen]:
    """Every regimen of the shape above zero and below the dose taken now, the highest first."""
    every = {"even": even_regimens, "one-time-first": one_time_first_regimens}[shape](shelf, now, by_order)
    return sorted({r for r in every if 0 < whole(r) < whole(now)}, key=lambda r: (-whole(r), r))


# Even


def even_regimens(shelf: Shelf, now: Regimen, by_order: list[int]) -> Iterator[Regimen]:
    """Made by all the products or by one of them alone."""
    alone = [[key] for key in shelf.keys]
    for keys in [shelf.keys, *alone]:
        doses = shelf.makeable(keys, max(now))
        lists = [[dose for dose in doses if dose <= dose_now] for dose_now in now]
        yield from (r for r in every_combination(*lists) if _is_even(r, now, doses) and _in_order(r, now, by_order))


def _is_even(regimen: Regimen, now: Regimen, doses: list[Fraction]) -> bool:
    part = whole(regimen) / whole(now)
    return all(_is_near(dose, part * dose_now, doses) for dose, dose_now in zip(regimen, now, strict=True))


def _is_near(dose: Fraction, share: Fraction, doses: list[Fraction]) -> bool:
    """The share itself where it can be made; else the makeable dose next below or next above it."""
    if share in doses:
        return dose == share
    below = max((d for d in doses if d < share), default=None)
    above = min((d for d in doses if d > share), default=None)
    return dose in (below, above)


def _in_order(regimen: Regimen, now: Regimen, by_order: list[int]) -> bool:
    """Times that began equal: one earlier in the order is never above a later one."""
    pairs = ((i, j) for at, i in enumerate(by_order) for j in by_order[at + 1 :])
    return all(regimen[i] <= regimen[j] for i, j in pairs if now[i] == now[j] > 0)


# One time first


def one_time_first_regimens(shelf: Shelf, now: Regimen, by_order: list[int]) -> Iterator[Regimen]:
    """The times earlier in the order are empty, one is at any dose, the later ones as they are now."""
    doses = shelf.makeable(shelf.keys, max(now))
    for at, time in enumerate(by_order):
        later = {i: _highest(doses, now[i]) for i in by_order[at + 1 :]}
        for dose in doses:
            if dose <= now[time]:
                yield tuple({time: dose, **later}.get(i, ZERO) for i in range(len(now)))


def _highest(doses: list[Fraction], most: Fraction) -> Fraction:
    """The dose itself; where it cannot be made, the largest below it that can."""
    return max(dose for dose in doses if dose <= most)

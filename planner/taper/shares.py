"""How a daily dose is shared over the times of the day: evenly, or one time emptied before the next."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise, product
from math import gcd
from operator import gt, ne
from typing import Protocol

from planner.taper.makings import Makings

Regimen = tuple[int, ...]  # a dose a time, in whole units


class Shares(Protocol):
    """The regimens that a daily dose may have."""

    regimens: Callable[[int], tuple[Regimen, ...]]


class EvenShares:
    """Regimens of daily doses in the proportions of a regimen.

    before: the regimen whose proportions hold; order: places of its times, the one lowered first in front.
    """

    def __init__(
        self, makings: Makings, before: Regimen, order: Sequence[int],
        fixed: Mapping[int, tuple[Regimen, ...]] | None = None,
    ) -> None:  # fmt: skip
        """fixed: regimens of single daily doses that are known already."""
        self.before, self.total, self._fixed = before, sum(before), fixed or {}
        lists = {tuple(makings.doses(chosen, max(before))): None for chosen in makings.sets}
        # the makeable doses at one time, the step between them, and the most of a day
        self._lists = [(doses, max(1, gcd(*doses)), sum([min(dose, doses[-1]) for dose in before])) for doses in lists]
        self._unlike = frozenset(before)
        alike = [[place for place in order if before[place] == dose] for dose in self._unlike if dose]
        self._equals = [pair for places in alike for pair in pairwise(places)]
        self.regimens: Callable[[int], tuple[Regimen, ...]] = cache(self._find)

    def _find(self, daily: int) -> tuple[Regimen, ...]:
        """Every regimen of a daily dose: each time at its exact share, or at the makeable dose below or above it."""
        if daily in self._fixed:
            return self._fixed[daily]
        found: dict[Regimen, None] = {}
        for doses, step, most in self._lists:
            if daily % step or daily > most:
                continue
            near = {dose: self._choices(doses, daily, dose) for dose in self._unlike}
            choices = [near[dose] for dose in self.before]
            found.update(dict.fromkeys([shared for shared in product(*choices) if sum(shared) == daily]))
        return tuple([shared for shared in found if all(shared[a] <= shared[b] for a, b in self._equals)])

    def _choices(self, doses: Sequence[int], daily: int, dose: int) -> tuple[int, ...]:
        share, rest = divmod(daily * dose, self.total)
        above = bisect_left(doses, share + (1 if rest else 0))
        if above < len(doses) and not rest and doses[above] == share:
            return (share,)
        if above == len(doses) or doses[above] > dose:
            return (doses[above - 1],)
        return (doses[above - 1], doses[above])


class OneTimeFirst:
    """The one regimen of a daily dose where the times are emptied one after the other.

    before: the regimen now; order: places of its times, the one emptied first in front; fixed: as for EvenShares. A
    time whose dose now cannot be made is brought to the makeable dose below it with the first change.
    """

    def __init__(
        self, makings: Makings, before: Regimen, order: Sequence[int],
        fixed: Mapping[int, tuple[Regimen, ...]] | None = None,
    ) -> None:  # fmt: skip
        self._order, self._fixed = order, fixed or {}
        self._doses = makings.doses(makings.sets[0], max(before))
        self._full = [self._doses[bisect_right(self._doses, dose) - 1] for dose in before]
        self.regimens: Callable[[int], tuple[Regimen, ...]] = cache(self._find)

    def _find(self, daily: int) -> tuple[Regimen, ...]:
        if daily in self._fixed:
            return self._fixed[daily]
        regimen, left = [0] * len(self._full), daily
        for place in reversed(self._order):
            regimen[place] = min(left, self._full[place])
            left -= regimen[place]
        return () if left or not all(self._makes(dose) for dose in regimen) else (tuple(regimen),)

    def _makes(self, dose: int) -> bool:
        place = bisect_left(self._doses, dose)
        return place < len(self._doses) and self._doses[place] == dose


def times_changed(regimen: Regimen, lower: Regimen) -> int:
    """How many times' doses go down on the way; 0 where one rises."""
    return 0 if any(map(gt, lower, regimen)) else sum(map(ne, regimen, lower))

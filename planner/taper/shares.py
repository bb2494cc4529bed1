"""How a daily dose is shared over the times of the day: evenly, or one time emptied before the next."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
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
        self._lists = [makings.doses(chosen, max(before)) for chosen in makings.sets]
        self._unlike = frozenset(before)
        in_order = [place for place in order if before[place]]
        self._equals = [(a, b) for n, a in enumerate(in_order) for b in in_order[n + 1 :] if before[a] == before[b]]
        self.regimens: Callable[[int], tuple[Regimen, ...]] = cache(self._find)

    def _find(self, daily: int) -> tuple[Regimen, ...]:
        """Every regimen of a daily dose: each time at its exact share, or at the makeable dose below or above it."""
        if daily in self._fixed:
            return self._fixed[daily]
        found: dict[Regimen, None] = {}
        for doses in self._lists:
            near = {dose: self._choices(doses, daily, dose) for dose in self._unlike}
            choices = [near[dose] for dose in self.before]
            if sum(c[0] for c in choices) <= daily <= sum(c[-1] for c in choices):
                found.update(dict.fromkeys(self._of_sum(choices, daily)))
        return tuple(found)

    def _choices(self, doses: list[int], daily: int, dose: int) -> tuple[int, ...]:
        share, rest = divmod(daily * dose, self.total)
        above = bisect_left(doses, share + (1 if rest else 0))
        if above < len(doses) and not rest and doses[above] == share:
            return (share,)
        if above == len(doses) or doses[above] > dose:
            return (doses[above - 1],)
        return (doses[above - 1], doses[above])

    def _of_sum(self, choices: Sequence[tuple[int, ...]], daily: int) -> Iterator[Regimen]:
        for regimen in product(*choices):
            if sum(regimen) == daily and all(regimen[a] <= regimen[b] for a, b in self._equals):
                yield regimen


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
    changed = 0
    for old, new in zip(regimen, lower, strict=True):
        if new > old:
            return 0
        changed += new != old
    return changed

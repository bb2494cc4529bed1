"""The `even` shape: how a daily dose is shared over the times of the day."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product

from planner.taper.makings import Makings

Regimen = tuple[int, ...]  # a dose a time, in whole units


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
        in_order = [place for place in order if before[place]]
        self._equals = [(a, b) for n, a in enumerate(in_order) for b in in_order[n + 1 :] if before[a] == before[b]]
        self.regimens = cache(self._find)

    def _find(self, daily: int) -> tuple[Regimen, ...]:
        """Every regimen of a daily dose: each time at its exact share, or at the makeable dose below or above it."""
        if daily in self._fixed:
            return self._fixed[daily]
        found: dict[Regimen, None] = {}
        for doses in self._lists:
            choices = [self._choices(doses, daily, dose) for dose in self.before]
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


def reachable(regimen: Regimen, lower: Regimen) -> bool:
    """Whether no time's dose rises on the way."""
    return all(new <= old for old, new in zip(regimen, lower, strict=True))

"""The best schedule: least total breach, then least total cost, then the higher dose first.

Backwards over daily doses. What comes after a state (a regimen) depends on nothing that came before it, because
a hold makes room in the limit's window without any price: so the best rest of each state is the best schedule.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from planner.taper.makings import Makings
from planner.taper.shares import Regimen, Shares, times_changed

MILLION = 10**6
COMPLICATIONS = 20  # so many weigh as much as a cut of twice the preferred size: one weighs 0.05


@dataclass(frozen=True)
class Share:
    """A size of cut as a fraction: of the current daily dose, or (of_current False) of one whole unit."""

    top: int
    bottom: int
    of_current: bool

    def part(self, daily: int) -> int:
        """The cut from a daily dose, times `bottom`."""
        return self.top * daily if self.of_current else self.top


@dataclass(frozen=True)
class PhaseRule:
    """One phase for the search. down_to: a daily dose in whole units, None for the last phase."""

    cut: Share
    down_to: int | None


@dataclass(frozen=True)
class Bounds:
    """target, final: daily doses in whole units."""

    target: int
    final: int
    limit: Share


class Cost:
    """What a step costs, in whole millionths: r x ((r - 1)^2 + 0.05 x complications), r being cut / preferred.

    top, bottom: the preferred cut in whole units, as a fraction.
    """

    usual = MILLION * COMPLICATIONS

    def __init__(self, top: int, bottom: int) -> None:
        self.top, self.bottom, self.square, self.whole = top, bottom, MILLION * top**2, COMPLICATIONS * top**3

    def of(self, cut: int, complications: int) -> int:
        """The cost of a cut, in whole units."""
        reach = cut * self.bottom
        return reach * (self.usual * (reach - self.top) ** 2 + self.square * complications) // self.whole


Value = tuple[int, int]  # total breach (times the limit's bottom), total cost in millionths
Rank = tuple[int, ...]  # doses in the order of lowering, for a tie


@dataclass(frozen=True)
class Rest:
    """The best way on from a state; following None: the search ends here."""

    value: Value
    phase: int = 0
    following: Regimen | None = None


@dataclass(frozen=True)
class Level:
    """A daily dose from which the end can be reached: its regimens with their complications, and the least of each."""

    regimens: tuple[tuple[Regimen, int, Rank], ...]
    least: Value
    complications: int


class Search:
    """The best schedule over the daily doses that some products make.

    dailies: the makeable daily doses below the current one, ascending; order: places of times, first lowered first.
    """

    def __init__(
        self, makings: Makings, shares: Shares, dailies: Sequence[int], phases: Sequence[PhaseRule],
        bounds: Bounds, order: Sequence[int],
    ) -> None:  # fmt: skip
        self.makings, self.shares, self.dailies = makings, shares, list(dailies)
        self.phases, self.bounds, self.order = phases, bounds, order
        self._best: dict[Regimen, Rest] = {}
        self._levels: dict[int, Level] = {}
        self._nearest: dict[tuple[int, int, int | None], list[int]] = {}

    def path(self, start: Regimen) -> list[tuple[int, Regimen]] | None:
        """The regimens from the start's successor on, each with the number of the phase that leads to it.

        None if no schedule leads to the end. Where the target is zero the last regimen is the one before the stop.
        """
        for daily in self.dailies:
            self._settle(daily)
        rest = self._rest(sum(start), start)
        found: list[tuple[int, Regimen]] = []
        while rest is not None and rest.following is not None:
            found.append((rest.phase, rest.following))
            rest = self._best[rest.following]
        return None if rest is None else found

    def breaks(self, before: int, after: int) -> bool:
        """Whether a cut passes the limit by itself."""
        return self._breach(before, after) > 0

    def _breach(self, before: int, after: int) -> int:
        limit = self.bounds.limit
        return max(0, (before - after) * limit.bottom - limit.part(before))

    def _preferred(self, phase: int, daily: int) -> tuple[int, int]:
        """The preferred cut, no further than the limit, as top and bottom of a fraction."""
        cut, limit = self.phases[phase].cut, self.bounds.limit
        if cut.part(daily) * limit.bottom <= limit.part(daily) * cut.bottom:
            return cut.part(daily), cut.bottom
        return limit.part(daily), limit.bottom

    def _settle(self, daily: int) -> None:
        """The best way on from each regimen of a daily dose, those of the lower doses being known."""
        open_ones = []
        for regimen in self.shares.regimens(daily):
            rest = self._rest(daily, regimen)
            if rest is not None:
                self._best[regimen] = rest
                rank = tuple([regimen[place] for place in self.order])
                open_ones.append((regimen, self.day_complications(regimen), rank))
        if open_ones:
            least = min([self._best[regimen].value for regimen, _, _ in open_ones])
            self._levels[daily] = Level(tuple(open_ones), least, min([made for _, made, _ in open_ones]))

    def _rest(self, daily: int, regimen: Regimen) -> Rest | None:
        target = self.bounds.target
        if daily == target or (not target and daily <= self.bounds.final):
            return Rest((0, 0))
        top = self._top(daily, regimen)
        return None if top is None else self._best_move(daily, regimen, self._phase(top), top)

    def _phase(self, top: int) -> int:
        """The first phase that still has a dose to go to; top: the highest there is."""
        return next(n for n, phase in enumerate(self.phases) if phase.down_to is None or phase.down_to <= top)

    def _top(self, daily: int, regimen: Regimen) -> int | None:
        """The highest daily dose below this one to which no time has to rise."""
        for place in range(bisect_left(self.dailies, daily) - 1, -1, -1):
            if any(times_changed(regimen, lower) for lower in self.shares.regimens(self.dailies[place])):
                return self.dailies[place]
        return None

    def _lowers(self, daily: int, phase: int, only: int | None) -> list[int]:
        """The daily doses to which a cut leads, the nearest to the preferred one first."""
        key = (daily, phase, only)
        if key not in self._nearest:
            lowers = self._within_limit(daily, phase) if only is None else [only]
            self._nearest[key] = [lower for lower in lowers if lower in self._levels]
        return self._nearest[key]

    def _within_limit(self, daily: int, phase: int) -> list[int]:
        limit, (top, bottom) = self.bounds.limit, self._preferred(phase, daily)
        low = max(self.phases[phase].down_to or 0, daily - limit.part(daily) // limit.bottom)
        first, end = bisect_left(self.dailies, low), bisect_left(self.dailies, daily)
        middle = bisect_left(self.dailies, daily - top // bottom, first, end)
        return [*self.dailies[middle:end], *reversed(self.dailies[first:middle])]

    def _best_move(self, daily: int, regimen: Regimen, phase: int, highest: int) -> Rest | None:
        """The move of the least value; among equals to the higher dose, then the lower one at the time first in order.

        highest: the highest dose there is to go to; where that breaks the limit it is the only one. The first moves
        that are tried are the likely ones, so that most others are passed over by the least that they can cost: that is
        Cost.of written out, since a search spends its time here.
        """
        breach, cost = self._breach(daily, highest), Cost(*self._preferred(phase, daily))
        usual, top, bottom, square, whole = cost.usual, cost.top, cost.bottom, cost.square, cost.whole
        levels, best = self._levels, None
        for lower_daily in self._lowers(daily, phase, highest if breach else None):
            level, reach = levels[lower_daily], (daily - lower_daily) * bottom
            off = reach - top
            plain, (broken, least) = usual * off * off, level.least
            least += reach * (plain + square * level.complications) // whole
            if best is not None and (broken + breach, least) > best[0]:
                continue
            for lower, made, rank in level.regimens:
                changed = times_changed(regimen, lower)
                if changed:
                    rest = self._best[lower].value
                    price = cost.of(daily - lower_daily, made + changed - 1)
                    found = ((rest[0] + breach, rest[1] + price), -lower_daily, rank, lower)
                    if best is None or found < best:
                        best = found
        return None if best is None else Rest(best[0], phase, best[3])

    def day_complications(self, regimen: Regimen) -> int:
        """What makes a day harder: divided tablets, measured doses, more products, more different doses."""
        day = self.makings.sure_day(regimen)
        doses = len({dose for dose in regimen if dose})
        return day.divided + day.measured + max(0, day.products - 1) + max(0, doses - 1)

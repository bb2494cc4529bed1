"""The best schedule: least total breach, then least total cost, then the higher dose first.

Backwards over daily doses. What comes after a state (a regimen) depends on nothing that came before it, because
a hold makes room in the limit's window without any price: so the best rest of each state is the best schedule.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

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


Value = tuple[int, int]  # total breach (times the limit's bottom), total cost in millionths
Rank = tuple[int, ...]  # doses in the order of lowering, for a tie


class Rest(NamedTuple):
    """The best way on from a state; following None: the search ends here."""

    value: Value
    phase: int = 0
    following: Regimen | None = None


Open = tuple[Value, int, Rank, Regimen]  # a regimen from which the end can be reached: its best, complications, rank
Level = tuple[Value, int, list[Open]]  # of a daily dose: the least value, the least complications, its regimens
Move = tuple[Value, int, int, int, list[Open]]  # least value, new daily dose, price without complications and of each


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
        self._known_moves: dict[tuple[int, int, int | None], tuple[int, list[Move]]] = {}

    def path(self, start: Regimen) -> list[tuple[int, Regimen]] | None:
        """The regimens from the start's successor on, each with the number of the phase that leads to it.

        None if no schedule leads to the end. Where the target is zero the last regimen is the one before the stop.
        """
        for daily in self.dailies:
            self._settle(daily)
        rest = self.rest(sum(start), start)
        found: list[tuple[int, Regimen]] = []
        while rest is not None and rest.following is not None:
            found.append((rest.phase, rest.following))
            rest = self._best[rest.following]
        return None if rest is None else found

    def fewest_cuts(self, start: Regimen) -> int:
        """No pace leads from a regimen to the end in fewer cuts."""
        cuts, at, seen = 0, {start}, {start}
        while at and not any(self._is_end(sum(regimen)) for regimen in at):
            at = {lower for regimen in at for lower in self._lowers(regimen)} - seen
            cuts, seen = cuts + 1, seen | at
        return cuts

    def _lowers(self, regimen: Regimen) -> list[Regimen]:
        """All the regimens to which a cut may lead."""
        daily = sum(regimen)
        top = self._top(daily, regimen)
        if top is None:
            return []
        to = [top] if self.breaks(daily, top) else self._within_limit(daily, self._phase(top), daily)
        return [lower for dose in to for lower in self.shares.regimens(dose) if times_changed(regimen, lower)]

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
        """The best way on from each regimen of a daily dose."""
        open_ones = []
        self._known_moves.clear()  # of the dose before
        for regimen in self.shares.regimens(daily):
            rest = self.rest(daily, regimen)
            if rest is not None:
                self._best[regimen] = rest
                rank = tuple([regimen[place] for place in self.order])
                open_ones.append((rest.value, self.day_complications(regimen), rank, regimen))
        if open_ones:
            self._levels[daily] = (min(open_ones)[0], min([made for _, made, _, _ in open_ones]), open_ones)

    def rest(self, daily: int, regimen: Regimen) -> Rest | None:
        """The best way on from a regimen, those of the lower doses being known."""
        if self._is_end(daily):
            return Rest((0, 0))
        top = self._top(daily, regimen)
        return None if top is None else self._best_move(daily, regimen, self._phase(top), top)

    def _is_end(self, daily: int) -> bool:
        target = self.bounds.target
        return daily == target or (not target and daily <= self.bounds.final)

    def _phase(self, top: int) -> int:
        """The first phase that still has a dose to go to; top: the highest there is."""
        return next(n for n, phase in enumerate(self.phases) if phase.down_to is None or phase.down_to <= top)

    def _top(self, daily: int, regimen: Regimen) -> int | None:
        """The highest daily dose below this one to which no time has to rise."""
        for place in range(bisect_left(self.dailies, daily) - 1, -1, -1):
            for lower in self.shares.regimens(self.dailies[place]):
                if times_changed(regimen, lower):
                    return self.dailies[place]
        return None

    def _moves(self, daily: int, phase: int, only: int | None) -> tuple[int, list[Move]]:
        """The cuts from a daily dose, the one nearest to the preferred first; only: the one dose to which one leads.

        A cut of r times the preferred one costs r x ((r - 1)^2 + 0.05 x complications), in whole millionths: that is
        (plain + complications x each) // whole, whole standing before the cuts.
        """
        key = (daily, phase, only)
        if key not in self._known_moves:
            found, (top, bottom) = [], self._preferred(phase, daily)
            usual, square, whole = MILLION * COMPLICATIONS, MILLION * top**2, COMPLICATIONS * top**3
            for lower in self._within_limit(daily, phase, daily - top // bottom) if only is None else [only]:
                level = self._levels.get(lower)
                if level is not None:
                    (broken, least), complications, regimens = level
                    reach = (daily - lower) * bottom
                    off = reach - top
                    plain, each = usual * reach * off * off, square * reach
                    least += (plain + complications * each) // whole
                    found.append(((broken, least), lower, plain, each, regimens))
            self._known_moves[key] = whole, found
        return self._known_moves[key]

    def _within_limit(self, daily: int, phase: int, wished: int) -> list[int]:
        """The daily doses to which a cut may lead, those nearest to the one wished for first."""
        limit = self.bounds.limit
        low = max(self.phases[phase].down_to or 0, daily - limit.part(daily) // limit.bottom)
        first, end = bisect_left(self.dailies, low), bisect_left(self.dailies, daily)
        middle = bisect_left(self.dailies, wished, first, end)
        return [*self.dailies[middle:end], *reversed(self.dailies[first:middle])]

    def _best_move(self, daily: int, regimen: Regimen, phase: int, highest: int) -> Rest | None:
        """The move of the least value; among equals to the higher dose, then the lower one at the time first in order.

        highest: the highest dose there is to go to; where that breaks the limit it is the only one.
        """
        breach = self._breach(daily, highest)
        whole, moves = self._moves(daily, phase, highest if breach else None)
        best = None
        for least, lower_daily, plain, each, regimens in moves:
            if best is not None and least > best[0]:
                continue
            for (broken, spent), made, rank, lower in regimens:
                changed = times_changed(regimen, lower)
                if changed:
                    price = (plain + (made + changed - 1) * each) // whole
                    found = ((broken + breach, spent + price), -lower_daily, rank, lower)
                    if best is None or found < best:
                        best = found
        return None if best is None else Rest(best[0], phase, best[3])

    def day_complications(self, regimen: Regimen) -> int:
        """What makes a day harder: divided tablets, measured doses, more products, more different doses."""
        day = self.makings.sure_day(regimen)
        doses = len({dose for dose in regimen if dose})
        return day.divided_or_measured + max(0, day.products - 1) + max(0, doses - 1)

"""The best schedule: least total breach, then least total cost, then the higher dose first.

Backwards over daily doses. What comes after a state (a regimen) depends on nothing that came before it, because
a hold makes room in the limit's window without any price: so the best rest of each state is the best schedule.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from planner.taper.makings import Makings
from planner.taper.shares import Regimen, Shares, reachable

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
class Stretch:
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


@dataclass(frozen=True)
class Rest:
    """The best way on from a state; following None: the search ends here."""

    value: Value
    phase: int = 0
    following: Regimen | None = None


@dataclass(frozen=True)
class Move:
    """A daily dose to go down to, with the least that it can cost. preferred: of the cut, as top and bottom."""

    least: Value
    daily: int
    breach: int
    preferred: tuple[int, int]


class Search:
    """The best schedule over the daily doses that some products make.

    dailies: the makeable daily doses below the current one, ascending; order: places of times, first lowered first.
    """

    def __init__(
        self, makings: Makings, shares: Shares, dailies: Sequence[int], phases: Sequence[Stretch],
        bounds: Bounds, order: Sequence[int],
    ) -> None:  # fmt: skip
        self.makings, self.shares, self.dailies = makings, shares, list(dailies)
        self.phases, self.bounds, self.order = phases, bounds, order
        self._best: dict[Regimen, Rest] = {}
        self._least: dict[int, Value] = {}
        self._moves = cache(self._find_moves)
        self._day_complications = cache(self._find_day_complications)

    def path(self, start: Regimen) -> list[tuple[int, Regimen]] | None:
        """The regimens from the start's successor on, each with the number of the phase that leads to it.

        None if no schedule leads to the end. Where the target is zero the last regimen is the one before the stop.
        """
        for daily in self.dailies:
            self._settle(daily, self.shares.regimens(daily))
        self._settle(sum(start), (start,))
        if start not in self._best:
            return None
        found: list[tuple[int, Regimen]] = []
        rest = self._best[start]
        while rest.following is not None:
            found.append((rest.phase, rest.following))
            rest = self._best[rest.following]
        return found

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

    def _settle(self, daily: int, regimens: Sequence[Regimen]) -> None:
        for regimen in regimens:
            rest = self._rest(daily, regimen)
            if rest is not None:
                self._best[regimen] = rest
        values = [self._best[r].value for r in regimens if r in self._best]
        if values:
            self._least[daily] = min(values)

    def _rest(self, daily: int, regimen: Regimen) -> Rest | None:
        target = self.bounds.target
        if daily == target or (not target and daily <= self.bounds.final):
            return Rest((0, 0))
        top = self._top(daily, regimen)
        if top is None:
            return None
        phase = self._phase(top)
        return self._best_move(regimen, phase, self._moves(daily, phase, top if self.breaks(daily, top) else None))

    def _phase(self, top: int) -> int:
        """The first phase that still has a dose to go to; top: the highest there is."""
        return next(n for n, phase in enumerate(self.phases) if phase.down_to is None or phase.down_to <= top)

    def _top(self, daily: int, regimen: Regimen) -> int | None:
        """The highest daily dose below this one to which no time has to rise."""
        for lower in reversed(self.dailies[: bisect_left(self.dailies, daily)]):
            if any(reachable(regimen, r) for r in self.shares.regimens(lower)):
                return lower
        return None

    def _find_moves(self, daily: int, phase: int, only: int | None) -> list[Move]:
        """Where a cut may lead, the least possible value first; only: the one dose left where the limit is broken."""
        limit = self.bounds.limit
        low = max(self.phases[phase].down_to or 0, daily - limit.part(daily) // limit.bottom)
        first, end = bisect_left(self.dailies, low), bisect_left(self.dailies, daily)
        lowers = self.dailies[first:end] if only is None else [only]
        preferred = self._preferred(phase, daily)
        moves = [self._move(daily, lower, preferred) for lower in lowers if lower in self._least]
        return sorted(moves, key=lambda move: move.least)

    def _move(self, daily: int, lower: int, preferred: tuple[int, int]) -> Move:
        breach = self._breach(daily, lower)
        rest_breach, rest_cost = self._least[lower]
        return Move((rest_breach + breach, rest_cost + cost(daily - lower, preferred, 0)), lower, breach, preferred)

    def _best_move(self, regimen: Regimen, phase: int, moves: Sequence[Move]) -> Rest | None:
        best: Rest | None = None
        best_key: tuple[object, ...] | None = None
        for move in moves:
            if best is not None and move.least > best.value:
                break
            for lower in self.shares.regimens(move.daily):
                if lower not in self._best or not reachable(regimen, lower):
                    continue
                rest = self._through(regimen, lower, phase, move)
                key = (rest.value, -move.daily, [lower[place] for place in self.order])
                if best_key is None or key < best_key:
                    best, best_key = rest, key
        return best

    def _through(self, regimen: Regimen, lower: Regimen, phase: int, move: Move) -> Rest:
        breach, price = self._best[lower].value
        price += cost(sum(regimen) - move.daily, move.preferred, self.complications(regimen, lower))
        return Rest((breach + move.breach, price), phase, lower)

    def complications(self, before: Regimen, regimen: Regimen) -> int:
        """What makes a day harder: divided, measured, more products, more different doses, more times changed."""
        changed = sum(1 for old, new in zip(before, regimen, strict=True) if old != new)
        return self._day_complications(regimen) + max(0, changed - 1)

    def _find_day_complications(self, regimen: Regimen) -> int:
        day = self.makings.sure_day(regimen)
        doses = len({dose for dose in regimen if dose})
        return day.divided + day.measured + max(0, day.products - 1) + max(0, doses - 1)


def cost(cut: int, preferred: tuple[int, int], complications: int) -> int:
    """The price of a step in whole millionths: r x ((r - 1)^2 + 0.05 x complications), where r is cut / preferred."""
    top, bottom = cut * preferred[1], preferred[0]
    weighed = COMPLICATIONS * (top - bottom) ** 2 + complications * bottom**2
    return MILLION * top * weighed // (COMPLICATIONS * bottom**3)

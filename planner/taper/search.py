"""The best schedule: least total breach, then least total cost, then the higher dose first.

Backwards over daily doses. What comes after a state (a regimen) depends on nothing that came before it, because
a hold makes room in the limit's window without any price: so the best rest of each state is the best schedule.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from planner.taper.makings import Makings
from planner.taper.shares import EvenShares, Regimen, reachable

MILLION = 10**6
COMPLICATION = Fraction(
    1, 20
)  # how much exactness of pace a simpler day is worth: a setting of the order of what is best


@dataclass(frozen=True)
class Stretch:
    """One phase for the search. preferred and down_to in whole units of the scale; of a daily dose where given."""

    amount: Fraction  # a fraction of the current dose if of_current, else whole units
    of_current: bool
    down_to: int | None

    def preferred(self, daily: int) -> Fraction:
        return self.amount * daily if self.of_current else self.amount


@dataclass(frozen=True)
class Bounds:
    """target, final: daily doses in whole units; a limit as Stretch (its down_to unused)."""

    target: int
    final: int
    limit: Stretch


@dataclass(frozen=True)
class Rest:
    """The best way on from a state. Order of comparison: see `key`."""

    breach: Fraction
    cost: int
    phase: int = 0
    following: Regimen | None = None  # None: this is where the search ends

    @property
    def value(self) -> tuple[Fraction, int]:
        return self.breach, self.cost


@dataclass(frozen=True)
class Move:
    """A daily dose to go down to, with the least that it can cost."""

    least: tuple[Fraction, int]
    daily: int
    breach: Fraction
    preferred: Fraction


class Search:
    """The best schedule over the daily doses that some products make.

    dailies: the makeable daily doses below the current one, ascending; order: places of times, first lowered first.
    """

    def __init__(
        self, makings: Makings, shares: EvenShares, dailies: Sequence[int], phases: Sequence[Stretch],
        bounds: Bounds, order: Sequence[int],
    ) -> None:  # fmt: skip
        self.makings, self.shares, self.dailies = makings, shares, list(dailies)
        self.phases, self.bounds, self.order = phases, bounds, order
        self._best: dict[Regimen, Rest] = {}
        self._least: dict[int, tuple[Fraction, int]] = {}
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
        return before - after > self.bounds.limit.preferred(before)

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
            return Rest(Fraction(0), 0)
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
        allowed = self.bounds.limit.preferred(daily)
        preferred = min(self.phases[phase].preferred(daily), allowed)
        low = max(Fraction(self.phases[phase].down_to or 0), daily - allowed)
        lowers = [only] if only is not None else [d for d in self.dailies if low <= d < daily]
        return sorted(
            (self._move(daily, lower, preferred, allowed) for lower in lowers if lower in self._least),
            key=lambda move: move.least,
        )

    def _move(self, daily: int, lower: int, preferred: Fraction, allowed: Fraction) -> Move:
        breach = max(Fraction(0), daily - lower - allowed)
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
                key = (rest.breach, rest.cost, -move.daily, [lower[place] for place in self.order])
                if best_key is None or key < best_key:
                    best, best_key = rest, key
        return best

    def _through(self, regimen: Regimen, lower: Regimen, phase: int, move: Move) -> Rest:
        rest = self._best[lower]
        price = cost(sum(regimen) - move.daily, move.preferred, self.complications(regimen, lower))
        return Rest(rest.breach + move.breach, rest.cost + price, phase, lower)

    def complications(self, before: Regimen, regimen: Regimen) -> int:
        """What makes a day harder: see the order of what is best."""
        changed = sum(1 for old, new in zip(before, regimen, strict=True) if old != new)
        return self._day_complications(regimen) + max(0, changed - 1)

    def _find_day_complications(self, regimen: Regimen) -> int:
        day = self.makings.day(regimen)
        assert day is not None
        doses = len({dose for dose in regimen if dose})
        return day.divided + day.measured + max(0, day.products - 1) + max(0, doses - 1)


def cost(cut: int, preferred: Fraction, complications: int) -> int:
    """The price of a step in whole millionths: r x ((r - 1)^2 + 0.05 x complications), where r is cut / preferred."""
    ratio = cut / preferred
    return int(MILLION * ratio * ((ratio - 1) ** 2 + COMPLICATION * complications))

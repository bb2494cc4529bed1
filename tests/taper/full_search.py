"""The best schedule of a large request by trying everything, in whole numbers.

From the lowest daily dose upward, every regimen learns its best next one from every lower regimen that the limit
allows, whatever its dose; nothing is left out because it looks bad. Nothing is shared with the engine, nor with
the other plain reading: this one is quick enough for some hundreds of daily doses, and knows nothing of dates.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product as every_combination
from typing import Any, NamedTuple

from tests.taper.full_shelf import Cupboard, Item, Take, common_grain

Doses = tuple[int, ...]
TIMES = ["morning", "midday", "evening", "bedtime"]
WEIGHT = 20  # one part in so many: what a complication costs


class Part(NamedTuple):
    """A cut or limit: grains, where it is an amount; else numerator and denominator of what it is a part of."""

    above: int
    below: int
    of: str | None

    def value(self, current: int, starting: int) -> tuple[int, int]:
        """In grains, as a numerator and a denominator."""
        return self.above * {None: 1, "current": current, "starting": starting}[self.of], self.below


@dataclass(frozen=True)
class Phase:
    cut: Part
    floor: int


@dataclass(frozen=True)
class Best:
    """The best way on from a regimen. Breach: in grains, times the limit's denominator."""

    breach: int
    cost: int
    next: Doses | None


@dataclass(frozen=True)
class Found:
    """The best schedule: its regimens down to the last before zero or to the target, what is taken, and which
    of the cuts pass the limit."""

    regimens: list[dict[str, Fraction]]
    takes: list[dict[str, dict[str, Fraction]]]
    over: list[bool]
    breach: Fraction
    cost: int


def search(request: Mapping[str, Any]) -> Found | None:
    """None where the products do not lead to the target."""
    return Ladder(request).found()


class Ladder:
    """Every regimen of every daily dose of a request, and the best way down from each."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        self.times = list(request["regimen"])
        keys = request.get("products", list(request["medicine"]["products"]))
        stock = {key: request["medicine"]["products"][key] for key in keys}
        doses = [Fraction(dose) for dose in request["regimen"].values()]
        target, starting = Fraction(request.get("target", 0)), Fraction(request.get("starting", sum(doses)))
        self.grain = common_grain(list(stock.values()), [*doses, target, starting])
        self.now: Doses = tuple(int(dose / self.grain) for dose in doses)
        self.current, self.starting, self.target = sum(self.now), int(starting / self.grain), int(target / self.grain)
        most_pieces = Fraction(request["max_units"]) if "max_units" in request else None
        self.cupboard = Cupboard(stock, self.grain, list(self.now), most_pieces)
        least = min(item.grains for item in self.cupboard.items) * self.grain
        self.final = Fraction(request.get("final_dose", least)) // self.grain
        order = request.get("order", TIMES)
        self.by_order = sorted(range(len(self.times)), key=lambda at: order.index(self.times[at]))
        self.limit = self._part(request["limit"])
        self.phases = [self._phase(data) for data in request["pace"]]
        shape = {"even": self.even, "one-time-first": self.one_time_first}[request.get("shape", "even")]
        self.by_daily: dict[int, list[Doses]] = {}
        for regimen in set(shape()):
            self.by_daily.setdefault(sum(regimen), []).append(regimen)
        self.simplicity: dict[Doses, int] = {}
        self.best: dict[Doses, Best] = {}

    def _part(self, data: Mapping[str, Any]) -> Part:
        if data["cut"].endswith("%"):
            percent = Fraction(data["cut"][:-1]) / 100
            return Part(percent.numerator, percent.denominator, data["of"])
        grains = Fraction(data["cut"].split()[0]) / self.grain
        return Part(grains.numerator, grains.denominator, None)

    def _phase(self, data: Mapping[str, Any]) -> Phase:
        bound = self._part({"cut": data.get("down_to", "0%"), "of": "starting"})
        grains, below = bound.value(0, self.starting)
        return Phase(self._part(data), max(self.target, -(-grains // below)))

    # The regimens

    def even(self) -> Iterator[Doses]:
        """Every time at its share of the daily dose, or at the makeable dose next below or above it."""
        items = self.cupboard.items
        for together in [items, *([item] for item in items)]:
            below, above = self._neighbours(together)
            for daily in range(1, self.current):
                for regimen in self._near(daily, below, above):
                    if sum(regimen) == daily and self._keeps_order(regimen):
                        yield regimen

    def _neighbours(self, items: list[Item]) -> tuple[list[int], list[int | None]]:
        """For each number of grains, the makeable dose at or below it, and the one at or above it."""
        doses = set(self.cupboard.makeable(items, max(self.now)))
        grains = range(max(self.now) + 1)
        below, above = [0], [None]
        for amount in grains[1:]:
            below.append(amount if amount in doses else below[-1])
        for amount in reversed(grains):
            above.append(amount if amount in doses else above[-1])
        return below, above[:0:-1]

    def _near(self, daily: int, below: list[int], above: list[int | None]) -> Iterator[Doses]:
        choices = []
        for now in self.now:
            share, rest = divmod(daily * now, self.current)
            upper = above[share + 1] if rest else above[share]
            choices.append({dose for dose in (below[share], upper) if dose is not None and dose <= now})
        return every_combination(*choices)

    def _keeps_order(self, regimen: Doses) -> bool:
        """Of times that began equal, the later in the order is never the lower."""
        last_of: dict[int, int] = {}
        for at in self.by_order:
            if self.now[at] and regimen[at] < last_of.get(self.now[at], 0):
                return False
            last_of[self.now[at]] = regimen[at]
        return True

    def one_time_first(self) -> Iterator[Doses]:
        doses = self.cupboard.makeable(self.cupboard.items, max(self.now))
        regimen = [max(dose for dose in doses if dose <= now) for now in self.now]
        for at in self.by_order:
            for dose in doses:
                regimen[at] = dose
                if dose <= self.now[at] and 0 < sum(regimen) < self.current:
                    yield tuple(regimen)
            regimen[at] = 0

    # The search

    def found(self) -> Found | None:
        for daily in sorted(self.by_daily):
            for regimen in self.by_daily[daily]:
                self._learn(regimen)
        self._learn(self.now)
        return self._unfold() if self.now in self.best else None

    def _learn(self, regimen: Doses) -> None:
        """The best next regimen: least breach, least cost, higher daily dose, lower dose early in the order."""
        if self._is_last(sum(regimen)):
            self.best[regimen] = Best(0, 0, None)
            return
        phase, lower = self._ways_down(regimen)
        known = [new for new in lower if new in self.best]
        if phase and known:
            preferred = self._preferred(phase, sum(regimen))
            ways = [(self._after(regimen, new, preferred), -sum(new), self._ordered(new), new) for new in known]
            (breach, cost), _, _, new = min(ways)
            self.best[regimen] = Best(breach, cost, new)

    def _after(self, regimen: Doses, new: Doses, preferred: tuple[int, int]) -> tuple[int, int]:
        rest = self.best[new]
        breach = max(0, self._over(sum(regimen), sum(new)))
        return rest.breach + breach, rest.cost + self._cost(regimen, new, preferred)

    def _is_last(self, daily: int) -> bool:
        return daily == self.target if self.target else daily <= self.final

    def _ways_down(self, regimen: Doses) -> tuple[Phase | None, list[Doses]]:
        """The first phase with a dose left in it, and every regimen in it within the limit; else the highest."""
        daily = sum(regimen)
        lower: list[Doses] = []
        phase: Phase | None = None
        for new_daily in range(daily - 1, 0, -1):
            if lower and phase and (new_daily < phase.floor or self._over(daily, new_daily) > 0):
                break
            here = [new for new in self.by_daily.get(new_daily, []) if _none_rises(regimen, new)]
            if here and phase is None:
                phase = next((phase for phase in self.phases if phase.floor <= new_daily), None)
                if phase is None:
                    break
            lower += here
        return phase, lower

    def _over(self, daily: int, new_daily: int) -> int:
        """By how much a cut passes the limit; negative below it."""
        above, below = self.limit.value(daily, self.starting)
        return (daily - new_daily) * below - above

    def _preferred(self, phase: Phase, daily: int) -> tuple[int, int]:
        wished, allowed = phase.cut.value(daily, self.starting), self.limit.value(daily, self.starting)
        return min(wished, allowed, key=lambda part: Fraction(*part))

    def _cost(self, regimen: Doses, new: Doses, preferred: tuple[int, int]) -> int:
        """With a cut of n/d preferred ones, n/d x ((n/d - 1)^2 + complications/20), in whole millionths."""
        above, below = preferred
        n, d = (sum(regimen) - sum(new)) * below, above
        complications = self._of_the_day(new) + max(0, _changed(regimen, new) - 1)
        return 10**6 * n * (WEIGHT * (n - d) ** 2 + complications * d * d) // (WEIGHT * d**3)

    def _of_the_day(self, regimen: Doses) -> int:
        if regimen not in self.simplicity:
            day = self.cupboard.day(regimen)
            doses = len(set(regimen) - {0})
            of_products = self.cupboard.divided(day) + self.cupboard.measured(day) + self.cupboard.beyond_first(day)
            self.simplicity[regimen] = of_products + max(0, doses - 1)
        return self.simplicity[regimen]

    def _ordered(self, regimen: Doses) -> Doses:
        return tuple(regimen[at] for at in self.by_order)

    # The answer

    def _unfold(self) -> Found:
        path, at = [], self.best[self.now].next
        while at is not None:
            path.append(at)
            at = self.best[at].next
        whole = [sum(self.now), *map(sum, path)]
        over = [self._over(before, after) > 0 for before, after in zip(whole, whole[1:], strict=False)]
        best = self.best[self.now]
        breach = Fraction(best.breach, self.limit.below) * self.grain
        return Found([self._doses(r) for r in path], [self._taken(r) for r in path], over, breach, best.cost)

    def _doses(self, regimen: Doses) -> dict[str, Fraction]:
        return {time: dose * self.grain for time, dose in zip(self.times, regimen, strict=True)}

    def _taken(self, regimen: Doses) -> dict[str, dict[str, Fraction]]:
        take: Take = self.cupboard.take(regimen)
        keys = [item.key for item in self.cupboard.items]
        by_time = {time: dict(zip(keys, units, strict=True)) for time, units in zip(self.times, take, strict=True)}
        return {time: {k: u for k, u in units.items() if u} for time, units in by_time.items() if any(units.values())}


def _none_rises(before: Doses, after: Doses) -> bool:
    return all(b >= a for b, a in zip(before, after, strict=True))


def _changed(before: Doses, after: Doses) -> int:
    return sum(b != a for b, a in zip(before, after, strict=True))

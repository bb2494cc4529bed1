"""Which doses some products make, and which pieces to take on a day.

Inside, doses are whole numbers of a Scale and pieces are counted in quarters (a whole tablet is 4), so that
halves and quarters stay whole.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from math import ceil
from typing import NamedTuple

from planner.taper.medicine import Product
from planner.taper.weights import FURTHER, PORTION_ML, QUARTERS, Weights
from planner.taper.whole import Scale, common_step

FAR = 10**9
ROUNDED = 2  # quarters by which two least burdens, each rounded down, may be too small together
Pieces = tuple[tuple[int, int], ...]  # pieces by place of the product: parts of a tablet, or syringe steps
Way = tuple[int, int, Pieces]  # weight, quarters, pieces
Chosen = tuple[int, ...]  # products, by their places
Doses = tuple[int, ...]  # of the times of a day
NOTHING: Way = (0, 0, ())


def quarters(units: Decimal) -> int:
    """Units of a tablet in quarters, what is less than a quarter left out."""
    return int(units * QUARTERS)


class DayTake(NamedTuple):
    """The pieces of a day, those of each time in turn."""

    pieces: tuple[Pieces, ...]
    divided_or_measured: int  # divided tablets and measured doses, per time and product
    products: int


class Makings:
    """All the ways in which some products make a dose.

    max_quarters: most tablets, capsules and packets at one time, in quarters of one; liquids do not count.
    """

    def __init__(self, products: Sequence[Product], scale: Scale, max_quarters: int) -> None:
        self.products, self.scale, self.max_quarters = tuple(products), scale, max_quarters
        self.increments = tuple(scale.whole(p.increment) for p in products)
        self.quarters = tuple(0 if p.is_liquid else QUARTERS // p.divides for p in products)
        self._step = common_step(self.increments)
        self._units = tuple(map(self._a_unit, range(len(products))))
        self._largest_unit = max(self._units)
        self._fewest = [0]
        self._ways: dict[tuple[Chosen, int, int], Way | None] = {}
        self._known_alone: dict[int, tuple[int, ...]] = {}
        self._reaches: dict[Chosen, tuple[int, int]] = {}
        self._days: dict[Doses, DayTake | None] = {}
        self._groups: dict[int, dict[int, list[Chosen]]] = {}

    def _a_unit(self, product: int) -> int:
        """The dose in a whole piece, or in the 5 mL that count as much; rounded up."""
        increment, step_ml = self.increments[product], self.products[product].step_ml
        return ceil(increment * PORTION_ML / step_ml) if step_ml else increment * self.products[product].divides

    @cached_property
    def _weights(self) -> Weights:
        return Weights(self.products)

    @cached_property
    def _too_much(self) -> int:
        """More than any day weighs."""
        return FAR << self._weights.burden_shift

    @cached_property
    def _finest_last(self) -> Chosen:
        """All products; the one with the finest doses stands last, for it makes what is left."""
        places = range(len(self.products))
        return tuple(sorted(places, key=lambda i: (not self.quarters[i], -self.increments[i])))

    @cached_property
    def sets(self) -> tuple[Chosen, ...]:
        """The product sets of which a whole day may be made: all of them, or one alone."""
        everything = tuple(range(len(self.products)))
        return (everything,) if len(everything) == 1 else (everything, *((i,) for i in everything))

    def doses(self, chosen: Sequence[int], up_to: int) -> list[int]:
        """Every dose from 0 to up_to that the chosen products make within max_quarters, ascending."""
        if len(chosen) == 1:
            most = up_to if self.products[chosen[0]].is_liquid else self._most(chosen[0]) * self.increments[chosen[0]]
            return list(range(0, min(up_to, most) + 1, self.increments[chosen[0]]))
        step = common_step(self.increments[i] for i in chosen)
        fewest = self._extended([0], chosen, step, up_to)
        return [place * step for place, quarters in enumerate(fewest) if quarters <= self.max_quarters]

    def _most(self, product: int) -> int:
        """The most parts of one product at one time."""
        return self.max_quarters // self.quarters[product] if self.quarters[product] else FAR

    def fewest_quarters(self, dose: int) -> int | None:
        """Fewest quarters that make a dose from all the products, whatever max_quarters says; None if they cannot."""
        if dose % self._step:
            return None
        self._extended(self._fewest, range(len(self.products)), self._step, dose)
        quarters = self._fewest[dose // self._step]
        return quarters if quarters < FAR else None

    def _extended(self, fewest: list[int], chosen: Sequence[int], step: int, up_to: int) -> list[int]:
        """The fewest quarters of every multiple of the step, grown in place until it reaches up_to."""
        parts = [(self.increments[i] // step, self.quarters[i]) for i in chosen]
        for place in range(len(fewest), up_to // step + 1):
            least = FAR
            for size, quarters in parts:
                if size <= place and fewest[place - size] + quarters < least:
                    least = fewest[place - size] + quarters
            fewest.append(least)
        return fewest

    def day(self, regimen: Doses) -> DayTake | None:
        """The products and pieces of a day: least units plus divided tablets plus twice the products beyond the first.

        None where a dose cannot be made within max_quarters.
        """
        if regimen not in self._days:
            self._days[regimen] = self._find_day(regimen)
        return self._days[regimen]

    def _find_day(self, regimen: Doses) -> DayTake | None:
        """The lightest day over the sets of products.

        A larger set weighs more for its products: most often no day of it can be lighter than one of a single product.
        """
        alone = [sum(weights) for weights in zip(*map(self._alone, regimen), strict=True)]
        best = min(alone)
        chosen: Chosen = (alone.index(best),)
        if best >> self._weights.burden_shift >= self._in_units(regimen, self._largest_unit) + FURTHER:
            best, chosen = self._of_several(regimen, best, chosen)
        if best >= self._too_much:
            return None
        return self._day_take([way for dose in regimen if (way := self._way(chosen, dose))])

    def _alone(self, dose: int) -> tuple[int, ...]:
        """What a dose weighs if it is made from each product alone; too much where it cannot be."""
        if dose not in self._known_alone:
            ways = [self._one(product, dose, FAR) for product in range(len(self.products))]
            self._known_alone[dose] = tuple([way[0] if way else self._too_much for way in ways])
        return self._known_alone[dose]

    def _of_several(self, regimen: Doses, best: int, chosen: Chosen) -> tuple[int, Chosen]:
        """The weight and the products of a day that is lighter than one known, or those of that one.

        Nothing is lighter than what all products make of each dose, however many pieces it takes. Where it takes no
        more than allowed, no other set of as many products as it needs, or of more, has to be looked at.
        """
        lightest = [way for dose in regimen if (way := self._lightest(self._finest_last, dose, FAR))]
        if len(lightest) < len(regimen):
            return best, chosen
        least, most = sum([way[0] for way in lightest]), len(self.products)
        if max([way[1] for way in lightest]) <= self.max_quarters:
            most = len({i for _, _, pieces in lightest for i, _ in pieces})
            if least + self._further(most) < best:
                best, chosen = least + self._further(most), self._finest_last
        for size in range(2, most + 1):
            further, shift = self._further(size), self._weights.burden_shift
            if least + further >= best:
                break
            for unit, sets in self._sets_of(size).items():
                if (self._in_units(regimen, unit) << shift) + further >= best:
                    break
                for some in sets:
                    weight = self._weight(some, regimen, lightest, least + further, best)
                    if weight is not None:
                        best, chosen = weight, some
        return best, chosen

    def _further(self, products: int) -> int:
        """What the products of a day beyond the first weigh."""
        return FURTHER * (products - 1) << self._weights.burden_shift

    def _in_units(self, regimen: Doses, unit: int) -> int:
        """The least burden of a regimen from products with units no larger: one begun weighs as much as a whole one."""
        return sum([-(-dose // unit) for dose in regimen]) * QUARTERS

    def _sets_of(self, size: int) -> dict[int, list[Chosen]]:
        """The sets of so many products by their largest unit, the largest of all first."""
        if size not in self._groups:
            sets = list(combinations(self._finest_last, size))
            units = sorted(set(self._units), reverse=True)
            self._groups[size] = {unit: [some for some in sets if self._reach(some)[0] == unit] for unit in units}
        return self._groups[size]

    def _weight(self, chosen: Chosen, regimen: Doses, lightest: Sequence[Way], least: int, than: int) -> int | None:
        """What a day from a set of products weighs, if that is less than a weight; least: what it weighs at least."""
        total = least
        for dose, (floor, _, _) in zip(regimen, lightest, strict=True):
            way = self._way(chosen, dose)
            if way is None:
                return None
            total += way[0] - floor
            if total >= than:
                return None
        return total

    def _way(self, chosen: Chosen, dose: int) -> Way | None:
        """The lightest way to make a dose from some products.

        First looked for as if any number of pieces were allowed: it most often is.
        """
        if dose % self._reach(chosen)[1]:
            return None
        free = self._lightest(chosen, dose, FAR)
        enough = free is None or free[1] <= self.max_quarters
        return free if enough else self._lightest(chosen, dose, self.max_quarters)

    def _lightest(self, chosen: Chosen, dose: int, left: int) -> Way | None:
        if not dose:
            return NOTHING
        key = (chosen, dose, left)
        if key not in self._ways:
            self._ways[key] = self._one(chosen[0], dose, left) if len(chosen) == 1 else self._several(*key)
        return self._ways[key]

    def _one(self, product: int, dose: int, left: int) -> Way | None:
        """What is left of a dose, made from one product alone."""
        parts, over = divmod(dose, self.increments[product])
        used = parts * self.quarters[product]
        if over or used > min(left, self.max_quarters):
            return None
        return self._weights.of(product, parts), used, ((product, parts),)

    def _several(self, chosen: Chosen, dose: int, left: int) -> Way | None:
        """The lightest way over the parts of the first product, from where the burden can be least.

        The least burden of each share grows from there on, so that after the first too heavy ones none is left.
        """
        product, rest = chosen[0], chosen[1:]
        size, each = self.increments[product], self.quarters[product]
        most = dose // size if not each else min(dose // size, min(left, self.max_quarters) // each)
        (reach, step), own = self._reach(rest), self._units[product]
        best, burden = None, FAR
        for parts in range(most, -1, -1) if own >= reach else range(most + 1):
            other = dose - parts * size
            if other % step:
                continue
            least = parts * size * QUARTERS // own + other * QUARTERS // reach
            if least > burden:
                if least > burden + ROUNDED:
                    break
                continue
            way = self._lightest(rest, other, left if left == FAR else left - parts * each)
            if way is not None:
                weight = way[0] + self._weights.of(product, parts)
                if best is None or weight < best[0]:
                    best = (weight, way[1] + parts * each, ((product, parts), *way[2]) if parts else way[2])
                    burden = weight >> self._weights.burden_shift
        return best

    def _reach(self, chosen: Chosen) -> tuple[int, int]:
        """The largest unit of some products, and the step between their doses."""
        if chosen not in self._reaches:
            largest = max([self._units[i] for i in chosen])
            self._reaches[chosen] = largest, common_step([self.increments[i] for i in chosen])
        return self._reaches[chosen]

    def sure_day(self, regimen: Doses) -> DayTake:
        """The pieces of a day that is known to be makeable. Raises ValueError if it is not."""
        day = self.day(regimen)
        if day is None:
            raise ValueError(f"{regimen} cannot be made")
        return day

    def _day_take(self, ways: list[Way]) -> DayTake:
        pieces = tuple([way[2] for way in ways])
        used = [piece for at_once in pieces for piece in at_once]
        worked = sum([not self.quarters[i] or parts * self.quarters[i] % QUARTERS > 0 for i, parts in used])
        return DayTake(pieces, worked, len({i for i, _ in used}))

    def units(self, product: int, parts: int) -> Decimal:
        """Parts of a tablet as pieces, or syringe steps of a liquid as mL."""
        step_ml = self.products[product].step_ml
        return parts * step_ml if step_ml else Decimal(parts * self.quarters[product]) / QUARTERS

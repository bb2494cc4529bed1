"""Which doses some products make, and which pieces to take on a day.

Inside, doses are whole numbers of a Scale and pieces are counted in quarters (a whole tablet is 4), so that
halves and quarters stay whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from math import ceil

from planner.taper.medicine import Product
from planner.taper.weights import FURTHER, PORTION_ML, QUARTERS, Weights
from planner.taper.whole import Scale, common_step

FAR = 10**9
ROUNDED = 2  # quarters by which two least burdens, each rounded down, may be too small together
MANY = 4  # products, from which on it pays to know the least burden of each dose
Pieces = tuple[tuple[int, int], ...]  # pieces by place of the product: parts of a tablet, or syringe steps
Way = tuple[int, int, Pieces]  # weight, quarters, pieces
NOTHING: Way = (0, 0, ())


def quarters(units: Decimal) -> int:
    """Units of a tablet in quarters, what is less than a quarter left out."""
    return int(units * QUARTERS)


@dataclass(frozen=True)
class DayTake:
    """The pieces of a day. counts[time][product]: quarters of a piece, or syringe steps of a liquid."""

    counts: tuple[tuple[int, ...], ...]
    divided: int  # divided tablets, per time and product
    measured: int  # liquid doses measured, per time and product
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
        self._weights = Weights(self.products)
        self._units = tuple(map(self._a_unit, range(len(products))))
        self._largest_unit = max(self._units)
        self._counts_least = len(products) >= MANY and not any(product.is_liquid for product in products)
        self._fewest, self._floors = [0], [0]
        self._ways: dict[tuple[tuple[int, ...], int, int], Way | None] = {}
        self._days: dict[tuple[int, ...], DayTake | None] = {}
        self._groups: dict[int, list[tuple[tuple[int, ...], int]]] = {}

    def _a_unit(self, product: int) -> int:
        """The dose in a whole piece, or in the 5 mL that count as much; rounded up."""
        increment, step_ml = self.increments[product], self.products[product].step_ml
        return ceil(increment * PORTION_ML / step_ml) if step_ml else increment * self.products[product].divides

    def _least_burden(self, dose: int) -> int:
        """No way to make a dose has a smaller burden than this, whatever its products."""
        if not self._counts_least:
            return -(-dose * QUARTERS // self._largest_unit)
        place = dose // self._step
        while len(self._floors) <= place:
            here = len(self._floors)
            reached = [self._floors[here - size] + cost for size, cost in self._parts if size <= here]
            self._floors.append(min(reached, default=FAR))
        return self._floors[place]

    @cached_property
    def _parts(self) -> list[tuple[int, int]]:
        """What a dose is put together from, as if a tablet were divided anew for each part: size and burden."""
        return [
            (parts * increment // self._step, parts * each + (QUARTERS if parts * each % QUARTERS else 0))
            for increment, each in zip(self.increments, self.quarters, strict=True)
            for parts in range(1, QUARTERS // each + 1)
        ]

    @cached_property
    def sets(self) -> tuple[tuple[int, ...], ...]:
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

    def day(self, regimen: tuple[int, ...]) -> DayTake | None:
        """The products and pieces of a day: least units plus divided tablets plus twice the products beyond the first.

        None where a dose cannot be made within max_quarters.
        """
        if regimen not in self._days:
            self._days[regimen] = self._find_day(regimen)
        return self._days[regimen]

    def _find_day(self, regimen: tuple[int, ...]) -> DayTake | None:
        """The lightest day over the sets of products, the smaller sets first.

        A larger set weighs more for its products; once no day of it can be lighter, none of a still larger can.
        """
        shift = self._weights.burden_shift
        least = sum([self._least_burden(dose) for dose in regimen])
        best, ways = FAR << shift, None
        for size in range(1, len(self.products) + 1):
            further = FURTHER * (size - 1)
            if least + further > best >> shift:
                break
            for chosen, unit in self._sets_of(size):
                if sum([dose * QUARTERS // unit for dose in regimen]) + further > best >> shift:
                    continue  # even all in its largest pieces
                found = self._lighter(chosen, regimen, best - (further << shift), least)
                if found is not None:
                    best, ways = found[0] + (further << shift), found[1]
        return None if ways is None else self._day_take(ways)

    def _sets_of(self, size: int) -> list[tuple[tuple[int, ...], int]]:
        """The sets of so many products, each with its largest unit.

        In each the product with the finest doses stands last, for it makes what is left.
        """
        if size not in self._groups:
            finest_last = sorted(
                range(len(self.products)), key=lambda i: (self.products[i].is_liquid, -self.increments[i])
            )
            groups = combinations(finest_last, size)
            self._groups[size] = [(chosen, max(self._units[i] for i in chosen)) for chosen in groups]
        return self._groups[size]

    def _lighter(
        self, chosen: tuple[int, ...], regimen: tuple[int, ...], than: int, to_come: int
    ) -> tuple[int, list[Way]] | None:
        """A day from a set of products, if it is lighter than a weight; to_come: the least burden of the regimen."""
        total, ways = 0, []
        shift, most = self._weights.burden_shift, than >> self._weights.burden_shift
        for dose in regimen:
            way = self._way(chosen, dose, self.max_quarters)
            if way is None:
                return None
            total += way[0]
            to_come -= self._least_burden(dose)
            if (total >> shift) + to_come > most:
                return None
            ways.append(way)
        return (total, ways) if total < than else None

    def _way(self, chosen: tuple[int, ...], dose: int, left: int) -> Way | None:
        """The lightest way to make a dose from some products, with so many quarters of pieces left.

        First looked for as if any number were left: it is most often allowed.
        """
        free = self._lightest(chosen, dose, FAR)
        return free if free is None or free[1] <= left else self._lightest(chosen, dose, left)

    def _lightest(self, chosen: tuple[int, ...], dose: int, left: int) -> Way | None:
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

    def _several(self, chosen: tuple[int, ...], dose: int, left: int) -> Way | None:
        """The lightest way over the parts of the first product, from where the burden can be least.

        The least burden of each share grows from there on, so that after the first too heavy ones none is left.
        """
        product, rest = chosen[0], chosen[1:]
        size, each = self.increments[product], self.quarters[product]
        most = dose // size if not each else min(dose // size, min(left, self.max_quarters) // each)
        reach, own = max(self._units[i] for i in rest), self._units[product]
        best, burden = None, FAR
        for parts in range(most, -1, -1) if own >= reach else range(most + 1):
            other = dose - parts * size
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

    def sure_day(self, regimen: tuple[int, ...]) -> DayTake:
        """The pieces of a day that is known to be makeable. Raises ValueError if it is not."""
        day = self.day(regimen)
        if day is None:
            raise ValueError(f"{regimen} cannot be made")
        return day

    def _day_take(self, ways: list[Way]) -> DayTake:
        pieces = [(i, parts * (self.quarters[i] or 1)) for _, _, taken in ways for i, parts in taken]
        divided = sum(1 for i, count in pieces if self.quarters[i] and count % QUARTERS)
        measured = sum(1 for i, _ in pieces if not self.quarters[i])
        return DayTake(tuple(map(self._row, ways)), divided, measured, len({i for i, _ in pieces}))

    def _row(self, way: Way) -> tuple[int, ...]:
        row = [0] * len(self.products)
        for product, parts in way[2]:
            row[product] = parts * (self.quarters[product] or 1)
        return tuple(row)

    def units(self, index: int, count: int) -> Decimal:
        """A count of DayTake as pieces, or as mL of a liquid."""
        step_ml = self.products[index].step_ml
        return count * step_ml if step_ml else Decimal(count) / QUARTERS

"""How a dose is made from products: which doses exist, and which pieces to take.

Inside, doses are whole numbers of a Scale and pieces are counted in quarters (a whole tablet is 4), so that
halves and quarters stay whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property
from math import ceil
from operator import add
from typing import TypeVar

from planner.taper.medicine import Product
from planner.taper.whole import Scale, common_step

QUARTERS = 4
PORTION_ML = 5  # 5 mL begun counts as much as one tablet
FURTHER = 2 * QUARTERS  # what each product of a day beyond the first weighs
FAR = 10**9


def quarters(units: Decimal) -> int:
    """Units of a tablet in quarters, what is less than a quarter left out."""
    return int(units * QUARTERS)


@dataclass(frozen=True, order=True)
class Weight:
    """What pieces cost, in the order in which that is compared; all of it adds up over a day.

    burden: quarters of units (5 mL begun = 4) plus 4 for each divided tablet; ml: syringe steps times their mL,
    in the scale; units: quarters; fewer_large: minus the pieces by product, largest strength first.
    """

    burden: int
    ml: Decimal
    units: int
    fewer_large: tuple[int, ...]

    def __add__(self, other: "Weight") -> "Weight":
        large = tuple(map(add, self.fewer_large, other.fewer_large))
        return Weight(self.burden + other.burden, self.ml + other.ml, self.units + other.units, large)


Way = tuple[Weight, tuple[int, ...]]  # the pieces by product
Day = tuple[Weight, tuple[tuple[int, ...], ...]]  # the pieces by time and product
Found = TypeVar("Found", Way, Day)


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
        by_strength = sorted(range(len(products)), key=lambda i: (-products[i].strength, i))
        self._rank = {product: place for place, product in enumerate(by_strength)}
        self._options = cache(self._find_options)
        self.day = cache(self._find_day)
        self._fewest = [0]

    @cached_property
    def sets(self) -> tuple[tuple[int, ...], ...]:
        """The product sets of which a whole day may be made: all of them, or one alone."""
        everything = tuple(range(len(self.products)))
        return (everything,) if len(everything) == 1 else (everything, *((i,) for i in everything))

    def doses(self, chosen: Sequence[int], up_to: int) -> list[int]:
        """Every dose from 0 to up_to that the chosen products make within max_quarters, ascending."""
        if len(chosen) == 1 and self.products[chosen[0]].is_liquid:
            return list(range(0, up_to + 1, self.increments[chosen[0]]))
        step = common_step(self.increments[i] for i in chosen)
        fewest = self._extended([0], chosen, step, up_to)
        return [place * step for place, quarters in enumerate(fewest) if quarters <= self.max_quarters]

    def fewest_quarters(self, dose: int) -> int | None:
        """Fewest quarters that make a dose from all the products, whatever max_quarters says; None if they cannot."""
        step = common_step(self.increments)
        if dose % step:
            return None
        self._extended(self._fewest, range(len(self.products)), step, dose)
        quarters = self._fewest[dose // step]
        return quarters if quarters < FAR else None

    def _extended(self, fewest: list[int], chosen: Sequence[int], step: int, up_to: int) -> list[int]:
        """The fewest quarters of every multiple of the step, grown in place until it reaches up_to."""
        parts = [(self.increments[i] // step, self.quarters[i]) for i in chosen]
        for place in range(len(fewest), up_to // step + 1):
            reached = [fewest[place - size] + quarters for size, quarters in parts if size <= place]
            fewest.append(min(reached, default=FAR))
        return fewest

    def _find_options(self, first: int, dose: int, quarters_left: int) -> dict[int, Way]:
        """The lightest way for each set of products used (as bits), of products from `first` on."""
        if first == len(self.products):
            return {0: (self._nothing, ())} if dose == 0 else {}
        best: dict[int, Way] = {}
        for pieces in self._piece_counts(first, dose, quarters_left):
            rest = dose - pieces * self.increments[first]
            left = quarters_left - pieces * self.quarters[first]
            weight = self._weight(first, pieces)
            for used, (more, counts) in self._options(first + 1, rest, left).items():
                found = (weight + more, (pieces * (self.quarters[first] or 1), *counts))
                key = used | (1 << first if pieces else 0)
                if key not in best or found < best[key]:
                    best[key] = found
        return _undominated(best)

    def _piece_counts(self, product: int, dose: int, quarters_left: int) -> Sequence[int]:
        most = dose // self.increments[product]
        if self.quarters[product]:
            most = min(most, quarters_left // self.quarters[product])
        if product < len(self.products) - 1:
            return range(most + 1)
        exact, rest = divmod(dose, self.increments[product])
        return [exact] if rest == 0 and exact <= most else []

    @cached_property
    def _nothing(self) -> Weight:
        return Weight(0, Decimal(0), 0, (0,) * len(self.products))

    def _weight(self, index: int, pieces: int) -> Weight:
        if not pieces:
            return self._nothing
        product = self.products[index]
        ml = pieces * product.step_ml if product.step_ml else Decimal(0)
        units = pieces * self.quarters[index] if not product.is_liquid else QUARTERS * ceil(ml / PORTION_ML)
        divided = QUARTERS if not product.is_liquid and units % QUARTERS else 0
        large = [0] * len(self.products)
        large[self._rank[index]] = -pieces * (self.quarters[index] or 1)
        return Weight(units + divided, ml, units, tuple(large))

    def _find_day(self, regimen: tuple[int, ...]) -> DayTake | None:
        """The products and pieces of a day: least units plus divided tablets plus twice the products beyond the first.

        None where a dose cannot be made within max_quarters.
        """
        times = [self._options(0, dose, self.max_quarters) for dose in regimen]
        if not all(times):
            return None
        enough = _greedy_burden(times)
        days: dict[int, Day] = {0: (self._nothing, ())}
        for place, ways in enumerate(times):
            to_come = sum(_least_burden(later) for later in times[place + 1 :])
            days = _undominated(_joined(days, ways, enough - to_come))
        _, counts = min(_with_more_products(day, used) for used, day in days.items())
        return self._day_take(counts)

    def sure_day(self, regimen: tuple[int, ...]) -> DayTake:
        """The pieces of a day that is known to be makeable. Raises ValueError if it is not."""
        day = self.day(regimen)
        if day is None:
            raise ValueError(f"{regimen} cannot be made")
        return day

    def _day_take(self, counts: tuple[tuple[int, ...], ...]) -> DayTake:
        pieces = [(i, count) for row in counts for i, count in enumerate(row) if count]
        divided = sum(1 for i, count in pieces if self.quarters[i] and count % QUARTERS)
        measured = sum(1 for i, _ in pieces if not self.quarters[i])
        return DayTake(counts, divided, measured, len({i for i, _ in pieces}))

    def units(self, index: int, count: int) -> Decimal:
        """A count of DayTake as pieces, or as mL of a liquid."""
        step_ml = self.products[index].step_ml
        return count * step_ml if step_ml else Decimal(count) / QUARTERS


def _least_burden(ways: Mapping[int, Way]) -> int:
    return min(weight.burden for weight, _ in ways.values())


def _greedy_burden(times: Sequence[Mapping[int, Way]]) -> int:
    """The burden of one day that can be made: each time as light as it can be after those before it."""
    union = burden = 0
    for ways in times:
        added, union = min((weight.burden + _further(union | used), union | used) for used, (weight, _) in ways.items())
        burden += added - _further(union)
    return burden + _further(union)


def _further(used: int) -> int:
    """The burden of the products beyond the first."""
    return FURTHER * max(0, used.bit_count() - 1)


def _joined(days: Mapping[int, Day], ways: Mapping[int, Way], enough: int) -> dict[int, Day]:
    """The lightest day for each set of products used, with the doses of one more time; none heavier than enough."""
    best: dict[int, Day] = {}
    for before, (weight, counts) in days.items():
        for used, (more, pieces) in ways.items():
            union = before | used
            if weight.burden + more.burden + _further(union) > enough:
                continue
            found = (weight + more, (*counts, pieces))
            if union not in best or found < best[union]:
                best[union] = found
    return best


def _with_more_products(day: Day, used: int) -> Day:
    weight, counts = day
    return replace(weight, burden=weight.burden + _further(used)), counts


def _undominated(ways: dict[int, Found]) -> dict[int, Found]:
    """Without those that another beats whatever else is taken that day.

    Another beats one that uses all its products and weighs no less; and one that weighs more than it would with the
    products that it brings along counted as further ones.
    """
    kept: dict[int, Found] = {}
    for used, way in sorted(ways.items(), key=lambda item: item[1]):
        brought = ((found[0].burden, (other & ~used).bit_count()) for other, found in kept.items())
        if not any(not more or burden + FURTHER * more < way[0].burden for burden, more in brought):
            kept[used] = way
    return kept

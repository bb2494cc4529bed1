"""What products make and which of them a day takes, in whole numbers: for ``full_search``, by its own way.

Amounts are counted in the largest grain that every product's least dose, every dose now and the target are whole
multiples of; pieces in quarters, volumes in the syringe's steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from math import gcd, lcm
from typing import Any

Take = tuple[tuple[Fraction, ...], ...]  # per time, the units of each product
FAR = 10**9


@dataclass(frozen=True)
class Item:
    key: str
    strength: Fraction
    part: Fraction  # of a piece, or mL
    liquid: bool
    grains: int  # what one part contains

    @property
    def quarters(self) -> int:
        """What one part weighs against the most pieces at one time."""
        return 0 if self.liquid else int(4 * self.part)

    def units(self, parts: int) -> int:
        """In quarters: pieces as they are, begun 5 mL as whole ones."""
        return 4 * -int(-parts * self.part // 5) if self.liquid else parts * self.quarters

    def is_divided(self, parts: int) -> bool:
        return not self.liquid and parts * self.quarters % 4 != 0


def part_of(product: Mapping[str, Any]) -> Fraction:
    return Fraction(product["step_ml"]) if product["form"] == "solution" else Fraction(1, product.get("divides", 1))


def common_grain(products: list[Mapping[str, Any]], doses: list[Fraction]) -> Fraction:
    parts = [*doses, *(Fraction(item["strength"]) * part_of(item) for item in products)]
    scale = lcm(*(part.denominator for part in parts))
    return Fraction(reduce(gcd, (int(part * scale) for part in parts)), scale)


class Cupboard:
    """The products in the request's order; most_pieces None means six, or what a dose now needs if that is more."""

    def __init__(
        self, stock: Mapping[str, Mapping[str, Any]], grain: Fraction, now: list[int], most_pieces: Fraction | None
    ) -> None:
        self.items = [read_item(key, product, grain) for key, product in stock.items()]
        needed = fewest_quarters(self.items, max(now))
        self.most_quarters = int(most_pieces * 4) if most_pieces else self._usual(needed, now)
        self.ways = cache(self._ways)
        self.way_within = cache(self._way_within)
        self.day = cache(self._day)

    def _usual(self, needed: list[int], now: list[int]) -> int:
        return max([24, *(needed[dose] for dose in now if needed[dose] < FAR)])

    def makeable(self, items: list[Item], most: int) -> list[int]:
        return [dose for dose, quarters in enumerate(fewest_quarters(items, most)) if quarters <= self.most_quarters]

    def _ways(self, dose: int) -> list[tuple[int, ...]]:
        """Every way to make the dose: parts of each product."""
        ways: list[tuple[int, int, tuple[int, ...]]] = [(dose, self.most_quarters, ())]
        for at, item in enumerate(self.items):
            final = at == len(self.items) - 1
            ways = [
                (left - parts * item.grains, room - parts * item.quarters, (*taken, parts))
                for left, room, taken in ways
                for parts in (_all_of(left, item) if final else range(left // item.grains + 1))
                if parts * item.quarters <= room
            ]
        return [taken for _, _, taken in ways]

    def _day(self, doses: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
        """The day's products. For each set of products that it may use, the least way at each time is the least
        day, since all that is compared but the number of products adds up over the times."""
        sets = range(1 << len(self.items))
        days = [day for allowed in sets if (day := self._day_within(doses, allowed))]
        return min(days, key=self.day_rank)

    def _day_within(self, doses: tuple[int, ...], allowed: int) -> tuple[tuple[int, ...], ...] | None:
        ways = [self.way_within(dose, allowed) for dose in doses]
        return None if None in ways else tuple(way for way in ways if way is not None)

    def _way_within(self, dose: int, allowed: int) -> tuple[int, ...] | None:
        inside = [w for w in self.ways(dose) if all(allowed >> at & 1 for at, parts in enumerate(w) if parts)]
        return min(inside, key=lambda way: self.sums((way,)), default=None)

    def sums(self, day: tuple[tuple[int, ...], ...]) -> tuple[Any, ...]:
        """What is compared: units with divisions, mL, units, pieces of the larger strengths, of the first products."""
        units = sum(item.units(parts) for way in day for item, parts in zip(self.items, way, strict=True))
        volume = sum(parts * item.part for way in day for item, parts in self._pairs(way) if item.liquid)
        totals = [sum(column) * item.part for item, column in zip(self.items, zip(*day, strict=True), strict=True)]
        strengths = sorted({item.strength for item in self.items}, reverse=True)
        by_strength = [
            -sum(total for item, total in zip(self.items, totals, strict=True) if item.strength == strength)
            for strength in strengths
        ]
        return units + 4 * self.divided(day), volume, units, by_strength, [-total for total in totals]

    def day_rank(self, day: tuple[tuple[int, ...], ...]) -> tuple[Any, ...]:
        score, *others = self.sums(day)
        return score + 8 * self.beyond_first(day), *others

    def _pairs(self, way: tuple[int, ...]) -> list[tuple[Item, int]]:
        return list(zip(self.items, way, strict=True))

    def divided(self, day: tuple[tuple[int, ...], ...]) -> int:
        return sum(item.is_divided(parts) for way in day for item, parts in self._pairs(way))

    def measured(self, day: tuple[tuple[int, ...], ...]) -> int:
        return sum(item.liquid and parts > 0 for way in day for item, parts in self._pairs(way))

    def beyond_first(self, day: tuple[tuple[int, ...], ...]) -> int:
        return max(0, sum(map(any, zip(*day, strict=True))) - 1)

    def take(self, doses: tuple[int, ...]) -> Take:
        return tuple(tuple(parts * item.part for item, parts in self._pairs(way)) for way in self.day(doses))


def read_item(key: str, product: Mapping[str, Any], grain: Fraction) -> Item:
    strength, part = Fraction(product["strength"]), part_of(product)
    return Item(key, strength, part, product["form"] == "solution", int(strength * part / grain))


def _all_of(left: int, item: Item) -> list[int]:
    return [] if left % item.grains else [left // item.grains]


def fewest_quarters(items: list[Item], most: int) -> list[int]:
    """For every amount up to the most, the fewest quarters of pieces that make it; FAR where nothing does."""
    fewest = [0]
    for amount in range(1, most + 1):
        fewest.append(min((fewest[amount - i.grains] + i.quarters for i in items if i.grains <= amount), default=FAR))
    return [min(quarters, FAR) for quarters in fewest]

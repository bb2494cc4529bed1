"""What a set of products makes, and which of them a day takes: the plain reading, beside ``brute``."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product as every_combination
from math import ceil, floor
from typing import Any

Way = tuple[Fraction, ...]  # units of each product, in product order
Day = tuple[Way, ...]  # one way for each time


@dataclass(frozen=True)
class Product:
    key: str
    strength: Fraction
    grain: Fraction  # the least part of a piece, or the least mL
    liquid: bool

    @property
    def least(self) -> Fraction:
        return self.strength * self.grain


def read_product(key: str, data: dict[str, Any]) -> Product:
    liquid = data["form"] == "solution"
    grain = Fraction(data["step_ml"]) if liquid else Fraction(1, data.get("divides", 1))
    return Product(key, Fraction(data["strength"]), grain, liquid)


class Shelf:
    """The products of a request, and the most pieces at one time."""

    def __init__(self, products: list[Product], now: Iterable[Fraction], max_units: Fraction | None) -> None:
        self.products = products
        self.keys = tuple(item.key for item in products)
        self.max_units = max_units or max(Fraction(6), *(self._needs(dose) for dose in now))
        self.ways_to = cache(self._ways_to)
        self.least_ways_to = cache(self._least_ways_to)
        self.take = cache(self._take)

    def _needs(self, dose: Fraction) -> Fraction:
        """The fewest pieces that make a dose; none if it cannot be made."""
        return min(map(self.pieces, self._every_way_to(dose)), default=Fraction(0))

    def pieces(self, way: Way) -> Fraction:
        return sum((units for units, item in zip(way, self.products, strict=True) if not item.liquid), Fraction(0))

    def _every_way_to(self, dose: Fraction) -> list[Way]:
        """Every way to make one dose exactly, whatever number of pieces it takes."""
        ways: list[tuple[Fraction, Way]] = [(dose, ())]
        for item in self.products:
            ways = [
                (left - count * item.least, (*units, count * item.grain))
                for left, units in ways
                for count in range(floor(left / item.least) + 1)
            ]
        return [units for left, units in ways if left == 0]

    def _ways_to(self, dose: Fraction) -> list[Way]:
        return [way for way in self._every_way_to(dose) if self.pieces(way) <= self.max_units]

    def makeable(self, keys: Iterable[str], most: Fraction) -> list[Fraction]:
        """Every dose at one time, up to the most asked about, that the products named make."""
        sums = {(Fraction(0), Fraction(0))}
        for item in self.products:
            if item.key in keys:
                sums = {more for dose, pieces in sums for more in self._adding(item, dose, pieces, most)}
        return sorted({dose for dose, _ in sums})

    def _adding(
        self, item: Product, dose: Fraction, pieces: Fraction, most: Fraction
    ) -> list[tuple[Fraction, Fraction]]:
        counts = range(floor((most - dose) / item.least) + 1)
        weight = 0 if item.liquid else item.grain
        grown = [(dose + count * item.least, pieces + count * weight) for count in counts]
        return [(dose, pieces) for dose, pieces in grown if pieces <= self.max_units]

    def _take(self, regimen: tuple[Fraction, ...]) -> Day:
        return min(every_combination(*map(self.least_ways_to, regimen)), key=self._day_rank)

    def _least_ways_to(self, dose: Fraction) -> list[Way]:
        """Of the ways to a dose with the same products, only the least can be in the least day."""
        least: dict[tuple[bool, ...], Way] = {}
        for way in self.ways_to(dose):
            used = tuple(units > 0 for units in way)
            least[used] = min(least.get(used, way), way, key=lambda w: self._day_rank((w,)))
        return list(least.values())

    def _day_rank(self, day: Day) -> tuple[Any, ...]:
        liquids = [u for way in day for u, item in zip(way, self.products, strict=True) if item.liquid]
        units = sum(map(self.pieces, day)) + sum(ceil(ml / 5) for ml in liquids)
        totals = [sum(column) for column in zip(*day, strict=True)]
        strengths = sorted({item.strength for item in self.products}, reverse=True)
        by_strength = [
            -sum(t for t, item in zip(totals, self.products, strict=True) if item.strength == s) for s in strengths
        ]
        score = units + self.divided(day) + 2 * max(0, self.used(day) - 1)
        return (score, sum(liquids), units, by_strength, [-t for t in totals])

    def divided(self, day: Day) -> int:
        """How many times a tablet has to be divided for the day, counted by time and product."""
        return sum(
            units.denominator > 1
            for way in day
            for units, item in zip(way, self.products, strict=True)
            if not item.liquid
        )

    def measured(self, day: Day) -> int:
        return sum(ml > 0 for way in day for ml, item in zip(way, self.products, strict=True) if item.liquid)

    def used(self, day: Day) -> int:
        return sum(any(column) for column in zip(*day, strict=True))

"""Doses as whole numbers of one small unit, so that the search neither rounds nor divides."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from math import gcd


@dataclass(frozen=True)
class Scale:
    """per_unit: how many of the small units make one of the medicine's unit (a power of ten)."""

    per_unit: int

    @classmethod
    def for_amounts(cls, amounts: Iterable[Decimal]) -> "Scale":
        """The smallest power of ten at which every amount is whole."""
        decimals = max(map(_decimals, set(amounts)), default=0)
        return cls(10**decimals)

    def whole(self, amount: Decimal) -> int:
        """An amount as a whole number. Raises ValueError where it is none."""
        top, bottom = amount.as_integer_ratio()
        whole, rest = divmod(top * self.per_unit, bottom)
        if rest:
            raise ValueError(f"{amount} is not whole at {self.per_unit}")
        return whole

    def amount(self, whole: int) -> Decimal:
        return Decimal(whole) / self.per_unit


def _decimals(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def common_step(numbers: Iterable[int]) -> int:
    """The largest number of which all are multiples."""
    return reduce(gcd, numbers)

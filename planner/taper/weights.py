"""What pieces weigh when the lightest day is looked for, in the order in which that is compared.

A weight is one whole number that holds, the weightiest first: burden (quarters of units, 5 mL begun = 4, plus 4 for
each divided tablet), mL, units, then minus the units of each strength, the larger first, and of each product. Each
has a field of the number so wide that sums over a day never spill into the next; so adding and comparing numbers
adds and compares all of them.
"""

from collections.abc import Sequence

from planner.taper.medicine import Product
from planner.taper.whole import Scale

QUARTERS = 4
PORTION_ML = 5  # 5 mL begun counts as much as one tablet
FURTHER = 2 * QUARTERS  # what each product of a day beyond the first weighs
FIELD = 40  # bits


class Weights:
    """The weights of pieces of some products."""

    def __init__(self, products: Sequence[Product]) -> None:
        self._products = products
        steps_ml = [p.step_ml for p in products if p.step_ml]
        self._per_ml = Scale.for_amounts(steps_ml).per_unit
        strengths = sorted({p.strength for p in products}, reverse=True)
        self._strength_fields = [3 + strengths.index(p.strength) for p in products]
        self._fields = 3 + len(strengths) + len(products)
        self._first_product_field = 3 + len(strengths)
        self.burden_shift = FIELD * (self._fields - 1)  # how far to the left the burden stands in a weight
        self._each = [self._per_part(place) for place in range(len(products))]
        self._known: list[list[int]] = [[0] for _ in products]

    def of(self, product: int, parts: int) -> int:
        """The weight of so many parts of a tablet, or syringe steps of a liquid."""
        known = self._known[product]
        while len(known) <= parts:
            known.append(self._weigh(product, len(known)))
        return known[parts]

    def _per_part(self, place: int) -> tuple[int, int]:
        """What each part of a product adds to the fields that count in parts; and its mL, times `_per_ml`."""
        product = self._products[place]
        ml = int((product.step_ml or 0) * self._per_ml)
        exact = QUARTERS * ml if product.is_liquid else QUARTERS // product.divides * self._per_ml
        own = self._in_field(self._strength_fields[place], exact)
        return self._in_field(1, ml) - own - self._in_field(self._first_product_field + place, exact), ml

    def _weigh(self, place: int, parts: int) -> int:
        product, (each, ml) = self._products[place], self._each[place]
        if product.is_liquid:
            units, divided = QUARTERS * -(-parts * ml // (PORTION_ML * self._per_ml)), 0
        else:
            units = parts * QUARTERS // product.divides  # quarters of a piece
            divided = QUARTERS if units % QUARTERS else 0
        return parts * each + self._in_field(0, units + divided) + self._in_field(2, units)

    def _in_field(self, field: int, amount: int) -> int:
        return amount << FIELD * (self._fields - 1 - field)

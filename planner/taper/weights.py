"""What pieces weigh when the lightest day is looked for, in the order in which that is compared.

A weight is one whole number that holds, the weightiest first: burden (quarters of units, 5 mL begun = 4, plus 4 for
each divided tablet), mL, units, then minus the units of each strength, the larger first, and of each product. Each
has a field of the number so wide that sums over a day never spill into the next; so adding and comparing numbers
adds and compares all of them.
"""

from collections.abc import Sequence
from decimal import Decimal
from math import ceil

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
        self._known: list[list[int]] = [[0] for _ in products]

    @property
    def burden_shift(self) -> int:
        """How far to the left the burden stands in a weight."""
        return FIELD * (self._fields - 1)

    def of(self, product: int, parts: int) -> int:
        """The weight of so many parts of a tablet, or syringe steps of a liquid."""
        known = self._known[product]
        while len(known) <= parts:
            known.append(self._weigh(product, len(known)))
        return known[parts]

    def _weigh(self, place: int, parts: int) -> int:
        product = self._products[place]
        ml = parts * product.step_ml if product.step_ml else Decimal(0)
        taken = parts * QUARTERS // product.divides  # quarters of a piece
        units = QUARTERS * ceil(ml / PORTION_ML) if product.is_liquid else taken
        divided = QUARTERS if not product.is_liquid and taken % QUARTERS else 0
        exact = QUARTERS * int(ml * self._per_ml) if product.is_liquid else taken * self._per_ml
        fields = {0: units + divided, 1: int(ml * self._per_ml), 2: units}
        fields |= {self._strength_fields[place]: -exact, self._first_product_field + place: -exact}
        return sum(amount << FIELD * (self._fields - 1 - field) for field, amount in fields.items())

"""What of a request follows from its products: final dose, most pieces at one time, doses that can be counted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from planner.taper.amounts import parse_amount, show
from planner.taper.errors import BadInput
from planner.taper.makings import Makings
from planner.taper.medicine import Product, Time
from planner.taper.request import Request
from planner.taper.weights import QUARTERS
from planner.taper.whole import Scale, common_step

USUAL_MOST_UNITS = Decimal(6)
MOST_UNITS = 40  # pieces at one time that anybody could mean
MOST_PARTS = 20_000  # a dose at one time, in the step between the doses that the products make


def refit(request: Request, products: Sequence[Product]) -> Request:
    """The same request with other products; what was left out of it is filled in anew. Raises BadInput."""
    final, most = request.final_dose, request.max_units
    if "final_dose" not in request.given:
        medicine = request.medicine
        final = fit_final(None, medicine.final_dose, products, request.current, medicine.unit)
    if "max_units" not in request.given:
        most = fit_max_units(None, products, request.regimen)
    return replace(request, products=tuple(products), final_dose=final, max_units=most)


def fit_final(value: Any, usual: Decimal | None, products: Sequence[Product], current: Decimal, unit: str) -> Decimal:
    """As given, else the usual one where these products reach it, else the smallest dose they make."""
    if value is not None:
        final = parse_amount("final_dose", value)
        if not final:
            raise BadInput("final_dose", value, "Give the daily dose from which the next step is zero, above 0.")
        return final
    smallest = min(product.increment for product in products)
    if smallest > current:
        keys = ", ".join(product.key for product in products)
        least = f"{show(smallest)} {unit}"
        raise BadInput("products", keys, f"The smallest dose they make, {least}, is above the current dose.")
    return smallest if usual is None else max(smallest, usual)


def fit_max_units(value: Any, products: Sequence[Product], regimen: Mapping[Time, Decimal]) -> Decimal:
    """As given, else the usual most, or what the current regimen needs if that is more."""
    for time, dose in regimen.items():
        require_countable(f"regimen.{time}", dose, products)
    if value is None:
        return max(USUAL_MOST_UNITS, _needed_now(products, regimen))
    most = parse_amount("max_units", value)
    if not 0 < most <= MOST_UNITS or most * QUARTERS % 1:
        raise BadInput("max_units", value, f"Give a number of pieces above 0, in quarters, up to {MOST_UNITS}.")
    return most


def _needed_now(products: Sequence[Product], regimen: Mapping[Time, Decimal]) -> Decimal:
    """The most pieces that the current regimen needs at one time; 0 where the products cannot make it."""
    scale = Scale.for_amounts([*(p.increment for p in products), *regimen.values()])
    makings = Makings(products, scale, 0)
    needed = Decimal(max(makings.fewest_quarters(scale.whole(dose)) or 0 for dose in regimen.values())) / QUARTERS
    if needed > MOST_UNITS:
        raise BadInput("regimen", show(max(regimen.values())), f"It takes more than {MOST_UNITS} pieces at one time.")
    return needed


def require_countable(field: str, dose: Decimal, products: Sequence[Product]) -> None:
    """Raises BadInput for a dose of so many parts or pieces that nobody could mean it, nor a search look at it."""
    scale = Scale.for_amounts(product.increment for product in products)
    step = scale.amount(common_step(scale.whole(product.increment) for product in products))
    if dose > MOST_PARTS * step:
        raise BadInput(field, show(dose), f"It is more than {MOST_PARTS} times {show(step)}, too fine to plan.")
    largest = max(product.strength for product in products)
    if dose > MOST_UNITS * largest and not any(product.is_liquid for product in products):
        raise BadInput(field, show(dose), f"It takes more than {MOST_UNITS} pieces at one time.")

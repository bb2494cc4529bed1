"""A medicine that came with the request, because the formulary lacks it."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import cast

from planner.formulary.cuts import only_keys, read_limit, read_pace
from planner.taper.amounts import parse_amount
from planner.taper.errors import BadInput
from planner.taper.medicine import TIMES, Form, Medicine, Product, Time

_FORMS = ("tablet", "capsule", "granules", "solution")
_KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")
_UNIT = re.compile(r"[A-Za-z]{1,20}")
_MOST_PRODUCTS = 20
_REQUIRED = ("name", "unit", "products")
_OPTIONAL = ("default_products", "order", "pace", "limit", "ceiling", "final_dose")


def inline_medicine(data: Mapping[str, object]) -> Medicine:
    """The engine's medicine from an object in a request; nothing is known of it but what the object says.

    Raises BadInput with a dotted field such as ``medicine.products.tablet-5.strength``.
    """
    given = only_keys("medicine", data, _REQUIRED, _OPTIONAL)
    unit = _matching("medicine.unit", given["unit"], _UNIT, "Give a unit in letters, such as mg.")
    products = _products(given["products"])
    pace, limit, ceiling = given.get("pace"), given.get("limit"), given.get("ceiling")
    return Medicine(
        key="inline",
        name=_name(given["name"]),
        unit=unit,
        products=products,
        default_products=_default_products(given.get("default_products"), products),
        inline=True,
        order=_order(given.get("order")),
        pace=None if pace is None else read_pace("medicine.pace", pace, unit),
        limit=None if limit is None else read_limit("medicine.limit", limit, unit),
        ceiling=None if ceiling is None else read_limit("medicine.ceiling", ceiling, unit),
        final_dose=_optional_amount("medicine.final_dose", given.get("final_dose")),
    )


def _name(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 100 or not value.isprintable():
        raise BadInput("medicine.name", value, "Give the medicine's name, 1 to 100 characters.")
    return value.strip()


def _products(value: object) -> dict[str, Product]:
    if not isinstance(value, Mapping) or not 1 <= len(value) <= _MOST_PRODUCTS:
        raise BadInput("medicine.products", value, f"Give 1 to {_MOST_PRODUCTS} products, each under a key of its own.")
    return {_product_key(key): _product(f"medicine.products.{key}", str(key), item) for key, item in value.items()}


def _product_key(key: object) -> str:
    return _matching("medicine.products", key, _KEY, "A product's key is small letters, digits, points and hyphens.")


def _product(field: str, key: str, value: object) -> Product:
    data = only_keys(field, value, required=("form", "strength"), optional=("divides", "step_ml"))
    form = data["form"]
    if form not in _FORMS:
        raise BadInput(f"{field}.form", form, f"Allowed: {', '.join(_FORMS)}.")
    strength = _above_zero(f"{field}.strength", data["strength"])
    if form == "solution":
        return Product(key, "solution", strength, step_ml=_step(field, data))
    return Product(key, cast(Form, form), strength, divides=_divides(field, data))


def _step(field: str, data: Mapping[str, object]) -> Decimal:
    if "divides" in data:
        raise BadInput(f"{field}.divides", data["divides"], "A solution is measured, not divided: give step_ml.")
    if "step_ml" not in data:
        raise BadInput(f"{field}.step_ml", "", "Required for a solution: the least volume the syringe measures.")
    return _above_zero(f"{field}.step_ml", data["step_ml"])


def _divides(field: str, data: Mapping[str, object]) -> int:
    if "step_ml" in data:
        raise BadInput(f"{field}.step_ml", data["step_ml"], "Only a solution is measured: give divides.")
    parts = data.get("divides", 1)
    if isinstance(parts, bool) or not isinstance(parts, int) or parts not in (1, 2, 4):
        raise BadInput(f"{field}.divides", parts, "Allowed: 1, 2 or 4, as a whole number.")
    return parts


def _default_products(value: object, products: Mapping[str, Product]) -> tuple[str, ...]:
    if value is None:
        return tuple(products)
    allowed = f"Give product keys out of {', '.join(products)}, each once."
    keys = _texts("medicine.default_products", value, allowed)
    if not set(keys) <= set(products) or not keys:
        raise BadInput("medicine.default_products", value, allowed)
    return keys


def _order(value: object) -> tuple[Time, ...]:
    if value is None:
        return TIMES
    allowed = f"Name each of {', '.join(TIMES)} once."
    times = _texts("medicine.order", value, allowed)
    if set(times) != set(TIMES):
        raise BadInput("medicine.order", value, allowed)
    return cast(tuple[Time, ...], times)


def _texts(field: str, value: object, allowed: str) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(item, str) for item in value):
        raise BadInput(field, value, allowed)
    if len(set(value)) != len(value):
        raise BadInput(field, value, allowed)
    return tuple(value)


def _optional_amount(field: str, value: object) -> Decimal | None:
    return None if value is None else _above_zero(field, value)


def _above_zero(field: str, value: object) -> Decimal:
    amount = parse_amount(field, value)
    if amount == 0:
        raise BadInput(field, value, "Give a number above 0.")
    return amount


def _matching(field: str, value: object, pattern: re.Pattern[str], allowed: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise BadInput(field, value, allowed)
    return value

"""A medicine that comes with the request is read strictly."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from planner.formulary import inline_medicine
from planner.taper.errors import BadInput
from planner.taper.medicine import TIMES, Change, Limit, Phase, Product

TABLET = {"form": "tablet", "strength": "5", "divides": 2}
LIQUID = {"form": "solution", "strength": "1", "step_ml": "0.5"}
SMALLEST = {"name": "Prednisone", "unit": "mg", "products": {"tablet-5": TABLET}}


def medicine(**more: Any) -> Mapping[str, Any]:
    return {**SMALLEST, **more}


def product(**fields: Any) -> Mapping[str, Any]:
    return medicine(products={"tablet-5": {**TABLET, **fields}})


def liquid(**fields: Any) -> Mapping[str, Any]:
    given = {name: value for name, value in {**LIQUID, **fields}.items() if value is not None}
    return medicine(products={"solution-1": given})


def test_the_smallest_medicine() -> None:
    made = inline_medicine(SMALLEST)
    assert made.inline
    assert (made.name, made.unit) == ("Prednisone", "mg")
    assert made.products == {"tablet-5": Product("tablet-5", "tablet", Decimal(5), 2)}
    assert made.default_products == ("tablet-5",)
    assert made.order == TIMES
    assert (made.pace, made.limit, made.ceiling, made.final_dose) == (None, None, None, None)
    assert (made.maximums, made.factors, made.sources) == ((), (), {})


def test_all_products_are_the_default() -> None:
    made = inline_medicine(medicine(products={"tablet-5": TABLET, "solution-1": LIQUID}))
    assert made.default_products == ("tablet-5", "solution-1")
    assert made.products["solution-1"] == Product("solution-1", "solution", Decimal(1), 1, Decimal("0.5"))


def test_divides_left_out_means_whole_pieces() -> None:
    made = inline_medicine(medicine(products={"capsule-2.5": {"form": "capsule", "strength": "2.5"}}))
    assert made.products["capsule-2.5"].increment == Decimal("2.5")


def test_the_optional_figures() -> None:
    made = inline_medicine(
        medicine(
            default_products=["tablet-5"],
            order=["evening", "morning", "midday", "bedtime"],
            pace=[{"cut": "10%", "of": "starting", "every": 7, "down_to": "20 mg"}, {"cut": "5 mg", "every": 14}],
            limit={"cut": "20%", "of": "current", "days": 7},
            ceiling={"cut": "25%", "of": "current", "days": 7},
            final_dose="2.5",
        )
    )
    assert made.order == ("evening", "morning", "midday", "bedtime")
    assert made.pace == (
        Phase(Change(Decimal(10), "starting"), 7, Decimal(20)),
        Phase(Change(Decimal(5), None), 14),
    )
    assert made.limit == Limit(Change(Decimal(20), "current"), 7)
    assert made.ceiling == Limit(Change(Decimal(25), "current"), 7)
    assert made.final_dose == Decimal("2.5")


BAD = {
    "no-object": ([], "medicine", "name, unit, products"),
    "no-name": ({"unit": "mg", "products": {"tablet-5": TABLET}}, "medicine.name", "It is required"),
    "empty-name": (medicine(name="  "), "medicine.name", "1 to 100 characters"),
    "long-name": (medicine(name="x" * 101), "medicine.name", "1 to 100 characters"),
    "name-with-line-break": (medicine(name="A\nB"), "medicine.name", "1 to 100 characters"),
    "no-unit": ({"name": "X", "products": {"tablet-5": TABLET}}, "medicine.unit", "It is required"),
    "unit-percent": (medicine(unit="%"), "medicine.unit", "letters, such as mg"),
    "no-products": ({"name": "X", "unit": "mg"}, "medicine.products", "It is required"),
    "empty-products": (medicine(products={}), "medicine.products", "Give 1 to 20 products"),
    "product-list": (medicine(products=[TABLET]), "medicine.products", "Give 1 to 20 products"),
    "too-many": (medicine(products={f"tablet-{n}": TABLET for n in range(21)}), "medicine.products", "1 to 20"),
    "product-key": (medicine(products={"Tablet 5": TABLET}), "medicine.products", "small letters, digits"),
    "product-no-object": (medicine(products={"tablet-5": "5 mg"}), "medicine.products.tablet-5", "form, strength"),
    "unknown-key": (medicine(colour="red"), "medicine.colour", "Unknown key. Allowed here: name, unit, products"),
    "unknown-product-key": (product(colour="red"), "medicine.products.tablet-5.colour", "Allowed here: form, strength"),
    "no-form": (medicine(products={"t": {"strength": "5"}}), "medicine.products.t.form", "It is required"),
    "unknown-form": (product(form="patch"), "medicine.products.tablet-5.form", "tablet, capsule, granules, solution"),
    "no-strength": (medicine(products={"t": {"form": "tablet"}}), "medicine.products.t.strength", "It is required"),
    "strength-zero": (product(strength="0"), "medicine.products.tablet-5.strength", "Give a number above 0."),
    "strength-negative": (product(strength="-5"), "medicine.products.tablet-5.strength", "plain number"),
    "strength-comma": (product(strength="2,5"), "medicine.products.tablet-5.strength", "plain number"),
    "strength-float": (product(strength=2.5), "medicine.products.tablet-5.strength", "plain number"),
    "strength-exponent": (product(strength="1e9"), "medicine.products.tablet-5.strength", "plain number"),
    "strength-none": (product(strength=None), "medicine.products.tablet-5.strength", "plain number"),
    "thirds": (product(divides=3), "medicine.products.tablet-5.divides", "Allowed: 1, 2 or 4"),
    "divides-text": (product(divides="2"), "medicine.products.tablet-5.divides", "Allowed: 1, 2 or 4"),
    "divides-true": (product(divides=True), "medicine.products.tablet-5.divides", "Allowed: 1, 2 or 4"),
    "tablet-measured": (product(step_ml="1"), "medicine.products.tablet-5.step_ml", "Only a solution is measured"),
    "liquid-divided": (liquid(divides=2), "medicine.products.solution-1.divides", "measured, not divided"),
    "liquid-unmeasured": (liquid(step_ml=None), "medicine.products.solution-1.step_ml", "Required for a solution"),
    "liquid-step-zero": (liquid(step_ml="0"), "medicine.products.solution-1.step_ml", "above 0"),
    "default-unknown": (medicine(default_products=["tablet-6"]), "medicine.default_products", "out of tablet-5"),
    "default-empty": (medicine(default_products=[]), "medicine.default_products", "out of tablet-5"),
    "default-twice": (medicine(default_products=["tablet-5"] * 2), "medicine.default_products", "each once"),
    "default-text": (medicine(default_products="tablet-5"), "medicine.default_products", "out of tablet-5"),
    "order-incomplete": (medicine(order=["morning"]), "medicine.order", "Name each of morning, midday"),
    "order-twice": (medicine(order=[*TIMES, "morning"]), "medicine.order", "once"),
    "pace-text": (medicine(pace="10%"), "medicine.pace", "list of 1 to 20 phases"),
    "pace-cut": (medicine(pace=[{"cut": "10 mcg", "every": 7}]), "medicine.pace.0.cut", "5 mg"),
    "pace-every": (medicine(pace=[{"cut": "10%", "every": 0}]), "medicine.pace.0.every", "whole number of days"),
    "pace-bounds-that-rise": (
        medicine(
            pace=[
                {"cut": "10%", "every": 7, "down_to": "30%"},
                {"cut": "5%", "every": 7, "down_to": "40%"},
                {"cut": "5%", "every": 7},
            ]
        ),
        "medicine.pace.1.down_to",
        "below the phase before it, 30%",
    ),
    "limit-over-100": (medicine(limit={"cut": "120%", "days": 7}), "medicine.limit.cut", "at most 100%"),
    "limit-key": (medicine(limit={"cut": "20%", "weeks": 1}), "medicine.limit.weeks", "days"),
    "limit-without-days": (medicine(limit={"cut": "20%"}), "medicine.limit.days", "whole number of days"),
    "ceiling-zero": (medicine(ceiling={"cut": "0%", "days": 7}), "medicine.ceiling.cut", "above 0"),
    "final-zero": (medicine(final_dose="0"), "medicine.final_dose", "above 0"),
}


@pytest.mark.parametrize(("data", "field", "allowed"), BAD.values(), ids=BAD)
def test_bad_input_names_the_field_and_what_is_allowed(data: Mapping[str, Any], field: str, allowed: str) -> None:
    with pytest.raises(BadInput) as raised:
        inline_medicine(data)
    assert raised.value.field == field
    assert allowed in raised.value.allowed


def test_a_value_is_never_lost_in_the_message() -> None:
    with pytest.raises(BadInput, match=r"medicine\.products\.tablet-5\.strength: '-5' cannot be used"):
        inline_medicine(product(strength="-5"))

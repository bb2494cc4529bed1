"""Products described by hand, one a line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.forms.product_text import read_products
from planner.formulary import inline_medicine
from planner.taper.amounts import show


@pytest.mark.parametrize(
    ("line", "key", "product"),
    [
        ("tablet 10 mg, halves", "tablet-10", {"form": "tablet", "strength": "10", "divides": 2}),
        ("Tablets 2.50 mg, quarters", "tablet-2.5", {"form": "tablet", "strength": "2.5", "divides": 4}),
        ("5 mg tablets", "tablet-5", {"form": "tablet", "strength": "5", "divides": 1}),
        ("capsule 300 mg", "capsule-300", {"form": "capsule", "strength": "300", "divides": 1}),
        ("granules 5 mg", "granules-5", {"form": "granules", "strength": "5", "divides": 1}),
        ("solution 1 mg/mL, 0.5 mL", "solution-1", {"form": "solution", "strength": "1", "step_ml": "0.5"}),
        ("25 mg/5 mL suspension, by 0.1 mL", "solution-5", {"form": "solution", "strength": "5", "step_ml": "0.1"}),
    ],
)
def test_product_is_read_as_people_write_it(line: str, key: str, product: dict[str, Any]) -> None:
    assert read_products(line, "mg") == ({key: product}, [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ten milligrams", "Write a line as: tablet 10 mg, halves"),
        ("tablet 10", "Write a line as: tablet 10 mg, halves"),
        ("patch 10 mg", "Write a line as: tablet 10 mg, halves"),
        ("tablet 0 mg", "A strength of 0 holds nothing"),
        ("tablet 10 mcg", "“mcg” is another unit than the medicine’s, mg."),
        ("tablet 10 mg, thirds", "After the comma: whole, halves or quarters."),
        ("capsule 10 mg, halves", "Only a tablet can be halved"),
        ("tablet 10 mg/mL", "Only a solution has mg/mL."),
        ("solution 10 mg, 1 mL", "Give what is in each mL of a solution"),
        ("solution 1 mg/mL", "Give the least volume that the syringe measures"),
        ("solution 1 mg/mL, 0 mL", "Give the least volume that the syringe measures"),
        ("solution 1 mg/3 mL, 1 mL", "1 in 3 mL is no plain number in each mL."),
        ("solution 1 mg/0 mL, 1 mL", "A strength of 0 holds nothing"),
    ],
)
def test_line_that_cannot_be_read_is_named(line: str, words: str) -> None:
    products, faults = read_products(f"tablet 5 mg\n\n{line}", "mg")
    assert list(products) == ["tablet-5"]
    assert [fault.number for fault in faults] == [3]
    assert words in faults[0].words


def test_same_product_twice_is_named() -> None:
    _, (fault,) = read_products("tablet 10 mg\ntablet 10.0 mg, halves", "mg")
    assert str(fault).startswith("Line 2: This form and strength stands above already.")


@pytest.mark.parametrize(
    ("line", "most", "words"),
    [("tablet {} mg", 8, "at most 8 products"), ("solution {} mg/mL, 0.5 mL", 2, "at most 2 solutions")],
)
def test_more_products_than_a_patient_holds_are_named(line: str, most: int, words: str) -> None:
    products, faults = read_products("\n".join(line.format(n) for n in range(1, 15)), "mg")
    assert len(products) == most
    assert words in faults[0].words


@given(
    st.decimals("0.01", "9999.99", places=2).map(show),
    st.sampled_from(["", ", whole", ", halves", ", quarters"]),
    st.sampled_from(["tablet {} mg{}", "{} mg tablet{}", "  TABLETS  {}mg {}"]),
)
def test_every_spelling_of_a_tablet_makes_a_medicine(strength: str, divided: str, form: str) -> None:
    products, faults = read_products(form.format(strength, divided), "mg")
    assert faults == []
    medicine = inline_medicine({"name": "X", "unit": "mg", "products": products})
    assert show(medicine.products[f"tablet-{strength}"].strength) == strength


@given(st.text(max_size=80))
def test_any_line_is_read_or_named(text: str) -> None:
    products, faults = read_products(text, "mg")
    assert all(fault.words for fault in faults)
    if products:
        inline_medicine({"name": "X", "unit": "mg", "products": products})

"""Inputs at and beyond what the engine takes: each is named with its field, or answered, and none hangs."""

import pytest

from planner.formulary import find_medicine, inline_medicine
from planner.taper import BadInput, Context, answer_json, check, options, parse_request
from tests.taper.asking import Json, ask, proposed, read
from tests.taper.test_examples import BACLOFEN, SOLUTION_1, TABLET_10, findings, inline


def field_of(request: Json) -> str:
    with pytest.raises(BadInput) as refused:
        ask(request)
    return refused.value.field


@pytest.mark.parametrize("start", ["9999-12-31", "0001-01-01", "2026-W50-1", "20261207", "2027-02-29"])
def test_day_of_a_given_step_is_a_plain_date_of_our_time(start: str) -> None:
    with pytest.raises(BadInput, match="year-month-day") as refused:
        check(read(BACLOFEN), [{"start": start, "days": 7, "regimen": {"morning": "55"}}])
    assert refused.value.field == "steps.0.start"


def test_given_dose_of_absurd_size_is_named() -> None:
    with pytest.raises(BadInput) as refused:
        check(read(BACLOFEN), [{"start": "2026-12-07", "days": 7, "regimen": {"morning": "9999995"}}])
    assert refused.value.field == "steps.0.regimen.morning"


@pytest.mark.parametrize("name", ["target", "fill_days", "coarse", "shape", "order", "final_dose", "max_units", "pace"])
def test_null_counts_as_left_out(name: str) -> None:
    assert answer_json(proposed(BACLOFEN | {name: None})) == answer_json(proposed(BACLOFEN))


@pytest.mark.parametrize("value", [False, 0, "", [], {}])
def test_falsy_value_is_not_taken_as_left_out(value: object) -> None:
    assert field_of(BACLOFEN | {"coarse": value}) == "coarse"


def test_long_value_is_shown_in_part() -> None:
    with pytest.raises(BadInput) as refused:
        ask(BACLOFEN | {"limit": {"cut": "a" * 40_000, "days": 7}})
    assert len(str(refused.value)) < 300


def test_limit_that_never_ends_is_named() -> None:
    """110 cuts of 0.5 mL, each held a year: also where the limit slows the pace itself."""
    limit = {"cut": "0.001%", "of": "current", "days": 365}
    assert field_of(BACLOFEN | {"products": ["solution-1"], "limit": limit}) == "limit.cut"


def test_pace_that_never_ends_is_named() -> None:
    """110 cuts of 0.5 mL, 63 days apart: 19 years."""
    pace = [{"cut": "0.1%", "of": "current", "every": 63}]
    assert field_of(BACLOFEN | {"products": ["solution-1"], "pace": pace}) == "pace.0.cut"


def test_too_few_pieces_are_not_blamed_on_the_products() -> None:
    assert field_of(BACLOFEN | {"max_units": "0.25"}) == "max_units"


def test_too_many_products_are_named() -> None:
    products = {f"tablet-{n}": TABLET_10 | {"strength": str(n)} for n in range(1, 14)}
    assert field_of(inline(products, {"morning": "20"})) == "products"


def test_finer_product_is_offered_only_where_it_is_sold() -> None:
    def kinds(country: str) -> list[str]:
        request = parse_request(BACLOFEN, find_medicine, inline_medicine, Context(country=country))
        return [option.kind for option in options(request)]

    assert kinds("GB") == ["asked", "finer", "slower", "faster"]
    assert kinds("CA") == ["asked", "slower", "faster"]


def test_inline_medicine_keeps_its_own_figures_when_resolved() -> None:
    request = inline({"solution-1": SOLUTION_1}, {"morning": "20"})
    medicine = request["medicine"] | {"ceiling": {"cut": "5%", "of": "current", "days": 7}, "final_dose": "2.5"}
    first = answer_json(proposed(request | {"medicine": medicine}))
    assert "over-ceiling" in {code for code, _ in findings(first)}
    assert answer_json(proposed(first["request"])) == first

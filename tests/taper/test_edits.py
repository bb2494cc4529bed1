"""Steps changed by hand: what is kept, what is proposed anew, and what the rules say of it."""

from planner.taper import answer_json, explain_step
from planner.taper.schedule import Answer
from tests.taper.asking import Json, ask, proposed
from tests.taper.test_examples import BACLOFEN, SOLUTION_1, inline
from tests.taper.test_rules_edges import message, of_code, thrice

LIQUID_FROM_20: Json = {"step": 8, "products": ["tablet-10", "solution-1"]}


def edited(*edits: Json, **fields: object) -> Json:
    return ask(BACLOFEN | {"edits": list(edits), **fields})


def daily(answer: Json) -> list[str]:
    return [step["daily"] for step in answer["steps"]]


def dated(answer: Json) -> list[tuple[str, str]]:
    return [(step["start"], step["daily"]) for step in answer["steps"]]


# Products in use at a step


def test_dose_that_only_a_later_product_makes_blocks_before_that_product_comes() -> None:
    """13 mg at midday on step 3 needs the liquid, which comes in with step 9."""
    by_hand = {"step": 3, "regimen": thrice("15", "13", "15"), "rest": "keep"}
    answer = edited(LIQUID_FROM_20, by_hand)
    assert of_code(answer, "not-makeable") == [(3, "block")]
    assert "13 mg in the midday cannot be made from the products in use then" in message(answer, "not-makeable")
    assert "midday" not in answer["steps"][2]["take"]


def test_dose_that_a_product_brought_in_makes_blocks_nothing() -> None:
    by_hand = {"step": 9, "regimen": thrice("4", "4", "9"), "rest": "keep"}
    answer = edited(LIQUID_FROM_20, by_hand)
    assert [f for f in answer["findings"] if f["severity"] == "block"] == []

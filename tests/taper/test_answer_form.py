"""The form of an answer, and what is said to a request that cannot be taken."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from planner.taper import BadInput, refusal_json
from planner.taper.amounts import percent
from tests.taper.asking import Json, ask
from tests.taper.test_examples import BACLOFEN, SOLUTION_1, TABLET_5, inline

AMOUNT = re.compile(r"(0|[1-9]\d*)(\.\d*[1-9])?")
PERCENT = re.compile(r"\d+\.\d")
ANSWER = {"outcome", "request", "steps", "findings", "supply", "ends", "days"}
STEP = {
    "number", "start", "end", "days", "regimen", "daily", "unit", "preferred",
    "cut", "cut_of_current", "cut_of_starting", "over_limit", "take",
}  # fmt: skip
FIRST_STEP = {
    "number": 1,
    "start": "2026-12-07",
    "end": "2026-12-13",
    "days": 7,
    "regimen": {"morning": "20", "midday": "15", "evening": "20"},
    "daily": "55",
    "unit": "mg",
    "preferred": "54",
    "cut": "5",
    "cut_of_current": "8.3",
    "cut_of_starting": "8.3",
    "over_limit": False,
    "take": {
        "morning": [{"product": "tablet-10", "units": "2"}],
        "midday": [{"product": "tablet-10", "units": "1.5"}],
        "evening": [{"product": "tablet-10", "units": "2"}],
    },
}


def test_answer_has_these_keys_and_no_others() -> None:
    answer = ask(BACLOFEN)
    assert answer.keys() == ANSWER
    assert all(step.keys() == STEP for step in answer["steps"])
    assert all(finding.keys() == {"code", "severity", "step", "message", "source"} for finding in answer["findings"])
    assert answer["supply"].keys() == {"total", "fills"}
    assert all(fill.keys() == {"start", "end", "units", "dispense"} for fill in answer["supply"]["fills"])


def test_first_step_is_as_designed() -> None:
    assert ask(BACLOFEN)["steps"][0] == FIRST_STEP


def test_stop_has_no_days_and_takes_nothing() -> None:
    stop = ask(BACLOFEN)["steps"][-1]
    assert (stop["days"], stop["end"], stop["take"], stop["daily"]) == (0, None, {}, "0")
    assert stop["regimen"] == {"morning": "0", "midday": "0", "evening": "0"}
    assert (stop["cut_of_current"], stop["cut_of_starting"], stop["over_limit"]) == ("100.0", "8.3", False)


def test_time_at_zero_stays_in_the_regimen_and_is_left_out_of_take() -> None:
    step = ask(BACLOFEN)["steps"][9]
    assert step["regimen"] == {"morning": "5", "midday": "0", "evening": "5"}
    assert step["take"].keys() == {"morning", "evening"}


def test_amounts_are_text_without_trailing_zeros() -> None:
    answer = ask(BACLOFEN | {"products": ["tablet-10", "solution-1"]})
    amounts = [*_amounts(answer["steps"]), *_amounts(answer["supply"])]
    assert len(amounts) > 100
    assert not [amount for amount in amounts if not AMOUNT.fullmatch(amount)]


def _amounts(steps_or_supply: Any) -> Iterator[str]:
    if isinstance(steps_or_supply, dict):
        yield from _amounts_of(steps_or_supply)
        return
    for step in steps_or_supply:
        yield from (step["daily"], step["preferred"], step["cut"], *step["regimen"].values())
        yield from (portion["units"] for taken in step["take"].values() for portion in taken)


def _amounts_of(supply: Json) -> Iterator[str]:
    yield from supply["total"].values()
    for fill in supply["fills"]:
        yield from (*fill["units"].values(), *fill["dispense"].values())


def test_percents_have_one_decimal() -> None:
    percents = [step[key] for step in ask(BACLOFEN)["steps"] for key in ("cut_of_current", "cut_of_starting")]
    assert not [percent for percent in percents if not PERCENT.fullmatch(percent)]


def test_percents_are_rounded_half_up() -> None:
    """From 40 mg by 2.5 mg is 6.25 %, said as 6.3 %."""
    quarters = {"form": "tablet", "strength": "10", "divides": 4}
    answer = ask(inline({"tablet-10": quarters}, {"morning": "40"}, pace=[{"cut": "2.5 mg", "every": 7}]))
    assert (answer["steps"][0]["daily"], answer["steps"][0]["cut_of_current"]) == ("37.5", "6.3")


def test_request_comes_back_with_every_default_filled_in() -> None:
    request = ask({key: BACLOFEN[key] for key in ("medicine", "regimen", "start")})["request"]
    assert request["medicine"] == "baclofen"
    assert request["products"] == ["tablet-10"]
    assert (request["target"], request["final_dose"], request["max_units"], request["fill_days"]) == ("0", "5", "6", 28)
    assert request["pace"] == [{"cut": "10%", "of": "current", "every": 7}]
    assert request["limit"] == {"cut": "20%", "of": "current", "days": 7}
    assert (request["coarse"], request["shape"], request["factors"]) == ("flag", "even", None)
    assert request["order"][:3] == ["midday", "morning", "evening"]


def test_refused_answer_has_findings_and_where_it_got_stuck_and_no_steps() -> None:
    answer = ask(BACLOFEN | {"coarse": "refuse"})
    assert (answer["outcome"], answer["stuck_at"]) == ("refused", "20")
    assert [(f["code"], f["severity"]) for f in answer["findings"] if f["severity"] == "refuse"] == [
        ("stuck", "refuse")
    ]
    assert not {"steps", "supply", "ends", "days"} & answer.keys()


# What cannot be taken

BAD: list[tuple[str, object, str]] = [
    ("target", "60", "target"),
    ("target", "61", "target"),
    ("target", "-1", "target"),
    ("target", "1e1", "target"),
    ("target", "1,5", "target"),
    ("target", "", "target"),
    ("target", "ten", "target"),
    ("target", 1.5, "target"),
    ("target", "3", "target"),
    ("regimen", {"morning": "0"}, "regimen"),
    ("regimen", {}, "regimen"),
    ("regimen", {"morning": "1e9"}, "regimen.morning"),
    ("regimen", {"morning": "1,5"}, "regimen.morning"),
    ("regimen", {"morning": ""}, "regimen.morning"),
    ("regimen", {"morning": "twenty"}, "regimen.morning"),
    ("regimen", {"morning": "-20"}, "regimen.morning"),
    ("regimen", {"morning": "NaN"}, "regimen.morning"),
    ("regimen", {"morning": "١٠"}, "regimen.morning"),
    ("regimen", {"noon": "20"}, "regimen.noon"),
    ("regimen", {"morning": "600"}, "regimen"),
    ("products", [], "products"),
    ("products", ["tablet-7"], "products"),
    ("start", "2026-02-30", "start"),
    ("start", "tomorrow", "start"),
    ("start", "", "start"),
    ("pace", [], "pace"),
    ("pace", [{"cut": "0%", "of": "current", "every": 7}], "pace.0.cut"),
    ("pace", [{"cut": "1e9%", "of": "current", "every": 7}], "pace.0.cut"),
    ("pace", [{"cut": "ten", "every": 7}], "pace.0.cut"),
    ("pace", [{"cut": "10%", "of": "weight", "every": 7}], "pace.0.of"),
    ("pace", [{"cut": "10%", "of": "current", "every": 0}], "pace.0.every"),
    ("pace", [{"cut": "10%", "of": "current", "every": 7, "down_to": "5 mg"}], "pace.0.down_to"),
    ("limit", {"cut": "0%", "of": "current", "days": 7}, "limit.cut"),
    ("limit", {"cut": "101%", "of": "current", "days": 7}, "limit.cut"),
    ("limit", {"cut": "20%", "of": "current", "days": 0}, "limit.days"),
    ("limit", {"cut": "20%", "of": "current", "days": "1,5"}, "limit.days"),
    ("final_dose", "3", "final_dose"),
    ("final_dose", "five", "final_dose"),
    ("max_units", "0", "max_units"),
    ("fill_days", 0, "fill_days"),
    ("order", ["noon"], "order"),
    ("coarse", "ignore", "coarse"),
    ("shape", "steep", "shape"),
    ("medicine", "aspirin", "medicine"),
    ("factors", ["tall"], "factors"),
    ("colour", "blue", "colour"),
]


@pytest.mark.parametrize(("field", "value", "named"), BAD, ids=[f"{f}={v}"[:50] for f, v, _ in BAD])
def test_bad_input_names_its_field_and_says_what_is_allowed(field: str, value: object, named: str) -> None:
    with pytest.raises(BadInput) as refused:
        ask(BACLOFEN | {field: value})
    assert refused.value.field.split(".")[: named.count(".") + 1] == named.split(".")
    assert refused.value.allowed
    assert named in str(refused.value)


@pytest.mark.parametrize(("strength", "dose"), [("1", "6000"), ("1", "9999999")])
def test_dose_of_too_many_parts_is_named_at_once(strength: str, dose: str) -> None:
    request = inline({"liquid": SOLUTION_1 | {"strength": strength, "step_ml": "0.1"}}, {"morning": dose})
    with pytest.raises(BadInput) as refused:
        ask(request)
    assert refused.value.field == "regimen.morning"


@pytest.mark.parametrize("field", ["medicine", "regimen", "start"])
def test_required_field_left_out_is_named(field: str) -> None:
    with pytest.raises(BadInput) as refused:
        ask({key: value for key, value in BACLOFEN.items() if key != field})
    assert refused.value.field == field


@pytest.mark.parametrize("field", ["pace", "limit"])
def test_inline_medicine_takes_pace_and_limit_from_the_request_alone(field: str) -> None:
    request = inline({"tablet-5": TABLET_5}, {"morning": "20"})
    with pytest.raises(BadInput) as refused:
        ask({key: value for key, value in request.items() if key != field})
    assert refused.value.field == field


@pytest.mark.parametrize(("target", "nearest"), [("12", {"10", "15"}), ("3", {"5"}), ("58", {"55"})])
def test_target_that_cannot_be_made_names_the_nearest_that_can(target: str, nearest: set[str]) -> None:
    with pytest.raises(BadInput) as refused:
        ask(BACLOFEN | {"target": target})
    assert nearest <= set(re.findall(r"\d+", refused.value.allowed))


def test_final_dose_below_the_smallest_names_the_smallest() -> None:
    with pytest.raises(BadInput, match="5 mg") as refused:
        ask(BACLOFEN | {"final_dose": "3"})
    assert refused.value.field == "final_dose"


def test_bad_input_as_an_answer_is_refused_in_words() -> None:
    with pytest.raises(BadInput) as refused:
        ask(BACLOFEN | {"target": "61"})
    answer = refusal_json(refused.value)
    assert answer["outcome"] == "refused"
    assert "target" in answer["findings"][0]["message"]
    assert "steps" not in answer


@pytest.mark.parametrize(("cut", "before", "shown"), [("5", "60", "8.3"), ("-5", "60", "-8.3"), ("-1", "80", "-1.2")])
def test_percent_of_a_cut_or_a_rise_has_halves_rounded_up(cut: str, before: str, shown: str) -> None:
    assert str(percent(Decimal(cut), Decimal(before))) == shown

"""The supply, the check and the form of an answer, over random requests.

PLANNER_TEST_EXAMPLES=20 looks at twenty times as many requests.
"""

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

from hypothesis import given

from planner.taper import answer_json, check
from tests.taper.arithmetic import (
    DAY,
    any_request,
    daily_doses,
    schedule_for,
)
from tests.taper.asking import Json, read
from tests.taper.strategies import examples

# The rules that check, and the form of the answer


@examples(90)
@given(any_request)
def test_checking_a_proposed_schedule_agrees_and_blocks_nothing(request: Json) -> None:
    answer = schedule_for(request)
    given_steps = [{key: step[key] for key in ("start", "days", "regimen")} for step in answer["steps"]]
    checked = answer_json(check(read(request), given_steps))
    assert checked["outcome"] == "checked"
    assert [_checked_figures(step) for step in checked["steps"]] == [_checked_figures(s) for s in answer["steps"]]
    assert not {f["code"] for f in checked["findings"] if f["severity"] in ("refuse", "block")}
    assert (checked["supply"], checked["ends"], checked["days"]) == (answer["supply"], answer["ends"], answer["days"])


def _checked_figures(step: Json) -> Json:
    return {key: value for key, value in step.items() if key != "preferred"}


@examples(100)
@given(any_request)
def test_supply_is_what_the_days_take(request: Json) -> None:
    answer = schedule_for(request)
    supply = answer["supply"]
    taken: dict[str, Fraction] = {}
    for step in answer["steps"]:
        for portion in (portion for portions in step["take"].values() for portion in portions):
            days = supplied_days(answer, step)
            taken[portion["product"]] = taken.get(portion["product"], Fraction(0)) + days * Fraction(portion["units"])
    assert _amounts(supply["total"]) == taken
    filled = {key: sum(_amounts(fill["units"]).get(key, 0) for fill in supply["fills"]) for key in taken}
    assert filled == taken


def supplied_days(answer: Json, step: Json) -> int:
    """A target above zero is supplied to the end of its fill."""
    if step is not answer["steps"][-1] or not step["days"]:
        return int(step["days"])
    return (date.fromisoformat(answer["supply"]["fills"][-1]["end"]) - date.fromisoformat(step["start"])).days + 1


def _amounts(units: Json) -> dict[str, Fraction]:
    return {key: Fraction(amount) for key, amount in units.items() if Fraction(amount)}


@examples(100)
@given(any_request)
def test_fills_follow_one_another_and_hand_out_the_least_whole_pieces(request: Json) -> None:
    answer = schedule_for(request)
    day = date.fromisoformat(request["start"])
    needed: dict[str, Fraction] = {}
    given_out: dict[str, int] = {}
    for fill in answer["supply"]["fills"]:
        assert date.fromisoformat(fill["start"]) == day
        day = date.fromisoformat(fill["end"]) + DAY
        for key, units in fill["units"].items():
            needed[key] = needed.get(key, Fraction(0)) + Fraction(units)
            given_out[key] = given_out.get(key, 0) + int(fill["dispense"].get(key, "0"))
            assert given_out[key] == ceil(needed[key])
    last = date.fromisoformat(answer["steps"][-1]["start"]) + answer["steps"][-1]["days"] * DAY
    assert last <= day < last + answer["request"]["fill_days"] * DAY


@examples(60)
@given(any_request)
def test_percents_are_of_the_dose_before_and_of_the_starting_dose(request: Json) -> None:
    answer = schedule_for(request)
    doses = daily_doses(answer)
    for before, new, step in zip(doses, doses[1:], answer["steps"], strict=False):
        assert Fraction(step["cut"]) == before - new
        assert abs(Fraction(step["cut_of_current"]) - (before - new) / before * 100) <= Fraction(1, 20)
        assert abs(Fraction(step["cut_of_starting"]) - (before - new) / doses[0] * 100) <= Fraction(1, 20)


@examples(60)
@given(any_request)
def test_the_answer_is_plain_json_without_floats(request: Json) -> None:
    answer = schedule_for(request)
    assert json.loads(json.dumps(answer)) == answer
    assert not [value for value in _leaves(answer) if isinstance(value, float)]


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        yield value
        return
    for item in value:
        yield from _leaves(item)

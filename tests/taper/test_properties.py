"""What the steps of a schedule always are, held over random requests from the JSON answer alone.

PLANNER_TEST_EXAMPLES=20 looks at twenty times as many requests.
"""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from planner.taper import BadInput
from tests.taper.arithmetic import (
    DAY,
    any_request,
    breach_if_cut,
    codes,
    cuts,
    daily_doses,
    schedule_for,
)
from tests.taper.asking import Json, ask
from tests.taper.brute_rules import Rules
from tests.taper.strategies import examples, least_dose, requests, show

# 1. Each step's daily dose is below the one before; no time's dose ever rises; no day is missing or doubled.


@examples(90)
@given(any_request)
def test_each_daily_dose_is_below_the_one_before(request: Json) -> None:
    answer = schedule_for(request)
    doses = daily_doses(answer)
    assert all(later < earlier for earlier, later in pairwise(doses))
    for step in answer["steps"]:
        assert Fraction(step["daily"]) == sum(map(Fraction, step["regimen"].values()))


@examples(90)
@given(any_request)
def test_no_times_dose_ever_rises(request: Json) -> None:
    answer = schedule_for(request)
    regimens = [request["regimen"], *(step["regimen"] for step in answer["steps"])]
    for before, after in pairwise(regimens):
        assert before.keys() == after.keys()
        assert all(Fraction(after[time]) <= Fraction(before[time]) for time in after)


@examples(90)
@given(any_request)
def test_no_day_is_missing_or_doubled(request: Json) -> None:
    answer = schedule_for(request)
    day = date.fromisoformat(request["start"])
    for number, step in enumerate(answer["steps"], start=1):
        assert (step["number"], step["start"]) == (number, day.isoformat())
        day += step["days"] * DAY
        assert step["end"] == ((day - DAY).isoformat() if step["days"] else None)


# 2. Each dose at each time is made exactly from the request's products, within max_units.


@examples(90)
@given(any_request)
def test_each_dose_is_made_exactly_from_the_products(request: Json) -> None:
    stock = request["medicine"]["products"]
    for step in schedule_for(request)["steps"]:
        made = {time: sum(_dose(stock, portion) for portion in taken) for time, taken in step["take"].items()}
        assert made == {time: Fraction(dose) for time, dose in step["regimen"].items() if dose != "0"}


def _dose(stock: Json, portion: Json) -> Fraction:
    return Fraction(stock[portion["product"]]["strength"]) * Fraction(portion["units"])


@examples(90)
@given(any_request)
def test_pieces_are_divided_and_liquids_measured_only_as_the_products_allow(request: Json) -> None:
    stock = request["medicine"]["products"]
    for step in schedule_for(request)["steps"]:
        for portion in (portion for taken in step["take"].values() for portion in taken):
            product, units = stock[portion["product"]], Fraction(portion["units"])
            grain = Fraction(product["step_ml"]) if "step_ml" in product else Fraction(1, product["divides"])
            assert units > 0
            assert (units / grain).denominator == 1


@examples(90)
@given(any_request)
def test_no_time_takes_more_pieces_than_max_units(request: Json) -> None:
    answer = schedule_for(request)
    most = Fraction(answer["request"]["max_units"])
    assert most == Fraction(request.get("max_units", most))
    liquids = {key for key, product in request["medicine"]["products"].items() if product["form"] == "solution"}
    for step in answer["steps"]:
        for taken in step["take"].values():
            assert sum(Fraction(p["units"]) for p in taken if p["product"] not in liquids) <= most


# 3. Each cut is within the limit, over every window of its days, or says so and is the smallest there is.


@examples(150)
@given(any_request)
def test_each_cut_is_within_the_limit_over_every_window_or_says_so(request: Json) -> None:
    answer = schedule_for(request)
    for _, step in cuts(answer):
        over = breach_if_cut(answer, date.fromisoformat(step["start"]), Fraction(step["daily"])) > 0
        assert step["over_limit"] == over
        told = [f["severity"] for f in answer["findings"] if (f["code"], f["step"]) == ("over-limit", step["number"])]
        assert told == (["acknowledge"] if over else [])


@examples(120)
@given(requests(most=20))
def test_a_cut_over_the_limit_is_the_smallest_that_the_products_allow(request: Json) -> None:
    answer = schedule_for(request)
    rules = Rules(request)
    regimens = [request["regimen"], *(step["regimen"] for step in answer["steps"])]
    for before, step in zip(regimens, answer["steps"], strict=False):
        if step["over_limit"]:
            doses = tuple(map(Fraction, before.values()))
            lower = [
                r for r in rules.regimens if sum(r) < sum(doses) and all(a <= b for a, b in zip(r, doses, strict=True))
            ]
            bottom = Fraction(0) if request.get("target", "0") == "0" else Fraction(request["target"])
            assert Fraction(step["daily"]) == max(sum(r) for r in lower if sum(r) >= bottom)


@examples(100)
@given(requests(most=40))
def test_refused_at_the_dose_before_the_first_breach(request: Json) -> None:
    flagged = schedule_for(request | {"coarse": "flag"})
    doses = zip(daily_doses(flagged), flagged["steps"], strict=False)
    stuck_at = next((before for before, step in doses if step["over_limit"]), None)
    answer = ask(request | {"coarse": "refuse"})
    if stuck_at is None:
        assert answer["steps"] == flagged["steps"]
    else:
        assert (answer["outcome"], Fraction(answer["stuck_at"])) == ("refused", stuck_at)
        assert "stuck" in codes(answer)
        assert "steps" not in answer


# 4. The step to zero is a step of its own, from the first dose at or below final_dose, not counted against the limit.


@examples(90)
@given(any_request)
def test_zero_is_a_step_of_its_own_from_the_first_dose_at_or_below_the_final_dose(request: Json) -> None:
    answer = schedule_for(request)
    if request.get("target", "0") != "0":
        assert all(step["days"] for step in answer["steps"])
        return
    *higher, last, zero = daily_doses(answer)
    final = Fraction(answer["request"]["final_dose"])
    assert zero == 0 < last <= final
    assert all(dose > final for dose in higher)
    stop = answer["steps"][-1]
    assert (stop["days"], stop["end"], stop["take"], stop["over_limit"]) == (0, None, {}, False)
    assert (stop["preferred"], Fraction(stop["cut"])) == ("0", last)


@examples(60)
@given(requests(), st.integers(1, 9))
def test_a_final_dose_that_the_products_cannot_reach_is_refused(request: Json, tenths: int) -> None:
    smallest = min(least_dose(product) for product in request["medicine"]["products"].values())
    doses = [Fraction(dose) for dose in request["regimen"].values()]
    if smallest > max(doses) or smallest >= sum(doses):
        reject()  # the products make nothing lower, whatever the final dose
    request = request | {"target": "0", "final_dose": show(smallest * tenths / 10)}
    with pytest.raises(BadInput) as refused:
        ask(request)
    assert refused.value.field == "final_dose"


# 5. The last step is the target exactly. A current dose that cannot be made is no error.


@examples(90)
@given(any_request)
def test_the_last_step_is_the_target_exactly(request: Json) -> None:
    answer = schedule_for(request)
    assert daily_doses(answer)[-1] == Fraction(request.get("target", "0"))
    assert answer["ends"] == answer["steps"][-1]["start"]
    assert answer["days"] == (date.fromisoformat(answer["ends"]) - date.fromisoformat(request["start"])).days


@examples(60)
@given(requests(), st.integers(0, 40))
def test_a_target_that_the_products_cannot_make_is_refused(request: Json, tenth: int) -> None:
    target = Fraction(tenth) / 10 + Fraction(1, 100)  # every product here makes multiples of half a milligram
    if target >= sum(map(Fraction, request["regimen"].values())):
        reject()
    with pytest.raises(BadInput) as refused:
        ask(request | {"target": f"{tenth // 10}.{tenth % 10}1"})
    assert refused.value.field == "target"


@examples(60)
@given(st.integers(51, 599), st.sampled_from(["morning", "evening"]))
def test_a_current_dose_that_cannot_be_made_is_no_error(tenths: int, time: str) -> None:
    """Halved 10 mg tablets, and whatever tenth of a milligram is taken now."""
    answer = ask(
        {
            "medicine": {
                "name": "Example",
                "unit": "mg",
                "products": {"tablet-10": {"form": "tablet", "strength": "10", "divides": 2}},
            },
            "regimen": {time: f"{tenths // 10}.{tenths % 10}"},
            "start": "2026-12-07",
            "pace": [{"cut": "10%", "of": "current", "every": 7}],
            "limit": {"cut": "20%", "of": "current", "days": 7},
        }
    )
    assert answer["outcome"] == "proposed"
    assert Fraction(answer["steps"][0]["daily"]) < Fraction(tenths, 10)

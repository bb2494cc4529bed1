"""Products finer than a search looks at: liquids are taken in multiples, and the answer says so."""

from fractions import Fraction

import pytest

from planner.recheck import recheck
from planner.taper import BadInput, explain_step
from planner.taper.ground import lay
from tests.taper.arithmetic import codes, daily_doses
from tests.taper.asking import Json, ask, proposed, read
from tests.taper.test_examples import BACLOFEN, TABLET_10, findings, inline
from tests.test_recheck import plain

FINE_LIQUID = {"solution-1": {"form": "solution", "strength": "1", "step_ml": "0.1"}}
FINE_TABLETS = {"tablet-1": {"form": "tablet", "strength": "1", "divides": 4}}
BOTH = FINE_LIQUID | FINE_TABLETS
THRICE_100 = dict.fromkeys(("morning", "midday", "evening"), "100")
FOUR_TIMES = ("morning", "midday", "evening", "bedtime")
USUAL: Json = {
    "pace": [{"cut": "10%", "of": "current", "every": 7}],
    "limit": {"cut": "20%", "of": "current", "days": 7},
}
MOST_DAILIES = 400

LIQUID = inline(FINE_LIQUID, THRICE_100, **USUAL)
ONE_TIME = inline(FINE_LIQUID, {"morning": "300"}, **USUAL)
TABLETS = inline(FINE_TABLETS, dict.fromkeys(FOUR_TIMES, "30"), **USUAL)
LARGER = inline(FINE_TABLETS | {"tablet-10": TABLET_10}, dict.fromkeys(FOUR_TIMES, "50"), **USUAL)
MIXED = inline(BOTH, THRICE_100, **USUAL)
FINE: dict[str, Json] = {
    "liquid to stop": LIQUID,
    "liquid to a multiple": LIQUID | {"target": "30"},
    "liquid to what is no multiple": LIQUID | {"target": "10.1"},
    "liquid from what is no multiple": inline(FINE_LIQUID, {"morning": "150.1", "evening": "149.7"}, **USUAL),
    "liquid once a day": ONE_TIME,
    "liquid once a day to what is no multiple": ONE_TIME | {"target": "10.1"},
    "liquid with a final dose of one syringe step": LIQUID | {"final_dose": "0.1"},
    "liquid refused where the limit breaks": LIQUID | {"coarse": "refuse", "target": "10.1"},
    "liquid and tablets": MIXED,
    "liquid and tablets to what is no multiple": MIXED | {"target": "10.1"},
}

ONLY_TABLETS: dict[str, Json] = {
    "quartered tablets to stop": TABLETS,
    "quartered tablets to 20 mg": TABLETS | {"target": "20"},
    "quartered tablets to a quarter": TABLETS | {"target": "10.25"},
    "with larger tablets to stop": LARGER,
    "with larger tablets to a quarter": LARGER | {"target": "10.25"},
}


@pytest.mark.parametrize("name", [*FINE, *ONLY_TABLETS])
def test_the_target_is_met_exactly_in_doses_that_can_be_taken(name: str) -> None:
    request = (FINE | ONLY_TABLETS)[name]
    answer = ask(request)
    stock = request["medicine"]["products"]
    assert recheck(answer, {key: plain(product) for key, product in stock.items()}) == []
    assert answer["steps"][-1]["daily"] == request.get("target", "0")


@pytest.mark.parametrize("name", FINE)
def test_multiples_are_said_once(name: str) -> None:
    assert [code for code, _ in findings(ask(FINE[name])) if code == "tidy-doses"] == ["tidy-doses"]
    assert findings(ask(FINE[name]))[("tidy-doses", None)] == "advise"


@pytest.mark.parametrize("name", FINE)
def test_a_search_looks_at_no_more_than_400_daily_doses(name: str) -> None:
    assert 0 < len(lay(read(FINE[name])).dailies) <= MOST_DAILIES


def test_300_mg_of_0_1_ml_steps_is_taken_in_the_least_multiple_that_is_few_enough() -> None:
    """3000 syringe steps: 0.7 mL gives 428 daily doses, 0.8 mL gives 375."""
    answer = ask(ONE_TIME)
    message = next(finding["message"] for finding in answer["findings"] if finding["code"] == "tidy-doses")
    assert "0.8 mL of the 1 mg/mL solution" in message
    assert all(dose % Fraction("0.8") == 0 for dose in daily_doses(answer)[1:])


def test_only_the_target_is_no_multiple() -> None:
    """From 300 to 10.1 mg are 2899 syringe steps, in multiples of eight: 363 daily doses."""
    *higher, target = daily_doses(ask(ONE_TIME | {"target": "10.1"}))[1:]
    assert target == Fraction("10.1")
    assert all(dose % Fraction("0.8") == 0 for dose in higher)


@pytest.mark.parametrize("daily", ["40", "40.1"])
def test_400_daily_doses_are_looked_at_one_by_one(daily: str) -> None:
    """40 mg in 0.1 mg steps are 400 doses; one more is one too many."""
    said = "tidy-doses" in codes(ask(inline(FINE_LIQUID, {"morning": daily}, **USUAL)))
    assert said == (daily == "40.1")


def test_tablets_that_nobody_could_take_at_one_time_are_refused_at_their_time() -> None:
    with pytest.raises(BadInput) as refused:
        ask(inline(FINE_TABLETS, dict.fromkeys(FOUR_TIMES, "50"), **USUAL))
    assert refused.value.field == "regimen.morning"
    assert "40 pieces" in refused.value.allowed


def test_coarse_products_say_nothing_of_multiples() -> None:
    assert "tidy-doses" not in codes(ask(BACLOFEN))


def test_no_smallest_cut_is_claimed_where_only_multiples_were_looked_at() -> None:
    """From 3.2 to 2.4 mg is more than a fifth; the syringe could measure 3.1 mg."""
    answer = proposed(ONE_TIME)
    over = [explain_step(answer, step) for step in answer.steps if step.over_limit]
    assert over
    assert not [why for why in over if "nearest" in why.sentence or "no smaller cut" in why.makes]


def test_refusal_under_multiples_claims_nothing_of_the_products() -> None:
    """300 mg in 0.1 mL steps are compared in multiples of 0.8 mL: a smaller cut can be made, but was not looked at."""
    asked = inline({"solution-1": {"form": "solution", "strength": "1", "step_ml": "0.1"}}, {"morning": "300"})
    answer = ask(asked | {"limit": {"cut": "20%", "of": "current", "days": 7}, "coarse": "refuse"})
    said = next(finding["message"] for finding in answer["findings"] if finding["code"] == "stuck")
    assert "the smallest cut among the doses compared is 0.8 mg" in said
    assert "these products make" not in said

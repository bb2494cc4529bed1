"""The second reckoning agrees with the engine, and sees every number that is changed."""

from collections.abc import Callable
from copy import deepcopy

import pytest
from hypothesis import given

from planner.recheck import recheck
from tests.taper.arithmetic import any_request, schedule_for
from tests.taper.asking import Json, ask
from tests.taper.strategies import examples, full_requests, requests

TABLETS = {
    "medicine": "baclofen",
    "products": ["tablet-10"],
    "regimen": {"morning": "20", "midday": "20", "evening": "20"},
    "start": "2026-12-07",
    "pace": [{"cut": "10%", "every": 7}],
    "limit": {"cut": "20%", "days": 7},
}
BOTH = TABLETS | {"products": ["tablet-10", "solution-1"]}
STAYS = TABLETS | {"regimen": {"morning": "10", "midday": "5", "evening": "10"}, "target": "10"}
HELD = BOTH | {"pace": [{"cut": "5%", "every": 2}], "fill_days": 11}
PHASES = TABLETS | {"pace": [{"cut": "5 mg", "every": 14, "down_to": "50%"}, {"cut": "5 mg", "every": 7}]}
STRETCHED = TABLETS | {"coarse": "stretch"}
WEDNESDAYS = TABLETS | {"change_on": ["wed"]}
IN_TURN = TABLETS | {"shape": "one-time-first"}
IN_TIME = TABLETS | {"pace": None, "end_by": "2027-03-01"}
REVISED = TABLETS | {
    "regimen": {"morning": "15", "midday": "10", "evening": "15"},
    "starting": "60",
    "history": [
        {"start": "2026-11-20", "days": 11, "regimen": {"morning": "20", "midday": "15", "evening": "20"}},
        {"start": "2026-12-01", "days": 6, "regimen": {"morning": "15", "midday": "10", "evening": "15"}},
    ],
    "on_hand": {"tablet-10": "30"},
}
HELD_BY_HAND = TABLETS | {"edits": [{"step": 3, "days": 14}]}
OTHER_PRODUCT = TABLETS | {"edits": [{"step": 8, "products": ["tablet-10", "solution-1"]}]}
REQUESTS = {
    "tablets": TABLETS, "with a liquid": BOTH, "ends above zero": STAYS, "held": HELD, "phases": PHASES,
    "stretched": STRETCHED, "on wednesdays": WEDNESDAYS, "in turn": IN_TURN, "in time": IN_TIME, "revised": REVISED,
    "held by hand": HELD_BY_HAND, "another product": OTHER_PRODUCT,
}  # fmt: skip
PRODUCTS: dict[str, Json] = {
    "tablet-10": {"strength": "10", "liquid": False, "divides": 2, "step_ml": None},
    "solution-1": {"strength": "1", "liquid": True, "divides": 1, "step_ml": "0.5"},
}


def plain(product: Json) -> Json:
    """A product of an inline medicine, as the second reckoning wants it."""
    liquid = product["form"] == "solution"
    return {"divides": 1, "step_ml": None} | product | {"liquid": liquid}


@pytest.mark.parametrize("name", REQUESTS)
def test_agrees_with_the_engine(name: str) -> None:
    assert recheck(ask(REQUESTS[name]), PRODUCTS) == []


@examples(150)
@given(any_request)
def test_agrees_with_the_engine_on_random_requests(request: Json) -> None:
    products = {key: plain(product) for key, product in request["medicine"]["products"].items()}
    assert recheck(schedule_for(request), products) == []


@examples(90)
@given(requests(new_fields=True))
def test_agrees_with_the_engine_on_random_requests_of_other_ways(request: Json) -> None:
    products = {key: plain(product) for key, product in request["medicine"]["products"].items()}
    assert recheck(schedule_for(request), products) == []


@examples(60)
@given(full_requests())
def test_agrees_with_the_engine_on_odd_amounts_and_defaults(request: Json) -> None:
    products = {key: plain(product) for key, product in request["medicine"]["products"].items()}
    assert recheck(schedule_for(request), products) == []


Change = Callable[[Json], object]


def over_limit_of(answer: Json) -> Json:
    return next(finding for finding in answer["findings"] if finding["code"] == "over-limit")


def shifted(answer: Json) -> None:
    """The whole schedule as it is, for a request that begins a day later."""
    answer["request"]["start"] = "2026-12-08"


def rising_time(answer: Json) -> None:
    """40 as 10, 10, 20 after 15, 15, 15: consistent in itself, but one time rises."""
    step = answer["steps"][3]
    step["regimen"] = {"morning": "10", "midday": "10", "evening": "20"}
    step["take"] = {time: [{"product": "tablet-10", "units": units}] for time, units in _TAKEN.items()}


_TAKEN = {"morning": "1", "midday": "1", "evening": "2"}


def all_daily_doses_alike(answer: Json) -> None:
    """A step with the doses and pieces of the one before."""
    earlier, step = answer["steps"][2:4]
    step |= {key: deepcopy(earlier[key]) for key in ("regimen", "daily", "take")}
    step |= {"cut": "0", "cut_of_current": "0.0", "cut_of_starting": "0.0"}


def without_stop(answer: Json) -> None:
    answer["steps"].pop()
    answer |= {"ends": answer["steps"][-1]["start"], "days": answer["days"] - 7}


def quartered(answer: Json) -> None:
    """Three quarters of a tablet twice, which make the dose."""
    answer["steps"][3]["take"]["morning"] = [{"product": "tablet-10", "units": "0.75"}] * 2


def longer_fill(answer: Json) -> None:
    """The last fill goes on with a day on which nothing is taken."""
    answer["supply"]["fills"][-1]["end"] = "2027-02-22"


def fills_apart(answer: Json) -> None:
    answer["supply"]["fills"][1]["start"] = "2027-01-05"


def empty_units(answer: Json) -> None:
    answer["supply"]["fills"][0]["units"]["solution-1"] = "0"


def empty_dispense(answer: Json) -> None:
    answer["supply"]["fills"][0]["dispense"]["solution-1"] = "0"


def late_stop(answer: Json) -> None:
    """A request that may stop from 10 mg, with a schedule that goes on to 5."""
    answer["request"]["final_dose"] = "10"


CHANGES: dict[str, tuple[str, Change]] = {
    "a date": ("due on", lambda a: a["steps"][3].update(start="2026-12-29")),
    "a length": ("due on", lambda a: a["steps"][3].update(days=8)),
    "an end of a step": ("ends on", lambda a: a["steps"][3].update(end="2027-01-04")),
    "the first day": ("the first change is on", shifted),
    "a dose": ("do not add up", lambda a: a["steps"][3]["regimen"].update(morning="20")),
    "a daily dose": ("do not add up", lambda a: a["steps"][3].update(daily="41")),
    "a time that rises": ("the evening dose rises", rising_time),
    "a daily dose that stays": ("does not fall", all_daily_doses_alike),
    "a time left out": ("the times are", lambda a: a["steps"][9]["regimen"].pop("midday")),
    "the stop missing": ("not at the target", without_stop),
    "another target": ("not at the target", lambda a: a["request"].update(target="2.5")),
    "a stop with days": ("takes no days", lambda a: a["steps"][-1].update(days=7)),
    "a late stop": ("later than the final dose", late_stop),
    "an early stop": ("above the final dose", lambda a: a["request"].update(final_dose="2.5")),
    "a piece": ("the pieces make", lambda a: a["steps"][3]["take"]["morning"][0].update(units="2")),
    "a time without pieces": ("the pieces make", lambda a: a["steps"][3]["take"].pop("morning")),
    "pieces without a time": ("the pieces make", lambda a: a["steps"][3]["take"].update(bedtime=_ONE)),
    "pieces at the stop": ("the pieces make", lambda a: a["steps"][-1]["take"].update(morning=_ONE)),
    "quarters of a tablet in halves": ("0.75 of tablet-10 cannot be taken", quartered),
    "no piece": ("cannot be taken", lambda a: a["steps"][3]["take"]["morning"].append(_NO_PIECE)),
    "too many pieces": ("more than 1 pieces", lambda a: a["request"].update(max_units="1")),
    "a product not asked for": ("not among the products", lambda a: a["request"].update(products=["solution-1"])),
    "a product not known": ("not among the products", lambda a: a["supply"]["total"].update({"tablet-99": "1"})),
    "a cut": ("the cut is", lambda a: a["steps"][3].update(cut="6")),
    "a percent": ("the cut is", lambda a: a["steps"][3].update(cut_of_current="11.2")),
    "a percent of starting": ("the cut is", lambda a: a["steps"][3].update(cut_of_starting="8.4")),
    "a breach hidden": ("over the limit is True", lambda a: a["steps"][8].update(over_limit=False)),
    "a breach invented": ("over the limit is False", lambda a: a["steps"][3].update(over_limit=True)),
    "a breach in a full window": ("in its window", lambda a: a["request"]["limit"].update(days=8)),
    "a breach without its finding": ("the findings over", lambda a: a["findings"].remove(over_limit_of(a))),
    "a breach without a reason": ("the findings over", lambda a: over_limit_of(a).update(severity="advise")),
    "a finding without its breach": ("the findings over", lambda a: over_limit_of(a).update(step=1)),
    "a phase that is longer": ("due are 8", lambda a: a["request"]["pace"][0].update(every=8)),
    "a wished-for dose": ("the wished-for dose is 54", lambda a: a["steps"][0].update(preferred="55")),
    "a wished-for dose past the limit": ("the wished-for", lambda a: a["request"]["pace"][0].update(cut="25%")),
    "a wished-for dose at the stop": ("the wished-for dose is 0", lambda a: a["steps"][-1].update(preferred="4.5")),
    "a number": ("numbered", lambda a: a["steps"][3].update(number=5)),
    "a unit of the pace": ("the unit is now", lambda a: a["request"]["pace"][0].update(cut="5 mcg")),
    "a unit": ("the unit is now", lambda a: a["steps"][3].update(unit="mcg")),
    "a fill": ("needs", lambda a: a["supply"]["fills"][0]["units"].update({"tablet-10": "134"})),
    "a fill of nothing": ("needs", empty_units),
    "a dispensing": ("hands out", lambda a: a["supply"]["fills"][0]["dispense"].update({"tablet-10": "134"})),
    "a dispensing of nothing": ("hands out", empty_dispense),
    "a dispensing missing": ("hands out", lambda a: a["supply"]["fills"][0]["dispense"].clear()),
    "a total": ("the supply is", lambda a: a["supply"]["total"].update({"tablet-10": "232"})),
    "a total of nothing": ("the supply is", lambda a: a["supply"]["total"].update({"solution-1": "0"})),
    "a fill missing": ("due are", lambda a: a["supply"]["fills"].pop()),
    "a fill too long": ("the fills are", longer_fill),
    "fills apart": ("the fills are", fills_apart),
    "fills of other days": ("the fills are", lambda a: a["request"].update(fill_days=27)),
    "the end": ("the end is", lambda a: a.update(ends="2027-02-23")),
    "the days to the end": ("the end is", lambda a: a.update(days=78)),
}
_ONE = [{"product": "tablet-10", "units": "1"}]
_NO_PIECE = {"product": "tablet-10", "units": "0"}


@pytest.mark.parametrize("name", CHANGES)
def test_sees_a_changed_number(name: str) -> None:
    words, change = CHANGES[name]
    answer = ask(TABLETS)
    answer["request"]["products"].append("solution-1")  # so that naming it is not a fault of its own
    change(answer)
    assert words in "; ".join(recheck(answer, PRODUCTS))


def test_sees_a_liquid_off_its_syringe() -> None:
    answer = ask(BOTH | {"products": ["solution-1"]})
    coarser = {"solution-1": PRODUCTS["solution-1"] | {"step_ml": "1.5"}}
    assert "cannot be taken" in "; ".join(recheck(answer, coarser))


def test_sees_a_step_that_belongs_to_the_slower_phase() -> None:
    answer = ask(PHASES)
    answer["request"]["pace"][0]["down_to"] = "25 mg"
    assert recheck(answer, PRODUCTS) == ["step 7 takes 7 days, due are 14"]


def test_sees_a_supply_that_ends_before_its_fill() -> None:
    answer = ask(STAYS)
    answer["supply"]["fills"][-1]["end"] = answer["steps"][-1]["end"]
    assert "the fills are" in "; ".join(recheck(answer, PRODUCTS))


def test_sees_a_first_dose_above_the_one_taken_now() -> None:
    answer = ask(TABLETS)
    answer["request"]["regimen"]["evening"] = "15"
    assert "step 1: the evening dose rises from 15 to 20" in recheck(answer, PRODUCTS)


NEW_FAULTS: dict[str, tuple[Json, str, Change]] = {
    "a hold cut short": (STRETCHED, "due are", lambda a: a["request"]["limit"].update(days=9)),
    "the last dose cut short": (STRETCHED, "due are 28", lambda a: a["steps"][9].update(days=28)),
    "a change on another day": (WEDNESDAYS, "begins on a wed", lambda a: a["request"].update(change_on=["thu"])),
    "a start too early": (WEDNESDAYS, "the first change", lambda a: a["request"].update(start="2026-12-10")),
    "a starting dose": (REVISED, "of starting", lambda a: a["request"].update(starting="80")),
    "a dose of the past": (REVISED, "over the limit is True", lambda a: a["request"].update(history=past_at_100())),
    "what is on hand": (REVISED, "hands out", lambda a: a["request"]["on_hand"].update({"tablet-10": "10"})),
    "a product of no edit": (OTHER_PRODUCT, "not among", lambda a: a["request"].update(edits=HELD_BY_HAND["edits"])),
}


def past_at_100() -> list[Json]:
    return [{"start": "2026-11-20", "days": 17, "regimen": {"morning": "100"}}]


@pytest.mark.parametrize("name", NEW_FAULTS)
def test_sees_a_changed_number_of_other_ways(name: str) -> None:
    request, words, change = NEW_FAULTS[name]
    answer = deepcopy(ask(request))
    change(answer)
    assert words in "; ".join(recheck(answer, PRODUCTS))

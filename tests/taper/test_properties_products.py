"""What else a schedule always is, where it takes a second look at what the products make, or at another request.

PLANNER_TEST_EXAMPLES=50 looks at fifty times as many requests.
"""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from planner.taper import BadInput
from tests.taper.arithmetic import any_request, breach, codes, cuts, daily_doses, schedule_for, severities
from tests.taper.asking import Json, ask, proposed
from tests.taper.brute_rules import Rules
from tests.taper.strategies import cuts as cut_sizes
from tests.taper.strategies import examples, least_dose, requests, show

few_doses = st.one_of(requests(most=20), requests(most=20, new_fields=True))


def makeable(rules: Rules) -> set[Fraction]:
    """Every daily dose below the one now that the products make in the request's shape."""
    return {sum(regimen, Fraction(0)) for regimen in rules.regimens}


# 2. Where max_units rules out a smaller cut, that is said.


@examples(100)
@given(few_doses)
def test_most_pieces_are_said_to_bind_where_more_would_allow_a_smaller_cut(request: Json) -> None:
    answer = schedule_for(request)
    now = makeable(Rules(request))
    freer = makeable(Rules(request | {"max_units": "1000"})) - now
    binds = [
        step["number"]
        for before, step in cuts(answer)
        if Fraction(step["daily"]) < Fraction(step["preferred"])
        and any(Fraction(step["daily"]) < dose < before for dose in freer)
    ]
    assert severities(answer, "max-units-binds") == dict.fromkeys(binds[:1], "advise")


# 3. A cut over the limit is the smallest that the products allow.


@examples(120)
@given(few_doses)
def test_a_cut_over_the_limit_is_the_smallest_that_the_products_allow(request: Json) -> None:
    answer = schedule_for(request)
    regimens = [answer["request"]["regimen"], *(step["regimen"] for step in answer["steps"])]
    rules = Rules(request)
    bottom = Fraction(request.get("target", "0"))
    for before, step in zip(regimens, answer["steps"], strict=False):
        if step["over_limit"]:
            doses = tuple(Fraction(before[time]) for time in rules.times)
            lower = [r for r in rules.regimens if r != doses and all(a <= b for a, b in zip(r, doses, strict=True))]
            assert Fraction(step["daily"]) == max(sum(r) for r in lower if sum(r) >= bottom)


@examples(100)
@given(st.one_of(requests(most=40), requests(most=40, new_fields=True)))
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


@examples(100)
@given(requests(most=40, new_fields=True))
def test_stretch_makes_the_same_cuts_later_and_still_asks_for_a_reason(request: Json) -> None:
    if "end_by" in request:
        reject()
    flagged, stretched = (schedule_for(request | {"coarse": coarse}) for coarse in ("flag", "stretch"))
    assert [step["regimen"] for step in stretched["steps"]] == [step["regimen"] for step in flagged["steps"]]
    assert severities(stretched, "over-limit") == severities(flagged, "over-limit")
    assert all(
        later["start"] >= step["start"] for step, later in zip(flagged["steps"], stretched["steps"], strict=True)
    )


# 4. A final dose that cannot be reached is refused; a makeable dose below it is said.


@examples(100)
@given(few_doses)
def test_makeable_doses_below_the_final_dose_are_said(request: Json) -> None:
    answer = schedule_for(request)
    final = Fraction(answer["request"]["final_dose"])
    lower = request.get("target", "0") == "0" and any(dose < final for dose in makeable(Rules(request)))
    assert severities(answer, "final-dose") == ({None: "advise"} if lower else {})


@examples(60)
@given(st.one_of(requests(), requests(new_fields=True)), st.integers(1, 9))
def test_a_final_dose_that_the_products_cannot_reach_is_refused(request: Json, tenths: int) -> None:
    products = request["medicine"]["products"]
    smallest = min(least_dose(products[key]) for key in request.get("products", products))
    doses = [Fraction(dose) for dose in request["regimen"].values()]
    if smallest > max(doses) or smallest >= sum(doses):
        reject()  # the products make nothing lower, whatever the final dose
    request = request | {"target": "0", "final_dose": show(smallest * tenths / 10)}
    with pytest.raises(BadInput) as refused:
        ask(request)
    assert refused.value.field == "final_dose"


# 5. A target that cannot be made is refused. A current dose that cannot be made is no error.


@examples(60)
@given(st.one_of(requests(), requests(new_fields=True)), st.integers(0, 40))
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
    halved = {"tablet-10": {"form": "tablet", "strength": "10", "divides": 2}}
    answer = ask(
        {
            "medicine": {"name": "Example", "unit": "mg", "products": halved},
            "regimen": {time: f"{tenths // 10}.{tenths % 10}"},
            "start": "2026-12-07",
            "pace": [{"cut": "10%", "of": "current", "every": 7}],
            "limit": {"cut": "20%", "of": "current", "days": 7},
        }
    )
    assert answer["outcome"] == "proposed"
    assert Fraction(answer["steps"][0]["daily"]) < Fraction(tenths, 10)


# 9. The ceiling bounds what a clinic may set. A prescriber may pass it, with a reason.


@examples(60)
@given(any_request, st.data())
def test_a_cut_above_the_ceiling_needs_a_reason(request: Json, data: st.DataObject) -> None:
    unit = min(map(least_dose, request["medicine"]["products"].values()))
    percents = ["5", "10", "20", "25", "40"]
    ceiling = {**data.draw(cut_sizes(unit, percents)), "days": data.draw(st.sampled_from([1, 7, 14, 28]))}
    answer = schedule_for(request | {"medicine": request["medicine"] | {"ceiling": ceiling}})
    above = {
        step["number"]
        for _, step in cuts(answer)
        if breach(answer, ceiling, date.fromisoformat(step["start"]), Fraction(step["daily"])) > 0
    }
    assert severities(answer, "over-ceiling") == dict.fromkeys(above, "acknowledge")


# A wished-for last date: the least preferred cut that ends in time


@examples(60)
@given(requests(), st.integers(10, 500), st.integers(-8, 1))
def test_a_tenth_of_a_percent_less_would_end_too_late(request: Json, tenths: int, later: int) -> None:
    """Around the last date of some pace. A refusal names the date that cuts up to the limit reach: that is kept."""
    pace = {"of": "current", "every": request["limit"]["days"]}
    rest = {name: value for name, value in request.items() if name not in ("pace", "coarse")} | {"coarse": "flag"}
    ends = date.fromisoformat(schedule_for(rest | {"pace": [pace | percent(tenths)]})["ends"])
    end_by = max(request["start"], (ends + timedelta(days=later)).isoformat())
    open_pace = rest | {"pace": [pace]}
    answer = ask(open_pace | {"end_by": end_by})
    if answer["outcome"] == "refused":
        kept = proposed(open_pace | {"end_by": end_by}).ends
        assert kept is not None
        assert kept.isoformat() > end_by
        assert ask(open_pace | {"end_by": kept.isoformat()})["ends"] == kept.isoformat()
        return
    found = round(10 * Fraction(answer["request"]["pace"][0]["cut"][:-1]))
    assert answer["ends"] <= end_by
    assert found == 1 or ask(rest | {"pace": [pace | percent(found - 1)]})["ends"] > end_by


def percent(tenths: int) -> Json:
    return {"cut": f"{show(Fraction(tenths, 10))}%"}

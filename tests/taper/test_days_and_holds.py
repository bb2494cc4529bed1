"""When the first lower dose comes, whose pace and limit hold, what pieces allow, and what is said of it; by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from planner.formulary import find_medicine, inline_medicine
from planner.taper import BadInput, Context, answer_json, check, parse_request, ways_out
from planner.taper.medicine import Change, Limit, Phase
from tests.taper.asking import Json, ask, proposed, read
from tests.taper.test_examples import BACLOFEN, SOLUTION_1, TABLET_5, TABLET_10, inline
from tests.taper.test_rules_edges import message, of_code


def taken(start: str, days: int, dose: str) -> Json:
    return {"start": start, "days": days, "regimen": {"morning": dose}}


# The start, which is Monday 7 December 2026

LIQUID: Json = inline({"solution-1": SOLUTION_1}, {"morning": "40"}, target="35") | {
    "pace": [{"cut": "5 mg", "every": 7}],
    "limit": {"cut": "20%", "of": "current", "days": 14},
}
FROM_50 = [taken("2026-11-02", 30, "50"), taken("2026-12-02", 5, "40")]
SINCE_NOVEMBER = [taken("2026-11-27", 10, "20")]
COARSE = inline({"tablet-5": TABLET_5}, {"morning": "20"}, target="15", coarse="stretch") | {
    "limit": {"cut": "20%", "of": "current", "days": 7},
}


@pytest.mark.parametrize(
    ("request_data", "start", "why"),
    [
        (LIQUID | {"change_on": ["thu"]}, "2026-12-10", "a dose may not change on that weekday"),
        (LIQUID | {"history": FROM_50}, "2026-12-16", "a cut before it is still in the limit's window"),
        (LIQUID | {"history": FROM_50, "change_on": ["thu"]}, "2026-12-17", "a cut before it is still in"),
        (COARSE | {"history": SINCE_NOVEMBER}, "2026-12-11", "before a cut over the limit the dose now is held longer"),
    ],
    ids=["weekday", "window", "window and weekday", "hold"],
)
def test_start_that_moved_says_why(request_data: Json, start: str, why: str) -> None:
    """10 of 50 mg are gone since 2 December, all that 14 days allow. 5 mg of 20, where 4 mg may go in 7 days, are held
    8.75 days, in whole weeks 14."""
    answer = ask(request_data)
    assert answer["steps"][0]["start"] == start
    assert of_code(answer, "start-moved") == [(1, "advise")]
    assert why in message(answer, "start-moved")


def test_start_on_an_allowed_day_is_kept_and_nothing_is_said() -> None:
    answer = ask(LIQUID | {"change_on": ["mon", "thu"]})
    assert answer["steps"][0]["start"] == "2026-12-07"
    assert of_code(answer, "start-moved") == []


def test_a_phase_that_was_passed_before_the_first_cut_is_not_said_to_be_slowed() -> None:
    """10 mg a week would pass 10 mg in 14 days, but from 20 mg only the second phase is ever reached."""
    pace = [{"cut": "10 mg", "every": 7, "down_to": "40 mg"}, {"cut": "5 mg", "every": 14}]
    answer = ask(inline({"tablet-5": TABLET_5}, {"morning": "20"}, pace=pace, limit={"cut": "10 mg", "days": 14}))
    assert of_code(answer, "pace-slowed") == []
    above = inline({"tablet-5": TABLET_5}, {"morning": "60"}, pace=pace, limit={"cut": "10 mg", "days": 14})
    assert len(of_code(ask(above | {"max_units": "12"}), "pace-slowed")) == 1


# A wished-for last date


def test_limit_below_a_tenth_of_a_percent_is_answered_with_a_date() -> None:
    request = BACLOFEN | {"limit": {"cut": "0.05%", "of": "current", "days": 7}, "end_by": "2027-02-22"}
    answer = ask({name: value for name, value in request.items() if name != "pace"})
    assert (answer["outcome"], answer["ends"], answer["days"]) == ("proposed", "2027-02-22", 77)


def ending_by(day: str) -> Json:
    """20 mg in 5 mg tablets, the last dose 10 mg, at most 30 % of the current dose in 7 days: 15, then 10, then the
    stop take two weeks."""
    request = inline({"tablet-5": TABLET_5}, {"morning": "20"}, final_dose="10", end_by=day)
    del request["pace"]
    return request | {"limit": {"cut": "30%", "of": "current", "days": 7}}


def test_date_too_early_is_refused_with_the_limit_and_the_date_that_would_do() -> None:
    """A day less leaves one cut, of 10 from 20 mg: 50 %, 20 points more than 30."""
    answer = proposed(ending_by("2026-12-20"))
    assert [(found.code, found.severity) for found in answer.findings] == [("end-by", "refuse")]
    assert answer.findings[0].message == (
        "No preferred cut up to the limit ends by 20 December 2026. With a limit of 50 % of the current dose in 7 days "
        "one does, 20 percentage points more. Cuts up to the limit end on 21 December 2026."
    )
    (way,) = ways_out(answer)
    assert (way.title, way.words) == (
        "End by 21 December 2026", "One cut is over the limit. The last dose is on 20 December 2026.",
    )  # fmt: skip
    assert way.changes == {"end_by": "2026-12-21"}


def test_limit_that_would_do_may_be_the_next_tenth() -> None:
    answer = ask(ending_by("2026-12-20") | {"limit": {"cut": "49.9%", "days": 7}})
    assert "With a limit of 50 % of the current dose in 7 days one does, 0.1 percentage points more" in message(
        answer, "end-by"
    )


def test_date_that_cuts_up_to_the_limit_reach_is_the_first_that_does() -> None:
    request = {name: value for name, value in BACLOFEN.items() if name != "pace"}
    assert "Cuts up to the limit end on 8 February 2027." in message(ask(request | {"end_by": "2027-02-07"}), "end-by")
    assert ask(request | {"end_by": "2027-02-08"})["ends"] == "2027-02-08"


@pytest.mark.parametrize(
    ("products", "now", "changes"),
    [
        (
            {"tablet-0.5": TABLET_5 | {"strength": "0.5", "divides": 1}},
            "0.5",
            {"change_on": ["wed"], "end_by": "2026-12-08"},
        ),
        ({"tablet-2": TABLET_5 | {"strength": "2", "divides": 2}}, "3", {"starting": "3.5", "end_by": "2026-12-07"}),
    ],
    ids=["no lower dose can be made", "a starting dose that the products cannot make"],
)
def test_date_too_early_is_refused_whatever_the_products_make(products: Json, now: str, changes: Json) -> None:
    request = inline(products, {"morning": now}, **changes)
    del request["pace"]
    answer = ask(request | {"limit": {"cut": "0.5 mg", "days": 1}})
    assert (answer["outcome"], [found["code"] for found in answer["findings"]]) == ("refused", ["end-by"])


def test_least_cut_is_found_though_a_larger_one_ends_later() -> None:
    """5 mg twice from 60 are within a fifth in 28 days, and may come 7 days apart. Preferred cuts from 5.5 % on, four
    in 28 days, would pass it: their steps take 14 days, and from 10.6 % on 28."""
    request = inline({"tablet-5": TABLET_5}, {"morning": "60"}, target="50", end_by="2026-12-14", max_units="12")
    medicine = request["medicine"] | {"pace": [{"cut": "10%", "of": "current", "every": 7}]}
    request |= {"medicine": medicine, "pace": None, "limit": {"cut": "20%", "of": "current", "days": 28}}
    answer = ask(request)
    assert [(step["start"], step["daily"]) for step in answer["steps"]] == [("2026-12-07", "55"), ("2026-12-14", "50")]
    assert "0.1 % of the current dose every 7 days" in message(answer, "end-by")


@pytest.mark.parametrize(("limit", "outcome"), [("50%", "proposed"), ("49.9%", "refused")])
def test_limit_that_is_named_is_the_least_that_does(limit: str, outcome: str) -> None:
    assert ask(ending_by("2026-12-20") | {"limit": {"cut": limit, "days": 7}})["outcome"] == outcome


# Pieces at one time

TENS_AND_TWENTIES = {"tablet-20": TABLET_10 | {"strength": "20"}, "tablet-10": TABLET_10}


@pytest.mark.parametrize(("most", "pieces"), [("2", {"tablet-20": "1", "tablet-10": "1"}), ("3", {"tablet-10": "3"})])
def test_30_mg_are_two_pieces_where_no_more_are_allowed(most: str, pieces: dict[str, str]) -> None:
    """Three tens weigh 3, a twenty and a ten 2 and 2 for the second product."""
    answer = ask(inline(TENS_AND_TWENTIES, {"morning": "40"}, max_units=most))
    assert [step["daily"] for step in answer["steps"]] == ["30", "20", "10", "0"]
    assert {portion["product"]: portion["units"] for portion in answer["steps"][0]["take"]["morning"]} == pieces


def test_half_is_taken_where_whole_pieces_would_be_too_many() -> None:
    """30 mg as two fifteens are 2 pieces, as one and a half twenties 1.5 and one divided."""
    products = {"tablet-20": TABLET_10 | {"strength": "20", "divides": 2}, "tablet-15": TABLET_10 | {"strength": "15"}}
    request = inline(products, {"morning": "40", "evening": "15"}, max_units="1.5", target="45")
    steps = [{"start": "2026-12-07", "days": 7, "regimen": {"morning": "30", "evening": "15"}}]
    taken = answer_json(check(read(request), steps))["steps"][0]["take"]
    assert taken["morning"] == [{"product": "tablet-20", "units": "1.5"}]
    assert taken["evening"] == [{"product": "tablet-15", "units": "1"}]


def test_pieces_bind_only_where_more_of_them_would_make_the_cut_smaller() -> None:
    """One piece at a time makes 10, 9 and 1 mg: from 10 to 9 nothing lies between, from 9 to 1 all of 8 to 2 do."""
    products = {f"tablet-{mg}": TABLET_10 | {"strength": mg} for mg in ("10", "9", "1")}
    pace = [{"cut": "5%", "of": "current", "every": 7}]
    answer = ask(inline(products, {"morning": "10"}, max_units="1", pace=pace))
    assert [step["daily"] for step in answer["steps"]] == ["9", "1", "0"]
    assert of_code(answer, "max-units-binds") == [(2, "advise")]


def test_pieces_do_not_bind_where_the_wished_for_dose_is_reached() -> None:
    """30 mg are wished for from 60, and three pieces make them; more would make 40 and 50 mg too."""
    answer = ask(
        inline({"tablet-10": TABLET_10}, {"morning": "60"}, max_units="3", pace=[{"cut": "30 mg", "every": 7}])
    )
    assert (answer["steps"][0]["daily"], answer["steps"][0]["preferred"]) == ("30", "30")
    assert of_code(answer, "max-units-binds") == []


# Pace and limit: whose they are


def test_preferred_cut_as_large_as_the_limit_is_not_above_it() -> None:
    request = BACLOFEN | {"pace": [{"cut": "20%", "of": "current", "every": 7}]}
    assert of_code(ask(request), "preferred-above-limit") == []
    assert of_code(ask(request | {"pace": [{"cut": "20.1%", "every": 7}]}), "preferred-above-limit") == [(1, "advise")]


def test_the_clinics_pace_and_limit_come_before_the_medicines() -> None:
    pace = (Phase(Change(Decimal(5), "current"), 14),)
    limit = Limit(Change(Decimal(15), "current"), 7)
    request = read({key: BACLOFEN[key] for key in ("medicine", "regimen", "start")}, Context(pace=pace, limit=limit))
    assert (request.pace, request.limit) == (pace, limit)


def limited(*limits: Limit, **fields: object) -> Limit:
    """The limit of a request with factors of these limits, all of which hold."""
    medicine = find_medicine("baclofen")
    factors = [replace(medicine.factors[0], key=f"factor-{n}", limit=limit) for n, limit in enumerate(limits)]
    medicine = replace(medicine, factors=tuple(factors))
    asked = BACLOFEN | {"factors": [factor.key for factor in factors], **fields}
    return parse_request(asked, lambda key: medicine, inline_medicine).limit


def test_strictest_of_all_limits_holds_and_none_multiplies() -> None:
    """Of 60 mg: 20 % in 7 days are 1.7 mg a day, 10 % in 7 days 0.86, 5 mg in 7 days 0.71, 12 mg in 14 days 0.86."""
    tenth, five, twelve = (
        Limit(Change(Decimal(10), "current"), 7), Limit(Change(Decimal(5), None), 7),
        Limit(Change(Decimal(12), None), 14),
    )  # fmt: skip
    assert limited(tenth) == tenth
    assert limited(tenth, five) == limited(five, tenth) == five
    assert limited(tenth, limit={"cut": "5%", "days": 7}) == Limit(Change(Decimal(5), "current"), 7)
    assert limited(Limit(Change(Decimal(9), None), 7), twelve) == twelve


def test_percents_of_a_medicines_own_phases_are_of_the_starting_dose() -> None:
    """Half of 80 mg, where 60 mg is taken now."""
    request = inline({"tablet-5": TABLET_5}, {"morning": "60"}) | {"starting": "80"}
    pace = [{"cut": "5 mg", "every": 7, "down_to": "50%"}, {"cut": "5 mg", "every": 14}]
    own = {name: value for name, value in request.items() if name != "pace"}
    own["medicine"] = request["medicine"] | {"pace": pace}
    for asked in (request | {"pace": pace}, own):
        answer = ask(asked | {"max_units": "12"})
        assert answer["request"]["pace"][0]["down_to"] == "40 mg"
        assert [step["daily"] for step in answer["steps"] if step["days"] == 7] == ["55", "50", "45", "40"]


@pytest.mark.parametrize("second", ["40 mg", "30 mg", "50%"])
def test_each_phase_goes_lower_than_the_one_before(second: str) -> None:
    pace = [{"cut": "5 mg", "every": 7, "down_to": down_to} for down_to in ("30 mg", second)]
    with pytest.raises(BadInput) as refused:
        ask(BACLOFEN | {"pace": [*pace, {"cut": "5 mg", "every": 7}]})
    assert refused.value.field == "pace.1.down_to"


def test_later_phase_is_slowed_from_the_dose_at_which_it_begins() -> None:
    """5 mg every 4 days are 10 mg in a week: of 60 mg a fifth is 12, of 30 mg 6. The phase down to 30 mg keeps its
    days, the one after it is slowed to 7."""
    pace = [{"cut": "5 mg", "every": 4, "down_to": "30 mg"}, {"cut": "5 mg", "every": 4}]
    answer = ask(BACLOFEN | {"pace": pace})
    assert [found["message"] for found in answer["findings"] if found["code"] == "pace-slowed"] == [
        "Cuts of this size every 4 days would together pass the limit within 7 days. Each step is taken 7 days instead."
    ]
    assert [(step["daily"], step["days"]) for step in answer["steps"]][-3:] == [("10", 7), ("5", 7), ("0", 0)]


def test_pace_above_the_limit_is_slowed_as_the_cuts_that_are_tried() -> None:
    """30 % every 7 days is tried as 20 %, which one week allows: nothing is slowed."""
    answer = ask(BACLOFEN | {"pace": [{"cut": "30%", "of": "current", "every": 7}]})
    assert of_code(answer, "pace-slowed") == []
    assert answer["steps"][0]["days"] == 7


def test_medicine_begun_after_the_first_lower_dose_is_a_slip() -> None:
    assert read(BACLOFEN | {"taking_since": "2026-12-07"}).taking_since == date(2026, 12, 7)
    with pytest.raises(BadInput) as refused:
        read(BACLOFEN | {"taking_since": "2026-12-08"})
    assert refused.value.field == "taking_since"


# The last dose, the ceiling


def test_lower_doses_than_the_final_one_are_only_spoken_of_before_a_stop() -> None:
    assert of_code(ask(BACLOFEN | {"final_dose": "10"}), "final-dose") == [(None, "advise")]
    assert of_code(ask(BACLOFEN | {"final_dose": "5"}), "final-dose") == []
    assert of_code(ask(BACLOFEN | {"final_dose": "10", "target": "5"}), "final-dose") == []


def test_limit_above_the_ceiling_may_be_asked_for() -> None:
    """The ceiling of a quarter is a clinic's bound; a prescriber may pass it with a reason."""
    request = BACLOFEN | {"limit": {"cut": "40%", "days": 7}, "pace": [{"cut": "40%", "every": 7}]}
    answer = ask(request)
    assert answer["request"]["limit"]["cut"] == "40%"
    assert answer["steps"][0]["daily"] == "40"
    assert (1, "acknowledge") in of_code(answer, "over-ceiling")
    assert [step["daily"] for step in answer["steps"] if step["over_limit"]] == ["5"]  # half of 10 mg


# A running taper


@pytest.mark.parametrize(
    ("history", "field"),
    [
        ([taken("2026-11-20", 15, "50"), taken("2026-12-04", 3, "40")], "history.0.days"),  # a day twice
        ([taken("2026-11-20", 14, "50"), taken("2026-12-04", 4, "40")], "history.1.days"),  # beyond the start
        ([taken("2026-12-04", 3, "50"), taken("2026-12-04", 3, "40")], "history.0.start"),
        ([taken("2026-12-07", 1, "40")], "history.0.start"),
    ],
    ids=["a day twice", "beyond the start", "two from the same day", "from the start on"],
)
def test_past_that_cannot_be_is_named(history: list[Json], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        ask(LIQUID | {"history": history})
    assert refused.value.field == field


def test_past_comes_back_as_it_was_given() -> None:
    """Three days at 45 mg that ended a week before the start, from when on it is 40 mg."""
    history = [taken("2026-11-20", 7, "50"), taken("2026-11-27", 3, "45")]
    answer = ask(LIQUID | {"history": history, "starting": "60"})
    assert (answer["request"]["history"], answer["request"]["starting"]) == (history, "60")
    assert ask(answer["request"]) == answer


def test_taper_did_not_start_below_the_dose_now() -> None:
    assert ask(LIQUID | {"starting": "40"})["outcome"] == "proposed"
    with pytest.raises(BadInput) as refused:
        ask(LIQUID | {"starting": "39"})
    assert refused.value.field == "starting"


def test_last_dose_takes_its_phases_days_where_nothing_is_stretched() -> None:
    """10 mg is taken 14 days, until the window before the cut to 5 mg is clear; 5 mg takes 7."""
    answer = ask(BACLOFEN | {"limit": {"cut": "20%", "of": "current", "days": 14}})
    assert [(step["daily"], step["days"]) for step in answer["steps"]][-3:] == [("10", 14), ("5", 7), ("0", 0)]

"""Each rule at its bounds: a schedule that just keeps it, and one that just does not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from planner.taper import BadInput, Context, answer_json, check
from planner.taper.check import findings_of
from planner.taper.schedule import Finding
from tests.taper.asking import Json, proposed, read
from tests.taper.test_examples import BACLOFEN, SOLUTION_1, TABLET_5, TABLET_10, findings, inline
from tests.taper.test_rules import ONE_TIME, TO_ZERO, TWO_TIMES, checked, step

THRICE = ("morning", "midday", "evening")
LIQUID: Json = {"products": ["solution-1"]}


def of_code(answer: Json, code: str) -> list[tuple[int | None, str]]:
    return [(found["step"], found["severity"]) for found in answer["findings"] if found["code"] == code]


def thrice(morning: str, midday: str, evening: str) -> dict[str, str]:
    return dict(zip(THRICE, (morning, midday, evening), strict=True))


def message(answer: Json, code: str) -> str:
    (found,) = [found["message"] for found in answer["findings"] if found["code"] == code]
    assert isinstance(found, str)
    return found


# Limit, ceiling, stop


def test_cuts_over_the_ceiling_are_those_above_a_quarter() -> None:
    """5 mg of 20 are a quarter, of 15 a third, of 10 a half; the limit of a fifth is passed by all three."""
    answer = answer_json(proposed(BACLOFEN))
    assert of_code(answer, "over-ceiling") == [(10, "acknowledge"), (11, "acknowledge")]
    assert of_code(answer, "over-limit") == [(9, "acknowledge"), (10, "acknowledge"), (11, "acknowledge")]


def test_ceiling_is_passed_in_its_window_too() -> None:
    """60 to 52 to 44 mg in three days: 16 mg, of which a quarter is 15. The limit lets everything through."""
    request = BACLOFEN | LIQUID | {"limit": {"cut": "100%", "days": 7}, "target": "44"}
    answer = checked(request, step(0, 3, **thrice("20", "16", "16")), step(3, 7, **thrice("16", "14", "14")))
    assert of_code(answer, "over-ceiling") == [(2, "acknowledge")]
    assert "60 mg a day falls to 44 mg; 15 mg is allowed: 1 mg over the ceiling of 25 %" in message(
        answer, "over-ceiling"
    )


def test_stop_above_a_final_dose_stricter_than_the_medicines_needs_a_reason() -> None:
    """5 mg is baclofen's own final dose; 4 mg was asked for."""
    request = BACLOFEN | LIQUID | {"regimen": {"morning": "10"}}
    steps = [step(0, 7, morning="5"), step(7, 0, morning="0")]
    assert of_code(checked(request | {"final_dose": "4"}, *steps), "abrupt-end") == [(2, "acknowledge")]
    assert of_code(checked(request | {"final_dose": "5"}, *steps), "abrupt-end") == []


def test_stretched_cut_over_the_limit_is_said_with_its_hold() -> None:
    """5 mg from 20 mg where 4 mg may go in 7 days: held 8.75 days, in whole weeks 14; from 15 mg likewise."""
    answer = answer_json(proposed(BACLOFEN | {"coarse": "stretch"}))
    first, second, _ = [found["message"] for found in answer["findings"] if found["code"] == "over-limit"]
    assert first.endswith(
        "1 mg over the limit of 20 % of the current dose in 7 days. 20 mg a day is taken 14 days before it."
    )
    assert second.endswith("15 mg a day is taken 14 days before it.")


def test_stretched_first_cut_is_said_with_the_days_since_the_history() -> None:
    history = [{"start": "2026-12-04", "days": 3, "regimen": {"morning": "20"}}]
    request = BACLOFEN | {"regimen": {"morning": "20"}, "coarse": "stretch"}
    assert "before it" not in message(answer_json(proposed(request | {"target": "15"})), "over-limit")
    answer = answer_json(proposed(request | {"target": "15", "history": history}))
    assert answer["steps"][0]["start"] == "2026-12-18"
    assert message(answer, "over-limit").endswith("20 mg a day is taken 14 days before it.")


# Days


@pytest.mark.parametrize(("days", "soon"), [(6, [(1, "acknowledge")]), (7, []), (8, [])])
def test_change_sooner_than_a_week_after_another_needs_a_reason(days: int, soon: list[tuple[int, str]]) -> None:
    steps = [step(0, days, **thrice("20", "15", "20")), step(days, 14, **thrice("15", "15", "20"))]
    assert of_code(checked(BACLOFEN | {"target": "50"}, *steps), "too-soon") == soon


def test_stop_may_be_too_soon() -> None:
    """The step that lasts too short a time is named, not the one after it."""
    request = BACLOFEN | {"regimen": {"morning": "15"}}
    answer = checked(request, step(0, 7, morning="10"), step(7, 6, morning="5"), step(13, 0, morning="0"))
    assert of_code(answer, "too-soon") == [(2, "acknowledge")]
    assert "5 mg a day is taken 6 days; the least between changes is 7." in message(answer, "too-soon")


@pytest.mark.parametrize(("days", "short"), [(6, [(None, "acknowledge")]), (7, [])])
def test_whole_taper_shorter_than_a_week_needs_a_reason(days: int, short: list[tuple[None, str]]) -> None:
    """Days in which the dose has not changed yet do not count."""
    request = BACLOFEN | {"regimen": {"morning": "10"}}
    steps = [step(0, 7, morning="10"), step(7, days, morning="5"), step(7 + days, 0, morning="0")]
    assert of_code(checked(request, *steps), "too-short") == short


@pytest.mark.parametrize(
    ("steps", "code", "day"),
    [
        ([step(0, 6, morning="20"), step(7, 7, morning="10"), TO_ZERO], "gap", "13 December 2026"),
        ([step(0, 8, morning="20"), step(7, 7, morning="10"), TO_ZERO], "overlap", "14 December 2026"),
    ],
)
def test_day_that_is_missing_or_doubled_is_named(steps: list[Json], code: str, day: str) -> None:
    found = checked(ONE_TIME, *steps)
    assert "1 day" in message(found, code)
    assert day in message(found, code)
    assert of_code(found, code) == [(2, "block")]


# Doses


def maximum(daily: tuple[str, str, str], country: str | None) -> list[tuple[int | None, str]]:
    answer = answer_json(proposed(BACLOFEN | LIQUID | {"regimen": thrice(*daily)}, Context(country=country)))
    return of_code(answer, "above-maximum")


@pytest.mark.parametrize("country", ["US", None, "FR"])
def test_80_mg_is_the_most_in_the_us_and_wherever_no_maximum_is_known(country: str | None) -> None:
    """The UK's is 100 mg: the least of all holds for a country that has none in the file."""
    assert maximum(("25", "25", "30"), country) == []
    assert maximum(("25", "25", "30.5"), country) == [(None, "acknowledge")]


def test_100_mg_is_the_most_in_the_uk() -> None:
    assert maximum(("30", "30", "40"), "GB") == []
    assert maximum(("30", "30", "40.5"), "GB") == [(None, "acknowledge")]


def test_dose_beyond_300_mg_is_not_plausible() -> None:
    assert read(BACLOFEN | {"regimen": dict.fromkeys(THRICE, "100")}).current == 300
    with pytest.raises(BadInput, match="300 mg a day is not plausible") as refused:
        read(BACLOFEN | {"regimen": dict.fromkeys(THRICE, "101")})
    assert refused.value.field == "regimen"


def test_first_step_above_the_dose_now_rises() -> None:
    answer = checked(ONE_TIME, step(0, 7, morning="50"), step(7, 7, morning="10"), TO_ZERO)
    assert of_code(answer, "dose-rises") == of_code(answer, "time-rises") == [(1, "block")]


def test_first_step_that_moves_a_dose_to_another_time_rises_there() -> None:
    answer = checked(TWO_TIMES, step(0, 7, morning="30", evening="0"), step(7, 0, morning="0", evening="0"))
    assert of_code(answer, "time-rises") == [(1, "block")]
    assert of_code(answer, "dose-rises") == []


def test_dose_at_a_time_not_taken_before_rises() -> None:
    answer = checked(ONE_TIME, step(0, 7, morning="20", bedtime="10"), TO_ZERO)
    assert of_code(answer, "time-rises") == [(1, "block")]
    assert "bedtime dose rises from 0 to 10 mg" in message(answer, "time-rises")


def test_as_many_pieces_as_are_allowed_need_no_reason() -> None:
    request = ONE_TIME | {"max_units": "3"}
    assert of_code(checked(request, step(0, 7, morning="30"), TO_ZERO), "too-many-units") == []


def test_ml_of_a_liquid_are_not_pieces() -> None:
    request = inline({"solution-1": SOLUTION_1, "tablet-10": TABLET_10}, {"morning": "49"}, max_units="4", target="39")
    answer = checked(request, step(0, 7, morning="39"))
    assert answer["steps"][0]["take"]["morning"] == [
        {"product": "solution-1", "units": "9"},
        {"product": "tablet-10", "units": "3"},
    ]
    assert of_code(answer, "too-many-units") == []


@pytest.mark.parametrize("last", ["30", "10"])
def test_target_is_missed_above_and_below_it(last: str) -> None:
    answer = checked(ONE_TIME | {"target": "20"}, step(0, 7, morning=last))
    assert of_code(answer, "target-missed") == [(1, "acknowledge")]


def test_target_that_is_reached_is_not_missed() -> None:
    assert of_code(checked(ONE_TIME | {"target": "20"}, step(0, 7, morning="20")), "target-missed") == []


# Products


def test_product_that_a_change_by_hand_brings_in_may_be_confused() -> None:
    products = {"tablet-10": TABLET_10, "tablet-1": TABLET_10 | {"strength": "1"}}
    request = inline(products, {"morning": "30"}) | {"products": ["tablet-10"]}
    assert of_code(answer_json(proposed(request)), "strength-confusion") == []
    brought_in = request | {"edits": [{"step": 1, "products": ["tablet-10", "tablet-1"]}]}
    assert of_code(answer_json(proposed(brought_in)), "strength-confusion") == [(None, "acknowledge")]


@pytest.mark.parametrize(
    ("products", "confusing"),
    [
        ({"a": SOLUTION_1, "b": SOLUTION_1 | {"step_ml": "0.5"}}, False),  # the same liquid, two syringes
        ({"a": SOLUTION_1, "b": TABLET_10}, False),  # a liquid beside a tablet ten times as strong
        ({"a": TABLET_5, "b": TABLET_5 | {"strength": "50"}}, True),
        ({"a": TABLET_5, "b": TABLET_5 | {"strength": "45"}}, False),
    ],
)
def test_strengths_are_confused_ten_times_apart_or_as_two_liquids(products: dict[str, Json], confusing: bool) -> None:
    answer = answer_json(proposed(inline(products, {"morning": "20"})))
    assert bool(of_code(answer, "strength-confusion")) is confusing


def test_product_not_taken_from_the_first_step_on_is_said_once_with_its_first_day() -> None:
    """25 and 20 mg are tens and a five, or tens; 15 mg is three fives; so the five is new on the second step."""
    request = inline({"tablet-10": TABLET_10, "tablet-5": TABLET_5}, {"morning": "30"}, target="5")
    steps = [step(7 * n, 7, morning=dose) for n, dose in enumerate(("20", "15", "10", "5"))]
    answer = checked(request, *steps)
    assert of_code(answer, "new-product") == [(2, "advise")]
    assert message(answer, "new-product") == "Have at hand: the 5 mg tablet before 14 December 2026 (step 2)."


# Times of day: 8, 14, 20 and 22 o'clock; at most 12 hours apart, three or four times a day, 20 mg at one time


def gaps(*regimens: dict[str, str]) -> list[tuple[int | None, str]]:
    steps = [step(7 * n, 7, **regimen) for n, regimen in enumerate(regimens)]
    return of_code(checked(BACLOFEN | {"target": "5"}, *steps), "dose-gap")


def test_emptied_midday_leaves_twelve_hours_and_is_not_said() -> None:
    assert gaps(thrice("10", "5", "10"), thrice("10", "0", "10")) == []


def test_emptied_evening_leaves_a_night_of_18_hours_and_is_said_once() -> None:
    """14 to 8 o'clock, then 24 hours."""
    assert gaps(thrice("10", "10", "5"), thrice("10", "10", "0"), thrice("10", "0", "0")) == [(2, "advise")]


@pytest.mark.parametrize(
    ("regimen", "said"),
    [
        (thrice("20", "20", "20"), 0),
        ({**thrice("20", "20", "20"), "bedtime": "20"}, 0),
        (thrice("20", "20", "0"), 1),  # a time at zero is none: two times
        ({"morning": "20", "evening": "20"}, 1),
        (thrice("20", "20", "20.5"), 1),  # more than 20 mg at one time
        ({"morning": "60"}, 2),
    ],
    ids=["three times 20", "four times 20", "one of three empty", "twice", "20.5 at one time", "60 once"],
)
def test_number_of_times_and_dose_at_one_time_are_asked_about(regimen: dict[str, str], said: int) -> None:
    answer = answer_json(proposed(BACLOFEN | LIQUID | {"regimen": regimen, "max_units": "4"}))
    assert of_code(answer, "unusual-times") == [(None, "acknowledge")] * said


# What runs already, and today


@pytest.mark.parametrize(("in_force", "back"), [("59.5", [(None, "acknowledge")]), ("60", []), ("80", []), (None, [])])
def test_beginning_above_the_running_plans_dose_needs_a_reason(in_force: str | None, back: list[Any]) -> None:
    context = Context(in_force=None if in_force is None else Decimal(in_force))
    assert of_code(answer_json(proposed(BACLOFEN, context)), "stepped-back") == back


REVISED = BACLOFEN | {
    "history": [
        {"start": "2026-11-02", "days": 21, "regimen": thrice("20", "20", "25")},
        {"start": "2026-11-23", "days": 14, "regimen": thrice("20", "15", "20")},
    ]
}


def test_beginning_above_the_last_of_the_history_needs_a_reason() -> None:
    """65 mg, then 55 mg, now 60 mg again."""
    assert of_code(answer_json(proposed(REVISED)), "stepped-back") == [(None, "acknowledge")]
    same = REVISED | {"regimen": thrice("20", "15", "20")}
    assert of_code(answer_json(proposed(same)), "stepped-back") == []


def test_running_plan_counts_before_the_history() -> None:
    assert of_code(answer_json(proposed(REVISED, Context(in_force=Decimal(60)))), "stepped-back") == []


@pytest.mark.parametrize(("asked_on", "late"), [(date(2026, 12, 8), [(None, "advise")]), (date(2026, 12, 7), [])])
def test_first_lower_dose_in_the_past_is_said(asked_on: date, late: list[Any]) -> None:
    assert of_code(answer_json(proposed(BACLOFEN, Context(asked_on=asked_on))), "late-start") == late


def test_change_on_another_weekday_is_said_and_a_step_without_a_change_is_not() -> None:
    """Monday 7 December: no change. Tuesday 15 December: a change, wished for on Mondays."""
    request = ONE_TIME | {"change_on": ["mon"], "target": "10"}
    answer = checked(request, step(1, 7, morning="40"), step(8, 6, morning="20"), step(14, 7, morning="10"))
    assert of_code(answer, "change-day") == [(2, "advise")]
    assert "15 December 2026 is on a Tuesday" in message(answer, "change-day")


def test_second_taper_is_only_asked_about_for_a_medicine_that_acts_on_the_nervous_system() -> None:
    context = Context(second_taper=True)
    assert of_code(answer_json(proposed(BACLOFEN, context)), "second-taper") == [(None, "acknowledge")]
    assert of_code(answer_json(proposed(ONE_TIME, context)), "second-taper") == []


# Factors, and how far the medicine file is trusted


def test_factors_not_asked_block_nothing_before_an_issue() -> None:
    assert of_code(answer_json(proposed(BACLOFEN)), "factors-not-asked") == []
    assert of_code(answer_json(proposed(BACLOFEN, Context(issuing=True))), "factors-not-asked") == [(None, "block")]


def found_with(context: Context, *, unverified: bool) -> list[tuple[str, str]]:
    request = read(BACLOFEN, context)
    request = replace(request, medicine=replace(request.medicine, unverified=unverified))
    every: list[Finding] = findings_of(request, proposed(BACLOFEN).steps)
    return [(found.code, found.severity) for found in every if found.code.endswith("-medicine")]


def test_medicine_that_nobody_signed_off_needs_a_reason_and_blocks_where_a_figure_is_unverified() -> None:
    assert found_with(Context(), unverified=False) == [("unreviewed-medicine", "acknowledge")]
    assert found_with(Context(), unverified=True) == [("unverified-medicine", "block")]


@pytest.mark.parametrize("unverified", [False, True])
def test_medicine_that_was_signed_off_says_nothing(unverified: bool) -> None:
    assert found_with(Context(signed_off=True), unverified=unverified) == []


def test_medicine_described_by_hand_needs_a_reason_whoever_signed_off() -> None:
    answer = answer_json(proposed(ONE_TIME, Context(signed_off=True)))
    assert of_code(answer, "unverified-medicine") == [(None, "acknowledge")]


def test_factors_are_said_with_their_weight() -> None:
    answer = answer_json(proposed(BACLOFEN | {"factors": ["egfr-30-59", "peptic-ulcer"]}))
    weights = {code: weight for (code, _), weight in findings(answer).items()}
    assert (weights["egfr-30-59"], weights["peptic-ulcer"]) == ("advise", "acknowledge")


def test_factor_that_forbids_a_taper_gives_no_schedule() -> None:
    answer = answer_json(proposed(BACLOFEN | {"factors": ["withdrawal-now"]}))
    assert answer["outcome"] == "refused"
    assert "steps" not in answer
    assert [(f["code"], f["severity"]) for f in answer["findings"]] == [("withdrawal-now", "refuse")]


def test_given_steps_have_no_pace_that_could_be_too_fast_for_a_factor() -> None:
    request = BACLOFEN | {"factors": ["egfr-30-59"]}
    assert of_code(answer_json(proposed(request)), "faster-than-factor") == [(None, "acknowledge")]
    steps = [{key: s[key] for key in ("start", "days", "regimen")} for s in answer_json(proposed(request))["steps"]]
    assert of_code(answer_json(check(read(request), steps)), "faster-than-factor") == []


@pytest.mark.parametrize(("since", "soon"), [("2026-12-01", [(1, "acknowledge")]), ("2026-11-30", [])])
def test_first_cut_sooner_than_a_week_after_the_last_of_the_past_needs_a_reason(
    since: str, soon: list[tuple[int, str]]
) -> None:
    """A cut of 10 mg would wait for the window of 7 days; the limit is wide here, so that only the interval asks."""
    now = thrice("15", "15", "20")
    past = [{"start": "2026-11-16", "regimen": thrice("20", "15", "20")}, {"start": since, "regimen": now}]
    wide = {"cut": "20%", "of": "starting", "days": 7}
    request = BACLOFEN | {"regimen": now, "history": past, "starting": "60", "limit": wide, "target": "45"}
    answer = answer_json(proposed(request))
    assert answer["steps"][0]["start"] == "2026-12-07"
    assert of_code(answer, "too-soon") == soon

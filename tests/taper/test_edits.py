"""Steps changed by hand: what is kept, what is proposed anew, and what the rules say of it."""

import pytest

from planner.taper import BadInput, explain_length, explain_step
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
    by_hand = {"step": 9, "regimen": thrice("5", "5", "6"), "rest": "keep"}
    answer = edited(LIQUID_FROM_20, by_hand)
    assert [f for f in answer["findings"] if f["severity"] == "block"] == []


def test_more_products_than_a_request_may_have_are_too_many_for_a_change() -> None:
    products = {f"solution-{n}": SOLUTION_1 | {"strength": str(n)} for n in range(1, 14)}
    request = inline(products, {"morning": "20"}) | {"products": ["solution-1"]}
    with pytest.raises(BadInput) as refused:
        ask(request | {"edits": [{"step": 1, "products": list(products)}]})
    assert refused.value.field == "edits.0.products"


# Days and doses


def test_later_steps_that_are_kept_come_as_many_days_later() -> None:
    """Step 3 from 21 December takes 10 days instead of 7."""
    answer = edited({"step": 3, "days": 10, "rest": "keep"})
    asked = ask(BACLOFEN)
    assert daily(answer) == daily(asked)
    assert [step["start"] for step in answer["steps"]][2:5] == ["2026-12-21", "2026-12-31", "2027-01-07"]
    assert (answer["ends"], answer["days"]) == ("2027-02-25", 80)


def test_later_steps_that_are_kept_may_pass_the_limit_over_their_window() -> None:
    """40 mg after 4 days at 45, which came 7 days after 50: a fifth of 50 is 10, so it is within; 35 mg 4 days after
    40 is 10 below 45, of which a fifth is 9."""
    shorter = [{"step": 3, "days": 4, "rest": "keep"}, {"step": 4, "days": 4, "rest": "keep"}]
    answer = edited(*shorter)
    assert next((s["start"], s["daily"]) for s in answer["steps"] if s["over_limit"]) == ("2026-12-29", "35")
    assert (5, "acknowledge") in of_code(answer, "over-limit")
    assert "45 mg a day falls to 35 mg; 9 mg is allowed: 1 mg over" in messages(answer, "over-limit")[0]


def messages(answer: Json, code: str) -> list[str]:
    return [found["message"] for found in answer["findings"] if found["code"] == code]


def test_days_by_hand_are_kept_to_the_day() -> None:
    """Three days at 45 mg, though the window and the weekdays would have the next change wait."""
    answer = edited({"step": 3, "days": 3}, change_on=["mon"])
    assert dated(answer)[2:5] == [("2026-12-21", "45"), ("2026-12-24", "40"), ("2027-01-04", "35")]
    assert of_code(answer, "change-day") == [(4, "advise")]


def test_doses_by_hand_become_the_proportions_of_those_that_follow() -> None:
    """All of 20 mg in the evening: it stays there."""
    answer = edited({"step": 8, "regimen": {"evening": "15"}})
    assert [step["regimen"] for step in answer["steps"]][7:] == [
        thrice("0", "0", "15"), thrice("0", "0", "10"), thrice("0", "0", "5"), thrice("0", "0", "0"),
    ]  # fmt: skip


def test_stop_by_hand_is_no_step_that_is_taken() -> None:
    with pytest.raises(BadInput, match="above 0") as refused:
        edited({"step": 8, "regimen": {"morning": "0"}})
    assert refused.value.field == "edits.0.regimen"


def test_step_that_the_schedule_does_not_have_is_named() -> None:
    with pytest.raises(BadInput, match="11 steps with a dose") as refused:
        edited({"step": 12, "days": 7})
    assert refused.value.field == "edits.0.step"


def test_each_change_is_said() -> None:
    answer = edited({"step": 3, "days": 14, "rest": "keep"}, LIQUID_FROM_20)
    assert messages(answer, "edited") == [
        "By hand: step 3 is taken 2 weeks. What follows is kept.",
        "From step 9 on the doses are made from: 10 mg tablet and 1 mg/mL solution.",
    ]


def test_wished_for_dose_is_that_of_the_dose_before_as_it_is_now() -> None:
    """A tenth below 50 mg, and below the 35 mg that step 3 became."""
    answer = edited({"step": 3, "regimen": thrice("10", "10", "15"), "rest": "keep"})
    assert [step["preferred"] for step in answer["steps"]][2:4] == ["45", "31.5"]


def test_start_that_moved_is_still_said() -> None:
    answer = edited({"step": 3, "days": 14}, change_on=["wed"])
    assert of_code(answer, "start-moved") == [(1, "advise")]


# What goes on as if nobody had changed anything

ONE_LIQUID = inline({"solution-1": SOLUTION_1}, {"morning": "40"}) | {
    "pace": [{"cut": "5%", "of": "current", "every": 7}],
    "limit": {"cut": "20%", "of": "current", "days": 28},
    "target": "34",
}
SAME: dict[str, Json] = {"the same products": {"products": ["solution-1"]}, "the same days": {"days": 7}}


@pytest.mark.parametrize("change", SAME)
def test_change_that_changes_nothing_gives_the_same_steps(change: str) -> None:
    """Also where the taper began higher: 60 mg, of which nobody wrote down when it was taken."""
    for fields in ({}, {"starting": "60"}):
        asked = ask(ONE_LIQUID | fields)
        assert dated(asked) == [("2026-12-07", "38"), ("2026-12-14", "36"), ("2026-12-21", "34")]
        assert dated(ask(ONE_LIQUID | fields | {"edits": [{"step": 1, **SAME[change]}]})) == dated(asked)


@pytest.mark.parametrize("change", [{"step": 10, "days": 21}, {"step": 10, "products": ["tablet-10"]}])
def test_stretched_last_dose_is_as_long_as_the_step_before_it_after_a_change_too(change: Json) -> None:
    """10 mg is held 21 days before 5 mg, which takes as long."""
    answer = edited(change, coarse="stretch")
    assert [(step["daily"], step["days"]) for step in answer["steps"]][9:] == [("10", 21), ("5", 21), ("0", 0)]
    assert answer["ends"] == "2027-04-05"


def test_days_of_a_last_dose_by_hand_are_kept_under_stretch() -> None:
    answer = edited({"step": 11, "days": 5}, coarse="stretch")
    assert [(step["daily"], step["days"]) for step in answer["steps"]][9:] == [("10", 21), ("5", 5), ("0", 0)]


# What is said of it


def test_no_claim_is_made_of_a_cut_by_hand() -> None:
    """60 to 40 mg by hand: 55 mg could be made."""
    answer = proposed(BACLOFEN | {"edits": [{"step": 1, "regimen": thrice("20", "10", "10")}]})
    why = explain_step(answer, answer.steps[0])
    assert why.makes == "5 mg: half of one 10 mg tablet."
    assert why.sentence.endswith("40 mg is 8 mg over the limit of 20 % of the current dose in 7 days.")


def test_smallest_cut_is_still_said_where_only_a_finer_product_was_brought_in() -> None:
    answer = proposed(BACLOFEN | {"products": ["tablet-20"], "edits": [{"step": 4, "products": ["tablet-10"]}]})
    over = next(step for step in answer.steps if step.over_limit)
    assert "is the nearest lower dose that can be made" in explain_step(answer, over).sentence


def test_days_on_the_target_are_no_part_of_the_length() -> None:
    """55, then 50 mg, on which the patient stays."""
    answer = proposed(BACLOFEN | {"target": "50", "edits": [{"step": 2, "days": 10, "rest": "keep"}]})
    assert explain_length(answer) == "7 days: one step of 7 days."


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (7, "The least preferred cut that ends by 22 February 2027 is 0.1 % of the current dose every 7 days."),
        (8, "With these changes it ends on 23 February 2027, not by 22 February 2027."),
    ],
)
def test_changes_that_make_the_end_too_late_are_said(days: int, said: str) -> None:
    """Eleven cuts of 5 mg, a week apart, end just in time."""
    change = {"step": 1, "days": days, "rest": "keep"}
    assert messages(edited(change, pace=None, end_by="2027-02-22"), "end-by") == [said]


# As resolved


def test_changes_come_back_as_they_were_made() -> None:
    edits = [
        {"step": 3, "days": 10, "rest": "keep"},
        {"step": 4, "regimen": thrice("15", "10", "10"), "rest": "keep"},
        {"step": 5, "products": ["tablet-10", "solution-1"], "rest": "again"},
    ]
    answer = edited(*edits)
    assert answer["request"]["edits"] == edits
    assert ask(answer["request"]) == answer


def test_percents_of_starting_go_on_after_a_change() -> None:
    """A tenth of 80 mg, where 60 mg is taken now."""
    tenth = {"cut": "10%", "of": "starting"}
    request = inline({"liquid": SOLUTION_1}, {"morning": "60"}, target="44") | {
        "starting": "80", "pace": [tenth | {"every": 7}], "limit": tenth | {"days": 7},
    }  # fmt: skip
    assert daily(ask(request | {"edits": [{"step": 1, "days": 14}]})) == ["52", "44"]


FAST: Json = {"pace": [{"cut": "30%", "of": "current", "every": 7}]}


@pytest.mark.parametrize("change", [{"step": 3, "days": 10}, {"step": 1, "products": ["tablet-10"]}])
def test_what_is_said_of_the_preferred_cut_is_said_after_a_change_too(change: Json) -> None:
    said = of_code(edited(change, **FAST), "preferred-above-limit")
    assert said == of_code(edited(**FAST), "preferred-above-limit") == [(1, "advise")]


def test_what_is_said_of_what_comes_anew_names_the_step_of_the_whole_schedule() -> None:
    """The limit is 20 %: 30 %, preferred below 40 mg, passes it from step 5 on."""
    first = {"cut": "10%", "of": "current", "every": 7, "down_to": "40 mg"}
    pace = [first, {"cut": "30%", "of": "current", "every": 7}]
    change = {"step": 2, "products": ["tablet-10"]}
    assert of_code(edited(change, pace=pace), "preferred-above-limit") == [(5, "advise")]

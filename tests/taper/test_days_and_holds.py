"""When the first lower dose comes, what a window lets in, and what is said of it; worked by hand."""


import pytest

from tests.taper.asking import Json, ask
from tests.taper.test_examples import BACLOFEN, SOLUTION_1, TABLET_5, inline
from tests.taper.test_rules_edges import message, of_code

WEEK = 7


def dated(answer: Json) -> list[tuple[str, str]]:
    return [(step["start"], step["daily"]) for step in answer["steps"]]


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


# A wished-for last date


def test_limit_below_a_tenth_of_a_percent_is_answered_with_a_date() -> None:
    request = BACLOFEN | {"limit": {"cut": "0.05%", "of": "current", "days": 7}, "end_by": "2027-02-22"}
    answer = ask({name: value for name, value in request.items() if name != "pace"})
    assert (answer["outcome"], answer["ends"], answer["days"]) == ("proposed", "2027-02-22", 77)

"""Every option and every way out gives, to the byte, what asking for its changes gives."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from planner.taper import Answer, answer_json, options, ways_out
from planner.taper.request import Context
from tests.taper.asking import Json, proposed, read
from tests.taper.test_examples import BACLOFEN, SOLUTION_1, TABLET_10, inline

THRICE_25 = {"morning": "10", "midday": "5", "evening": "10"}
QUARTERED = {"tablet-10": TABLET_10 | {"divides": 4}, "solution-1": SOLUTION_1}
REQUESTS: dict[str, Json] = {
    "10 mg tablets": BACLOFEN,
    "20 mg tablets": BACLOFEN | {"products": ["tablet-20"]},
    "5 and 10 mg tablets": BACLOFEN | {"products": ["tablet-5", "tablet-10"]},
    "refused where the limit breaks": BACLOFEN | {"coarse": "refuse"},
    "20 mg tablets, refused": BACLOFEN | {"products": ["tablet-20"], "coarse": "refuse"},
    "to a target above zero": BACLOFEN | {"regimen": THRICE_25, "target": "10"},
    "20 mg tablets to 10 mg": BACLOFEN | {"products": ["tablet-20"], "target": "10"},
    "a final dose asked for": BACLOFEN | {"final_dose": "10"},
    "a most of pieces asked for": BACLOFEN | {"max_units": "2"},
    "more pieces now than usual": BACLOFEN | {"products": ["tablet-5"], "regimen": {"morning": "40", "evening": "35"}},
    "few fills": BACLOFEN | {"fill_days": 10, "order": ["evening", "morning", "midday"]},
    "a factor": BACLOFEN | {"factors": ["egfr-30-59"]},
    "every field null": BACLOFEN | {"final_dose": None, "max_units": None, "order": None, "coarse": None},
    "defaults of the medicine": {key: BACLOFEN[key] for key in ("medicine", "regimen", "start")},
    "an inline medicine": inline(QUARTERED, {"morning": "30", "evening": "30"}, limit={"cut": "5%", "days": 7}),
}
COUNTRIES = {"country not known": None, "GB": "GB", "CA": "CA", "US": "US"}
RESULT = ("outcome", "steps", "supply", "ends", "days", "findings", "stuck_at")


def result(answer: Answer) -> str:
    found = answer_json(answer)
    return json.dumps({key: found.get(key) for key in RESULT})


def offered(data: Json, context: Context) -> Iterator[tuple[str, Mapping[str, Any], Answer]]:
    """Every option, and every way out of it that can be chosen, with all the changes that lead to it."""
    for option in options(read(data, context)):
        yield option.key, option.changes, option.answer
        for way in ways_out(option.answer):
            yield f"{option.key} {way.kind}", {**option.changes, **way.changes}, way.answer


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("name", REQUESTS)
def test_the_changes_lead_to_what_is_shown(name: str, country: str) -> None:
    context = Context(country=COUNTRIES[country])
    found = list(offered(REQUESTS[name], context))
    assert found[0][:2] == ("A", {})
    again = {key: result(proposed({**REQUESTS[name], **changes}, context)) for key, changes, _ in found}
    assert {key: result(answer) for key, _, answer in found} == again


def kinds(data: Json, context: Context) -> set[str]:
    return {key for key, _, _ in offered(data, context)}


def test_three_ways_out_are_offered_of_each_option_where_the_limit_breaks() -> None:
    """B, with the liquid, keeps the limit; slower (C) and faster (D) tablets are as coarse as those asked for (A)."""
    ways = {f"{key} {kind}" for key in "ACD" for kind in ("finer", "hold", "stay")}
    assert kinds(BACLOFEN, Context(country="GB")) == {*"ABCD", *ways}


def test_no_way_out_is_offered_where_every_cut_keeps_the_limit() -> None:
    """B is slower, C faster."""
    assert kinds(BACLOFEN | {"products": ["tablet-10", "solution-1"]}, Context()) == set("ABC")


# In words: 60 mg of baclofen by 5 mg a week, 11 weeks, of which the cuts from 20, 15 and 10 mg pass 20 %


def test_each_option_says_what_it_gains_and_costs() -> None:
    """B: 23 weeks to A's 11; C: 22; D: 9, since two cuts of 10 mg are within a fifth of 60 and 50."""
    found = options(read(BACLOFEN, Context(country="GB")))
    assert [(option.key, option.title, option.words) for option in found] == [
        ("A", "As asked", "3 cuts are over the limit."),
        (
            "B", "With the 1 mg/mL solution",
            "14 weeks longer than A. Every cut is within the limit. The largest cut is 14.3 % of the current dose "
            "instead of 50.0 %. It needs a 1 mg/mL solution and a syringe as well.",
        ),
        ("C", "Slower, 14 days each", "11 weeks longer than A. 3 cuts are over the limit, as in A."),
        ("D", "Faster, cuts up to the limit", "2 weeks shorter than A. 3 cuts are over the limit, as in A."),
    ]  # fmt: skip
    assert [option.answer.days for option in found] == [77, 175, 154, 63]


def test_each_way_out_says_its_numbers() -> None:
    """Held: 8.75, 11.7 and 17.5 days in whole weeks; the last dose as long as the one before it."""
    found = ways_out(proposed(BACLOFEN, Context(country="GB")))
    assert [(way.title, way.words) for way in found] == [
        (
            "Add the 1 mg/mL solution after 30 mg a day",
            "Every cut is at most 14.3 % of the current dose. The last dose is on 30 May 2027.",
        ),
        (
            "Hold 20, 15, 10 and 5 mg longer",
            "14, 14, 21 and 21 days. The cuts stay the same size. The last dose is on 4 April 2027.",
        ),
        (
            "Stay at 20 mg",
            "Make 20 mg a day the target. Reached 25 January 2027. Every cut is within the limit.",
        ),
    ]


def test_option_that_differs_in_nothing_is_not_shown() -> None:
    """One cut, to the target: twice the days change nothing, nor do larger cuts."""
    assert [option.kind for option in options(read(BACLOFEN | {"target": "55"}))] == ["asked"]


def test_faster_is_not_offered_where_it_ends_later() -> None:
    """Cuts of a fifth may come every 14 days only, 5 mg of 60 to 50 mg every 7."""
    request = BACLOFEN | {"limit": {"cut": "20%", "of": "current", "days": 14}, "target": "45"}
    assert [option.kind for option in options(read(request))] == ["asked", "slower"]

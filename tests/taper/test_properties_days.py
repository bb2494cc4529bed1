"""When a schedule's changes come, and how large they may be, over random requests from the JSON answer alone.

PLANNER_TEST_EXAMPLES=20 looks at twenty times as many requests.
"""

import json
from datetime import date
from fractions import Fraction
from math import ceil

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.taper.arithmetic import (
    DAY,
    allowed_in_window,
    any_request,
    breach_if_cut,
    cuts,
    daily_doses,
    part,
    phase_of,
    schedule_for,
)
from tests.taper.asking import Json, ask
from tests.taper.strategies import TIMES, examples, full_requests, requests

# 6. Changes fall on the days allowed: without days of the week to keep to, on the day asked for.


@examples(50)
@given(any_request)
def test_the_first_change_falls_on_the_day_asked_for(request: Json) -> None:
    assert schedule_for(request)["steps"][0]["start"] == request["start"]


# 7. A step is never shorter than its phase's days, and longer only where the limit's window asks for it.


@examples(120)
@given(any_request)
def test_a_step_is_never_shorter_than_its_phases_days(request: Json) -> None:
    answer = schedule_for(request)
    for _, step in cuts(answer):
        assert step["days"] >= phase_of(answer, Fraction(step["daily"]))["every"]


@examples(120)
@given(any_request)
def test_a_step_is_held_only_until_the_window_lets_the_next_cut_in(request: Json) -> None:
    answer = schedule_for(request)
    for step, after in zip(answer["steps"], answer["steps"][1:], strict=False):
        least = least_days(answer, Fraction(step["daily"]))
        held = step["days"] - least
        assert held >= 0
        if after["daily"] == "0":
            assert held == 0
        elif after["over_limit"]:
            assert step["days"] == max(least, request["limit"]["days"])
        elif held:
            day_before = date.fromisoformat(after["start"]) - DAY
            assert breach_if_cut(answer, day_before, Fraction(after["daily"])) > 0


def least_days(answer: Json, new: Fraction) -> int:
    """The phase's days, slowed until the preferred cuts of one window keep within the limit."""
    return slowed(answer, phase_of(answer, new))


def slowed(answer: Json, phase: Json) -> int:
    days: int = phase["every"]
    while not _keeps_the_limit(answer, phase, ceil(Fraction(answer["request"]["limit"]["days"], days))):
        days += 1
    return days


@examples(90)
@given(any_request)
def test_a_slower_pace_is_said_once_for_each_phase(request: Json) -> None:
    answer = schedule_for(request)
    slower = [phase for phase in answer["request"]["pace"] if slowed(answer, phase) > phase["every"]]
    said = [finding["severity"] for finding in answer["findings"] if finding["code"] == "pace-slowed"]
    assert said == ["advise"] * len(slower)


def _keeps_the_limit(answer: Json, phase: Json, cuts_in_window: int) -> bool:
    starting = daily_doses(answer)[0]
    earlier = answer["request"]["pace"][: answer["request"]["pace"].index(phase)]
    begins_at = min([starting, *(part({"cut": p["down_to"], "of": "starting"}, starting, starting) for p in earlier)])
    dose = begins_at
    for _ in range(cuts_in_window):
        dose -= min(part(phase, dose, starting), allowed_in_window(answer, dose))
    return begins_at - dose <= allowed_in_window(answer, begins_at)


# 8. The same request gives the same schedule, to the byte.


@examples(60)
@given(any_request)
def test_the_same_request_gives_the_same_bytes(request: Json) -> None:
    first = json.dumps(schedule_for(request))
    assert json.dumps(ask(json.loads(json.dumps(request)))) == first


@examples(60)
@given(any_request)
def test_the_request_as_resolved_gives_the_same_answer(request: Json) -> None:
    answer = schedule_for(request)
    assert ask(answer["request"]) == answer


@examples(90)
@given(requests(new_fields=True))
def test_so_does_one_with_holds_change_days_a_past_or_a_last_date(request: Json) -> None:
    answer = schedule_for(request)
    assert ask(answer["request"]) == answer


@examples(60)
@given(requests(most=10, most_times=1, new_fields=True), st.integers(1, 5))
def test_a_change_by_hand_that_changes_nothing_gives_the_same_steps(request: Json, number: int) -> None:
    """With one time of day, so that no proportions change, and at the pace asked for, which is not judged anew."""
    answer = schedule_for(request)
    assume(number <= len(answer["steps"]) and answer["steps"][number - 1]["daily"] != "0")
    assume(all(finding["code"] != "pace-slowed" for finding in answer["findings"]))
    step = answer["steps"][number - 1]
    for same in ({"days": step["days"]}, {"regimen": step["regimen"]}, {"products": answer["request"]["products"]}):
        assert ask(request | {"edits": [{"step": number, **same}]})["steps"] == answer["steps"]


@examples(120)
@given(full_requests())
def test_the_same_holds_for_odd_amounts_and_a_medicine_with_figures_of_its_own(request: Json) -> None:
    answer, asked = schedule_for(request), request["medicine"]
    assert ask(answer["request"]) == answer
    own = {"order": TIMES} | answer["request"]["medicine"]
    figures = asked.keys() - {"products"}
    assert {name: own[name] for name in figures} == {name: asked[name] for name in figures}


# 9. The ceiling bounds what a clinic may set. A prescriber may pass it, with a reason.


@examples(50)
@given(
    st.integers(1, 100),
    st.sampled_from(["10", "12.5", "15", "20", "30", "40", "50"]),
    st.sampled_from(["flag", "refuse"]),
)
def test_a_cut_above_the_ceiling_needs_a_reason(limit: int, pace: str, coarse: str) -> None:
    answer = schedule_for(
        {
            "medicine": "baclofen",
            "products": ["solution-1"],
            "regimen": {"morning": "20", "midday": "20", "evening": "20"},
            "start": "2026-12-07",
            "pace": [{"cut": f"{pace}%", "of": "current", "every": 7}],
            "limit": {"cut": f"{limit}%", "of": "current", "days": 7},
            "coarse": coarse,
        }
    )
    above = {step["number"] for before, step in cuts(answer) if Fraction(step["cut"]) * 4 > before}
    told = {finding["step"]: finding["severity"] for finding in answer["findings"] if finding["code"] == "over-ceiling"}
    assert told == dict.fromkeys(above, "acknowledge")

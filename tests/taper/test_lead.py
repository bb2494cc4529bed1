"""Schedules that begin with steps settled beforehand: a hold, a step back, the same dose for good."""

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.recheck import recheck
from planner.taper import BadInput
from tests.taper.arithmetic import any_request, schedule_for
from tests.taper.asking import Json, ask
from tests.taper.strategies import examples
from tests.test_recheck import PRODUCTS, TABLETS, plain


def thirds(morning: str, midday: str, evening: str) -> dict[str, str]:
    return {"morning": morning, "midday": midday, "evening": evening}


AT_35 = TABLETS | {
    "regimen": thirds("10", "10", "15"),
    "proportions": thirds("20", "20", "20"),
    "starting": "60",
    "history": [
        {"start": "2027-01-04", "days": 7, "regimen": thirds("15", "10", "15")},
        {"start": "2027-01-11", "days": 2, "regimen": thirds("10", "10", "15")},
    ],
}  # fmt: skip
HELD = AT_35 | {
    "start": "2027-01-25",
    "lead": [{"start": "2027-01-13", "days": 12, "regimen": thirds("10", "10", "15")}],
    "on_hand": {"tablet-10": "57"},
}  # fmt: skip
BACK = AT_35 | {
    "start": "2027-01-27",
    "lead": [
        {"start": "2027-01-13", "days": 1, "regimen": thirds("10", "10", "15")},
        {"start": "2027-01-14", "days": 13, "regimen": thirds("15", "10", "15")},
    ],
}  # fmt: skip
WAITS = HELD | {"after_lead": "wait"}
STAYS = HELD | {"after_lead": "stay"}


def dailies(answer: Json) -> list[str]:
    return [step["daily"] for step in answer["steps"]]


def codes(answer: Json) -> list[str]:
    return [finding["code"] for finding in answer["findings"]]


def test_hold_is_the_first_step_and_the_taper_goes_on_after_it() -> None:
    """35 mg from 13 January for 12 days: the 25th of January is the next change, a week later than planned."""
    answer = ask(HELD)
    assert dailies(answer) == ["35", "30", "25", "20", "15", "10", "5", "0"]
    held, cut, *_ = answer["steps"]
    assert (held["start"], held["end"], held["cut"], held["preferred"]) == ("2027-01-13", "2027-01-24", "0", "35")
    assert (cut["start"], cut["regimen"]) == ("2027-01-25", thirds("10", "10", "10"))
    assert (cut["cut_of_current"], cut["cut_of_starting"]) == ("14.3", "8.3")
    assert (answer["ends"], answer["days"]) == ("2027-03-08", 42)
    assert "stepped-back" not in codes(answer)


def test_hold_is_supplied_from_its_first_day() -> None:
    """13 January to 9 February, by hand: 12 x 3.5 + 7 x 3 + 7 x 2.5 + 2 x 2 = 42 + 21 + 17.5 + 4 = 84.5 tablets."""
    first, *_ = ask(HELD)["supply"]["fills"]
    assert (first["start"], first["end"]) == ("2027-01-13", "2027-02-09")
    assert first["units"] == {"tablet-10": "84.5"}
    assert first["dispense"] == {"tablet-10": "28"}  # 57 in hand: 27.5 more, in whole tablets


def test_step_back_is_said_and_asks_for_a_reason() -> None:
    answer = ask(BACK)
    assert dailies(answer)[:3] == ["35", "40", "35"]
    (said,) = [f for f in answer["findings"] if f["code"] == "stepped-back"]
    assert (said["step"], said["severity"]) == (2, "acknowledge")
    assert said["message"] == "From 14 January 2027 the daily dose is 40 mg again, after 35 mg."
    assert answer["steps"][1]["cut"] == "-5"
    assert answer["days"] == (date(2027, 3, 17) - date(2027, 1, 27)).days


def test_more_at_one_time_alone_is_said_too() -> None:
    lead = [{"start": "2027-01-13", "days": 7, "regimen": thirds("15", "5", "15")}]
    answer = ask(AT_35 | {"start": "2027-01-20", "lead": lead})
    said = [f["message"] for f in answer["findings"] if f["code"] == "stepped-back"]
    assert said == ["From 13 January 2027 more is taken in the morning than before."]
    assert "time-rises" not in codes(answer)


def test_hold_until_further_notice_has_no_end_and_is_supplied_to_the_end_of_its_fill() -> None:
    answer = ask(WAITS)
    assert dailies(answer) == ["35"]
    assert (answer["ends"], answer["days"]) == (None, None)
    assert answer["supply"]["total"] == {"tablet-10": "98"}  # 28 days of 3.5
    assert "target-missed" not in codes(answer)


def test_staying_for_good_has_the_dose_as_its_target() -> None:
    answer = ask(STAYS)
    assert (dailies(answer), answer["request"]["target"]) == (["35"], "35")
    assert (answer["ends"], answer["days"]) == ("2027-01-13", 0)
    assert "target-missed" not in codes(answer)


def test_doses_are_shared_as_before_the_revision() -> None:
    """From 25 as 10, 5, 10 a third of 20 is nearest to 5, 5, 10; in the proportions of 10, 5, 10 it would be 10, 0, 10
    or 10, 5, 5.
    """
    at_25 = TABLETS | {"regimen": thirds("10", "5", "10"), "starting": "60", "start": "2027-02-01"}
    (of_old, *_) = ask(at_25 | {"proportions": thirds("20", "20", "20")})["steps"]
    (of_new, *_) = ask(at_25)["steps"]
    assert of_old["regimen"] == thirds("5", "5", "10")
    assert of_new["regimen"] != of_old["regimen"]


def test_last_step_of_the_lead_is_held_until_the_limit_lets_the_next_cut_in() -> None:
    """A day after a cut to 35 the window of 7 days still holds it: 40 to 30 is 25 %."""
    soon = AT_35 | {
        "start": "2027-01-14", "lead": [{"start": "2027-01-13", "days": 1, "regimen": thirds("10", "10", "15")}],
    }  # fmt: skip
    answer = ask(soon)
    assert [(s["daily"], s["start"], s["days"]) for s in answer["steps"][:2]] == [
        ("35", "2027-01-13", 5), ("30", "2027-01-18", 7),
    ]  # fmt: skip
    assert "start-moved" in codes(answer)


def test_changes_by_hand_count_the_steps_after_the_lead() -> None:
    answer = ask(HELD | {"edits": [{"step": 1, "days": 14}]})
    assert [(s["daily"], s["days"]) for s in answer["steps"][:3]] == [("35", 12), ("30", 14), ("25", 7)]
    assert recheck(answer, PRODUCTS) == []


def test_percent_of_starting_is_of_the_dose_before_a_step_back() -> None:
    """Without a starting dose named it is the 35 mg of now, not the 40 gone back to."""
    asked = {name: value for name, value in BACK.items() if name not in ("starting", "history")}
    assert ask(asked)["steps"][2]["cut_of_starting"] == "14.3"  # 5 of 35


@pytest.mark.parametrize("asked", [HELD, BACK, WAITS, STAYS], ids=["held", "back", "waits", "stays"])
def test_second_reckoning_agrees(asked: Json) -> None:
    assert recheck(ask(asked), PRODUCTS) == []


@pytest.mark.parametrize("field", ["start", "days", "regimen", "daily"])
def test_second_reckoning_sees_a_settled_step_that_is_another(field: str) -> None:
    answer = deepcopy(ask(HELD))
    other: dict[str, Any] = {
        "start": "2027-01-12", "days": 11, "regimen": thirds("15", "5", "15"), "daily": "40",
    }  # fmt: skip
    answer["steps"][0][field] = other[field]
    assert recheck(answer, PRODUCTS)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lead": []}, "lead"),
        ({"lead": [{"start": "2027-01-13", "days": 5, "regimen": thirds("10", "10", "15")}]}, "lead.0.days"),
        ({"lead": [{"start": "2027-01-13", "days": 0, "regimen": thirds("10", "10", "15")}]}, "lead.0.days"),
        ({"lead": [{"start": "2027-01-13", "days": 12, "regimen": {"bedtime": "5"}}]}, "lead.0.regimen.bedtime"),
        ({"lead": [{"start": "2027-01-13", "days": 12, "regimen": {"morning": "0"}}]}, "lead.0.regimen"),
        ({"lead": [{"start": "2027-01-13", "days": 12}]}, "lead.0.regimen"),
        ({"lead": [{"start": "2027-01-13", "days": 12, "regimen": {"morning": "5"}, "dose": 1}]}, "lead.0.dose"),
        ({"lead": None, "after_lead": "wait"}, "after_lead"),
        ({"after_lead": "sleep"}, "after_lead"),
        ({"target": "35"}, "target"),
        ({"proportions": thirds("5", "20", "20")}, "proportions.morning"),
        ({"history": [{"start": "2027-01-13", "days": 1, "regimen": {"morning": "5"}}]}, "history.0.start"),
    ],
)
def test_what_cannot_be_settled_is_named(change: Json, field: str) -> None:
    with pytest.raises(BadInput) as bad:
        ask(HELD | change)
    assert bad.value.field == field


@examples(60)
@given(any_request, st.integers(1, 40))
def test_what_follows_the_lead_is_what_would_be_proposed_without_it(asked: Json, days: int) -> None:
    """And the whole, with the lead in front, is right by the second reckoning."""
    start = date.fromisoformat(asked["start"])
    lead = [{"start": (start - timedelta(days=days)).isoformat(), "days": days, "regimen": asked["regimen"]}]
    before = [{"start": (start - timedelta(days=days + 1)).isoformat(), "days": days + 1, "regimen": asked["regimen"]}]
    asked = asked | {"history": None, "starting": None}
    alone, led = schedule_for(asked | {"history": before}), ask(asked | {"lead": lead})
    made = [{**step, "number": step["number"] + 1} for step in alone["steps"]]
    if {"not-makeable", "divides-undividable"} & set(codes(led)):
        return  # the dose now is none that the products make: it cannot be settled
    assert led["steps"][1:] == made
    assert recheck(led, {key: plain(p) for key, p in asked["medicine"]["products"].items()}) == []

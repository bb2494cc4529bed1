"""Schedules that others published, asked of the engine as they stand.

The cases in ``tests/cases/published.json`` were computed by nobody here: each names its source.
"""

import json
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from planner.taper import answer_json, check
from tests.taper.asking import Json, ask, read

CASES: dict[str, Json] = {
    case["id"]: case
    for case in json.loads((Path(__file__).parent.parent / "cases/published.json").read_text(encoding="utf-8"))
}
ASKED = [name for name, case in CASES.items() if "request" in case]
GIVEN = [name for name, case in CASES.items() if "schedule" in case]


def daily(answer: Json) -> list[str]:
    return [step["daily"] for step in answer["steps"]]


def test_every_case_is_asked_or_given() -> None:
    assert sorted([*ASKED, *GIVEN]) == sorted(CASES)
    assert len(CASES) == 11


@pytest.mark.parametrize("name", [name for name in ASKED if "daily" in CASES[name]["expect"]])
def test_daily_doses_are_as_published(name: str) -> None:
    assert daily(ask(CASES[name]["request"])) == CASES[name]["expect"]["daily"]


def test_first_doses_of_the_cdc_taper_are_as_published() -> None:
    case = CASES["cdc-weeks-to-months"]
    first = case["expect"]["daily_first"]
    assert daily(ask(case["request"]))[: len(first)] == first


@pytest.mark.parametrize("name", [name for name in ASKED if "regimens_at" in CASES[name]["expect"]])
def test_regimens_are_as_published(name: str) -> None:
    case = CASES[name]
    regimens = {step["daily"]: step["regimen"] for step in ask(case["request"])["steps"]}
    assert {dose: regimens[dose] for dose in case["expect"]["regimens_at"]} == case["expect"]["regimens_at"]


def test_steps_over_the_limit_are_those_that_the_arithmetic_says() -> None:
    case = CASES["baclofen-5mg-stuck"]
    over = [step["daily"] for step in ask(case["request"])["steps"] if step["over_limit"]]
    assert over == case["expect"]["over_limit_daily"]


def test_refusal_names_the_dose_before_the_first_breach() -> None:
    case = CASES["baclofen-1mg-stuck"]
    answer = ask(case["request"])
    assert {key: answer[key] for key in case["expect"]} == case["expect"]
    assert [finding["severity"] for finding in answer["findings"] if finding["code"] == "stuck"] == ["refuse"]


def checked(case: Json, **fields: str) -> Json:
    """A published schedule held against the rules; its first dose stands for the dose taken before."""
    time, day, steps = case["time"], date(2026, 12, 7), []
    for dose, days in case["schedule"]:
        steps.append({"start": day.isoformat(), "days": days, "regimen": {time: dose}})
        day += timedelta(days=days)
    request = {
        "medicine": case["medicine"],
        "regimen": {time: case["schedule"][0][0]},
        "target": "0",
        "start": "2026-12-07",
        "pace": [{"cut": "10%", "of": "current", "every": 7}],
        "limit": {"cut": "100%", "of": "current", "days": 7},
    }
    return answer_json(check(read(request | fields), steps))


@pytest.mark.parametrize("name", GIVEN)
def test_supply_of_a_published_schedule_adds_up_to_its_total(name: str) -> None:
    case = CASES[name]
    answer = checked(case)
    strengths = {key: Fraction(product["strength"]) for key, product in case["medicine"]["products"].items()}
    total = sum(Fraction(units) * strengths[key] for key, units in answer["supply"]["total"].items())
    assert total == Fraction(case["expect"]["total"])
    assert sum(step["days"] for step in answer["steps"]) == case["expect"]["days"]


@pytest.mark.parametrize("name", GIVEN)
def test_published_schedule_that_ends_above_zero_misses_the_target(name: str) -> None:
    answer = checked(CASES[name])
    severities = {finding["code"]: finding["severity"] for finding in answer["findings"]}
    assert severities["target-missed"] == "acknowledge"
    assert not {"refuse", "block"} & set(severities.values())


def test_supply_is_counted_all_the_same_where_pieces_pass_max_units() -> None:
    answer = checked(CASES["prednisone-150-tablets"], max_units="6")
    too_many = [f for f in answer["findings"] if f["code"] == "too-many-units"]
    assert {finding["severity"] for finding in too_many} == {"acknowledge"}
    assert answer["supply"]["total"] == {"tablet-1": "150"}

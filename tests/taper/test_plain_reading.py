"""The engine and the plain reading give the schedules that were worked out by hand, or that others published."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from tests.taper import brute
from tests.taper.asking import ask
from tests.taper.brute import Refused
from tests.taper.strategies import Json
from tests.taper.test_brute_agrees import figures

PUBLISHED = Path(__file__).parent.parent / "cases/published.json"
TABLET_10 = {"tablet-10": {"form": "tablet", "strength": "10", "divides": 1}}
HALVED_10 = {"tablet-10": {"form": "tablet", "strength": "10", "divides": 2}}
TABLET_5 = {"tablet-5": {"form": "tablet", "strength": "5", "divides": 1}}
MONDAY = "2026-12-07"
Solve = Callable[[Json], Json]


def by_engine(request: Json) -> Json:
    """The engine's figures in the plain reading's form."""
    answer = ask(request)
    if answer["outcome"] == "refused":
        raise Refused(answer["findings"][0]["message"])
    return figures(answer)


@pytest.fixture(params=[brute.solve, by_engine], ids=["plain reading", "engine"])
def solve(request: pytest.FixtureRequest) -> Solve:
    found: Solve = request.param
    return found


def request(products: Json, regimen: dict[str, str], pace: str, limit: str, days: int, **fields: object) -> Json:
    """Percents of the current dose, a cut every so many days as the limit's window is long, unless given."""
    return {
        "medicine": {"name": "Example", "unit": "mg", "products": products},
        "regimen": regimen,
        "start": MONDAY,
        "pace": [{"cut": pace, "of": "current", "every": days}],
        "limit": {"cut": limit, "of": "current", "days": days},
        **fields,
    }


def daily(step: Json) -> Fraction:
    return sum(step["regimen"].values(), Fraction(0))


def dated(answer: Json) -> list[tuple[str, int]]:
    return [(step["start"], daily(step)) for step in answer["steps"]]


def held(answer: Json) -> dict[int, int]:
    return {int(daily(step)): step["days"] for step in answer["steps"]}


# Stretch: 60 mg in halves of 10 mg tablets, at most 20 % of the current dose in 7 days

BACLOFEN = request(HALVED_10, dict.fromkeys(("morning", "midday", "evening"), "20"), "10%", "20%", 7, coarse="stretch")
WEEKLY = dict.fromkeys(range(55, 20, -5), 7)


def paced(every: int, **fields: object) -> Json:
    return BACLOFEN | {"pace": [{"cut": "10%", "of": "current", "every": every}], **fields}


def test_stretched_steps_are_held_in_whole_weeks(solve: Solve) -> None:
    """Cuts of 5 mg where 4, 3 and 2 mg are allowed in 7 days: 8.75, 11.7 and 17.5 days, then as long again."""
    answer = solve(BACLOFEN)
    assert held(answer) == WEEKLY | {20: 14, 15: 14, 10: 21, 5: 21, 0: 0}
    assert answer["ends"] == "2027-04-05"
    assert [daily(step) for step in answer["steps"] if step["over_limit"]] == [15, 10, 5]


def test_stretched_steps_of_a_pace_that_is_not_in_weeks_are_held_to_the_day(solve: Solve) -> None:
    days = dict.fromkeys(range(55, 20, -5), 10) | {20: 10, 15: 12, 10: 18, 5: 18, 0: 0}
    assert held(solve(paced(10))) == days


def test_stretched_step_reaches_on_to_a_change_day(solve: Solve) -> None:
    days = dict.fromkeys(range(55, 20, -5), 14) | {20: 14, 15: 14, 10: 21, 5: 21, 0: 0}
    assert held(solve(paced(10, change_on=["mon"]))) == days


def test_last_dose_is_as_long_as_a_step_that_only_a_change_day_made_long(solve: Solve) -> None:
    """Tuesday: 8 days to a Wednesday that is none, so 14 to the next Tuesday; the last dose takes 14 too."""
    products = {"tablet-10": TABLET_10["tablet-10"]}
    asked = request(products, {"morning": "30"}, "50%", "100%", 8, change_on=["tue"], coarse="stretch")
    assert dated(solve(asked)) == [("2026-12-08", 20), ("2026-12-22", 10), ("2027-01-05", 0)]


def test_dose_now_is_no_step_to_be_stretched(solve: Solve) -> None:
    asked = request(TABLET_10, {"morning": "20"}, "10%", "10%", 7, coarse="stretch")
    assert dated(solve(asked)) == [("2026-12-07", 10), ("2026-12-14", 0)]


# One time first


def test_published_taper_of_one_time_first(solve: Solve) -> None:
    case = next(c for c in json.loads(PUBLISHED.read_text("utf-8")) if c["id"] == "lorazepam-to-diazepam-tail")
    steps = solve(case["request"])["steps"]
    assert [daily(step) for step in steps] == list(map(Fraction, case["expect"]["daily"]))
    regimens = {str(daily(step)): {t: str(dose) for t, dose in step["regimen"].items()} for step in steps}
    assert {dose: regimens[dose] for dose in case["expect"]["regimens_at"]} == case["expect"]["regimens_at"]


def test_dose_now_that_cannot_be_made_goes_to_the_one_below_in_the_later_times(solve: Solve) -> None:
    """From 15 and 25 mg in whole tablets: 10 + 20, then the morning is emptied, then the evening."""
    regimen = {"evening": "25", "morning": "15"}
    asked = request(TABLET_10, regimen, "10%", "100%", 7, shape="one-time-first")
    doses = [(int(s["regimen"]["morning"]), int(s["regimen"]["evening"])) for s in solve(asked)["steps"]]
    assert doses == [(10, 20), (0, 20), (0, 10), (0, 0)]


# Change days


def test_changes_and_the_stop_wait_for_their_day(solve: Solve) -> None:
    asked = request(TABLET_10, {"morning": "30"}, "10%", "100%", 10, change_on=["thu", "fri"])
    assert dated(solve(asked)) == [("2026-12-10", 20), ("2026-12-24", 10), ("2027-01-07", 0)]


def test_fills_begin_with_the_first_change(solve: Solve) -> None:
    answer = solve(request(TABLET_10, {"morning": "30"}, "10%", "100%", 10, change_on=["thu"], target="20"))
    assert [(fill["start"], fill["end"]) for fill in answer["fills"]] == [("2026-12-10", "2027-01-06")]
    assert answer["fills"][0]["units"] == {"tablet-10": 56}
    assert (answer["ends"], answer["days"]) == ("2026-12-10", 0)


# A wished-for last date: 20 mg in 5 mg tablets, the last dose 10 mg


def ending_by(day: str, **fields: object) -> Json:
    asked = request(TABLET_5, {"morning": "20"}, "10%", "100%", 7, final_dose="10", end_by=day, **fields)
    del asked["pace"]
    return asked


def test_the_slowest_pace_of_all_is_enough_where_there_is_time(solve: Solve) -> None:
    answer = solve(ending_by("2026-12-21"))
    assert dated(answer) == [("2026-12-07", 15), ("2026-12-14", 10), ("2026-12-21", 0)]
    assert answer["steps"][0]["preferred"] == Fraction("19.98")


def test_least_cut_that_ends_in_time(solve: Solve) -> None:
    """With u = 5 mg / preferred, one cut of 10 mg costs 2u(2u - 1)^2, two of 5 mg u(u - 1)^2 + 4u/3 (4u/3 - 1)^2:
    one costs less where 125u^2 - 66u - 9 < 0, that is from a preferred cut of 39.04 % upward."""
    answer = solve(ending_by("2026-12-20"))
    assert dated(answer) == [("2026-12-07", 10), ("2026-12-14", 0)]
    assert answer["steps"][0]["preferred"] == 20 - Fraction("39.1") / 100 * 20


def test_no_cut_ends_in_time(solve: Solve) -> None:
    with pytest.raises(Refused):
        solve(ending_by("2026-12-13"))


def test_no_last_date_makes_a_cut_larger_than_the_limit(solve: Solve) -> None:
    tight = {"limit": {"cut": "30%", "of": "current", "days": 7}}
    assert dated(solve(ending_by("2026-12-21") | tight)) == [("2026-12-07", 15), ("2026-12-14", 10), ("2026-12-21", 0)]
    with pytest.raises(Refused):
        solve(ending_by("2026-12-20") | tight)


def test_days_and_basis_of_the_medicine_are_kept(solve: Solve) -> None:
    asked = ending_by("2027-01-04")
    asked["medicine"] = asked["medicine"] | {"pace": [{"cut": "50%", "of": "starting", "every": 14}]}
    answer = solve(asked)
    assert dated(answer) == [("2026-12-07", 15), ("2026-12-21", 10), ("2027-01-04", 0)]
    assert [step["preferred"] for step in answer["steps"]] == [Fraction("19.98"), Fraction("14.98"), 0]


# A running taper: at most 20 % of the current dose in 14 days


def revised(now: str, history: list[tuple[str, int, str]], **fields: object) -> Json:
    past = [{"start": start, "days": days, "regimen": {"morning": dose}} for start, days, dose in history]
    asked = request(HALVED_10, {"morning": now}, "10%", "20%", 14, history=past)
    return asked | {"pace": [{"cut": "10%", "of": "current", "every": 7}], **fields}


def test_first_cut_waits_until_the_window_of_what_was_taken_lets_it_in(solve: Solve) -> None:
    """Of 50 mg 10 mg may go in 14 days, and have since 4 December; of 40 mg 8 mg, so a second 5 mg waits too."""
    answer = solve(revised("40", [("2026-11-20", 14, "50"), ("2026-12-04", 3, "40")]))
    assert dated(answer)[:2] == [("2026-12-18", 35), ("2027-01-01", 30)]
    assert not answer["steps"][0]["over_limit"]


def test_first_cut_above_the_limit_by_itself_waits_until_its_window_is_clear(solve: Solve) -> None:
    answer = solve(revised("20", [("2026-11-20", 14, "25"), ("2026-12-04", 3, "20")]))
    assert dated(answer)[0] == ("2026-12-18", 15)
    assert answer["steps"][0]["over_limit"]


def test_before_everything_written_down_the_starting_dose_was_taken(solve: Solve) -> None:
    history = [("2026-12-01", 6, "40")]
    assert dated(solve(revised("40", history)))[0] == ("2026-12-07", 35)
    assert dated(solve(revised("40", history, starting="50")))[0] == ("2026-12-15", 35)


def test_days_that_nobody_wrote_down_count_as_the_entry_before_them(solve: Solve) -> None:
    answer = solve(revised("40", [("2026-11-10", 2, "50"), ("2026-12-04", 3, "40")]))
    assert dated(answer)[0] == ("2026-12-18", 35)


def test_cut_after_a_step_back_that_is_above_the_limit_waits_from_the_step_back(solve: Solve) -> None:
    answer = solve(revised("20", [("2026-11-20", 14, "20"), ("2026-12-04", 3, "15")]))
    assert dated(answer)[0] == ("2026-12-21", 15)


def test_percent_of_starting_is_of_the_dose_before_the_first_plan(solve: Solve) -> None:
    pace = [{"cut": "10%", "of": "starting", "every": 14, "down_to": "50%"}, {"cut": "5 mg", "every": 28}]
    answer = solve(revised("40", [("2026-11-01", 36, "40")], starting="60", pace=pace))
    assert [step["preferred"] for step in answer["steps"][:3]] == [34, 29, 25]
    assert held(answer) | {0: 0} == {35: 14, 30: 14, 25: 28, 20: 28, 15: 28, 10: 28, 5: 28, 0: 0}
    assert answer["steps"][0]["cut_of_starting"] == Fraction("8.3")
    assert answer["steps"][0]["cut_of_current"] == Fraction("12.5")


def test_what_the_patient_holds_is_not_dispensed(solve: Solve) -> None:
    asked = request(TABLET_10, {"morning": "40"}, "10%", "100%", 28, on_hand={"tablet-10": "100"})
    fills = solve(asked)["fills"]
    assert [fill["units"]["tablet-10"] for fill in fills] == [84, 56, 28]
    assert [fill["dispense"].get("tablet-10", 0) for fill in fills] == [0, 40, 28]


def test_half_a_tablet_at_hand_saves_a_whole_one_once(solve: Solve) -> None:
    asked = request(HALVED_10, {"morning": "20"}, "25%", "100%", 7, fill_days=7, on_hand={"tablet-10": "0.5"})
    fills = solve(asked)["fills"]
    assert [fill["units"]["tablet-10"] for fill in fills] == [Fraction("10.5"), 7, Fraction("3.5")]
    assert [fill["dispense"]["tablet-10"] for fill in fills] == [10, 7, 4]


def test_all_dates_move_with_a_start_that_moves(solve: Solve) -> None:
    history = [("2026-11-20", 14, "50"), ("2026-12-04", 3, "40")]
    answer = solve(revised("40", history, target="35", change_on=["mon"]))
    assert dated(answer) == [("2026-12-21", 35)]
    assert date.fromisoformat(answer["fills"][0]["end"]) - date(2026, 12, 21) == timedelta(days=27)

"""Schedules worked out by hand."""

import pytest

from tests.taper.asking import Json, ask

BACLOFEN: Json = {
    "medicine": "baclofen",
    "products": ["tablet-10"],
    "regimen": {"morning": "20", "midday": "20", "evening": "20"},
    "target": "0",
    "start": "2026-12-07",
    "pace": [{"cut": "10%", "of": "current", "every": 7}],
    "limit": {"cut": "20%", "of": "current", "days": 7},
}
TABLET_10: Json = {"form": "tablet", "strength": "10", "divides": 1}
TABLET_5: Json = {"form": "tablet", "strength": "5", "divides": 1}
SOLUTION_1: Json = {"form": "solution", "strength": "1", "step_ml": "1"}


def inline(products: dict[str, Json], regimen: dict[str, str], **fields: object) -> Json:
    """A request whose limit lets everything through, unless it is given."""
    return {
        "medicine": {"name": "Example", "unit": "mg", "products": products},
        "regimen": regimen,
        "start": "2026-12-07",
        "pace": [{"cut": "10 mg", "every": 7}],
        "limit": {"cut": "100%", "of": "current", "days": 7},
        **fields,
    }


def daily_by_start(answer: Json) -> dict[str, str]:
    return {step["start"]: step["daily"] for step in answer["steps"]}


def findings(answer: Json) -> dict[tuple[str, int | None], str]:
    return {(finding["code"], finding["step"]): finding["severity"] for finding in answer["findings"]}


# Baclofen 20 mg three times a day, 10 mg scored tablets, to stop


def test_baclofen_steps_are_those_of_the_worked_example() -> None:
    steps = [
        (step["start"], *(step["regimen"][time] for time in ("morning", "midday", "evening")), step["daily"])
        for step in ask(BACLOFEN)["steps"]
    ]
    assert steps == [
        ("2026-12-07", "20", "15", "20", "55"),
        ("2026-12-14", "15", "15", "20", "50"),
        ("2026-12-21", "15", "15", "15", "45"),
        ("2026-12-28", "15", "10", "15", "40"),
        ("2027-01-04", "10", "10", "15", "35"),
        ("2027-01-11", "10", "10", "10", "30"),
        ("2027-01-18", "10", "5", "10", "25"),
        ("2027-01-25", "5", "5", "10", "20"),
        ("2027-02-01", "5", "5", "5", "15"),
        ("2027-02-08", "5", "0", "5", "10"),
        ("2027-02-15", "0", "0", "5", "5"),
        ("2027-02-22", "0", "0", "0", "0"),
    ]


def test_baclofen_percents_are_those_of_the_worked_example() -> None:
    steps = ask(BACLOFEN)["steps"]
    of_current = ["8.3", "9.1", "10.0", "11.1", "12.5", "14.3", "16.7", "20.0", "25.0", "33.3", "50.0", "100.0"]
    assert [step["cut_of_current"] for step in steps] == of_current
    assert {step["cut_of_starting"] for step in steps} == {"8.3"}
    assert {step["cut"] for step in steps} == {"5"}


def test_baclofen_wished_for_doses_are_a_tenth_below_the_dose_before() -> None:
    preferred = ["54", "49.5", "45", "40.5", "36", "31.5", "27", "22.5", "18", "13.5", "9", "0"]
    assert [step["preferred"] for step in ask(BACLOFEN)["steps"]] == preferred


def test_baclofen_cuts_below_20_mg_are_over_the_limit_and_need_a_reason() -> None:
    answer = ask(BACLOFEN)
    assert [step["daily"] for step in answer["steps"] if step["over_limit"]] == ["15", "10", "5"]
    over = {key: severity for key, severity in findings(answer).items() if key[0] == "over-limit"}
    assert over == dict.fromkeys([("over-limit", 9), ("over-limit", 10), ("over-limit", 11)], "acknowledge")


def test_baclofen_supply_is_231_tablets_in_three_fills() -> None:
    """A week at 55 mg is 38.5 tablets; then 35, 31.5, 28: 133. Then 24.5, 21, 17.5, 14: 77; then 10.5, 7, 3.5: 21."""
    answer = ask(BACLOFEN)
    assert answer["supply"]["total"] == {"tablet-10": "231"}
    fills = [(f["start"], f["end"], f["units"], f["dispense"]) for f in answer["supply"]["fills"]]
    assert fills == [
        ("2026-12-07", "2027-01-03", {"tablet-10": "133"}, {"tablet-10": "133"}),
        ("2027-01-04", "2027-01-31", {"tablet-10": "77"}, {"tablet-10": "77"}),
        ("2027-02-01", "2027-02-21", {"tablet-10": "21"}, {"tablet-10": "21"}),
    ]
    assert (answer["ends"], answer["days"]) == ("2027-02-22", 77)


def test_baclofen_with_the_liquid_keeps_every_cut_within_the_limit() -> None:
    answer = ask(BACLOFEN | {"products": ["tablet-10", "solution-1"]})
    assert not [step for step in answer["steps"] if step["over_limit"]]
    assert answer["steps"][-1]["daily"] == "0"


# The limit's window


def test_small_cuts_are_held_until_the_window_lets_them_in() -> None:
    """1 mL a cut every 3 days would be 2 mg in a window that allows 1 mg: each waits for the seventh day."""
    pace, limit = [{"cut": "0.25 mg", "every": 3}], {"cut": "1 mg", "days": 7}
    answer = ask(inline({"liquid": SOLUTION_1}, {"morning": "10"}, pace=pace, limit=limit, target="7"))
    assert daily_by_start(answer) == {"2026-12-07": "9", "2026-12-14": "8", "2026-12-21": "7"}
    assert [step["days"] for step in answer["steps"]] == [7, 7, 3]
    assert not [step for step in answer["steps"] if step["over_limit"]]


def test_daily_cuts_of_a_tenth_are_held_to_a_fifth_a_week() -> None:
    """Every day becomes every fourth: 10 % twice is 19 %, three times 27.1 %.

    9 on day 0; 8 on day 4 (10 - 8 = 2, allowed 2). 7 on day 8 would be 9 - 7 = 2, allowed 1.8: it waits for day 11,
    when 8 was in force seven days before. Likewise 6 waits for day 18, 5 for day 25, 4 for day 32. From 4, 1 mg is
    over 0.8 mg by itself: it comes when the window is clear, on day 39.
    """
    pace, limit = [{"cut": "10%", "of": "current", "every": 1}], {"cut": "20%", "of": "current", "days": 7}
    answer = ask(inline({"liquid": SOLUTION_1}, {"morning": "10"}, pace=pace, limit=limit, target="3"))
    assert daily_by_start(answer) == {
        "2026-12-07": "9",
        "2026-12-11": "8",
        "2026-12-18": "7",
        "2026-12-25": "6",
        "2027-01-01": "5",
        "2027-01-08": "4",
        "2027-01-15": "3",
    }
    assert [step["daily"] for step in answer["steps"] if step["over_limit"]] == ["3"]
    assert answer["steps"][-1]["days"] == 4
    assert findings(answer)["pace-slowed", None] == "advise"


def test_pace_whose_cuts_pass_the_limit_together_is_slowed() -> None:
    """1 mg a day, at most 2 mg in 7 days: two cuts a window, so every fourth day."""
    pace, limit = [{"cut": "1 mg", "every": 1}], {"cut": "2 mg", "days": 7}
    answer = ask(inline({"liquid": SOLUTION_1}, {"morning": "10"}, pace=pace, limit=limit, target="6"))
    assert daily_by_start(answer) == {"2026-12-07": "9", "2026-12-11": "8", "2026-12-15": "7", "2026-12-19": "6"}
    assert findings(answer)["pace-slowed", None] == "advise"


def test_pace_just_within_the_limit_is_not_slowed() -> None:
    """1 mg every 4 days, at most 2 mg in 7 days."""
    pace, limit = [{"cut": "1 mg", "every": 4}], {"cut": "2 mg", "days": 7}
    answer = ask(inline({"liquid": SOLUTION_1}, {"morning": "10"}, pace=pace, limit=limit, target="6"))
    assert ("pace-slowed", None) not in findings(answer)
    assert answer["ends"] == "2026-12-19"


def test_preferred_cut_above_the_limit_is_tried_no_further_than_the_limit() -> None:
    """Half of 20 mg is wished for, a quarter allowed: 15 mg is the preferred dose, and the first step."""
    pace, limit = [{"cut": "50%", "of": "current", "every": 7}], {"cut": "25%", "of": "current", "days": 7}
    answer = ask(inline({"liquid": SOLUTION_1}, {"morning": "20"}, pace=pace, limit=limit, target="15"))
    assert [(step["daily"], step["preferred"]) for step in answer["steps"]] == [("15", "15")]
    assert ("preferred-above-limit", "advise") in {(code, weight) for (code, _), weight in findings(answer).items()}


def test_phase_ends_at_its_dose_and_each_step_lasts_its_own_phases_days() -> None:
    """10 mg a week down to 20 mg, then 5 mg every two weeks."""
    pace = [{"cut": "10 mg", "every": 7, "down_to": "20 mg"}, {"cut": "5 mg", "every": 14}]
    answer = ask(inline({"tablet-5": TABLET_5}, {"morning": "40"}, pace=pace, max_units="8"))
    assert [(step["daily"], step["days"]) for step in answer["steps"]] == [
        ("30", 7),
        ("20", 7),
        ("15", 14),
        ("10", 14),
        ("5", 14),
        ("0", 0),
    ]


# Exactness of pace against a simple day


@pytest.mark.parametrize(
    ("cut", "first"),
    [
        ("13 mg", "10"),  # one tablet: 10/13 x (3/13)^2 = 0.041; 7 mL, a measured dose: 0.05
        ("14 mg", "6"),  # one tablet: 10/14 x (4/14)^2 = 0.058; 6 mL: 0.05
    ],
)
def test_tablet_is_taken_for_a_liquid_while_its_cut_is_near_enough(cut: str, first: str) -> None:
    products = {"tablet-10": TABLET_10, "liquid": SOLUTION_1}
    answer = ask(inline(products, {"morning": "20"}, pace=[{"cut": cut, "every": 7}], final_dose="10"))
    assert [step["daily"] for step in answer["steps"]] == [first, "0"]


# The products


def test_more_pieces_than_max_units_are_never_taken() -> None:
    """60 mg is six tablets; with three at one time the first dose is 30 mg, and the answer says what binds."""
    answer = ask(inline({"tablet-10": TABLET_10}, {"morning": "60"}, max_units="3"))
    assert [step["daily"] for step in answer["steps"]] == ["30", "20", "10", "0"]
    assert findings(answer)["max-units-binds", 1] == "advise"


@pytest.mark.parametrize(("current", "most"), [("30", "6"), ("60", "6"), ("80", "8"), ("85", "6")])
def test_max_units_is_six_or_what_the_current_regimen_needs(current: str, most: str) -> None:
    """85 mg cannot be made from whole 10 mg tablets, so it needs no number of them."""
    answer = ask(inline({"tablet-10": TABLET_10}, {"morning": current}))
    assert answer["request"]["max_units"] == most


def test_two_strengths_are_supplied_each_in_its_own_number() -> None:
    """A week each of 20 (two tens), 15 (three fives: a second product would count twice), 10 and 5 mg."""
    products = {"tablet-10": TABLET_10, "tablet-5": TABLET_5}
    answer = ask(inline(products, {"morning": "25"}, pace=[{"cut": "5 mg", "every": 7}]))
    taken = [[(p["product"], p["units"]) for p in step["take"].get("morning", [])] for step in answer["steps"]]
    assert taken == [[("tablet-10", "2")], [("tablet-5", "3")], [("tablet-10", "1")], [("tablet-5", "1")], []]
    assert answer["supply"]["total"] == {"tablet-10": "21", "tablet-5": "28"}


def test_strengths_are_taken_together_where_that_is_least() -> None:
    """25 mg: two tens and a five are 3 pieces, and 2 for the second product; five fives are 5. A tie: fewest pieces."""
    products = {"tablet-10": TABLET_10, "tablet-5": TABLET_5}
    answer = ask(inline(products, {"morning": "30"}, pace=[{"cut": "5 mg", "every": 7}]))
    taken = answer["steps"][0]["take"]["morning"]
    assert {portion["product"]: portion["units"] for portion in taken} == {"tablet-10": "2", "tablet-5": "1"}


def test_liquid_is_dispensed_in_whole_ml_and_what_is_left_over_is_carried_on() -> None:
    """31.5 mL: 32, half a mL stays. 28 mL: 28, half stays. 24.5 mL: 24 and the half."""
    liquid = {"form": "solution", "strength": "1", "step_ml": "0.5"}
    pace = [{"cut": "0.5 mg", "every": 7}]
    answer = ask(inline({"liquid": liquid}, {"morning": "5"}, pace=pace, target="3.5", fill_days=7))
    fills = [(fill["units"]["liquid"], fill["dispense"]["liquid"]) for fill in answer["supply"]["fills"]]
    assert fills == [("31.5", "32"), ("28", "28"), ("24.5", "24")]
    assert answer["supply"]["total"] == {"liquid": "84"}


# The end


@pytest.mark.parametrize(
    ("fill_days", "fills"),
    [
        (28, [("2027-01-03", "63")]),  # 7 days of 3, 21 of 2
        (10, [("2026-12-16", "27"), ("2026-12-26", "20")]),  # 7 of 3 and 3 of 2; 10 of 2
        (7, [("2026-12-13", "21"), ("2026-12-20", "14")]),  # the target's days end with a fill
    ],
)
def test_target_above_zero_is_supplied_to_the_end_of_its_fill(fill_days: int, fills: list[tuple[str, str]]) -> None:
    answer = ask(inline({"tablet-10": TABLET_10}, {"morning": "40"}, target="20", fill_days=fill_days))
    assert [(step["daily"], step["end"]) for step in answer["steps"]] == [("30", "2026-12-13"), ("20", "2026-12-20")]
    assert [(fill["end"], fill["units"]["tablet-10"]) for fill in answer["supply"]["fills"]] == fills
    assert (answer["ends"], answer["days"]) == ("2026-12-14", 7)


def test_zero_comes_at_the_first_dose_at_or_below_the_final_dose() -> None:
    answer = ask(inline({"tablet-10": TABLET_10}, {"morning": "40"}, final_dose="25"))
    assert [step["daily"] for step in answer["steps"]] == ["30", "20", "0"]
    assert findings(answer)["final-dose", None] == "advise"  # 10 mg could be made


def test_dose_now_that_cannot_be_made_is_lowered_to_one_that_can() -> None:
    answer = ask(inline({"tablet-10": TABLET_10}, {"morning": "33"}))
    assert [step["daily"] for step in answer["steps"]] == ["20", "10", "0"]

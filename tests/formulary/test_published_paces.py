"""Published ladders stand in the files by their names and come out exactly, dose by dose and day by day."""

import pytest

from planner.taper import answer_json
from planner.taper.schedule import Answer
from tests.taper.asking import proposed

VA = ["tablet-15", "tablet-30", "tablet-60"]
EVERY_8_HOURS = {"morning": "90", "midday": "90", "evening": "90"}
SLOWEST = ["90/75/90", "75/75/90", "75/75/75", "75/60/75", "60/60/75", "60/60/60", "60/45/60", "45/45/60", "45/45/45"]
SLOWER = ["75/75/75", "60/60/60", "45/45/45", "30/30/30", "15/15/15", "15/0/15", "0/0/15"]
RAPID = ["60/60/60", "45/45/45", "30/30/30", "15/15/15", "15/0/15", "0/0/15"]


def asked(medicine: str, regimen: dict[str, str], pace: str, products: list[str]) -> Answer:
    request = {"medicine": medicine, "regimen": regimen, "start": "2026-12-07", "pace": pace, "products": products}
    return proposed(request)


def rows(answer: Answer) -> list[str]:
    """Morning, midday and evening of each step, without the stop."""
    return ["/".join(step["regimen"].values()) for step in answer_json(answer)["steps"] if step["days"]]


@pytest.mark.parametrize(
    ("pace", "table", "days"),
    [
        ("va-slowest", SLOWEST, [28] * len(SLOWEST)),  # the tool's table ends here: continue at this rate
        ("va-slower", SLOWER, [28] * len(SLOWER)),
        ("va-faster", SLOWER, [7] * len(SLOWER)),
        ("va-rapid", RAPID, [1, 1, 1, 1, 3, 4]),
    ],
)
def test_morphine_by_the_tables_of_the_va_tool(pace: str, table: list[str], days: list[int]) -> None:
    answer = asked("morphine", EVERY_8_HOURS, pace, VA)
    assert rows(answer)[: len(table)] == table
    assert [step.days for step in answer.steps][: len(table)] == days
    assert pace == "va-slowest" or len(rows(answer)) == len(table)


def test_the_va_tools_example_from_180_mg() -> None:
    answer = asked("morphine", dict.fromkeys(EVERY_8_HOURS, "60"), "va-example", VA)
    assert rows(answer)[:3] == ["60/45/60", "45/45/60", "45/45/45"]
    assert [step.days for step in answer.steps][:3] == [10, 10, 10]


@pytest.mark.parametrize(
    ("medicine", "now", "products", "ladder"),
    [
        ("citalopram", "40", ["tablet-10", "tablet-20"], ["30", "20", "10", "0"]),
        ("escitalopram", "20", ["tablet-5"], ["15", "10", "5", "0"]),
        ("fluoxetine", "40", ["capsule-10"], ["30", "20", "10", "0"]),
        ("sertraline", "200", ["tablet-25", "tablet-whole-100"], ["150", "100", "50", "25", "0"]),
        ("paroxetine", "40", ["tablet-10"], ["30", "20", "10", "5", "0"]),
    ],
)
def test_antidepressants_by_the_scottish_ladders(
    medicine: str, now: str, products: list[str], ladder: list[str]
) -> None:
    answer = answer_json(asked(medicine, {"morning": now}, "scotland", products))
    assert [step["daily"] for step in answer["steps"]] == ladder
    assert {step["days"] for step in answer["steps"][:-1]} == {28}


LOW = ["17.5", "15", "12.5", "10", "9", "8", "7", "6"]
LAST = ["5", "4", "3", "2", "1"]
SLOW = dict.fromkeys(["55", "50", "45", "40", "35", "30", "25"], 7) | dict.fromkeys(["20", *LOW, *LAST], 28)
FAST = dict.fromkeys(["50", "40", "35", "30", "25", "20", *LOW], 7) | dict.fromkeys(LAST, 28)


@pytest.mark.parametrize("medicine", ["prednisone", "prednisolone"])
@pytest.mark.parametrize(("pace", "table"), [("ese-table-4-slow", SLOW), ("ese-table-4-fast", FAST)])
def test_steroids_by_the_bands_of_the_guidelines_table(medicine: str, pace: str, table: dict[str, int]) -> None:
    """Above 40 mg 5 to 10 mg a week, to 20 mg 5 mg a week, to 10 mg 2.5 mg and to 5 mg 1 mg every 1 to 4 weeks, then
    1 mg every 4 weeks; each end of every range. 5 mg, and 20 mg at the slow end, are taken 4 weeks: our reading.
    """
    answer = asked(medicine, {"morning": "60"}, pace, ["tablet-1", "tablet-2.5", "tablet-5", "tablet-20"])
    steps = answer_json(answer)["steps"][:-1]
    assert {step["daily"]: step["days"] for step in steps} == table
    assert len(steps) == len(table)

"""The engine finds the best schedule of large requests too: a search that leaves nothing out agrees.

PLANNER_TEST_EXAMPLES=20 looks at twenty times as many.
"""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import event, given

from planner.taper.errors import BadInput
from tests.taper.asking import ask
from tests.taper.brute_rules import Rank, Rules
from tests.taper.full_search import search
from tests.taper.large_requests import large_requests
from tests.taper.strategies import Json, examples, requests

TEN_YEARS = 3650


def figures_by_engine(request: Json) -> Any:
    """None where it is refused."""
    try:
        answer = ask(request)
    except BadInput as refused:
        return f"too long for its {refused.field.split('.')[0]}" if "years" in str(refused) else None
    if answer["outcome"] == "refused":
        return None
    return [
        (
            {time: Fraction(dose) for time, dose in step["regimen"].items()},
            {t: {p["product"]: Fraction(p["units"]) for p in portions} for t, portions in step["take"].items()},
            step["over_limit"],
        )
        for step in answer["steps"]
        if step["daily"] != "0"
    ]


def figures_by_full_search(request: Json) -> Any:
    """Regimen, what is taken and whether the cut passes the limit, for every step above zero."""
    found = search(request)
    return found and list(zip(found.regimens, found.takes, found.over, strict=True))


@examples(25)
@given(large_requests(new_fields=True))
def test_engine_finds_the_best_of_all_schedules_of_a_large_request(request: Json) -> None:
    found, answer = figures_by_full_search(request), figures_by_engine(request)
    event("refused" if found is None else "proposed")
    if answer == "too long for its limit" and found:
        assert len(found) * max(request["limit"]["days"], *(phase["every"] for phase in request["pace"])) > TEN_YEARS
    elif answer != "too long for its pace":  # reckoned before the search, from exact cuts
        assert answer == found


LARGE: dict[str, Json] = {
    "60 mg of liquid in 0.5 mL, three times a day": {
        "products": {"solution-1": {"form": "solution", "strength": "1", "step_ml": "0.5"}},
        "regimen": {"morning": "20", "midday": "15", "evening": "25"},
    },
    "20 mg of liquid in 0.1 mL, once a day": {
        "products": {"solution-1": {"form": "solution", "strength": "1", "step_ml": "0.1"}},
        "regimen": {"morning": "20"},
    },
    "300 mg of two tablets in quarters, twice a day": {
        "products": {
            "tablet-25": {"form": "tablet", "strength": "25", "divides": 4},
            "tablet-100": {"form": "tablet", "strength": "100", "divides": 4},
        },
        "regimen": {"morning": "100", "bedtime": "200"},
    },
    "390 daily doses of liquid and tablets, four times a day": {
        "products": {
            "solution-2": {"form": "solution", "strength": "2", "step_ml": "0.25"},
            "tablet-10": {"form": "tablet", "strength": "10", "divides": 2},
            "tablet-25": {"form": "tablet", "strength": "25", "divides": 1},
        },
        "regimen": {"morning": "50", "midday": "45", "evening": "40", "bedtime": "60"},
    },
}


@pytest.mark.parametrize("name", LARGE)
def test_engine_finds_the_best_of_all_schedules_of_a_usual_large_request(name: str) -> None:
    request = {
        "medicine": {"name": "Example", "unit": "mg", "products": LARGE[name]["products"]},
        "regimen": LARGE[name]["regimen"],
        "start": "2026-12-07",
        "pace": [{"cut": "10%", "of": "current", "every": 14}],
        "limit": {"cut": "25%", "of": "current", "days": 14},
    }
    assert figures_by_engine(request) == figures_by_full_search(request)


@examples(150)
@given(requests(most=14, new_fields=True))
def test_full_search_finds_what_the_plain_reading_finds(request: Json) -> None:
    """Two ways of adding up the same breach, cost and order."""
    request = {name: value for name, value in request.items() if name != "end_by"}
    request = {"pace": [{"cut": "10%", "of": "current", "every": 7}], **request}
    rules, found = Rules(request), search(request)
    best = rules.best_from(rules.now)
    assert (best is None) == (found is None)
    if best and found:
        rank, path = best
        assert [dict(zip(rules.times, regimen, strict=True)) for regimen in path] == found.regimens
        assert rank == Rank(found.breach, found.cost, rank.ties)
        takes = [dict(zip(rules.times, rules.shelf.take(regimen), strict=True)) for regimen in path]
        assert [{t: [u for u in way if u] for t, way in take.items() if any(way)} for take in takes] == [
            {time: list(units.values()) for time, units in take.items()} for take in found.takes
        ]

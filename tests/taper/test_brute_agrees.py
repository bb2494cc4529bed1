"""The engine and a second, plain reading of the design give the same schedules for random requests.

PLANNER_TEST_EXAMPLES=20 looks at twenty times as many.
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import assume, event, given, reject
from hypothesis import strategies as st

from planner.taper.errors import BadInput
from tests.taper.asking import ask
from tests.taper.brute import Refused, solve, solve_exhaustively
from tests.taper.strategies import Json, examples, requests


def figures(answer: Json) -> Json:
    """The figures of a JSON answer in the plain reading's form."""
    if answer["outcome"] == "refused":
        return {"refused": True, "stuck_at": fraction(answer.get("stuck_at"))}
    return {
        "steps": [step_figures(step) for step in answer["steps"]],
        "fills": [fill_figures(fill) for fill in answer["supply"]["fills"]],
        "ends": answer["ends"],
        "days": answer["days"],
    }


def step_figures(step: Json) -> Json:
    return {
        "start": step["start"],
        "days": step["days"],
        "regimen": {time: Fraction(dose) for time, dose in step["regimen"].items()},
        "preferred": Fraction(step["preferred"]),
        "cut_of_current": Fraction(step["cut_of_current"]),
        "cut_of_starting": Fraction(step["cut_of_starting"]),
        "over_limit": step["over_limit"],
        "take": {t: {p["product"]: Fraction(p["units"]) for p in portions} for t, portions in step["take"].items()},
    }


def fill_figures(fill: Json) -> Json:
    return {
        "start": fill["start"],
        "end": fill["end"],
        "units": amounts(fill["units"]),
        "dispense": amounts(fill["dispense"]),
    }


def amounts(units: dict[str, str]) -> dict[str, Fraction]:
    return {key: Fraction(amount) for key, amount in units.items() if Fraction(amount)}


def fraction(amount: str | None) -> Fraction | None:
    return None if amount is None else Fraction(amount)


def engine_figures(request: Json) -> Json:
    try:
        return figures(ask(request))
    except BadInput:
        return {"refused": True, "stuck_at": None}


def plain_figures(request: Json) -> Json:
    try:
        return solve(request)
    except Refused as refused:
        return {"refused": True, "stuck_at": refused.stuck_at}


def assert_agree(request: Json) -> None:
    """The same figures. Where the products simply lead nowhere, an answer may name the dose now as the place; where
    no pace ends in time, any."""
    plain, engine = plain_figures(request), engine_figures(request)
    tell_kind(plain)
    if "refused" in plain and "end_by" in request:
        assert "refused" in engine
        return
    if plain == {"refused": True, "stuck_at": None}:
        now = sum(map(Fraction, request["regimen"].values()), Fraction(0))
        assert engine in (plain, {"refused": True, "stuck_at": now})
        return
    assert engine == plain


def tell_kind(plain: dict[str, Any]) -> None:
    over = any(step["over_limit"] for step in plain.get("steps", []))
    event("refused" if "refused" in plain else "over the limit" if over else "within the limit")


@examples(500)
@given(requests(most=8, new_fields=True))
def test_engine_agrees_with_the_plain_reading(request: Json) -> None:
    assert_agree(request)


@examples(120)
@given(requests(most=14, new_fields=True))
def test_engine_agrees_with_the_plain_reading_on_longer_tapers(request: Json) -> None:
    assert_agree(request)


@examples(60)
@given(requests(most=30, new_fields=True))
def test_engine_agrees_with_the_plain_reading_on_long_tapers(request: Json) -> None:
    assert_agree(request)


@examples(40)
@given(requests(most=8, new_fields=True), st.integers(1, 1000), st.integers(-1, 1))
def test_engine_agrees_on_the_slowest_pace_that_ends_in_time(request: Json, tenths: int, later: int) -> None:
    """The last date is that of some pace, or a day before or after it."""
    rest = {name: value for name, value in request.items() if name not in ("pace", "end_by")}
    pace = {"cut": f"{tenths // 10}.{tenths % 10}%", "of": "current", "every": request["limit"]["days"]}
    try:
        ends = date.fromisoformat(solve({**rest, "pace": [pace]})["ends"])
    except Refused:
        reject()
    assert_agree({**rest, "end_by": (ends + timedelta(days=later)).isoformat()})


@examples(240)
@given(requests(most=6, new_fields=True))
def test_plain_reading_agrees_with_every_schedule_laid_out(request: Json) -> None:
    """Remembering the best rest of the way from a regimen loses nothing against dating and measuring all of them."""
    whole = laid_out(request)
    assume(whole is not None)
    assert plain_figures(request) == whole


def laid_out(request: Json) -> Json | None:
    try:
        return solve_exhaustively(request, most=20 if "end_by" in request else 300)
    except Refused as refused:
        return {"refused": True, "stuck_at": refused.stuck_at}

"""Plain sums over a JSON answer, which the properties are verified by."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import reject
from hypothesis import strategies as st

from planner.taper import BadInput
from tests.taper.asking import Json, ask
from tests.taper.strategies import requests

any_request = st.one_of(requests(), requests(), requests(most=30), requests(most=90, most_times=4))
DAY = timedelta(days=1)


def schedule_for(request: Json) -> Json:
    """The proposed answer; a request that is refused is passed over."""
    try:
        answer = ask(request)
    except BadInput:
        reject()
    if answer["outcome"] == "refused":
        reject()
    return answer


def daily_doses(answer: Json) -> list[Fraction]:
    """The daily dose before the taper, then that of each step."""
    before = sum(map(Fraction, answer["request"]["regimen"].values()), Fraction(0))
    return [before, *(Fraction(step["daily"]) for step in answer["steps"])]


def in_force(answer: Json, day: date) -> Fraction:
    doses = [Fraction(step["daily"]) for step in answer["steps"] if date.fromisoformat(step["start"]) <= day]
    return doses[-1] if doses else daily_doses(answer)[0]


def part(change: Json, current: Fraction, starting: Fraction) -> Fraction:
    """A cut or limit of the request in the medicine's unit."""
    if not change["cut"].endswith("%"):
        return Fraction(change["cut"].removesuffix(" mg"))
    return Fraction(change["cut"][:-1]) / 100 * (current if change["of"] == "current" else starting)


def allowed_in_window(answer: Json, reference: Fraction) -> Fraction:
    return part(answer["request"]["limit"], reference, daily_doses(answer)[0])


def breach_if_cut(answer: Json, day: date, new: Fraction) -> Fraction:
    """By how much a dose from this day on is below what the limit allows; 0 or less: it is not."""
    reference = in_force(answer, day - answer["request"]["limit"]["days"] * DAY)
    return reference - new - allowed_in_window(answer, reference)


def cuts(answer: Json) -> Iterator[tuple[Fraction, Json]]:
    """Each step that counts against the limit, with the daily dose before it."""
    for before, step in zip(daily_doses(answer), answer["steps"], strict=False):
        if step["daily"] != "0":
            yield before, step


def phase_of(answer: Json, new: Fraction) -> Json:
    """The first phase that goes so far down."""
    starting = daily_doses(answer)[0]
    bounds = [{"cut": phase.get("down_to", "0%"), "of": "starting"} for phase in answer["request"]["pace"]]
    phases = zip(answer["request"]["pace"], bounds, strict=True)
    return next(phase for phase, bound in phases if part(bound, starting, starting) <= new)


def codes(answer: Json) -> set[str]:
    return {finding["code"] for finding in answer["findings"]}

"""Plain sums over a JSON answer, which the properties are verified by."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import reject
from hypothesis import strategies as st

from planner.taper import BadInput
from tests.taper.asking import Json, ask
from tests.taper.strategies import WEEKDAYS, requests

DAY = timedelta(days=1)

plain_requests = st.one_of(requests(), requests(most=30), requests(most=90, most_times=4))
new_requests = st.one_of(
    requests(new_fields=True), requests(most=30, new_fields=True), requests(most=90, most_times=4, new_fields=True)
)
any_request = st.one_of(plain_requests, new_requests)


def schedule_for(request: Json) -> Json:
    """The proposed answer; a request that is refused is passed over."""
    try:
        answer = ask(request)
    except BadInput:
        reject()
    if answer["outcome"] == "refused":
        reject()
    return answer


# Doses


def current_dose(answer: Json) -> Fraction:
    return sum(map(Fraction, answer["request"]["regimen"].values()), Fraction(0))


def starting_dose(answer: Json) -> Fraction:
    """The dose before the whole taper, which a revision names."""
    return Fraction(answer["request"]["starting"] or current_dose(answer))


def daily_doses(answer: Json) -> list[Fraction]:
    """The daily dose now, then that of each step."""
    return [current_dose(answer), *(Fraction(step["daily"]) for step in answer["steps"])]


def cuts(answer: Json) -> Iterator[tuple[Fraction, Json]]:
    """Each step that counts against the limit, with the daily dose before it."""
    for before, step in zip(daily_doses(answer), answer["steps"], strict=False):
        if step["daily"] != "0":
            yield before, step


def part(change: Json, current: Fraction, starting: Fraction) -> Fraction:
    """A cut or limit of the request in the medicine's unit."""
    if not change["cut"].endswith("%"):
        return Fraction(change["cut"].removesuffix(" mg"))
    return Fraction(change["cut"][:-1]) / 100 * (current if change["of"] == "current" else starting)


def allowed_in_window(answer: Json, reference: Fraction) -> Fraction:
    return part(answer["request"]["limit"], reference, starting_dose(answer))


def preferred_cut(answer: Json, phase: Json, dose: Fraction) -> Fraction:
    """No further than the limit."""
    return min(part(phase, dose, starting_dose(answer)), allowed_in_window(answer, dose))


# What was taken on which day


def taken_before(answer: Json) -> list[tuple[date, Fraction]]:
    """The days from which each daily dose was taken before the first cut, the earliest since ever.

    Days that nobody wrote down count as the entry before them; a dose now other than the last one is taken from the
    end of that.
    """
    now, history = current_dose(answer), answer["request"]["history"] or []
    if not history:
        return [(date.min, now)]
    found = [(date.fromisoformat(entry["start"]), sum(map(Fraction, entry["regimen"].values()))) for entry in history]
    since_ever = Fraction(answer["request"]["starting"] or found[0][1])
    end = found[-1][0] + history[-1]["days"] * DAY
    return [(date.min, since_ever), *found, *([] if found[-1][1] == now else [(end, now)])]


def taken(answer: Json) -> list[tuple[date, Fraction]]:
    """The same, with the schedule's own doses."""
    steps = [(date.fromisoformat(step["start"]), Fraction(step["daily"])) for step in answer["steps"]]
    return [*taken_before(answer), *steps]


def in_force(doses: list[tuple[date, Fraction]], day: date) -> Fraction:
    return next(dose for start, dose in reversed(doses) if start <= day)


def breach(answer: Json, limit: Json, day: date, new: Fraction) -> Fraction:
    """By how much a dose from this day on is below what a limit allows; 0 or less: it is not.

    Held against the dose in force so many days before, of which a cut on the day itself knows nothing.
    """
    reference = in_force(taken(answer), day - limit["days"] * DAY)
    return reference - new - part(limit, reference, starting_dose(answer))


# Phases and their days


def phase_of(answer: Json, new: Fraction) -> Json:
    """The first phase that goes so far down."""
    return next(phase for phase in answer["request"]["pace"] if _down_to(answer, phase) <= new)


def _down_to(answer: Json, phase: Json) -> Fraction:
    starting = starting_dose(answer)
    return part({"cut": phase.get("down_to", "0%"), "of": "starting"}, starting, starting)


def least_days(answer: Json, new: Fraction) -> int:
    """The days of the phase that leads to a dose, slowed until the preferred cuts of one window keep the limit."""
    return slowed(answer, phase_of(answer, new))


def slowed(answer: Json, phase: Json) -> int:
    days: int = phase["every"]
    while not _keeps_the_limit(answer, phase, -(-answer["request"]["limit"]["days"] // days)):
        days += 1
    return days


def _keeps_the_limit(answer: Json, phase: Json, cuts_in_window: int) -> bool:
    pace = answer["request"]["pace"]
    earlier = pace[: pace.index(phase)]
    begins_at = dose = min([current_dose(answer), *(_down_to(answer, other) for other in earlier)])
    for _ in range(cuts_in_window):
        dose -= preferred_cut(answer, phase, dose)
    return begins_at - dose <= allowed_in_window(answer, begins_at)


def may_change(answer: Json, day: date) -> bool:
    return WEEKDAYS[day.weekday()] in (answer["request"]["change_on"] or WEEKDAYS)


def codes(answer: Json) -> set[str]:
    return {finding["code"] for finding in answer["findings"]}


def severities(answer: Json, code: str) -> dict[int | None, str]:
    """Of the findings with a code, by step."""
    return {finding["step"]: finding["severity"] for finding in answer["findings"] if finding["code"] == code}

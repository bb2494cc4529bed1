"""What a schedule always is, sentence by sentence, each held against a JSON answer alone.

The numbers are those of the design: what a schedule always is. Each takes the request as it was given, and its
answer. What needs a second look at the products stands in ``test_properties_products``.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from planner.taper import answer_json, check
from tests.taper.arithmetic import (
    DAY,
    breach,
    current_dose,
    cuts,
    daily_doses,
    may_change,
    phase_of,
    preferred_cut,
    severities,
    slowed,
    starting_dose,
)
from tests.taper.asking import Json, ask, read
from tests.taper.change_days import day_of_change, is_beyond
from tests.taper.strategies import TIMES

Sentence = Callable[[Json, Json], None]


# 1. Each step's daily dose is below the one before; no time's dose ever rises; no day is missing or doubled.


def each_daily_dose_is_below_the_one_before(_: Json, answer: Json) -> None:
    assert all(later < earlier for earlier, later in pairwise(daily_doses(answer)))
    for step in answer["steps"]:
        assert Fraction(step["daily"]) == sum(map(Fraction, step["regimen"].values()))


def no_times_dose_ever_rises(request: Json, answer: Json) -> None:
    regimens = [request["regimen"], *(step["regimen"] for step in answer["steps"])]
    for before, after in pairwise(regimens):
        assert list(after) == [time for time in TIMES if time in before]
        assert all(Fraction(after[time]) <= Fraction(before[time]) for time in after)


def no_day_is_missing_or_doubled(request: Json, answer: Json) -> None:
    day = date.fromisoformat(answer["steps"][0]["start"])
    assert day >= date.fromisoformat(request["start"])
    for number, step in enumerate(answer["steps"], start=1):
        assert (step["number"], step["start"]) == (number, day.isoformat())
        day += step["days"] * DAY
        assert step["end"] == ((day - DAY).isoformat() if step["days"] else None)


# 2. Each dose at each time is made exactly from the request's products, within max_units.


def each_dose_is_made_exactly_from_the_products(request: Json, answer: Json) -> None:
    stock, chosen = request["medicine"]["products"], answer["request"]["products"]
    assert chosen == request.get("products", list(stock))
    for step in answer["steps"]:
        made = {time: sum(_dose(stock, portion) for portion in portions) for time, portions in step["take"].items()}
        assert made == {time: Fraction(dose) for time, dose in step["regimen"].items() if dose != "0"}
    assert {portion["product"] for portion in portions_of(answer)} <= set(chosen)


def _dose(stock: Json, portion: Json) -> Fraction:
    return Fraction(stock[portion["product"]]["strength"]) * Fraction(portion["units"])


def portions_of(answer: Json) -> Iterator[Json]:
    for step in answer["steps"]:
        yield from (portion for portions in step["take"].values() for portion in portions)


def pieces_are_divided_and_liquids_measured_only_as_allowed(request: Json, answer: Json) -> None:
    for portion in portions_of(answer):
        product, units = request["medicine"]["products"][portion["product"]], Fraction(portion["units"])
        grain = Fraction(product["step_ml"]) if "step_ml" in product else Fraction(1, product["divides"])
        assert units > 0
        assert (units / grain).denominator == 1


def no_time_takes_more_pieces_than_max_units(request: Json, answer: Json) -> None:
    most = Fraction(answer["request"]["max_units"])
    assert most == Fraction(request.get("max_units", most))
    liquids = {key for key, product in request["medicine"]["products"].items() if product["form"] == "solution"}
    for portions in (portions for step in answer["steps"] for portions in step["take"].values()):
        assert sum(Fraction(p["units"]) for p in portions if p["product"] not in liquids) <= most


# 3. Each cut is within the limit, over every window of its days, or carries an over-limit finding.


def each_cut_is_within_the_limit_over_every_window_or_says_so(_: Json, answer: Json) -> None:
    limit = answer["request"]["limit"]
    over = {
        step["number"]
        for _, step in cuts(answer)
        if breach(answer, limit, date.fromisoformat(step["start"]), Fraction(step["daily"])) > 0
    }
    assert {step["number"] for step in answer["steps"] if step["over_limit"]} == over
    assert severities(answer, "over-limit") == dict.fromkeys(over, "acknowledge")


def only_a_cut_that_passes_the_limit_by_itself_is_over_it(_: Json, answer: Json) -> None:
    """What would pass it only because of cuts still in the window waits for them to leave it."""
    for place, step in enumerate(answer["steps"]):
        assert step["over_limit"] == is_beyond(answer, place)


# 4. The step to zero is a step of its own, from the first dose at or below final_dose, not counted against the limit.


def zero_is_a_step_of_its_own_from_the_first_dose_at_or_below_the_final_dose(request: Json, answer: Json) -> None:
    if request.get("target", "0") != "0":
        assert all(step["days"] for step in answer["steps"])
        return
    *higher, last, zero = daily_doses(answer)
    final = Fraction(answer["request"]["final_dose"])
    assert zero == 0 < last <= final
    assert all(dose > final for dose in higher)
    stop = answer["steps"][-1]
    assert (stop["days"], stop["end"], stop["take"], stop["over_limit"]) == (0, None, {}, False)
    assert (stop["preferred"], Fraction(stop["cut"])) == ("0", last)
    assert set(stop["regimen"].values()) == {"0"}


# 5. The last step is the target exactly.


def the_last_step_is_the_target_exactly(request: Json, answer: Json) -> None:
    first, last = answer["steps"][0], answer["steps"][-1]
    assert Fraction(last["daily"]) == Fraction(request.get("target", "0"))
    assert answer["ends"] == last["start"]
    assert answer["days"] == (date.fromisoformat(answer["ends"]) - date.fromisoformat(first["start"])).days


# 6. Changes fall on the days allowed; a hold is lengthened to reach one.


def changes_fall_on_the_days_allowed(request: Json, answer: Json) -> None:
    assert all(may_change(answer, date.fromisoformat(step["start"])) for step in answer["steps"])
    moved = answer["steps"][0]["start"] != request["start"]
    assert severities(answer, "start-moved") == ({1: "advise"} if moved else {})


# 7. A step is never shorter than its phase's days; longer only where a change day or the limit's window asks for it.


def no_step_is_shorter_than_its_phases_days(_: Json, answer: Json) -> None:
    for _before, step in cuts(answer):
        assert step["days"] >= phase_of(answer, Fraction(step["daily"]))["every"]


def each_change_comes_on_the_first_day_that_lets_it_in(_: Json, answer: Json) -> None:
    for place, step in enumerate(answer["steps"]):
        assert date.fromisoformat(step["start"]) == day_of_change(answer, place)


def target_is_taken_for_its_phases_days(_: Json, answer: Json) -> None:
    last = answer["steps"][-1]
    if last["days"]:
        assert last["days"] == slowed(answer, phase_of(answer, Fraction(last["daily"])))


def phases_ahead(answer: Json) -> list[Json]:
    """The phases that do not end above the dose now, or at it."""
    now = sum(map(Fraction, answer["request"]["regimen"].values()))
    ends = [(phase, phase.get("down_to", "0").split()[0]) for phase in answer["request"]["pace"]]
    return [phase for phase, end in ends if Fraction(end) < now]


def slower_pace_is_said_once_for_each_phase(_: Json, answer: Json) -> None:
    slower = [phase for phase in phases_ahead(answer) if slowed(answer, phase) > phase["every"]]
    said = [finding["severity"] for finding in answer["findings"] if finding["code"] == "pace-slowed"]
    assert said == ["advise"] * len(slower)


def preferred_dose_is_that_of_the_phase_that_leads_to_the_step(_: Json, answer: Json) -> None:
    """Also: no cut crosses its phase's end, or the phase would be another."""
    for before, step in cuts(answer):
        wished = before - preferred_cut(answer, phase_of(answer, Fraction(step["daily"])), before)
        assert Fraction(step["preferred"]) == max(Fraction(0), wished)


# 8. The same request gives the same schedule, to the byte.


def same_request_gives_the_same_bytes(request: Json, answer: Json) -> None:
    assert json.dumps(ask(json.loads(json.dumps(request)))) == json.dumps(answer)


def request_as_resolved_gives_the_same_answer(_: Json, answer: Json) -> None:
    assert ask(answer["request"]) == answer


# A wished-for last date


def schedule_ends_by_the_date_wished_for(request: Json, answer: Json) -> None:
    if "end_by" in request:
        assert answer["ends"] <= request["end_by"]
        assert severities(answer, "end-by") == {None: "advise"}


# The rules that check, and the form of the answer


def checking_a_proposed_schedule_agrees_and_blocks_nothing(request: Json, answer: Json) -> None:
    given_steps = [{key: step[key] for key in ("start", "days", "regimen")} for step in answer["steps"]]
    checked = answer_json(check(read(request), given_steps))
    assert checked["outcome"] == "checked"
    assert [_checked_figures(step) for step in checked["steps"]] == [_checked_figures(s) for s in answer["steps"]]
    assert not {f["code"] for f in checked["findings"] if f["severity"] in ("refuse", "block")}
    assert (checked["supply"], checked["ends"], checked["days"]) == (answer["supply"], answer["ends"], answer["days"])


def _checked_figures(step: Json) -> Json:
    return {key: value for key, value in step.items() if key != "preferred"}


def percents_are_of_the_dose_before_and_of_the_starting_dose(_: Json, answer: Json) -> None:
    doses = daily_doses(answer)
    for before, new, step in zip(doses, doses[1:], answer["steps"], strict=False):
        assert Fraction(step["cut"]) == before - new
        assert _is_rounded(step["cut_of_current"], (before - new) / before)
        assert _is_rounded(step["cut_of_starting"], (before - new) / starting_dose(answer))


def _is_rounded(percent: str, share: Fraction) -> bool:
    """To one decimal, halves up."""
    return Fraction(percent) - Fraction(1, 20) <= 100 * share < Fraction(percent) + Fraction(1, 20)


def rise_from_the_past_needs_a_reason(_: Json, answer: Json) -> None:
    history = answer["request"]["history"] or []
    before = [sum(map(Fraction, entry["regimen"].values())) for entry in history[-1:]]
    risen = bool(before) and current_dose(answer) > before[0]
    assert severities(answer, "stepped-back") == ({None: "acknowledge"} if risen else {})


def answer_is_plain_json_without_floats(_: Json, answer: Json) -> None:
    assert json.loads(json.dumps(answer)) == answer
    assert not [value for value in _leaves(answer) if isinstance(value, float)]


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        yield value
        return
    for item in value:
        yield from _leaves(item)


SENTENCES: tuple[Sentence, ...] = (
    each_daily_dose_is_below_the_one_before,
    no_times_dose_ever_rises,
    no_day_is_missing_or_doubled,
    each_dose_is_made_exactly_from_the_products,
    pieces_are_divided_and_liquids_measured_only_as_allowed,
    no_time_takes_more_pieces_than_max_units,
    each_cut_is_within_the_limit_over_every_window_or_says_so,
    only_a_cut_that_passes_the_limit_by_itself_is_over_it,
    zero_is_a_step_of_its_own_from_the_first_dose_at_or_below_the_final_dose,
    the_last_step_is_the_target_exactly,
    changes_fall_on_the_days_allowed,
    no_step_is_shorter_than_its_phases_days,
    each_change_comes_on_the_first_day_that_lets_it_in,
    target_is_taken_for_its_phases_days,
    slower_pace_is_said_once_for_each_phase,
    preferred_dose_is_that_of_the_phase_that_leads_to_the_step,
    same_request_gives_the_same_bytes,
    request_as_resolved_gives_the_same_answer,
    schedule_ends_by_the_date_wished_for,
    checking_a_proposed_schedule_agrees_and_blocks_nothing,
    percents_are_of_the_dose_before_and_of_the_starting_dose,
    rise_from_the_past_needs_a_reason,
    answer_is_plain_json_without_floats,
)

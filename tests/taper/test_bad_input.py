"""Inputs that cannot be meant: each names its field, the value, and what is allowed instead; none hangs."""

from datetime import date, timedelta

import pytest

from planner.taper import BadInput, answer_json, check
from tests.taper.asking import Json, ask, read
from tests.taper.test_examples import BACLOFEN, TABLET_10, findings, inline

THRICE_20 = BACLOFEN["regimen"]
WITHOUT_PACE = {name: value for name, value in BACLOFEN.items() if name != "pace"}


def bands(*cuts_and_ends: tuple[str, str | None]) -> Json:
    """A pace of weekly cuts, each down to its dose."""
    phases = [{"cut": cut, "every": 7} | ({"down_to": end} if end else {}) for cut, end in cuts_and_ends]
    return {"pace": phases}


def past(*entries: tuple[str, int]) -> Json:
    return {"history": [{"start": start, "days": days, "regimen": THRICE_20} for start, days in entries]}


def edit(**fields: object) -> Json:
    return {"edits": [fields]}


TABLET_0 = {"tablet-0": TABLET_10 | {"strength": "0"}}
RISING = bands(("5 mg", "20 mg"), ("2 mg", "30 mg"), ("1 mg", None))
OVERLAPPING = bands(("5 mg", "20 mg"), ("2 mg", "20 mg"), ("1 mg", None))
RISING_IN_PERCENT = bands(("5 mg", "50%"), ("2 mg", "40 mg"), ("1 mg", None))

CASES: dict[str, tuple[Json, str, str]] = {
    # name: what is asked beside or instead of the baclofen request, the field, what is allowed
    "rising down_to": (BACLOFEN | RISING, "pace.1.down_to", "below the phase before it, 20 mg"),
    "overlapping bands": (BACLOFEN | OVERLAPPING, "pace.1.down_to", "below the phase before it, 20 mg"),
    "rising, one in percent": (BACLOFEN | RISING_IN_PERCENT, "pace.1.down_to", "below the phase before it, 30 mg"),
    "down_to of the last phase": (BACLOFEN | bands(("5 mg", "20 mg")), "pace.0.down_to", "leave down_to out"),
    "no down_to before another": (BACLOFEN | bands(("5 mg", None), ("1 mg", None)), "pace.0.down_to", "down to which"),
    "down_to in grams": (BACLOFEN | bands(("5 mg", "2 g"), ("1 mg", None)), "pace.0.down_to", "such as 5 mg"),
    "unknown factor": (BACLOFEN | {"factors": ["tall"]}, "factors", "epilepsy-history"),
    "factor that is no text": (BACLOFEN | {"factors": [{}]}, "factors", "epilepsy-history"),
    "product of another medicine": (BACLOFEN | {"products": ["capsule-300"]}, "products", "tablet-10"),
    "end before the start": (WITHOUT_PACE | {"end_by": "2026-12-06"}, "end_by", "2026-12-07"),
    "end in over ten years": (WITHOUT_PACE | {"end_by": "2036-12-08"}, "end_by", "within ten years"),
    "end on no day": (WITHOUT_PACE | {"end_by": "2027-02-29"}, "end_by", "such as 2026-12-07"),
    "end beside bands": (BACLOFEN | bands(("5 mg", "20 mg"), ("1 mg", None)) | {"end_by": "2027-03-01"}, "pace", "one"),
    "end beside another cut": (BACLOFEN | {"end_by": "2027-03-01"}, "end_by", "leave yours out"),
    "medicine without products": (inline({}, {"morning": "20"}), "medicine.products", "1 to 20 products"),
    "strength of zero": (inline(TABLET_0, {"morning": "20"}), "medicine.products.tablet-0.strength", "above 0"),
    "29 February in a common year": (BACLOFEN | {"start": "2027-02-29"}, "start", "a date that exists"),
    "unknown shape": (BACLOFEN | {"shape": "steep"}, "shape", "even, one-time-first"),
    "unknown coarse": (BACLOFEN | {"coarse": "ignore"}, "coarse", "flag, stretch, refuse"),
    "weekday written out": (BACLOFEN | {"change_on": ["monday"]}, "change_on", "mon, tue, wed"),
    "weekday as text": (BACLOFEN | {"change_on": "mon"}, "change_on", "mon, tue, wed"),
    "no weekday": (BACLOFEN | {"change_on": []}, "change_on", "one or more"),
    "history that overlaps": (BACLOFEN | past(("2026-11-20", 14), ("2026-11-30", 5)), "history.0.days", "from 1 to 10"),
    "history beyond the start": (BACLOFEN | past(("2026-12-01", 14)), "history.0.days", "from 1 to 6"),
    "history from the start on": (BACLOFEN | past(("2026-12-07", 1)), "history.0.start", "before the first lower dose"),
    "history backwards": (BACLOFEN | past(("2026-11-30", 2), ("2026-11-20", 2)), "history.0.start", "after it"),
    "history of no days": (BACLOFEN | past(("2026-11-30", 0)), "history.0.days", "from 1 to 7"),
    "starting from nothing": (
        BACLOFEN | {"starting": "0", "history": [{"start": "2026-11-30", "days": 7, "regimen": {"morning": "60"}}]},
        "starting",
        "above 0",
    ),
    "starting below the current": (BACLOFEN | {"starting": "59"}, "starting", "at least the current 60 mg"),
    "on hand of another medicine": (BACLOFEN | {"on_hand": {"capsule-300": "5"}}, "on_hand", "tablet-10"),
    "on hand below zero": (BACLOFEN | {"on_hand": {"tablet-10": "-5"}}, "on_hand.tablet-10", "plain number"),
    "edit of the stop": (BACLOFEN | edit(step=12, days=14), "edits.0.step", "11 steps with a dose"),
    "edit beyond the end": (BACLOFEN | edit(step=13, days=14), "edits.0.step", "11 steps with a dose"),
    "edit of no step": (BACLOFEN | edit(step=0, days=14), "edits.0.step", "from 1"),
    "edit of nothing": (BACLOFEN | edit(step=2), "edits.0", "one of days, regimen and products"),
    "edit of two things": (BACLOFEN | edit(step=2, days=7, products=["tablet-5"]), "edits.0", "one of days"),
    "edit to another time": (BACLOFEN | edit(step=2, regimen={"bedtime": "5"}), "edits.0.regimen.bedtime", "evening"),
    "edit to no product": (BACLOFEN | edit(step=2, products=[]), "edits.0.products", "tablet-5"),
    "edits without end": (BACLOFEN | {"edits": [{"step": 1, "days": 7}] * 61}, "edits", "at most 60"),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_names_its_field_and_what_is_allowed(name: str) -> None:
    request, field, allowed = CASES[name]
    with pytest.raises(BadInput) as refused:
        ask(request)
    assert refused.value.field == field
    assert allowed in refused.value.allowed
    assert str(refused.value).startswith(f"{field}: ")


def test_29_february_of_a_leap_year_is_a_day_like_any_other() -> None:
    steps = ask(BACLOFEN | {"start": "2028-02-29"})["steps"]
    assert [step["start"] for step in steps[:2]] == ["2028-02-29", "2028-03-07"]


# Schedules that are wrong are no bad input: what is wrong with them is found

ONE_TIME = inline({"tablet-10": TABLET_10}, {"morning": "40"})


def given(*steps: tuple[int, int, str]) -> Json:
    """The check of steps: their first day from 7 December 2026 on, their days, their dose."""
    start = date(2026, 12, 7)
    dated = [
        {"start": (start + timedelta(days=day)).isoformat(), "days": days, "regimen": {"morning": dose}}
        for day, days, dose in steps
    ]
    return answer_json(check(read(ONE_TIME), dated))


@pytest.mark.parametrize(
    ("code", "number", "steps"),
    [
        ("gap", 2, [(0, 7, "30"), (8, 7, "20"), (15, 7, "10"), (22, 0, "0")]),
        ("overlap", 2, [(0, 7, "30"), (6, 7, "20"), (13, 7, "10"), (20, 0, "0")]),
        ("dose-rises", 3, [(0, 7, "30"), (7, 7, "20"), (14, 7, "30"), (21, 0, "0")]),
    ],
)
def test_given_schedule_with_a_fault_is_blocked_at_its_step(
    code: str, number: int, steps: list[tuple[int, int, str]]
) -> None:
    answer = given(*steps)
    assert answer["outcome"] == "checked"
    assert findings(answer)[code, number] == "block"


def test_schedule_of_10_000_steps_is_refused_unread() -> None:
    step = {"start": "2026-12-07", "days": 1, "regimen": {"morning": "20"}}
    with pytest.raises(BadInput, match="at most 1000 steps") as refused:
        check(read(BACLOFEN), [step] * 10_000)
    assert refused.value.field == "steps"


# Finer than anyone searches: answered, or refused in words

FINE: Json = {"solution-1": {"form": "solution", "strength": "1", "step_ml": "0.1"}}
FOUR_TIMES_125 = dict.fromkeys(("morning", "midday", "evening", "bedtime"), "125")


@pytest.mark.parametrize("every", [1, 7])
@pytest.mark.parametrize("of", ["current", "starting"])
def test_limit_of_a_thousandth_in_syringe_steps_is_answered(of: str, every: int) -> None:
    limit = {"cut": "0.1%", "of": of, "days": 7}
    answer = ask(inline(FINE, FOUR_TIMES_125, pace=[{"cut": "0.1%", "of": of, "every": every}], limit=limit))
    assert answer["outcome"] == "proposed"
    assert answer["steps"][-1]["daily"] == "0"
    assert ("tidy-doses", None) in findings(answer)


def test_pace_of_10_000_steps_is_refused_at_its_cut() -> None:
    """1,000 mg by 0.1 mg every two weeks."""
    pace = [{"cut": "0.1 mg", "every": 14}]
    with pytest.raises(BadInput, match="takes 15 years") as refused:
        ask(inline(FINE, {"morning": "1000"}, pace=pace))
    assert refused.value.field == "pace.0.cut"

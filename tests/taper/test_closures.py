"""Closed days after a change, and the days on which the clinic asks how the patient is. Weekdays are reckoned by hand:
7 December 2026 is a Monday, 28 February 2028 too.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from planner.formulary import find_medicine
from planner.taper import Answer, CheckIn, Closures, Context, check, check_ins
from planner.taper.closures import calm_weekdays, early_days, early_days_shut, show_days, spans
from tests.taper.asking import Json, proposed, read
from tests.taper.test_examples import BACLOFEN

MEDICINE = find_medicine("baclofen")
WEEKEND = frozenset({5, 6})
CHRISTMAS = (date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1))  # a Friday, a Monday, a Friday
OFFICE = Closures(WEEKEND, frozenset(CHRISTMAS))


def day(text: str) -> date:
    return date.fromisoformat(text)


@cache
def taper(start: str, closures: Closures | None = OFFICE, asked: Literal["usual", "every"] = "usual") -> Answer:
    """60 mg a day to zero by 5 mg a week: eleven cuts, the last three over the limit, and the stop."""
    return proposed(BACLOFEN | {"start": start}, Context(closures=closures, check_ins=asked))


def said(answer: Answer) -> dict[int | None, str]:
    return {found.step: found.message for found in answer.findings if found.code == "changes-before-closure"}


# Days


def test_six_to_48_hours_touch_the_day_of_the_change_and_the_two_after() -> None:
    assert early_days(MEDICINE, day("2028-02-28")) == (day("2028-02-28"), day("2028-02-29"), day("2028-03-01"))


@pytest.mark.parametrize(
    ("hours", "days"),
    [((6, 15), 1), ((6, 16), 2), ((6, 39), 2), ((6, 40), 3)],
    ids=["to 23:00", "to midnight", "to 23:00 of the next day", "to midnight of the next day"],
)
def test_hours_count_from_the_morning_dose_at_8(hours: tuple[int, int], days: int) -> None:
    assert len(early_days(replace(MEDICINE, early_hours=hours), day("2026-12-07"))) == days


def test_medicine_without_a_window_has_no_days() -> None:
    unknown = replace(MEDICINE, early_hours=None)
    assert early_days(unknown, day("2026-12-07")) == ()
    assert calm_weekdays(unknown, OFFICE) == frozenset()


@pytest.mark.parametrize(
    ("closed", "calm"),
    [(WEEKEND, {0, 1, 2}), (frozenset(), set(range(7))), (frozenset({6}), {0, 1, 2, 3}), (frozenset({0, 3, 5}), set())],
    ids=["weekend", "never", "Sunday", "too often"],
)
def test_calm_weekdays_keep_the_early_days_open(closed: frozenset[int], calm: set[int]) -> None:
    assert calm_weekdays(MEDICINE, Closures(closed, frozenset(CHRISTMAS))) == calm


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["2026-12-25"], "25 December 2026"),
        (["2026-12-19", "2026-12-20"], "19 and 20 December 2026"),
        (["2026-12-25", "2026-12-26", "2026-12-27", "2026-12-28"], "25 to 28 December 2026"),
        (["2028-02-28", "2028-02-29", "2028-03-01"], "28 February to 1 March 2028"),
        (["2027-02-28", "2027-03-01"], "28 February and 1 March 2027"),
        (["2026-12-31", "2027-01-01", "2027-01-02"], "31 December 2026 to 2 January 2027"),
        (["2026-12-26", "2026-12-24"], "24 December 2026 and 26 December 2026"),
        (["2026-12-01", "2026-12-03", "2026-12-05"], "1 December 2026, 3 December 2026 and 5 December 2026"),
    ],
)
def test_closed_days_are_named_with_their_months(days: list[str], words: str) -> None:
    assert show_days(map(day, days)) == words


# The rule


def test_change_on_a_holiday_is_said() -> None:
    assert said(taper("2026-12-07")) == {
        4: "The cut on Monday 28 December 2026 falls on a closed day of the clinic: 28 December 2026. "
        "The first signs of withdrawal come 6 to 48 hours after a change."
    }


def test_finding_advises_and_names_the_windows_source() -> None:
    (finding,) = [found for found in taper("2026-12-07").findings if found.code == "changes-before-closure"]
    assert finding.severity == "advise"
    assert finding.source == MEDICINE.sources["early_hours"]


def test_each_friday_is_said_and_christmas_with_all_its_days() -> None:
    found = said(taper("2026-12-04"))
    assert list(found) == list(range(1, 13))
    assert found[1].startswith(
        "The cut on Friday 4 December 2026 falls shortly before closed days of the clinic: 5 and 6 December 2026. "
    )
    assert "falls on closed days of the clinic: 25 to 27 December 2026. " in found[4]
    assert found[12].startswith("The stop on Friday 19 February 2027 falls shortly before closed days of the clinic: ")


def test_thursday_before_new_year_meets_the_holiday_and_the_saturday() -> None:
    found = said(taper("2026-12-03"))
    assert "falls shortly before a closed day of the clinic: 5 December 2026. " in found[1]
    assert "falls shortly before closed days of the clinic: 25 and 26 December 2026. " in found[4]
    assert "of the clinic: 1 and 2 January 2027. " in found[5]


def test_stop_before_a_weekend_is_said() -> None:
    steps: list[Json] = [
        {"start": "2026-12-07", "days": 11, "regimen": {"morning": "5"}},
        {"start": "2026-12-18", "days": 0, "regimen": {"morning": "0"}},
    ]
    request = read(BACLOFEN | {"regimen": {"morning": "10"}}, Context(closures=OFFICE))
    assert said(check(request, steps)) == {
        2: "The stop on Friday 18 December 2026 falls shortly before closed days of the clinic: 19 and 20 December "
        "2026. The first signs of withdrawal come 6 to 48 hours after a change."
    }


def test_step_that_lowers_nothing_is_not_a_change() -> None:
    steps: list[Json] = [
        {"start": "2026-12-04", "days": 3, "regimen": {"morning": "10"}},
        {"start": "2026-12-07", "days": 7, "regimen": {"morning": "5"}},
    ]
    request = read(BACLOFEN | {"regimen": {"morning": "10"}, "target": "5"}, Context(closures=OFFICE))
    assert said(check(request, steps)) == {}


def test_nothing_is_said_where_the_closures_are_not_known() -> None:
    assert said(taper("2026-12-04", None)) == {}


def test_nothing_is_said_of_a_medicine_without_a_window() -> None:
    inline = {
        "medicine": {"name": "Prednisone", "unit": "mg", "products": {"tablet-5": {"form": "tablet", "strength": "5"}}},
        "regimen": {"morning": "20"},
        "start": "2026-12-04",
        "pace": [{"cut": "5 mg", "every": 7}],
        "limit": {"cut": "5 mg", "days": 7},
    }
    answer = proposed(inline, Context(closures=OFFICE))
    assert said(answer) == {}
    assert check_ins(answer) == ()


@given(
    closed=some.frozensets(some.integers(0, 6)),
    holidays=some.frozensets(some.dates(day("2026-12-01"), day("2027-03-01"))),
)
def test_a_change_is_named_where_one_of_its_three_days_is_closed(
    closed: frozenset[int], holidays: frozenset[date]
) -> None:
    closures = Closures(closed, holidays)
    for later in range(90):
        change = day("2026-12-01") + timedelta(days=later)
        three = [change + timedelta(days=place) for place in range(3)]
        shut = [each for each in three if each.weekday() in closed or each in holidays]
        assert list(early_days_shut(MEDICINE, change, closures)) == shut


@given(some.sets(some.dates(day("2026-12-01"), day("2027-01-31"))))
def test_spans_hold_every_day_once_and_do_not_touch(days: set[date]) -> None:
    found = list(spans(days))
    inside = [first + timedelta(days=n) for first, last in found for n in range((last - first).days + 1)]
    assert inside == sorted(days)
    assert all((later[0] - earlier[1]).days > 1 for earlier, later in zip(found, found[1:], strict=False))


# Check-ins


def rows(found: Iterable[CheckIn]) -> list[tuple[str, int, str]]:
    return [(each.day.isoformat(), each.step, each.why) for each in found]


def test_check_in_the_day_after_the_first_two_cuts_each_over_the_limit_and_the_stop() -> None:
    assert rows(check_ins(taper("2026-12-07"))) == [
        ("2026-12-08", 1, "first cuts"),
        ("2026-12-15", 2, "first cuts"),
        ("2027-02-02", 9, "over the limit"),
        ("2027-02-09", 10, "over the limit"),
        ("2027-02-16", 11, "over the limit"),
        ("2027-02-23", 12, "the stop"),
    ]


def test_every_cut_where_the_clinic_so_asks() -> None:
    found = check_ins(taper("2026-12-07", OFFICE, "every"))
    assert [each.step for each in found] == list(range(1, 13))
    assert [each.why for each in found][2:8] == ["every cut"] * 6
    assert found[3] == CheckIn(day("2026-12-29"), 4, "every cut")


def test_check_in_waits_for_the_first_open_day_of_the_window() -> None:
    """A Friday's window is Saturday to Monday."""
    assert rows(check_ins(taper("2026-12-04")))[0] == ("2026-12-07", 1, "first cuts")


def test_closed_peak_moves_the_check_in_forward_never_back() -> None:
    """Thursday 24 December: the three days after it are closed, the day itself is open."""
    found = check_ins(taper("2026-12-24"))
    assert found[0] == CheckIn(day("2026-12-24"), 1, "first cuts", is_early=True)
    assert found[1] == CheckIn(day("2026-12-31"), 2, "first cuts", is_early=True)


def test_check_in_with_no_open_day_is_marked() -> None:
    """Friday 25 December and the three days after it are closed."""
    assert check_ins(taper("2026-12-25"))[0] == CheckIn(day("2026-12-26"), 1, "first cuts", is_shut=True)


def test_check_in_falls_on_the_leap_day() -> None:
    assert check_ins(taper("2028-02-28"))[0].day == day("2028-02-29")


def test_closures_not_known_give_the_first_day_of_the_window() -> None:
    assert rows(check_ins(taper("2026-12-04", None)))[0] == ("2026-12-05", 1, "first cuts")


def test_target_above_zero_has_no_check_in_for_a_stop() -> None:
    answer = proposed(BACLOFEN | {"target": "50"}, Context(closures=OFFICE))
    assert rows(check_ins(answer)) == [("2026-12-08", 1, "first cuts"), ("2026-12-15", 2, "first cuts")]


def test_refused_answer_has_no_check_ins() -> None:
    assert check_ins(proposed(BACLOFEN | {"factors": ["withdrawal-now"]})) == ()


@given(
    closed=some.frozensets(some.integers(0, 6)),
    holidays=some.frozensets(some.dates(day("2026-12-01"), day("2027-03-01"))),
)
def test_check_in_is_never_after_the_peak_and_open_or_marked(closed: frozenset[int], holidays: frozenset[date]) -> None:
    closures = Closures(closed, holidays)
    plain = taper("2026-12-07")
    answer = replace(plain, request=replace(plain.request, context=Context(closures=closures, check_ins="every")))
    found = check_ins(answer)
    assert [each.step for each in found] == [step.number for step in answer.steps]
    for each, step in zip(found, answer.steps, strict=True):
        later = (each.day - step.start).days
        assert later in ((0,) if each.is_early else (1, 2, 3))
        assert closures.shut(each.day) is each.is_shut
        skipped = [step.start + timedelta(days=n) for n in range(1, later if not each.is_early else 4)]
        assert all(closures.shut(day) for day in skipped)

"""The lines of a schedule: what is read, however it is spelled, and what is said of what is not."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.forms.schedule_steps import DatedStep, read_schedule
from planner.forms.schedule_text import Line, Unreadable, read_line, read_lines
from planner.taper.amounts import MONTHS, show
from planner.taper.medicine import TIMES, Time

FIRST = date(2026, 12, 7)
THREE: tuple[Time, ...] = ("morning", "midday", "evening")


def read(text: str) -> tuple[date | None, list[str], int | None]:
    line = read_line(1, text, "mg")
    return line.start, [show(dose) for dose in line.doses], line.days


@pytest.mark.parametrize(
    ("text", "start", "doses", "days"),
    [
        ("7 Dec 2026  20 15 20  7 days", FIRST, "20 15 20", 7),
        ("2026-12-07: 20/15/20 for 7 days", FIRST, "20 15 20", 7),
        ("20 15 20 x 7", None, "20 15 20", 7),
        ("20 15 20 × 7", None, "20 15 20", 7),
        ("55 mg for 2 weeks", None, "55", 14),
        ("55 mg a day for 2 weeks", None, "55", 14),
        ("12.5 mg/day for 1 week", None, "12.5", 7),
        ("Mon 7 December 2026: 20 mg 15 mg 20 mg, 7 days", FIRST, "20 15 20", 7),
        ("Dec 7, 2026 - 20mg/15mg/20mg x7d", FIRST, "20 15 20", 7),
        ("• then 0.5 / 0 / 0.5 for 10 days", None, "0.5 0 0.5", 10),
        ("0 7 days", None, "0", 7),
        ("0", None, "0", None),
        ("then stop.", None, "0", None),
        ("22 Feb 2027\tSTOP", date(2027, 2, 22), "0", None),
    ],
)
def test_line_is_read_as_people_write_it(text: str, start: date | None, doses: str, days: int | None) -> None:
    assert read(text) == (start, doses.split(), days)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("29 February 2027 20 7 days", "There is no 29 February 2027: February 2027 has 28 days."),
        ("2027-02-29 20 7 days", "There is no 29 February 2027"),
        ("2026-13-01 20 7 days", "There is no month 13"),
        ("7 Foo 2026 20 7 days", "“foo” is no month"),
        ("7 Dec 2306 20 7 days", "The year 2306 is too far away"),
        ("Tue 7 Dec 2026 20 7 days", "7 December 2026 is a Monday, not “tue”."),
        ("7/12/2026 20 7 days", "Write the month of a date as a word"),
        ("7/12/26 20 x 7", "either by spaces or by slashes"),
        ("7 Dec 20 15 20 7 days", "with its year"),
        ("12,5 x 7", "write decimals with a point"),
        ("20 15 20", "Say for how many days"),
        ("20 15 20 7", "Say for how many days"),
        ("20 for 1 month", "Months and years differ in length"),
        ("20-15-20 x 7", "“20-15-20” cannot be read here"),
        ("15-20 mg x 7", "“15-20” cannot be read here"),
        ("-5 x 7", "“-5” cannot be read here"),
        ("1. 5 mg x 7", "“1.” cannot be read here"),
        ("20 mcg x 7", "“mcg” cannot be read here. Doses are in mg."),
        ("2 tablets x 7", "“tablets” cannot be read here"),
        ("20 mg twice daily x 7", "“twice” cannot be read here"),
        ("½ x 7", "“½” cannot be read here"),
        ("20² x 7", "“20²” cannot be read here"),
        ("5 5 5 5 5 x 7", "5 doses: give at most four"),
        ("20 20 20 mg a day x 7", "either the dose at each time, or one dose for the whole day"),
        ("20 x 0", "Give 1 to 3653 days."),
        ("20 x 3654", "Give 1 to 3653 days."),
        ("20 for 522 weeks", "Give 1 to 3653 days."),
        ("7 days", "The doses are missing."),
        ("7 Dec 2026", "The doses are missing."),
        ("20 " * 50 + "x 7", "at most 120 letters"),
    ],
)
def test_line_that_could_mean_two_things_is_not_read(text: str, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_line(1, text, "mg")
    assert words in str(caught.value)


# A step written in any of the ways that the page documents is read as that step

amounts = st.decimals("0.01", "999.99", places=2).map(show)
doses_of_steps = st.lists(st.one_of(amounts, st.just("0")), min_size=1, max_size=4).filter(lambda d: set(d) != {"0"})
days_of_steps = st.integers(1, 3653)
dates = st.dates(date(1990, 1, 1), date(2190, 12, 31))


def date_spellings(day: date) -> list[str]:
    month, weekday = MONTHS[day.month - 1], f"{day:%A}"
    return [
        day.isoformat(),
        f"{day.day} {month} {day.year}",
        f"{day.day} {month[:3]} {day.year}:",
        f"{weekday} {day.day} {month} {day.year} –",
        f"{weekday[:3]}, {day.day} {month[:3]}. {day.year}",
        f"{month[:3]} {day.day}, {day.year}",
    ]


def day_spellings(days: int) -> list[str]:
    weeks = [f"{days // 7} weeks", f"for {days // 7} wk"] if days % 7 == 0 else []
    return [f"{days} days", f"for {days} days", f"x {days}", f"x{days}", f", {days} d", *weeks]


def dose_spellings(doses: list[str]) -> list[str]:
    return [" ".join(doses), "/".join(doses), " / ".join(doses), "  ".join(f"{dose} mg" for dose in doses)]


@st.composite
def spelled(draw: st.DrawFn) -> tuple[str, Line]:
    start = draw(st.one_of(st.none(), dates))
    doses, days = draw(doses_of_steps), draw(days_of_steps)
    parts = [draw(st.sampled_from(date_spellings(start)))] if start else []
    parts += [draw(st.sampled_from(dose_spellings(doses))), draw(st.sampled_from(day_spellings(days)))]
    text = draw(st.sampled_from([" ", "  ", "\t"])).join(parts)
    return draw(st.sampled_from([text, text.upper(), f"  {text}  "])), Line(1, start, tuple(map(Decimal, doses)), days)


@given(spelled())
def test_every_spelling_is_read_as_what_was_meant(case: tuple[str, Line]) -> None:
    text, line = case
    assert read_line(1, text, "mg") == line


@given(st.text(max_size=200))
def test_any_text_is_read_or_named_by_its_line(text: str) -> None:
    lines, faults = read_lines(text, "mg")
    assert len(lines) + len(faults) == sum(bool(line.strip()) for line in text.splitlines())
    assert all(fault.words for fault in faults)


@given(st.lists(st.tuples(days_of_steps, amounts), min_size=1, max_size=8))
def test_steps_without_dates_follow_each_other(given_steps: list[tuple[int, str]]) -> None:
    text = "\n".join(f"{dose} x {min(days, 400)}" for days, dose in given_steps)
    steps, messages = read_schedule(text, "mg", ["morning"], FIRST)
    assert messages == {}
    assert steps[0].start == FIRST
    assert all((later.start - one.start).days == one.days for one, later in zip(steps, steps[1:], strict=False))


# Lines as dated steps


def steps_of(text: str, times: tuple[Time, ...] = THREE, first: date | None = FIRST) -> list[DatedStep]:
    steps, messages = read_schedule(text, "mg", times, first)
    assert messages == {}
    return steps


def messages_of(text: str, times: tuple[Time, ...] = THREE, first: date | None = FIRST) -> dict[str, list[str]]:
    steps, messages = read_schedule(text, "mg", times, first)
    assert steps == []
    return messages


def test_numbers_stand_for_the_times_of_now() -> None:
    (step,) = steps_of("20 15 x 7", ("morning", "bedtime"))
    assert step.as_json() == {"start": "2026-12-07", "days": 7, "regimen": {"morning": "20", "bedtime": "15"}}


def test_four_numbers_stand_for_all_times() -> None:
    (step,) = steps_of("20 0 0 15 x 7", ("morning", "bedtime"))
    assert step.regimen == dict(zip(TIMES, map(Decimal, ("20", "0", "0", "15")), strict=True))


def test_stop_is_zero_at_every_time() -> None:
    assert steps_of("20 20 20 x 7\n\nstop")[-1] == DatedStep(3, date(2026, 12, 14), 0, dict.fromkeys(THREE, Decimal(0)))


def test_own_date_goes_before_the_day_that_would_follow() -> None:
    steps = steps_of("2026-12-07 20 20 20 x 7\n20 Dec 2026 15 15 15 x 7\n10 10 10 x 7", first=None)
    assert [step.start.day for step in steps] == [7, 20, 27]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("20 20 20 x 7\n55 x 7", "Line 2: One number does not say what is taken when: it is taken 3 times a day now"),
        ("20 20 x 7", "Line 1: 2 doses, but it is taken 3 times a day now (morning, midday, evening). Write 3 doses"),
        ("stop\n20 20 20 x 7", "Line 1: Only the last line may leave out the days."),
        ("", "Give at least one step"),
        ("\n \n", "Give at least one step"),
        ("20 20 20 x 3653\n" * 2 + "10 10 10 x 7", "Line 3: It begins on 8 December 2046, over ten years"),
        ("20 20 20 x 7\n1 Jan 2106 5 5 5 x 7", "Line 2: It begins on 1 January 2106, over ten years"),
        ("5 x 7\n" * 10_000, "10,000 lines: give at most 1,000 steps, one a line."),
    ],
    ids=["one number", "two numbers", "stop in front", "empty", "blank", "twenty years", "1 January 2106", "10,000"],
)
def test_what_is_wrong_is_named_by_its_line(text: str, words: str) -> None:
    (message,) = messages_of(text)["schedule"]
    assert message.startswith(words)


def test_ten_lines_at_fault_are_named_and_the_rest_counted() -> None:
    found = messages_of("x\n" * 13)["schedule"]
    assert len(found) == 11
    assert found[-1] == "And 3 more lines."


@pytest.mark.parametrize(
    ("text", "first", "words"),
    [
        ("20 20 20 x 7", None, "Give the day on which the first step begins"),
        ("8 Dec 2026 20 20 20 x 7", FIRST, "The first line begins on 8 December 2026."),
    ],
)
def test_first_day_is_given_once(text: str, first: date | None, words: str) -> None:
    (message,) = messages_of(text, first=first)["first_day"]
    assert message.startswith(words)

"""Phases as lines of text: how a line is written, which line is wrong, and the way back."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from planner.forms.pace_lines import lines_of, phases_from

LINES: dict[str, tuple[str, dict[str, Any]]] = {
    "an amount": ("10 mg every 28 days", {"cut": "10 mg", "every": 28}),
    "down to an amount": ("10 mg every 28 days down to 50 mg", {"cut": "10 mg", "every": 28, "down_to": "50 mg"}),
    "a percentage": ("5 % every 14 days", {"cut": "5%", "of": "current", "every": 14}),
    "of current": ("5% of current every 14 days", {"cut": "5%", "of": "current", "every": 14}),
    "of the starting dose": ("5 % of the starting dose every 7 days", {"cut": "5%", "of": "starting", "every": 7}),
    "down to a percentage": ("2.5 mg every 7 days down to 30 %", {"cut": "2.5 mg", "every": 7, "down_to": "30%"}),
    "of starting, spelled out": (
        "5 % of starting every 7 days down to 30 % of starting",
        {"cut": "5%", "of": "starting", "every": 7, "down_to": "30%"},
    ),
    "weeks": ("5 mg every 2 weeks", {"cut": "5 mg", "every": 14}),
    "one week": ("5 mg every 1 week", {"cut": "5 mg", "every": 7}),
    "commas and a full stop": ("5 mg, every 7 days, down to 20 mg.", {"cut": "5 mg", "every": 7, "down_to": "20 mg"}),
    "without spaces": ("5mg every 7days down to 20mg", {"cut": "5 mg", "every": 7, "down_to": "20 mg"}),
    "capitals and wide spaces": ("5 mg  EVERY  7 Days", {"cut": "5 mg", "every": 7}),
    "the longest gap": ("5 mg every 365 days", {"cut": "5 mg", "every": 365}),
}
WRONG = {
    "words": ("slowly", "cannot be read"),
    "no days": ("5 mg", "cannot be read"),
    "another unit": ("5 mcg every 7 days", "cannot be read"),
    "another unit at the end": ("5 mg every 7 days down to 5 g", "cannot be read"),
    "a decimal comma": ("2,5 mg every 7 days", "cannot be read"),
    "a sign": ("-5 mg every 7 days", "cannot be read"),
    "foreign digits": ("٥ mg every 7 days", "cannot be read"),
    "months": ("5 mg every 2 months", "cannot be read"),
    "something after it": ("5 mg every 7 days and then less", "cannot be read"),
    "down to of current": ("5 mg every 7 days down to 30 % of current", "is of the starting dose"),
    "an amount of something": ("5 mg of current every 7 days", "only a percentage is of something"),
    "no day at all": ("5 mg every 0 days", "1 to 365 days"),
    "more days than the page takes": ("5 mg every 366 days", "1 to 365 days"),
    "more weeks than the page takes": ("5 mg every 53 weeks", "1 to 365 days"),
}


@pytest.mark.parametrize(("line", "phase"), LINES.values(), ids=LINES.keys())
def test_a_line_is_a_phase(line: str, phase: dict[str, Any]) -> None:
    assert phases_from(line, "mg") == [phase]


def test_empty_lines_are_passed_over() -> None:
    assert phases_from("\n 10 mg every 28 days down to 50 mg \r\n\n5 mg every 7 days\n", "mg") == [
        {"cut": "10 mg", "every": 28, "down_to": "50 mg"},
        {"cut": "5 mg", "every": 7},
    ]
    assert phases_from("", "mg") == []


@pytest.mark.parametrize(("line", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_with_its_line(line: str, words: str) -> None:
    with pytest.raises(ValidationError) as raised:
        phases_from(f"10 mg every 28 days down to 50 mg\n\n{line}", "mg")
    (said,) = raised.value.messages
    assert said.startswith("Line 3")
    assert words in said


AMOUNTS = st.decimals("0.01", 100, places=2).map(lambda amount: format(amount.normalize(), "f"))
DAYS = st.integers(1, 90)
CUTS = st.one_of(
    st.builds(lambda a: {"cut": f"{a} mg"}, AMOUNTS),
    st.builds(lambda a, of: {"cut": f"{a}%", "of": of}, AMOUNTS, st.sampled_from(["current", "starting"])),
)
BOUNDS = st.one_of(
    st.just({}),
    st.builds(lambda a: {"down_to": f"{a} mg"}, AMOUNTS),
    st.builds(lambda a: {"down_to": f"{a}%"}, AMOUNTS),
)
PHASES = st.builds(lambda cut, days, low: cut | {"every": days} | low, CUTS, DAYS, BOUNDS)


@given(st.lists(PHASES, max_size=5))
def test_phases_as_lines_read_back_are_the_same(phases: list[dict[str, Any]]) -> None:
    assert phases_from(lines_of(phases), "mg") == phases


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_with_its_line(text: str) -> None:
    try:
        said = "Line 1" if len(phases_from(text, "mg")) <= len(text.splitlines()) else ""
    except ValidationError as error:
        (said,) = error.messages
    assert said.startswith("Line ")

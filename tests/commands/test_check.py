"""`check_schedule`: what is read from a file, and which limit a given schedule is held against."""

import json
from typing import Any

import pytest

from planner.management.commands.check_schedule import Command, checked
from planner.taper import Answer, BadInput, Context

MEDICINE = {"name": "P", "unit": "mg", "products": {"tablet-5": {"form": "tablet", "strength": "5", "divides": 1}}}
STEPS = [
    {"start": "2026-12-07", "days": 7, "regimen": {"morning": "20"}},
    {"start": "2026-12-14", "days": 7, "regimen": {"morning": "5"}},
]
REQUEST = {"medicine": MEDICINE, "regimen": {"morning": "20"}, "steps": STEPS}
LIMIT = {"cut": "20%", "of": "current", "days": 7}


def answer_to(**changes: Any) -> Answer:
    return checked(json.dumps(REQUEST | changes).encode(), Context())


def codes(answer: Answer) -> set[str]:
    return {finding.code for finding in answer.findings}


@pytest.mark.parametrize("changes", [{}, {"limit": None}, {"medicine": MEDICINE | {"limit": None}}])
def test_limit_left_out_or_null_is_said(changes):
    assert "no-limit" in codes(answer_to(**changes))


@pytest.mark.parametrize("changes", [{"limit": LIMIT}, {"medicine": MEDICINE | {"limit": LIMIT}}])
def test_limit_that_is_given_holds(changes):
    found = codes(answer_to(**changes))
    assert "no-limit" not in found
    assert "over-limit" in found


@pytest.mark.parametrize("limit", [{}, [], "", 0, False])
def test_empty_limit_is_bad_input_and_not_no_limit(limit):
    with pytest.raises(BadInput) as caught:
        answer_to(limit=limit)
    assert caught.value.field.startswith("limit")
    with pytest.raises(BadInput) as caught:
        answer_to(medicine=MEDICINE | {"limit": limit})
    assert "limit" in caught.value.field


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        (None, "steps"),
        ([], "steps"),
        ({}, "steps"),
        ({"start": "2026-12-07"}, "steps"),
        ("abc", "steps"),
        (3, "steps"),
        ([3], "steps.0"),
        ([None, STEPS[1]], "steps.0"),
        ([STEPS[0], 3], "steps.1"),
    ],
)
def test_steps_of_another_form_are_refused_by_field(steps, field):
    with pytest.raises(BadInput) as caught:
        answer_to(steps=steps)
    assert caught.value.field == field


def test_start_and_pace_that_are_null_count_as_left_out():
    assert answer_to(start=None, pace=None).steps == answer_to().steps


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "request: '' cannot be used. It is not JSON"),
        (b"[]", "request: '[]' cannot be used. Give a JSON object"),
        (b'{"a": "\xff"}', "request: "),
        (b"[" * 100_000, "request: "),
        (b'{"target": ' + b"9" * 5000 + b"}", "request: "),
        (b'{"steps": [], "steps": []}', "steps: '[]' cannot be used. The name stands twice"),
    ],
)
def test_file_that_cannot_be_read_is_one_line_and_exit_code_2(content, line, tmp_path, capsys):
    file = tmp_path / "schedule.json"
    file.write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "check_schedule", str(file)])
    written = capsys.readouterr()
    assert (ended.value.code, written.out, written.err.count("\n")) == (2, "", 1)
    assert written.err.startswith(line)

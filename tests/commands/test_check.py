"""`check_schedule`: what is read from a file, and which limit a given schedule is held against."""

import json
from datetime import date, timedelta
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


def run(request: Any, tmp_path: Any, capsys: Any) -> tuple[int, str, str]:
    """Exit code, output and errors of the command for a request."""
    file = tmp_path / "schedule.json"
    file.write_text(json.dumps(request))
    try:
        Command().run_from_argv(["manage.py", "check_schedule", str(file)])
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    written = capsys.readouterr()
    return code, written.out, written.err


def dated(start: str, dose: str, days: int = 7) -> dict[str, Any]:
    return {"start": start, "days": days, "regimen": {"morning": dose}}


def described(**changes: Any) -> dict[str, Any]:
    """A request whose one product is another than a 5 mg tablet."""
    return REQUEST | {"medicine": MEDICINE | {"products": {"a": {"form": "tablet", "strength": "5"} | changes}}}


MANY = [dated((date(2026, 12, 7) + timedelta(days=n)).isoformat(), "20", 1) for n in range(10_000)]
LIQUIDS = {
    key: {"form": "solution", "strength": strength, "step_ml": "0.01"}
    for key, strength in {"a": "1", "b": "2", "c": "5"}.items()
}
BAD_INPUTS = {
    "29 February in a common year": (
        REQUEST | {"steps": [dated("2027-02-29", "20")]},
        "steps.0.start: '2027-02-29' cannot be used. Give a date that exists",
    ),
    "29 February in a later step": (
        REQUEST | {"steps": [*STEPS, dated("2027-02-29", "5")]},
        "steps.2.start: '2027-02-29' cannot be used. Give a date that exists",
    ),
    "a first day that is missing": (
        REQUEST | {"steps": [{"days": 7, "regimen": {"morning": "20"}}]},
        "steps.0.start: missing. Give a date that exists",
    ),
    "10,000 steps": (REQUEST | {"steps": MANY}, "steps: '10000 steps' cannot be used. Give at most 1000 steps."),
    "a century between two steps": (
        REQUEST | {"steps": [*STEPS, dated("2126-12-21", "5")]},
        "steps.2.start: '2126-12-21' cannot be used. It is over ten years from the first step",
    ),
    "no products": (
        REQUEST | {"medicine": {"name": "P", "unit": "mg"}},
        "medicine.products: '' cannot be used. It is required.",
    ),
    "products that are empty": (
        REQUEST | {"medicine": MEDICINE | {"products": {}}},
        "medicine.products: '{}' cannot be used. Give 1 to 20 products",
    ),
    "a strength of zero": (
        described(strength="0"),
        "medicine.products.a.strength: '0' cannot be used. Give a number above 0.",
    ),
    "a syringe step of zero": (
        described(form="solution", step_ml="0"),
        "medicine.products.a.step_ml: '0' cannot be used. Give a number above 0.",
    ),
    "a dose of a thousand tablets": (
        REQUEST | {"steps": [dated("2026-12-07", "5000")]},
        "steps.0.regimen.morning: '5000' cannot be used. It takes more than 40 pieces",
    ),
}
FAULTY = {
    "gap": [*STEPS, dated("2026-12-23", "5")],
    "overlap": [*STEPS, dated("2026-12-18", "5")],
    "dose-rises": [*STEPS, dated("2026-12-21", "10")],
    "time-rises": [*STEPS, dated("2026-12-21", "10")],
    "not-makeable": [*STEPS, dated("2026-12-21", "3")],
    "divides-undividable": [*STEPS, dated("2026-12-21", "2.5")],
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_bad_input_is_one_line_with_field_value_and_what_is_allowed(name, tmp_path, capsys):
    request, line = BAD_INPUTS[name]
    code, out, err = run(request, tmp_path, capsys)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(line)


@pytest.mark.parametrize("code", FAULTY)
def test_faulty_schedule_is_answered_with_its_finding_and_exit_code_1(code, tmp_path, capsys):
    exit_code, out, err = run(REQUEST | {"steps": FAULTY[code]}, tmp_path, capsys)
    found = {finding["code"]: finding for finding in json.loads(out)["findings"]}
    assert (exit_code, err) == (1, "")
    assert (found[code]["severity"], found[code]["step"]) == ("block", 3)


def test_three_fine_liquids_are_answered():
    """They share one dose in some fifty million ways, which a search must not walk one by one."""
    answer = answer_to(medicine=MEDICINE | {"products": LIQUIDS}, regimen={"morning": "100"}, limit=LIMIT)
    assert all(step.take for step in answer.steps)


def test_thousand_steps_are_answered(tmp_path, capsys):
    code, out, _ = run(REQUEST | {"steps": MANY[:1000]}, tmp_path, capsys)
    assert code == 0
    assert len(json.loads(out)["steps"]) == 1000


def test_missing_and_doubled_days_are_named():
    (gap,) = [f.message for f in answer_to(steps=FAULTY["gap"]).findings if f.code == "gap"]
    (overlap,) = [f.message for f in answer_to(steps=FAULTY["overlap"]).findings if f.code == "overlap"]
    assert gap == "2 days from 21 December 2026 on are missing."
    assert overlap == "3 days from 18 December 2026 on are given twice."

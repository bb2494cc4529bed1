"""`manage.py check_schedule`: any schedule held against the rules, without a database."""

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from planner.formulary import inline_medicine
from planner.management.failing import PlainCommand, fail
from planner.management.reading import read_json
from planner.management.request_options import add_country_option, context_from
from planner.management.writing import json_bytes
from planner.shelves import install_shelf
from planner.taper import Answer, BadInput, Context, Finding, answer_json, check, parse_request
from planner.taper.amounts import parse_day
from planner.taper.given import UNUSED_PACE

NO_LIMIT = {"cut": "100%", "of": "current", "days": 1}
NO_LIMIT_WORDS = "No limit was given and the medicine has none of its own: the cuts were not held against one."
STEP_WORDS = "start, days and regimen"


class Command(PlainCommand):
    help = "Check a schedule given as JSON: a request with `steps` instead of a pace."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="JSON; - is standard input")
        add_country_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            context = context_from(options)
            answer = checked(_read(options["file"]), context)
        except BadInput as error:
            fail(error)
        sys.stdout.buffer.write(json_bytes(answer_json(answer), indent=2))
        sys.stdout.flush()
        if any(finding.severity in ("block", "refuse") for finding in answer.findings):
            sys.exit(1)


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise BadInput("file", name, f"It cannot be read: {error.strerror}.") from None


def checked(content: bytes, context: Context) -> Answer:
    """The checked schedule of a request with `steps`, as JSON. Raises BadInput."""
    data = read_json(content)
    if not isinstance(data, dict):
        raise BadInput("request", data, f"Give a JSON object whose steps each have {STEP_WORDS}.")
    steps = _steps(data.pop("steps", None))
    data = {name: value for name, value in data.items() if value is not None}  # null counts as left out
    unlimited = _unlimited(data)
    left_out = {"start": _first_day(steps), "pace": UNUSED_PACE} | ({"limit": NO_LIMIT} if unlimited else {})
    answer = check(parse_request(left_out | data, install_shelf().find, inline_medicine, context), steps)
    no_limit = (Finding("no-limit", "advise", NO_LIMIT_WORDS),) if unlimited else ()
    return replace(answer, findings=(*answer.findings, *no_limit))


def _steps(given: Any) -> list[Any]:
    if not isinstance(given, list) or not given:
        raise BadInput("steps", given, f"Give a list of at least one step, each with {STEP_WORDS}.")
    if not isinstance(given[0], dict):
        raise BadInput("steps.0", given[0], f"Give an object with {STEP_WORDS}.")
    return given


def _first_day(steps: list[Any]) -> str:
    """The day on which the first step begins, for a request without `start`. Raises BadInput, naming the step."""
    return parse_day("steps.0.start", steps[0].get("start")).isoformat()


def _unlimited(data: Mapping[str, Any]) -> bool:
    """Whether no limit is given and the medicine, an object, has none either."""
    medicine = data.get("medicine")
    return isinstance(medicine, dict) and data.get("limit") is None and medicine.get("limit") is None

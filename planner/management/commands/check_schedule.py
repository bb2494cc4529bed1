"""`manage.py check_schedule`: any schedule held against the rules, without a database."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from planner.formulary import find_medicine, inline_medicine
from planner.management.failing import fail
from planner.taper import Answer, BadInput, Context, Finding, answer_json, check, parse_request

UNUSED_PACE = [{"cut": "100%", "of": "current", "every": 1}]  # a given schedule needs none
NO_LIMIT = {"cut": "100%", "of": "current", "days": 1}
NO_LIMIT_WORDS = "No limit was given and the medicine has none of its own: the cuts were not held against one."


class Command(BaseCommand):
    help = "Check a schedule given as JSON: a request with `steps` instead of a pace."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="JSON; - is standard input")
        parser.add_argument("--country", metavar="XX", help="two letters: whose maximum dose holds")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = check_text(_read(options["file"]), Context(country=options["country"]))
        except BadInput as error:
            fail(error)
        sys.stdout.write(json.dumps(answer_json(answer), ensure_ascii=False, indent=2) + "\n")
        if any(finding.severity in ("block", "refuse") for finding in answer.findings):
            sys.exit(1)


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("file", name, f"It cannot be read: {error}.") from None


def check_text(text: str, context: Context) -> Answer:
    """The checked schedule of a request with `steps`. Raises BadInput."""
    try:
        data = json.loads(text, parse_float=str)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadInput("request", text.strip()[:80], f"It is not JSON: {error}.") from None
    if not isinstance(data, dict) or not data.get("steps"):
        raise BadInput("steps", None, "Give a request whose steps each have start, days and regimen.")
    steps = data.pop("steps")
    data.setdefault("start", steps[0].get("start") if isinstance(steps, list) and isinstance(steps[0], dict) else None)
    data.setdefault("pace", UNUSED_PACE)
    unlimited = isinstance(data.get("medicine"), dict) and not (data.get("limit") or data["medicine"].get("limit"))
    if unlimited:
        data["limit"] = NO_LIMIT
    answer = check(parse_request(data, find_medicine, inline_medicine, context), steps)
    no_limit = (Finding("no-limit", "advise", NO_LIMIT_WORDS),) if unlimited else ()
    return replace(answer, findings=(*answer.findings, *no_limit))

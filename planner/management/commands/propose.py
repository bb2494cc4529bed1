"""`manage.py propose`: schedules from the command line, without a database."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from planner.formulary import find_medicine, inline_medicine
from planner.management.failing import fail
from planner.management.request_options import add_request_options, request_data
from planner.management.writing import require_format, write
from planner.taper import Answer, BadInput, Context, answer_json, parse_request, propose, refusal_json


class Command(BaseCommand):
    help = "Propose a reduction schedule. Nothing is stored."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_request_options(parser)
        parser.add_argument("--requests", metavar="FILE", help="one JSON request a line; - is standard input")
        parser.add_argument("--country", metavar="XX", help="two letters: whose maximum dose holds")
        parser.add_argument("--format", default="table", metavar="table|json|csv|pdf")
        parser.add_argument("--output", metavar="FILE", type=Path, help="write there instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["requests"]:
            answer_all(options["requests"], options["output"])
            return
        try:
            answer = propose_one(options)
        except BadInput as error:
            fail(error)
        if answer.outcome == "refused":
            fail("; ".join(finding.message for finding in answer.findings), code=1)


def propose_one(options: dict[str, Any]) -> Answer:
    """The answer to the options, written out. Raises BadInput."""
    require_format(options["format"])
    context = Context(country=options["country"])
    answer = propose(parse_request(request_data(options), find_medicine, inline_medicine, context))
    write(answer, options["format"], options["output"])
    return answer


def answer_all(source: str, output: Path | None) -> None:
    """One JSON answer a line, in the order of the requests; a bad line is answered and the rest goes on."""
    with ExitStack() as stack:
        try:
            lines = sys.stdin if source == "-" else stack.enter_context(Path(source).open(encoding="utf-8"))
            target = stack.enter_context(output.open("w", encoding="utf-8")) if output else sys.stdout
        except OSError as error:
            fail(f"{error.filename}: {error.strerror}")
        for answer in answers(lines):
            target.write(json.dumps(answer, ensure_ascii=False) + "\n")
            target.flush()


def answers(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    return (answer_line(line) for line in lines if line.strip())


def answer_line(line: str) -> dict[str, Any]:
    """The answer to one request as JSON text; numbers with a point are taken as the text they are."""
    try:
        data = json.loads(line, parse_float=str)
        return answer_json(propose(parse_request(data, find_medicine, inline_medicine)))
    except (json.JSONDecodeError, RecursionError) as error:
        return refusal_json(BadInput("request", line.strip()[:80], f"It is not JSON: {error}."))
    except BadInput as error:
        return refusal_json(error)

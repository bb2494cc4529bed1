"""`manage.py propose`: schedules from the command line, without a database."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from planner.formulary import inline_medicine
from planner.management.failing import PlainCommand, fail
from planner.management.reading import read_json, readable
from planner.management.request_options import (
    OPTIONS,
    add_country_option,
    add_request_options,
    context_from,
    flag,
    request_data,
)
from planner.management.writing import json_bytes, require_format, write
from planner.shelves import install_shelf
from planner.taper import Answer, BadInput, Context, answer_json, parse_request, propose, refusal_json


class Command(PlainCommand):
    help = "Propose a reduction schedule. Nothing is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_request_options(parser)
        parser.add_argument("--requests", metavar="FILE", help="one JSON request a line; - is standard input")
        add_country_option(parser)
        parser.add_argument("--format", metavar="table|json|csv|pdf", help="table when left out")
        parser.add_argument("--output", metavar="FILE", type=Path, help="write there instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            context = context_from(options)
            if options["requests"] is not None:
                require_alone(options)
                answer_all(options["requests"], options["output"], context)
                return
            answer = propose_one(options, context)
        except BadInput as error:
            fail(error)
        if answer.outcome == "refused":
            fail("; ".join(finding.message for finding in answer.findings), code=1)


def propose_one(options: dict[str, Any], context: Context) -> Answer:
    """The answer to the options, written out. Raises BadInput."""
    form = "table" if options["format"] is None else options["format"]
    require_format(form)
    answer = propose(parse_request(request_data(options), install_shelf().find, inline_medicine, context))
    write(answer, form, options["output"])
    return answer


def require_alone(options: dict[str, Any]) -> None:
    """Raises BadInput for options that mean nothing beside --requests."""
    given = [flag(name) for name in (*OPTIONS, "format") if options[name] is not None]
    if given:
        words = "A line is a whole request and its answer is JSON: beside --requests only --country and --output stand."
        raise BadInput("requests", ", ".join(given), words)


def answer_all(source: str, output: Path | None, context: Context) -> None:
    """One JSON answer a line, in the order of the requests; a bad line is answered and the rest goes on."""
    with ExitStack() as stack:
        try:
            lines = sys.stdin.buffer if source == "-" else stack.enter_context(Path(source).open("rb"))
            if source != "-" and output and output.exists() and output.samefile(source):
                raise BadInput("output", output, "The requests are in it: give another file.")
            target = stack.enter_context(output.open("wb")) if output else sys.stdout.buffer
            for answer in answers(lines, context):
                target.write(answer)
                target.flush()
        except OSError as error:
            fail(f"{error.filename or output or 'standard output'}: {error.strerror}")


def answers(lines: Iterable[bytes], context: Context) -> Iterator[bytes]:
    return (answer_line(line, context) for line in lines if line.strip())


def answer_line(line: bytes, context: Context) -> bytes:
    """The answer to one request, JSON in and out; whatever goes wrong in it is said in the answer."""
    try:
        request = parse_request(read_json(line), install_shelf().find, inline_medicine, context)
        return json_bytes(answer_json(propose(request)))
    except BadInput as error:
        return json_bytes(refusal_json(error))
    except Exception as error:  # the other lines are still to be answered, and this one must not vanish
        return json_bytes(_internal_error(line, error))


def _internal_error(line: bytes, error: Exception) -> dict[str, Any]:
    words = f"No schedule was made: this is a fault of the planner ({type(error).__name__})."
    refusal = refusal_json(BadInput("request", readable(line), words))
    refusal["findings"][0]["code"] = "internal-error"
    return refusal

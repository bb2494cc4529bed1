"""A request from command-line options."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from planner.taper import BadInput

PLAIN = ("target", "start", "coarse", "shape", "final_dose", "max_units", "taking_since", "end_by")
LISTS = ("products", "order", "change_on")


def add_request_options(parser: ArgumentParser) -> None:
    """One option for each field of a request. Everything arrives as text and is read by the engine."""
    parser.add_argument("--medicine", metavar="KEY")
    parser.add_argument("--regimen", metavar="TIME=DOSE,...", help="as morning=20,midday=20,evening=20")
    parser.add_argument("--products", metavar="KEY,...")
    parser.add_argument("--target", default="0", metavar="DOSE")
    parser.add_argument("--start", metavar="DATE", help="the first lower dose, as 2026-12-07")
    parser.add_argument("--cut", metavar="10%%|5 mg", help="the preferred cut")
    parser.add_argument("--of", metavar="current|starting", help="what a percentage is of")
    parser.add_argument("--every", metavar="DAYS")
    parser.add_argument("--limit", metavar="20%%|5 mg", help="the largest cut in any --limit-days")
    parser.add_argument("--limit-of", metavar="current|starting")
    parser.add_argument("--limit-days", metavar="DAYS")
    parser.add_argument("--coarse", metavar="flag|refuse")
    parser.add_argument("--shape", metavar="even")
    parser.add_argument("--order", metavar="TIME,...", help="which time is lowered first among equals")
    parser.add_argument("--final-dose", metavar="DOSE")
    parser.add_argument("--change-on", metavar="DAY,...")
    parser.add_argument("--max-units", metavar="PIECES")
    parser.add_argument("--fill-days", metavar="DAYS")
    parser.add_argument("--factors", metavar="KEY,...|none", help="patient factors; none: asked, none applies")
    parser.add_argument("--taking-since", metavar="DATE")
    parser.add_argument("--end-by", metavar="DATE")


def request_data(options: Mapping[str, Any]) -> dict[str, Any]:
    """The request in JSON form. Raises BadInput for what cannot even be split."""
    data: dict[str, Any] = {name: options[name] for name in ("medicine", *PLAIN) if options.get(name) is not None}
    data |= {name: options[name].split(",") for name in LISTS if options.get(name) is not None}
    if options.get("regimen") is not None:
        data["regimen"] = _regimen(options["regimen"])
    if options.get("fill_days") is not None:
        data["fill_days"] = _whole("fill_days", options["fill_days"])
    if options.get("factors") is not None:
        data["factors"] = [] if options["factors"] == "none" else options["factors"].split(",")
    return data | _pace(options) | _limit(options)


def _regimen(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(time and equals and dose for time, equals, dose in pairs):
        raise BadInput("regimen", text, "Give times and doses as morning=20,midday=20,evening=20.")
    regimen = {time.strip(): dose.strip() for time, _, dose in pairs}
    if len(regimen) != len(pairs):
        raise BadInput("regimen", text, "Name each time once.")
    return regimen


def _pace(options: Mapping[str, Any]) -> dict[str, Any]:
    given = {"cut": options.get("cut"), "of": options.get("of"), "every": _whole("every", options.get("every"))}
    phase = {name: value for name, value in given.items() if value is not None}
    return {"pace": [phase]} if phase else {}


def _limit(options: Mapping[str, Any]) -> dict[str, Any]:
    days = _whole("limit.days", options.get("limit_days"))
    given = {"cut": options.get("limit"), "of": options.get("limit_of"), "days": days}
    limit = {name: value for name, value in given.items() if value is not None}
    return {"limit": limit} if limit else {}


def _whole(field: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise BadInput(field, text, "Give a whole number of days.")
    return int(text)

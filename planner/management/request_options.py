"""A request from command-line options."""

import re
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from typing import Any

from planner.taper import BadInput, Context
from planner.taper.read_pace import MOST_DAYS

# Everything arrives as text and is read by the engine; what is left out is left out of the request.
OPTIONS = {
    "medicine": ("KEY", None),
    "regimen": ("TIME=DOSE,...", "as morning=20,midday=20,evening=20"),
    "products": ("KEY,...", None),
    "target": ("DOSE", "the daily dose to end at; 0 when left out"),
    "start": ("DATE", "the first lower dose, as 2026-12-07"),
    "cut": ("10%|5 mg", "the preferred cut"),
    "of": ("current|starting", "what a percentage is of"),
    "every": ("DAYS", "how long each step is taken"),
    "pace": ("NAME", "instead of --cut, a published pace of the medicine file, with its own limit"),
    "limit": ("20%|5 mg", "the largest cut in any --limit-days"),
    "limit_of": ("current|starting", None),
    "limit_days": ("DAYS", None),
    "coarse": ("flag|stretch|refuse", "what to do where no cut fits the limit"),
    "shape": ("even|one-time-first", "lower all times in turn, or empty one before the next"),
    "order": ("TIME,...", "which time is lowered first among equals"),
    "final_dose": ("DOSE", None),
    "change_on": ("DAY,...", "weekdays on which a dose may change, as mon,tue"),
    "max_units": ("PIECES", None),
    "fill_days": ("DAYS", None),
    "factors": ("KEY,...|none", "patient factors; none: asked, none applies"),
    "taking_since": ("DATE", None),
    "end_by": ("DATE", "a date to end by, instead of --cut: the least cut that does is found"),
}
PLAIN = ("medicine", "target", "start", "coarse", "shape", "final_dose", "max_units", "taking_since", "end_by")
LISTS = ("products", "order", "change_on")
PACE = ("cut", "of", "every")
CUT_WORDS = "a percentage such as 10%, or an amount such as 5 mg"
DAYS_WORDS = f"a whole number of days from 1 to {MOST_DAYS}"


def add_request_options(parser: ArgumentParser) -> None:
    """One option for each field of a request."""
    for name, (metavar, words) in OPTIONS.items():
        parser.add_argument(flag(name), metavar=metavar, help=words)


def add_country_option(parser: ArgumentParser) -> None:
    parser.add_argument("--country", metavar="XX", help="two letters, as GB or US: whose maximum dose holds")


def flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def context_from(options: Mapping[str, Any]) -> Context:
    """What the options say of the clinic. Raises BadInput."""
    country = options.get("country")
    if country is None:
        return Context()
    if not re.fullmatch("[A-Za-z]{2}", country):
        raise BadInput("country", country, "Give two letters, as GB or US.")
    if country.upper() == "UK":
        raise BadInput("country", country, "The United Kingdom's two letters are GB.")
    return Context(country=country.upper())


def request_data(options: Mapping[str, Any]) -> dict[str, Any]:
    """The request in JSON form. Raises BadInput for what cannot even be split."""
    data: dict[str, Any] = {name: options[name] for name in PLAIN if options.get(name) is not None}
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
    if options.get("pace") is not None:
        if beside := next(iter(_given(options, PACE)), None):
            raise BadInput(flag(beside), options[beside], "A pace that is named has its own: leave one of them out.")
        return {"pace": options["pace"]}
    given = _together(options, "cut", "of", "every") if options.get("end_by") is None else _given(options, PACE)
    if given and "every" not in given:
        return {"pace": [given]}
    return {"pace": [given | {"every": _whole("pace.0.every", given["every"])}]} if given else {}


def _limit(options: Mapping[str, Any]) -> dict[str, Any]:
    given = _together(options, "limit", "limit_of", "limit_days")
    if not given:
        return {}
    of = {"of": given["limit_of"]} if "limit_of" in given else {}
    return {"limit": {"cut": given["limit"], "days": _whole("limit.days", given["limit_days"]), **of}}


def _together(options: Mapping[str, Any], cut: str, of: str, days: str) -> dict[str, Any]:
    """Those of three options that are given: none of them, or a cut and its days at least. Raises BadInput."""
    given = _given(options, (cut, of, days))
    for name, words in ((cut, CUT_WORDS), (days, DAYS_WORDS)):
        if given and name not in given:
            raise BadInput(flag(name), None, f"Beside {flag(next(iter(given)))}, give {words}.")
    return given


def _given(options: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: options[name] for name in names if options.get(name) is not None}


def _whole(field: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST_DAYS))):
        raise BadInput(field, text, f"Give {DAYS_WORDS}.")
    return int(text)

"""Asking the engine as an outside tool does: JSON in, JSON out."""

from collections.abc import Mapping
from typing import Any

from planner.formulary import find_medicine, inline_medicine
from planner.taper import answer_json, parse_request, propose
from planner.taper.request import Context, Request
from planner.taper.schedule import Answer

Json = dict[str, Any]


def read(data: Mapping[str, Any], context: Context | None = None) -> Request:
    return parse_request(data, find_medicine, inline_medicine, context or Context())


def proposed(data: Mapping[str, Any], context: Context | None = None) -> Answer:
    return propose(read(data, context))


def ask(data: Mapping[str, Any]) -> Json:
    """The JSON answer to a JSON request. Raises BadInput."""
    return answer_json(proposed(data))

"""What may stand in an audit row."""

import re
from collections.abc import Iterator
from typing import Any

from planner.models import AuditRow, Clinic, ClosingDay, Patient, UnkeptPrint, User, Version
from planner.views.trail_words import ACTIONS

CODE = re.compile(r"[a-z0-9][\w.:%-]*|[A-Z]{2,3}|A4|Letter|\d+(\.\d+)? \w+|", re.ASCII)


def texts(value: Any) -> Iterator[str]:
    """Every text in a detail, the names of its parts too."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from (name, *texts(part))
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


def typed_texts() -> set[str]:
    """What people typed, as it is kept elsewhere."""
    found: set[Any] = set()
    for model, fields in (
        (Patient, ("name", "identifier")),
        (User, ("name", "email")),
        (Clinic, ("name", "phone", "hours", "out_of_hours", "emergency")),
        (ClosingDay, ("name",)),
    ):
        for row in model.objects.values_list(*fields):
            found |= set(row)
    for reasons in (Version, UnkeptPrint):
        for row in reasons.objects.values_list("reasons", "specialists"):
            found |= {text for given in row for text in given.values()}
    return found


def assert_codes_alone() -> None:
    details = list(AuditRow.objects.values_list("action", "detail"))
    said = {text: action for action, detail in details for text in texts(detail)}
    assert {text: action for text, action in said.items() if text not in ACTIONS and not CODE.fullmatch(text)} == {}
    assert set(said) & typed_texts() == set()

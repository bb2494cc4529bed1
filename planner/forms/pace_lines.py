"""A pace of several phases as text, one a line: "10 mg every 28 days down to 50 mg"."""

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from planner.taper.read_pace import MOST_DAYS

HOW = "Write each phase on a line of its own, such as {example}; the last one without “down to”."
_WEEK = 7
_OF = r"(?:\s+of\s+(?:the\s+)?(?P<{name}>current|starting)(?:\s+dose)?)?"
_LINE = re.compile(
    r"(?P<cut>[0-9.]+)\s*(?P<kind>%|[a-zA-Z]+)" + _OF.format(name="of") + r"\s*,?\s*"
    r"every\s+(?P<number>[0-9]{1,3})\s*(?P<length>days?|weeks?)"
    r"(?:\s*,?\s*down\s+to\s+(?P<low>[0-9.]+)\s*(?P<low_kind>%|[a-zA-Z]+)" + _OF.format(name="low_of") + r")?\s*\.?",
    re.IGNORECASE,
)


def phases_from(text: str, unit: str) -> list[dict[str, Any]]:
    """Phases in the form of a request. Raises ValidationError, naming the line that cannot be read."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    return [_phase(number, line, unit) for number, line in lines]


def _phase(number: int, line: str, unit: str) -> dict[str, Any]:
    match = _LINE.fullmatch(line)
    if match is None or match["kind"] not in ("%", unit) or match["low_kind"] not in (None, "%", unit):
        words = HOW.format(example=f"“10 {unit} every 28 days down to 50 {unit}”")
        raise ValidationError(f"Line {number} cannot be read. {words}", code="phase")
    if match["low_of"] and match["low_of"].lower() == "current":
        raise ValidationError(f"Line {number}: “down to” a percentage is of the starting dose.", code="phase")
    days = int(match["number"]) * (_WEEK if match["length"].lower().startswith("week") else 1)
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError(f"Line {number}: give 1 to {MOST_DAYS} days between cuts.", code="phase")
    found: dict[str, Any] = {"cut": _size(match["cut"], match["kind"]), "every": days}
    if match["kind"] == "%":
        found["of"] = (match["of"] or "current").lower()
    elif match["of"]:
        raise ValidationError(f"Line {number}: only a percentage is of something.", code="phase")
    return found | ({"down_to": _size(match["low"], match["low_kind"])} if match["low"] else {})


def _size(amount: str, kind: str) -> str:
    return f"{amount}%" if kind == "%" else f"{amount} {kind}"


def lines_of(phases: Sequence[dict[str, Any]]) -> str:
    """Phases of a request as text."""
    return "\n".join(map(_line, phases))


def _line(phase: dict[str, Any]) -> str:
    of = f" of {phase['of']}" if phase.get("of") else ""
    down_to = f" down to {phase['down_to']}" if phase.get("down_to") else ""
    return f"{phase['cut']}{of} every {phase['every']} days{down_to}"

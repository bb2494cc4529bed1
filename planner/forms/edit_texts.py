"""A change by hand as short text that an address can carry: "3@45:days=14:keep", "8@20:with=tablet-10,solution-1".

Behind the step stands the daily dose at which the change was made.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from planner.taper.medicine import TIMES

MOST_EDITS = 40
MOST_LETTERS = 180
UNREADABLE = "A change by hand cannot be read. Take it back, and make it again."
_DOSE = rf"(?:{'|'.join(TIMES)})=[0-9]{{1,7}}(?:\.[0-9]{{1,8}})?"
_KEY = r"[a-z0-9.-]{1,30}"
_EDIT = re.compile(
    r"(?P<step>[0-9]{1,4})(?:@(?P<at>[0-9]{1,7}(?:\.[0-9]{1,8})?))?:(?:"
    r"(?:days=(?P<days>[0-9]{1,4})"
    rf"|dose=(?P<doses>{_DOSE}(?:,{_DOSE}){{0,{len(TIMES) - 1}}}))(?P<keep>:keep)?"
    rf"|with=(?P<products>{_KEY}(?:,{_KEY}){{0,15}}))"
)


def to_text(edit: Mapping[str, Any]) -> str:
    """From the JSON form of a change."""
    keep = ":keep" if edit.get("rest") == "keep" else ""
    step = f"{edit['step']}@{edit['at']}" if edit.get("at") else str(edit["step"])
    if "days" in edit:
        return f"{step}:days={edit['days']}{keep}"
    if "products" in edit:
        return f"{step}:with={','.join(edit['products'])}"
    doses = ",".join(f"{time}={dose}" for time, dose in edit["regimen"].items())
    return f"{step}:dose={doses}{keep}"


def is_readable(text: str) -> bool:
    return len(text) <= MOST_LETTERS and _EDIT.fullmatch(text) is not None


def from_text(text: str) -> dict[str, Any]:
    """The JSON form of a change; what it says is for the engine to check. Raises ValidationError."""
    match = _EDIT.fullmatch(text) if is_readable(text) else None
    if match is None:
        raise ValidationError(UNREADABLE, code="edit")
    found: dict[str, Any] = {"step": int(match["step"]), "rest": "keep" if match["keep"] else "again"}
    if match["at"]:
        found["at"] = match["at"]
    if match["days"]:
        return found | {"days": int(match["days"])}
    if match["products"]:
        return found | {"products": match["products"].split(",")}
    return found | {"regimen": _regimen(match["doses"])}


def _regimen(text: str) -> dict[str, str]:
    """Raises ValidationError where a time is named twice."""
    doses = [(time, dose) for time, _, dose in (part.partition("=") for part in text.split(","))]
    regimen = dict(doses)
    if len(regimen) < len(doses):
        raise ValidationError(UNREADABLE, code="edit")
    return regimen


class EditsField(forms.Field):
    """The changes made by hand, in their order, as JSON; carried in hidden fields."""

    widget = forms.MultipleHiddenInput
    most_letters = MOST_LETTERS

    def clean(self, value: Any) -> list[dict[str, Any]]:
        texts: Sequence[str] = value or []
        if len(texts) > MOST_EDITS:
            raise ValidationError(f"At most {MOST_EDITS} changes by hand can be kept.", code="edit")
        return [from_text(str(text)) for text in texts]

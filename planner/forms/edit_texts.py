"""A change by hand as short text that an address can carry: "3:days=14:keep", "8:with=tablet-10,solution-1"."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

MOST_EDITS = 40
MOST_LETTERS = 160
_EDIT = re.compile(r"(?P<step>[0-9]{1,4}):(?P<kind>days|dose|with)=(?P<value>[a-z0-9.,=-]{1,130})(?P<keep>:keep)?")


def to_text(edit: Mapping[str, Any]) -> str:
    """From the JSON form of a change."""
    keep = ":keep" if edit.get("rest") == "keep" else ""
    if "days" in edit:
        return f"{edit['step']}:days={edit['days']}{keep}"
    if "products" in edit:
        return f"{edit['step']}:with={','.join(edit['products'])}"
    doses = ",".join(f"{time}={dose}" for time, dose in edit["regimen"].items())
    return f"{edit['step']}:dose={doses}{keep}"


def from_text(text: str) -> dict[str, Any]:
    """The JSON form of a change; what it says is for the engine to check. Raises ValidationError."""
    match = _EDIT.fullmatch(text)
    if match is None:
        raise ValidationError("A change by hand cannot be read. Take it back, and make it again.", code="edit")
    found: dict[str, Any] = {"step": int(match["step"]), "rest": "keep" if match["keep"] else "again"}
    value = match["value"]
    if match["kind"] == "days":
        return found | {"days": int(value) if value.isdigit() and len(value) <= 4 else value}
    if match["kind"] == "with":
        return found | {"products": value.split(",")}
    return found | {"regimen": {time: dose for time, _, dose in (part.partition("=") for part in value.split(","))}}


class EditsField(forms.Field):
    """The changes made by hand, in their order, as JSON; carried in hidden fields."""

    widget = forms.MultipleHiddenInput

    @staticmethod
    def valid_value(text: str) -> bool:
        return _EDIT.fullmatch(text) is not None
    most_letters = MOST_LETTERS

    def clean(self, value: Any) -> list[dict[str, Any]]:
        texts: Sequence[str] = value or []
        if len(texts) > MOST_EDITS:
            raise ValidationError(f"At most {MOST_EDITS} changes by hand can be kept.", code="edit")
        return [from_text(str(text)) for text in texts]

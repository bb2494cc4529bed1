"""Between what a browser sends, the form's fields and those of a request."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from planner.forms.edit_texts import to_text
from planner.forms.pace_lines import lines_of
from planner.taper import BadInput
from planner.taper.medicine import TIMES, Basis, Limit

SAME = (
    "medicine", "products", "target", "start", "coarse", "factors", "final_dose", "max_units", "fill_days", "shape",
    "change_on", "end_by", "edits",
)  # fmt: skip


def as_querydict(data: Mapping[str, Any]) -> QueryDict:
    """A plain mapping in the form in which a browser sends it."""
    found = QueryDict(mutable=True)
    for name, value in data.items():
        found.setlist(name, value if isinstance(value, list) else [value])
    return found


def spread(typed: QueryDict) -> QueryDict:
    """ "20 20 20" in the first box fills the boxes from the left; any other box filled too is for the check to say."""
    first, *others = TIMES
    parts = typed.get(first, "").split()
    full = any(typed.get(time, "").strip() not in ("", "0") for time in others)
    if not 2 <= len(parts) <= len(TIMES) or full or not all(part[0].isdigit() for part in parts):
        return typed
    for time, part in zip(TIMES, [*parts, "", ""], strict=False):
        typed[time] = part
    return typed


def field_of(engine_field: str) -> str | None:
    """The form's field for a field of the request, as ``pace.0.cut``; None for the form as a whole."""
    first, *rest = engine_field.split(".")
    if first == "regimen":
        return rest[0] if rest and rest[0] in TIMES else "morning"
    if first in ("pace", "limit"):
        last = rest[-1] if rest else "cut"
        return f"{first}_{last}" if last in ("cut", "of", "every", "days") else f"{first}_cut"
    if first == "order":
        return "first_lowered"
    return first if first in SAME else None


def said_at(bad: BadInput, *, in_lines: bool) -> tuple[str | None, str]:
    """The form's field for what the engine cannot take, and the words there.

    in_lines: the pace was typed as lines.
    """
    field, place = field_of(bad.field), bad.field.split(".")[1:2]
    number = int(place[0]) + 1 if place and place[0].isdigit() else None
    if field == "edits":
        which = f"Change {number} by hand" if number else "The changes by hand"
        return field, f"{which} cannot be made. {bad.allowed}"
    if field in ("pace_cut", "pace_of", "pace_every") and in_lines:
        words = bad.allowed.replace("down_to", "“down to”")
        return "pace_lines", f"Phase {number}: {words}" if number else words
    return field, bad.allowed


def typed_changes(changes: Mapping[str, Any], unit: str) -> dict[str, Any]:
    """Changed fields of a request, in JSON form, as the form has them; None takes what was typed out."""
    found: dict[str, Any] = {}
    for name, value in changes.items():
        if name == "pace":
            found |= _typed_pace(value, unit)
        elif name == "limit":
            found |= _typed_limit(value, unit)
        elif name == "edits":
            found["edits"] = [to_text(edit) for edit in value or []]
        else:
            found[name] = value
    return found


def _typed_pace(phases: list[dict[str, Any]], unit: str) -> dict[str, Any]:
    if len(phases) > 1:
        empty = dict.fromkeys(("pace_cut", "pace_of", "pace_every"))
        return empty | {"pace_lines": lines_of(phases)}
    amount, of = _size_and_basis(phases[0], unit)
    return {"pace_cut": amount, "pace_of": of, "pace_every": str(phases[0]["every"]), "pace_lines": None}


def _typed_limit(limit: dict[str, Any], unit: str) -> dict[str, Any]:
    amount, of = _size_and_basis(limit, unit)
    return {"limit_cut": amount, "limit_of": of, "limit_days": str(limit["days"])}


def _size_and_basis(rule: dict[str, Any], unit: str) -> tuple[str, str]:
    return rule["cut"].removesuffix("%").removesuffix(unit).strip(), rule.get("of") or "amount"


def basis(value: str | None) -> Basis | None:
    """What a percentage is of, as chosen in the form; None for an amount."""
    if value == "amount":
        return None
    return "starting" if value == "starting" else "current"


def is_above(limit: Limit, ceiling: Limit) -> bool:
    """More at once, or more a day, than the ceiling."""
    at_once = limit.cut.amount > ceiling.cut.amount
    return at_once or limit.cut.amount * ceiling.days > ceiling.cut.amount * limit.days

"""An audit row in plain words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from planner.models import PAGE_SIZES, AuditRow

ACTIONS = {
    "saw": "Saw a page of the patient",
    "printed": "Opened the calendar to print",
    "printed, not kept": "Printed a calendar without keeping the patient",
    "exported": "Exported",
    "issued": "Issued",
    "added": "Added",
    "changed": "Changed",
    "changed opening": "Changed when the clinic is open",
    "removed": "Removed",
    "signed off": "Signed off",
    "kept medicine file": "Put a medicine file into use",
    "withdrew medicine file": "Took a medicine file out of use",
    "set up": "Set up the clinic",
    "made password link": "Made a password link",
    "set password": "Set a password",
    "changed password": "Changed the password",
}
KINDS = {
    "patient": "Patient",
    "plan": "Plan",
    "version": "Version",
    "clinic": "Clinic",
    "user": "Person",
    "clinicmedicine": "Pace and limit",
    "clinicfile": "Medicine file",
    "closingday": "Closing days",
    "unkeptprint": "Print without a patient",
}
EXPORTS = {"audit-trail": "the audit trail as CSV"}
PLAIN = {"": "none", "True": "yes", "False": "no"}


def kind_words(kind: str) -> str:
    return KINDS.get(kind, kind.capitalize())


def action_words(row: AuditRow) -> str:
    """What was done, with its particulars."""
    told = [words(value) for name, words in SAID.items() if (value := row.detail.get(name)) not in (None, "", [], {})]
    before, after = row.detail.get("before", {}), row.detail.get("after", {})
    changed = [_changed(name, before.get(name), value) for name, value in after.items() if before.get(name) != value]
    start = ACTIONS.get(row.action, row.action.capitalize())
    return ", ".join([start, *filter(None, told), *changed])


def _changed(name: str, before: Any, after: Any) -> str:
    return f"{name.replace('_', ' ')} from {_plain(before)} to {_plain(after)}"


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{name} {_plain(part)}" for name, part in value.items()) or "the medicine’s own"
    if isinstance(value, list):
        return "; ".join(map(_plain, value)) or "the medicine’s own"
    return PLAIN.get(str(value), str(value))


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"


def _count(items: list[Any]) -> str:
    return f"{len(items)} item{'' if len(items) == 1 else 's'}"


# By the names that stand in a row's detail, in the order in which they are said.
SAID: dict[str, Callable[[Any], str]] = {
    "what": lambda code: EXPORTS.get(code, str(code)),
    "filters": lambda given: f"with {', '.join(f'{name} {value}' for name, value in given.items())}",
    "number": "version {}".format,
    "plan": "plan {}".format,
    "page_size": lambda size: dict(PAGE_SIZES).get(size, size),
    "medicine": str,
    "key": str,
    "version": "file version {}".format,
    "file_version": "file version {}".format,
    "items": _count,
    "reasons": lambda codes: f"with a reason for {', '.join(codes)}",
    "fields": lambda names: ", ".join(name.replace("_", " ") for name in names),
    "first": lambda day: f"from {_day(day)}",
    "last": lambda day: f"to {_day(day)}",
    "made": lambda where: str(where).replace("-", " "),
}

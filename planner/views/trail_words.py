"""An audit row in plain words."""

from calendar import day_abbr
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from planner.models import DECISIONS, END_REASONS, PAGE_SIZES, AuditRow
from planner.models import KINDS as PLAN_KINDS
from planner.taper.words import days_words

ACTIONS = {
    "saw": "Saw a page of the patient",
    "printed": "Opened the calendar to print",
    "printed, not kept": "Printed a calendar without keeping the patient",
    "exported": "Exported",
    "issued": "Issued",
    "imported": "Brought a plan in from a file",
    "acknowledged": "Gave the reasons that were open",
    "checked in": "Recorded a check-in",
    "noted as taken": "Noted what was really taken",
    "ended": "Closed the plan",
    "added": "Added",
    "changed": "Changed",
    "filled": "Added practice patients",
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
    "checkin": "Check-in",
    "takenotherwise": "Doses taken otherwise",
    "clinic": "Clinic",
    "user": "Person",
    "clinicmedicine": "Pace and limit",
    "clinicfile": "Medicine file",
    "closingday": "Closing days",
    "unkeptprint": "Print without a patient",
}
EXPORTS = {
    "audit-trail": "the audit trail as CSV",
    "plan": "the plan as a file",
    "plans": "the clinic’s plans as CSV",
    "learning": "what happened at which doses as CSV",
}
OWN = "the medicine’s own"
# What a pace or a limit is made of. Databases keep it in no order.
RULE: dict[str, Callable[[Any], str]] = {
    "cut": str,
    "of": "of the {} dose".format,
    "every": lambda days: f"every {days_words(days)}",
    "days": lambda days: f"in {days_words(days)}",
    "down_to": "down to {}".format,
}
PLAIN = {"": "none", "True": "yes", "False": "no"}


def kind_words(kind: str) -> str:
    return KINDS.get(kind, kind.capitalize())


def action_words(row: AuditRow) -> str:
    """What was done, with its particulars."""
    told = [words(value) for name, words in SAID.items() if (value := row.detail.get(name)) not in (None, "", [], {})]
    changed = _changed(row.detail.get("before", {}), row.detail.get("after", {}))
    return ", ".join([ACTIONS.get(row.action, row.action.capitalize()), *filter(None, told), *changed])


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What differs, in the order of the names."""
    names = sorted(name for name, value in after.items() if before.get(name) != value)
    return [f"{name.replace('_', ' ')} from {_of(name, before)} to {_of(name, after)}" for name in names]


def _of(name: str, values: Mapping[str, Any]) -> str:
    value = values.get(name, "")
    return _weekdays(value) if name == "open_weekdays" else _plain(value)


def _weekdays(digits: str) -> str:
    return " ".join(day_abbr[int(digit)] for digit in digits)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(words(value[name]) for name, words in RULE.items() if name in value) or OWN
    if isinstance(value, list):
        return "; ".join(map(_plain, value)) or OWN
    return PLAIN.get(str(value), str(value))


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"


def _count(items: list[Any]) -> str:
    return f"{len(items)} item{'' if len(items) == 1 else 's'}"


# By the names that stand in a row's detail, in the order in which they are said.
SAID: dict[str, Callable[[Any], str]] = {
    "what": lambda code: EXPORTS.get(code, str(code)),
    "filters": lambda given: f"with {', '.join(f'{name} {value}' for name, value in sorted(given.items()))}",
    "number": "version {}".format,
    "plan": "plan {}".format,
    "kind": lambda code: dict(PLAN_KINDS).get(code, code).lower(),
    "page_size": lambda size: dict(PAGE_SIZES).get(size, size),
    "medicine": str,
    "key": str,
    "version": "file version {}".format,
    "file_version": "file version {}".format,
    "items": _count,
    "reasons": lambda codes: f"with a reason for {', '.join(codes)}",
    "versions": lambda count: f"with {count} version{'' if count == 1 else 's'} of elsewhere",
    "open": lambda codes: f"without a reason yet for {', '.join(codes)}",
    "patient": lambda named: "with the patient’s name" if named is True else "",
    "notes": lambda given: "with notes" if given is True else "",
    "fields": lambda names: ", ".join(name.replace("_", " ") for name in names),
    "reason": lambda code: dict(END_REASONS).get(code, code),
    "decision": lambda code: f"decision: {dict(DECISIONS).get(code, code)}",
    "on": lambda day: f"on {_day(day)}",
    "first": lambda day: f"from {_day(day)}",
    "last": lambda day: f"to {_day(day)}",
    "made": lambda where: str(where).replace("-", " "),
}

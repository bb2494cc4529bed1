"""A clinic's plans as rows, from columns that every write brings up to date: no schedule is read for them."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery

from planner.models import Due, Plan, User, Version
from planner.taper.amounts import show

HEADINGS = (
    "patient identifier", "patient name", "born", "medicine", "plan number", "state", "begins", "dose now", "unit",
    "next change", "next dose", "ends", "versions", "cut over the limit to come", "held",
)  # fmt: skip
ROWS_AT_ONCE = 1000


def plan_rows(user: User, today: date) -> Iterator[tuple[Any, ...]]:
    """A row for each of the clinic's plans, read so many at a time."""
    first = Version.objects.filter(plan=OuterRef("pk")).order_by("number")
    changes = Due.objects.filter(kind=Due.CHANGE).order_by("day", "pk")
    plans = Plan.for_user(user).filter(current__isnull=False).select_related("patient", "current")
    plans = plans.defer("current__request", "current__answer", "current__record", "current__reasons")
    plans = plans.annotate(begins=Subquery(first.values("begins")[:1]))
    plans = plans.prefetch_related(Prefetch("dues", queryset=changes, to_attr="changes")).order_by("pk")
    rows = plans.iterator(chunk_size=ROWS_AT_ONCE)
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        read = Version.objects.in_bulk([plan.current_id for plan in chunk if not plan.changes])
        yield from (_row(plan, read.get(plan.current_id), today) for plan in chunk)


def _row(plan: Any, version: Version | None, today: date) -> tuple[Any, ...]:
    patient, running = plan.patient, plan.is_running(today)
    now, unit = _dose_now(plan, version, today) if running else ("", "")
    following = next((due for due in plan.changes if due.day > today), None) if running else None
    return (
        patient.identifier, patient.name, patient.born.isoformat(), plan.medicine, plan.pk, _state(plan, today),
        plan.begins.isoformat(), now, unit, following.day.isoformat() if following else "",
        following.facts["daily"] if following else "", plan.ends.isoformat() if plan.ends else "",
        plan.current.number, "yes" if running and plan.last_over and plan.last_over >= today else "no",
        _held(plan, today),
    )  # fmt: skip


def _dose_now(plan: Any, version: Version | None, today: date) -> tuple[str, str]:
    """The daily dose of today as planned, and its unit: after the last change, else before the next one.

    version: of a plan without any change, as one that stays on its dose, the one in force, which has to be read.
    """
    if version:
        return show(version.daily_on(today)), version.answer["steps"][0]["unit"]
    begun = [due for due in plan.changes if due.day <= today]
    facts = begun[-1].facts if begun else plan.changes[0].facts
    return facts["daily" if begun else "from"], facts["unit"]


def _state(plan: Any, today: date) -> str:
    if not plan.is_running(today):
        return "closed" if plan.closed_on else "ended"
    return "held" if plan.is_held(today) else "not begun" if plan.begins > today else "going on"


def _held(plan: Any, today: date) -> str:
    if not plan.is_held(today):
        return "no"
    return f"until {plan.held_until.isoformat()}" if plan.held_until else "until further notice"

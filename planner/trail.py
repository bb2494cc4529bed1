"""Reading the audit trail: what is asked for, and a page of it at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from planner.models import AuditRow, Plan, User, Version

ROWS_A_PAGE = 50
Rows = Any  # a query set of audit rows


@dataclass(frozen=True)
class Wanted:
    """What the trail is narrowed to. about and number: a patient, with all that is theirs, a plan or a version."""

    person: int | None = None
    action: str = ""
    about: str = ""
    number: int | None = None
    since: date | None = None
    until: date | None = None

    @property
    def given(self) -> dict[str, str | int]:
        """What narrows it, by name."""
        values = {name: value for name, value in vars(self).items() if value}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def wanted_rows(user: User, wanted: Wanted) -> Rows:
    """The rows of the user's clinic, the newest first."""
    rows = AuditRow.for_user(user).select_related("by").order_by("-at", "-pk")
    if wanted.person:
        rows = rows.filter(by=wanted.person)
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.since:
        rows = rows.filter(at__gte=_begin(wanted.since))
    if wanted.until:
        rows = rows.filter(at__lt=_begin(wanted.until + timedelta(days=1)))
    return _about(user, rows, wanted.about, wanted.number) if wanted.number else rows


def page_of(rows: Rows, before: AuditRow | None) -> tuple[Sequence[AuditRow], AuditRow | None]:
    """A page, and the row before which the next one begins. It costs the same wherever it lies in the trail."""
    if before:
        rows = rows.filter(Q(at__lt=before.at) | Q(pk__lt=before.pk), at__lte=before.at)
    found = list(rows[: ROWS_A_PAGE + 1])
    return found[:ROWS_A_PAGE], found[ROWS_A_PAGE - 1] if len(found) > ROWS_A_PAGE else None


def _about(user: User, rows: Rows, about: str, number: int | None) -> Rows:
    """By way of the patient, by whom rows are found at once; a patient has few enough to look at each."""
    if about == "patient":
        return rows.filter(patient=number)
    if about == "plan":
        patients = Plan.for_user(user).filter(pk=number).values_list("patient", flat=True)
        return rows.filter(patient=patients.first() or 0).filter(Q(kind="plan", target=number) | Q(detail__plan=number))
    patients = Version.for_user(user).filter(pk=number).values_list("plan__patient", flat=True)
    return rows.filter(patient=patients.first() or 0, kind="version", target=number)


def _begin(day: date) -> datetime:
    """Its first moment, where the clinic is."""
    return timezone.make_aware(datetime.combine(day, time.min))

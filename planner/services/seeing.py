"""Who looked at a patient, and what left the building."""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from planner.models import AuditRow, Patient, User, Version
from planner.services.common import Refused, audit


def note_seen(*, by: User, patient: Patient) -> None:
    """That somebody opened a page of a patient: one row for each hour of the clock, and no write after the first.

    Two requests at once both write, and the database keeps one. Refused for another clinic's patient.
    """
    if patient.clinic_id != by.clinic_id:
        raise Refused({"": "This patient belongs to another clinic."})
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    if AuditRow.objects.filter(by=by, patient=patient.pk, hour=hour).exists():
        return
    row = AuditRow(clinic_id=by.clinic_id, by=by, action="saw", kind="patient", target=patient.pk)
    row.patient, row.hour = patient.pk, hour
    AuditRow.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def note_printed(*, by: User, version: Version, page_size: str) -> None:
    """That somebody opened a version's calendar, from which it is printed."""
    audit(by, "printed", version, plan=version.plan_id, number=version.number, page_size=page_size)


@transaction.atomic
def note_exported(*, by: User, target: Model, what: str, **detail: Any) -> None:
    """That something left the app as a file. what: its code; detail: numbers and codes that say which part of it."""
    audit(by, "exported", target, what=what, **detail)

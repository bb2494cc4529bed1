"""What every write shares: how it refuses, and the row that it leaves in the audit trail."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from planner.models import AuditRow, Clinic, Patient, User


class Refused(Exception):
    """Nothing was written. errors: messages by field; the empty field for the whole."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))


def audit(by: User, action: str, target: Model, **detail: Any) -> None:
    """A row of who did what to what. detail: numbers, dates and codes; no name, and nothing that somebody typed.

    What lies within a plan gives its number as ``plan``, by which the trail of the plan is found.
    """
    AuditRow.objects.create(
        clinic=by.clinic,
        by=by,
        action=action,
        kind=str(target._meta.model_name),
        target=target.pk,
        patient=_patient_of(target),
        detail=detail,
    )


def require_submission(submission: str) -> None:
    """Refused for a form without a token: sent twice it would be two."""
    if not submission:
        raise Refused({"": "This page cannot be sent as it is. It is made anew here: look at it again, then send it."})


def same_words(kept: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Whether what was typed is what was kept, by code; a question that was asked once only is passed over."""
    return all(kept[code] == words.strip() for code, words in given.items() if code in kept)


def lock_clinic(by: User) -> Clinic:
    """One at a time in a clinic from here to the end of the transaction. Rows that point to the clinic, such as that
    somebody saw a page, can be written meanwhile.
    """
    clinic: Clinic = Clinic.objects.select_for_update(no_key=True).get(pk=by.clinic_id)
    return clinic


def _patient_of(target: Model) -> int | None:
    """Number of the patient whom a row is about, by way of its version and plan."""
    if isinstance(target, Patient):
        return int(target.pk)
    above = next((getattr(target, name) for name in ("patient", "plan", "version") if hasattr(target, name)), None)
    return _patient_of(above) if isinstance(above, Model) else None

"""What every write shares: how it refuses, and the row that it leaves in the audit trail."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from planner.models import AuditRow, User


class Refused(Exception):
    """Nothing was written. errors: messages by field; the empty field for the whole."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))


def audit(by: User, action: str, target: Model, **detail: Any) -> None:
    """A row of who did what to what; detail names no patient."""
    AuditRow.objects.create(
        clinic=by.clinic, by=by, action=action, kind=str(target._meta.model_name), target=target.pk, detail=detail
    )

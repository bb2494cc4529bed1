"""Rows that are written once: who did what, when, is one of them."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from planner.models.clinics import Clinic, ClinicOwned, ClinicQuerySet, User


class FrozenQuerySet(ClinicQuerySet):
    def update(self, **kwargs: Any) -> int:
        raise TypeError(f"{self.model.__name__} rows are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{self.model.__name__} rows are never deleted")


class Frozen(ClinicOwned):
    """Written once, then never changed or deleted."""

    objects: ClassVar[Any] = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError(f"{type(self).__name__} {self.pk} is frozen")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} {self.pk} is frozen")


class AuditRow(Frozen):
    """Who did what, when. Ids and codes alone: no name, nothing that somebody typed.

    patient: number of the patient whom it is about, whatever the target; hour: of a row that is written once an hour
    for a person and a patient, the hour's beginning.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    action = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    target = models.BigIntegerField()
    patient = models.BigIntegerField(null=True)
    hour = models.DateTimeField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["clinic", "at", "id"], name="audit_by_time"),
            models.Index(fields=["clinic", "by", "at", "id"], name="audit_by_person"),
            models.Index(fields=["clinic", "action", "at", "id"], name="audit_by_action"),
            models.Index(fields=["clinic", "patient", "at", "id"], name="audit_by_patient"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "patient", "hour"], condition=models.Q(hour__isnull=False), name="seen_once_an_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.target}"


class UnkeptPrint(Frozen):
    """What a calendar was printed from whose patient is not kept, and the reasons given. By finding code, as typed."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    request = models.JSONField()
    reasons = models.JSONField()
    specialists = models.JSONField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"Printed without a patient, {self.at:%Y-%m-%d %H:%M}"

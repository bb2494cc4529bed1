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
    """Who did what, when. Never holds a patient's name."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    action = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    target = models.BigIntegerField()
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.target}"

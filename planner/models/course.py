"""What a running taper was like: check-ins, doses taken otherwise than planned, how it ended."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from planner.models.clinics import User
from planner.models.frozen import Frozen
from planner.models.plans import Plan, Version

HOW = (("well", "Well"), ("mild", "Mild"), ("moderate", "Moderate"), ("severe", "Severe"))
DECISIONS = (
    ("go-on", "Go on as planned"),
    ("hold", "Hold"),
    ("step-back", "Go back to an earlier dose"),
    ("slow-down", "Go more slowly"),
    ("other", "Something else"),
    ("emergency", "Emergency help"),
)
END_REASONS = (
    ("stopped", "The patient has stopped taking it"),
    ("elsewhere", "Somebody else takes the taper over"),
    ("given-up", "The taper is given up; the prescriber decides on the dose"),
    ("died", "The patient has died"),
    ("mistake", "Issued by mistake"),
)


class PlanFrozen(Frozen):
    """A frozen row about a plan, in the order in which they were written."""

    clinic_path: ClassVar[str] = "plan__clinic"

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]


class CheckIn(PlanFrozen):
    """A contact at which the clinician recorded how the patient is.

    too_much: very sleepy, floppy or breathing slowly; how: empty where too_much. daily: the daily dose taken that day,
    in the medicine's unit; signs: as the medicine's file says them; suggested: what its rule led to.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="check_ins")
    version = models.ForeignKey(Version, models.PROTECT, related_name="check_ins")
    day = models.DateField()
    too_much = models.BooleanField()
    how = models.CharField(max_length=8, choices=HOW, blank=True)
    signs = models.JSONField(default=list)
    emergency = models.BooleanField(default=False)
    missed = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=1000, blank=True)
    daily = models.CharField(max_length=20)
    suggested = models.CharField(max_length=12, blank=True)
    decision = models.CharField(max_length=12, choices=DECISIONS)
    reason = models.CharField(max_length=500, blank=True)
    submission = models.CharField(max_length=64)

    class Meta(PlanFrozen.Meta):
        ordering = ["day", "at", "pk"]
        constraints = [models.UniqueConstraint(fields=["by", "submission"], name="one_check_in_a_submission")]

    def __str__(self) -> str:
        return f"Check-in of {self.day:%Y-%m-%d}"

    @property
    def dose(self) -> Decimal:
        return Decimal(self.daily)


class TakenOtherwise(PlanFrozen):
    """Days on which another regimen was taken than the plan said. last: None where it goes on until a new version."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="taken_otherwise")
    first = models.DateField()
    last = models.DateField(null=True)
    regimen = models.JSONField()
    note = models.CharField(max_length=500, blank=True)

    class Meta(PlanFrozen.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(last__isnull=True) | Q(last__gte=F("first")), name="taken_in_order")
        ]

    def __str__(self) -> str:
        return f"Taken otherwise from {self.first:%Y-%m-%d}"

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


class PlanEnd(PlanFrozen):
    """That a plan was closed, from when, and why."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="end")
    on = models.DateField()
    reason = models.CharField(max_length=10, choices=END_REASONS)
    note = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"Closed on {self.on:%Y-%m-%d}"


class Acknowledgement(PlanFrozen):
    """Reasons given later for findings of a version that came without, such as an imported one.

    reasons, specialists: by finding code.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="acknowledgements")
    version = models.ForeignKey(Version, models.PROTECT, related_name="acknowledgements")
    reasons = models.JSONField()
    specialists = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"Reasons for {self.version}"

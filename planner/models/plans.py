"""Patients, their plans, each version that was issued, and its papers."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils import timezone

from planner.models.clinics import PAGE_SIZES, Clinic, ClinicOwned, User
from planner.models.frozen import Frozen


class Patient(ClinicOwned):
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="patients")
    name = models.CharField(max_length=100)
    born = models.DateField()
    identifier = models.CharField(max_length=40)

    class Meta:
        ordering = ["name", "identifier"]
        constraints = [models.UniqueConstraint(fields=["clinic", "identifier"], name="one_patient_an_identifier")]

    def __str__(self) -> str:
        return f"{self.name} ({self.identifier})"

    def running(self, medicine: str, today: date) -> "Version | None":
        """The version of this medicine in force, which another one would replace."""
        plan = self.plans.filter(medicine=medicine).first()
        current = plan.current if plan else None
        return current if current and current.is_running(today) else None


class Plan(ClinicOwned):
    """A patient's taper of one medicine."""

    clinic_path: ClassVar[str] = "patient__clinic"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="plans")
    medicine = models.CharField(max_length=60)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.medicine}, plan {self.pk}"

    @property
    def current(self) -> "Version | None":
        """The version in force: the last one issued."""
        return next(iter(self.newest_first), None)

    @property
    def newest_first(self) -> "list[Version]":
        return sorted(self.versions.all(), key=lambda version: -version.number)


class Version(Frozen):
    """One issued state of a plan, as it was computed."""

    clinic_path: ClassVar[str] = "plan__patient__clinic"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    request = models.JSONField()
    answer = models.JSONField()
    reasons = models.JSONField()  # by finding code
    specialists = models.JSONField()  # by finding code
    record = models.TextField()  # copy for the record
    engine_version = models.CharField(max_length=20)
    medicine_version = models.PositiveIntegerField()
    medicine_hash = models.CharField(max_length=64)
    issued_by = models.ForeignKey(User, models.PROTECT)
    issued_at = models.DateTimeField()
    issued_on = models.DateField()
    ends = models.DateField()  # first day on the target
    submission = models.CharField(max_length=64)  # of the form that issued it, against double submission

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_version_a_number"),
            models.UniqueConstraint(fields=["issued_by", "submission"], name="one_version_a_submission"),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"

    @property
    def begins(self) -> date:
        """The first day of the first lower dose."""
        return date.fromisoformat(self.answer["steps"][0]["start"])

    @property
    def is_current(self) -> bool:
        return self == self.plan.current

    @property
    def ends_at_zero(self) -> bool:
        return not Decimal(self.answer["steps"][-1]["daily"])

    def is_running(self, today: date) -> bool:
        """Whether somebody takes medicine by it. One that ends above zero runs until it is replaced."""
        return not self.ends_at_zero or self.ends >= today

    def daily_on(self, day: date) -> Decimal:
        """The daily dose in force on a day, in the medicine's unit: before the first step the dose from before it."""
        begun = [step for step in self.answer["steps"] if date.fromisoformat(step["start"]) <= day]
        if begun:
            return Decimal(begun[-1]["daily"])
        return sum((Decimal(dose) for dose in self.answer["request"]["regimen"].values()), Decimal(0))


class Paper(Frozen):
    """A version's calendar, to the byte as it was read back and compared."""

    clinic_path: ClassVar[str] = "version__plan__patient__clinic"

    version = models.ForeignKey(Version, models.PROTECT, related_name="papers")
    page_size = models.CharField(max_length=6, choices=PAGE_SIZES)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "page_size"], name="one_paper_a_size")]

    def __str__(self) -> str:
        return f"Calendar, {self.page_size}"

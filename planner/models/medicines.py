"""What a clinic keeps of medicines: its own pace and limit, its own files, what it signed off."""

from datetime import date

from django.db import models
from django.utils import timezone

from planner.models.clinics import Clinic, ClinicOwned, User
from planner.models.frozen import Frozen


class ClinicMedicine(ClinicOwned):
    """A clinic's own pace and limit for a medicine, in the form of a request; empty for the medicine's default."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="medicines")
    medicine = models.CharField(max_length=60)
    pace = models.JSONField(default=list)
    limit = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "medicine"], name="one_row_a_medicine")]

    def __str__(self) -> str:
        return self.medicine


class ClinicFile(Frozen):
    """A version of a clinic's own medicine file, or that the clinic has taken it out of use: then without a text."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="files")
    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the text
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["key", "pk"]

    def __str__(self) -> str:
        return f"{self.key}, file version {self.version}"

    @classmethod
    def in_use(cls, clinic: Clinic) -> "models.QuerySet[ClinicFile]":
        """The last row of each key that was not taken out of use."""
        newest = cls.objects.filter(clinic=clinic).order_by().values("key").annotate(last=models.Max("pk"))
        found: models.QuerySet[ClinicFile] = cls.objects.filter(pk__in=newest.values("last")).exclude(text="")
        return found


class SignOff(Frozen):
    """That a clinic takes an item of a medicine file as it stood: place and digest as the file's review has them.

    says: what it said, for whoever reads it when the file says something else.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="sign_offs")
    medicine = models.CharField(max_length=60)
    place = models.TextField()
    digest = models.CharField(max_length=64)
    says = models.TextField()
    file_version = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["clinic", "medicine", "digest"], name="one_sign_off_an_item")]

    def __str__(self) -> str:
        return f"{self.medicine}, {self.place}"

    @property
    def on(self) -> date:
        """The day, where the clinic is."""
        return timezone.localdate(self.at)

"""The cuts of a clinic's tapers, and what came after each, kept so that a page can count them."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, Q

from planner.models.clinics import Clinic, ClinicOwned, ClinicQuerySet
from planner.models.plans import Plan

AFTER = ("held", "stepped_back", "slowed")


class LearnedCutQuerySet(ClinicQuerySet):
    def taken(self, today: date) -> "LearnedCutQuerySet":
        return self.filter(day__lte=today)

    def by_medicine(self) -> Any:
        """Each medicine with the number of its cuts, by name of its key."""
        return self.order_by().values_list("medicine").annotate(cuts=Count("pk")).order_by("medicine")

    def counted(self) -> Any:
        """A row for each medicine, dose and pace: how many cuts, and after how many of them what."""
        after = {name: Count("pk", filter=Q(**{name: True})) for name in AFTER}
        groups = self.order_by().values("medicine", "daily", "tenth", "weekly")
        return groups.annotate(cuts=Count("pk"), **after).order_by("medicine", "-daily", "weekly")


class LearnedCut(ClinicOwned):
    """A cut of a plan. Made anew from its versions at every write, with the days to come.

    daily: the dose that it led to, in the medicine's unit; tenth: of the starting dose, that dose rounded up; weekly:
    its pace as planned, in bands of percent of the dose before it a week; the rest: what was decided at that dose.
    """

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="+")
    medicine = models.CharField(max_length=60)
    day = models.DateField()
    daily = models.DecimalField(max_digits=16, decimal_places=8)
    tenth = models.PositiveSmallIntegerField()
    weekly = models.PositiveSmallIntegerField()
    held = models.BooleanField(default=False)
    stepped_back = models.BooleanField(default=False)
    slowed = models.BooleanField(default=False)

    objects: ClassVar[Any] = LearnedCutQuerySet.as_manager()

    class Meta:
        indexes = [
            # All that is counted, in the order of the groups, so that no row is read for it.
            models.Index(
                fields=[
                    "clinic", "medicine", "daily", "tenth", "weekly", "day", "held", "stepped_back", "slowed",
                ],
                name="learned_cuts",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.medicine}, {self.daily.normalize():f} from {self.day:%Y-%m-%d}"

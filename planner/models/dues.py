"""What running plans ask of the clinic, asked for by what has to be done about it."""

from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Max, Q, When

from planner.models.clinics import ClinicQuerySet

KINDS_IN_ORDER = ("check-in", "change", "hold-ends", "supply-ends", "last-dose", "reason")
DAY_TO_DAY = ("check-in", "change", "hold-ends", "last-dose")


class DueQuerySet(ClinicQuerySet):
    """A plan that is closed has no rows; one that reached its stop keeps them, and its last check-ins come after it."""

    def missed(self, today: date) -> "DueQuerySet":
        """Check-ins that were not recorded; of a plan that reached its stop only those from the stop on."""
        return self.still_asked(today).filter(day__lt=today)

    def still_asked(self, today: date) -> "DueQuerySet":
        """Check-ins to record, missed or to come; of a plan that reached its stop only those from the stop on."""
        asked = Q(plan__ends__isnull=True) | Q(plan__ends__gte=today) | Q(plan__ends__lte=F("day"))
        return self.filter(asked, kind="check-in", done=False, plan__closed_on__isnull=True)

    def check_ins(self, today: date) -> "DueQuerySet":
        """Those of the day that are still to come."""
        return self.filter(kind="check-in", done=False, day=today)

    def changes(self, first: date, last: date) -> "DueQuerySet":
        return self.filter(kind="change", day__range=(first, last))

    def supplies(self, first: date, last: date) -> "DueQuerySet":
        return self.filter(kind="supply-ends", day__range=(first, last))

    def reasons(self) -> "DueQuerySet":
        """Findings of plans that came without a reason for them."""
        return self.filter(kind="reason", done=False)

    def of_days(self, first: date, last: date) -> "DueQuerySet":
        """What is done on its day, still to come: a supply is told before, a reason whenever."""
        return self.filter(kind__in=DAY_TO_DAY, done=False, day__range=(first, last))

    def by_plan(self) -> Any:
        """A row a plan: its last day, and how many there are."""
        return self.order_by().values("plan").annotate(last=Max("day"), count=Count("pk")).order_by("last", "plan")

    def by_day(self, first: date, last: date) -> Any:
        """How many of each kind there are on each of the days, done or not."""
        rows = self.filter(day__range=(first, last)).order_by()
        return rows.values_list("day", "kind", "done").annotate(count=Count("pk"))

    def in_order(self) -> "DueQuerySet":
        """By day, then by weight."""
        weight = Case(*(When(kind=kind, then=place) for place, kind in enumerate(KINDS_IN_ORDER)))
        return self.order_by("day", weight, "pk")

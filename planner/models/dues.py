"""What running plans ask of the clinic, asked for by what has to be done about it."""

from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Min, Q, When

from planner.models.clinics import ClinicQuerySet

KINDS_IN_ORDER = ("check-in", "change", "hold-ends", "supply-ends", "last-dose", "reason")
DAY_TO_DAY = ("check-in", "change", "hold-ends", "last-dose")


class DueQuerySet(ClinicQuerySet):
    """A plan that is closed has no rows; one that reached its stop keeps them, and its last check-ins come after it."""

    def missed(self, today: date) -> "DueQuerySet":
        """Check-ins that were not recorded; of a plan that reached its stop only those from the stop on."""
        asked = Q(plan__ends__isnull=True) | Q(plan__ends__gte=today) | Q(plan__ends__lte=F("day"))
        return self.filter(asked, kind="check-in", done=False, day__lt=today, plan__closed_on__isnull=True)

    def undecided(self, today: date) -> "DueQuerySet":
        """Holds until further notice whose next contact has come."""
        return self.filter(_is_open(), kind="hold-ends", done=False, day__lte=today)

    def supplies(self, first: date, last: date) -> "DueQuerySet":
        return self.filter(kind="supply-ends", done=False, day__range=(first, last))

    def reasons(self) -> "DueQuerySet":
        """Findings of plans that came without a reason for them."""
        return self.filter(kind="reason", done=False)

    def of_day(self, day: date) -> "DueQuerySet":
        """What is done on the day itself: a supply is told before, a reason whenever, and an open hold is decided."""
        rows = self.filter(kind__in=DAY_TO_DAY, done=False, day=day)
        return rows.exclude(_is_open(), kind="hold-ends")

    def of_days(self, first: date, last: date, *, told: date) -> "DueQuerySet":
        """What is to come on the days. told: the last day of which supplies are told before."""
        kinds = Q(kind__in=DAY_TO_DAY) | Q(kind="supply-ends", day__gt=told)
        return self.filter(kinds, done=False, day__range=(first, last))

    def next_day(self, after: date, *, told: date) -> date | None:
        """The first day after one on which anything is due."""
        rows = self.of_days(after, date.max, told=told).filter(day__gt=after).order_by("day")
        found: date | None = rows.values_list("day", flat=True).first()
        return found

    def by_plan(self) -> Any:
        """The plans, by their first day, then by weight."""
        rows = self.order_by().values("plan").annotate(first=Min("day"), weight=Min(_weight()))
        return rows.order_by("first", "weight", "plan").values_list("plan", flat=True)

    def by_day(self, first: date, last: date) -> Any:
        """How many of each kind there are on each of the days, done or not."""
        rows = self.filter(day__range=(first, last)).order_by()
        return rows.values_list("day", "kind", "done").annotate(count=Count("pk"))

    def in_order(self) -> "DueQuerySet":
        """By day, then by weight."""
        return self.order_by("day", _weight(), "pk")


def _weight() -> Case:
    return Case(*(When(kind=kind, then=place) for place, kind in enumerate(KINDS_IN_ORDER)))


def _is_open() -> Q:
    return Q(plan__held_from__isnull=False, plan__held_until__isnull=True)

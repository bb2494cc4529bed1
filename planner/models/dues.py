"""What running plans ask of the clinic, asked for by what has to be done about it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from planner.models.clinics import ClinicQuerySet

DAY_TO_DAY = ("check-in", "change", "hold-ends", "last-dose")  # the weightiest first


class DueQuerySet(ClinicQuerySet):
    """A plan that is closed has no rows; one that reached its stop keeps them, and its last check-ins come after it."""

    def missed(self, today: date) -> "DueQuerySet":
        """Check-ins that were not recorded; of a plan that reached its stop only those from the stop on."""
        return self.still_asked(today).filter(day__lt=today)

    def still_asked(self, today: date) -> "DueQuerySet":
        """Check-ins to record, missed or to come; of a plan that reached its stop only those from the stop on."""
        asked = Q(plan__ends__isnull=True) | Q(plan__ends__gte=today) | Q(plan__ends__lte=F("day"))
        return self.filter(asked, kind="check-in", done=False, plan__closed_on__isnull=True)

    def reasons(self) -> "DueQuerySet":
        """Findings of plans that came without a reason for them."""
        return self.filter(kind="reason", done=False)

    def timed(self, day: date) -> "DueQuerySet":
        """Holds that end on a day, after which the plan goes on."""
        return self.between("hold-ends", day, day).exclude(_is_open())

    def between(self, kind: str, first: date, last: date) -> "DueQuerySet":
        return self.filter(kind=kind, done=False, day__range=(first, last))

    def next_day(self, after: date, *, told: date) -> date | None:
        """The first day after one on which anything is due. told: the last day of which supplies are told before."""
        kinds = Q(kind__in=DAY_TO_DAY) | Q(kind="supply-ends", day__gt=told)
        rows = self.filter(kinds, done=False, day__gt=after).order_by("day")
        found: date | None = rows.values_list("day", flat=True).first()
        return found

    def few(self, most: int) -> list[Any]:
        """The first so many by day, and one more where there are more: of each what counts and orders it."""
        rows = self.order_by("day", "plan_id")
        return list(rows.values_list("pk", "plan", "plan__patient", "day", "kind", named=True)[: most + 1])

    def told(self, pks: Iterable[int]) -> "DueQuerySet":
        """With what a line about each says. In no order: for one, SQLite would walk through the whole clinic's."""
        return self.filter(pk__in=pks).order_by().select_related("plan__patient")

    def by_day(self, first: date, last: date) -> Any:
        """How many of each kind there are on each of the days, done or not."""
        rows = self.filter(day__range=(first, last)).order_by()
        return rows.values_list("day", "kind", "done").annotate(count=Count("pk"))


def _is_open() -> Q:
    return Q(plan__held_from__isnull=False, plan__held_until__isnull=True)

"""The clinic's patients, a page at a time: all of them, those whom words find, those whose plans are in a state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from planner.models import Due, Patient, Plan, PlanQuerySet, User, Version
from planner.models.dues import DueQuerySet
from planner.models.patients import ORDER
from planner.patient_search import fitting

PATIENTS_A_PAGE = 50
FEW = 2000  # plans of a state from which they are looked up; of more, the patients in order are asked one by one
MOST_COUNTED = 300
DAYS_BEFORE_END = 14
NOT_READ = ("record", "request", "reasons", "specialists")  # of a version


@dataclass(frozen=True)
class Page:
    """before, after: beside whom the pages in front and behind begin; None where there is none."""

    patients: list[Patient]
    before: Patient | None
    after: Patient | None


def page_of(found: Any, after: Patient | None = None, before: Patient | None = None) -> Page:
    """The patients behind one, or in front of one; without either the first ones."""
    if before:
        return _page_before(found, before)
    behind = found.after(after) if after else found.order_by(*ORDER)
    rows = list(behind[: PATIENTS_A_PAGE + 1])
    shown = rows[:PATIENTS_A_PAGE]
    is_more = len(rows) > PATIENTS_A_PAGE
    return Page(shown, shown[0] if after and shown else None, shown[-1] if is_more else None)


def _page_before(found: Any, before: Patient) -> Page:
    rows = list(found.before(before)[: PATIENTS_A_PAGE + 1])
    shown = rows[:PATIENTS_A_PAGE][::-1]
    is_more = len(rows) > PATIENTS_A_PAGE
    return Page(shown, shown[0] if is_more else None, shown[-1] if shown else None)


def patients_of(user: User, text: str, show: str, today: date) -> Any:
    """Those whom every word fits and who have a plan that the filter leaves; without either all."""
    wanted = fitting(user.clinic, text)
    if not show:
        return wanted.of(user)
    plans = plans_of(user, show, today)
    if plans.order_by()[:FEW].count() < FEW:
        return replace(wanted, few=[*wanted.few, plans.values("patient")]).of(user)
    own = plans_of(user, show, today, of_patient=True).filter(patient=OuterRef("pk"))
    return replace(wanted, many=[*wanted.many, Exists(own)]).of(user)


def plans_of(user: User, show: str, today: date, *, of_patient: bool = False) -> PlanQuerySet:
    """The plans that a filter leaves; all with the empty one. Raises KeyError for one that is not known.

    of_patient: they are asked for by a patient of the clinic; asked for the clinic too, SQLite goes through all of it.
    """
    everybody: Any = Plan.objects.all() if of_patient else Plan.for_user(user)
    plans = everybody.filter(current__isnull=False)
    found: dict[str, PlanQuerySet] = {
        "": plans,
        "check-in-due": plans.asked_by(_due(user, today)),
        "changing": plans.asked_by(_changes(user, today)),
        "held": plans.held(today),
        "over-limit": plans.over_limit(today),
        "ending": plans.ending(today, today + timedelta(days=DAYS_BEFORE_END)),
        "ended": plans.ended(today),
        "running": plans.running(today),
    }
    return found[show]


def counts(user: User, today: date) -> dict[str, int]:
    """How many patients some of the filters leave, counted up to the most."""
    found = {"check-in-due": _due(user, today), "changing": _changes(user, today)}
    ending = plans_of(user, "ending", today)
    return {name: _counted(dues, "plan__patient") for name, dues in found.items()} | {
        "ending": _counted(ending, "patient")
    }


def plans_by_patient(user: User, patients: Sequence[Patient], show: str, today: date) -> dict[int, list[Plan]]:
    """The plans of these patients that the filter leaves, running ones first, with what a row about each reads.

    next_check_in: the day of the first check-in that is still asked for.
    """
    asked = Due.objects.still_asked(today).filter(plan=OuterRef("pk")).order_by("day")
    plans = plans_of(user, show, today).filter(patient__in=[patient.pk for patient in patients])
    read = Prefetch("versions", Version.objects.defer(*NOT_READ)), "taken_otherwise"
    found: dict[int, list[Plan]] = {}
    for plan in plans.annotate(next_check_in=Subquery(asked.values("day")[:1])).prefetch_related(*read):
        plan.current = next(version for version in plan.versions.all() if version.pk == plan.current_id)
        found.setdefault(plan.patient_id, []).append(plan)
    return {patient: sorted(own, key=lambda plan: not plan.is_running(today)) for patient, own in found.items()}


def end_of_week(day: date) -> date:
    """The Sunday."""
    return day + timedelta(days=6 - day.weekday())


def _due(user: User, today: date) -> DueQuerySet:
    found: DueQuerySet = Due.for_user(user).still_asked(today).filter(day__lte=today)
    return found


def _changes(user: User, today: date) -> DueQuerySet:
    found: DueQuerySet = Due.for_user(user).between(Due.CHANGE, today, end_of_week(today))
    return found


def _counted(rows: QuerySet[Any], patient: str) -> int:
    return rows.order_by().values(patient).distinct()[:MOST_COUNTED].count()

"""Noting what was really taken, where it was not what the plan said."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from planner.course import course_of
from planner.models import Clinic, Plan, TakenOtherwise, User
from planner.services.common import Refused, audit, lock_clinic
from planner.services.plans import own_plan
from planner.services.revise import MOST_LETTERS
from planner.shelves import file_behind
from planner.taper.amounts import show, show_day
from planner.taper.medicine import TIMES

ONE_DAY = timedelta(days=1)


@transaction.atomic
def note_taken(
    *,
    by: User,
    plan: Plan,
    first: date,
    last: date | None,
    regimen: Mapping[str, Decimal],
    note: str,
    after: int,
) -> TakenOtherwise:
    """A frozen row; the same form again gives the row that it made. last: None where it is still taken so.

    after: the number of the last note that the page showed, 0 where there was none: an old page does not undo a
    correction. The doses need not be such as the products make: it is what the patient took. Refused, at the field, for
    days that the plan does not have or that are still to come, and for a dose beyond what is plausible.
    """
    clinic = lock_clinic(by)  # one at a time in a clinic
    plan = own_plan(by, plan)
    if faults := _day_faults(plan, first, last) | _faults(clinic, plan, regimen, note):
        raise Refused(faults)
    doses = {time: show(dose) for time in TIMES if (dose := regimen.get(time)) is not None}
    given = {"first": first, "last": last, "regimen": doses, "note": note.strip()}
    newest: TakenOtherwise | None = plan.taken_otherwise.last()
    if after != (newest.pk if newest else 0):
        return _same(newest, by, given)
    made = TakenOtherwise.objects.create(plan=plan, by=by, **given)
    until = last.isoformat() if last else None
    audit(by, "noted as taken", made, plan=plan.pk, first=first.isoformat(), last=until)
    return made


def _same(newest: TakenOtherwise | None, by: User, given: Mapping[str, Any]) -> TakenOtherwise:
    """What a form sent twice noted the first time. Refused where something else was noted since its page was shown."""
    if newest and newest.by_id == by.pk and {name: getattr(newest, name) for name in given} == given:
        return newest
    raise Refused({"": "Something was noted meanwhile, which the page shows now. Look at it, then send this again."})


def last_note(plan: Plan) -> int:
    """The number of the newest note of a plan; 0 where there is none."""
    newest: TakenOtherwise | None = plan.taken_otherwise.last()
    return newest.pk if newest else 0


def _day_faults(plan: Plan, first: date, last: date | None) -> dict[str, str]:
    today, spans = timezone.localdate(), course_of(plan)
    if not plan.is_running(today):
        return {"": "This plan has ended: what was taken after it is not a part of it."}
    began = min((span.first for span in spans), default=today + ONE_DAY)
    if began > today:
        return {"first": f"The first dose of this plan is on {show_day(began)}: nothing of it was taken yet."}
    until = today if plan.ends is None else min(today, plan.ends - ONE_DAY)
    allowed = f"Give a day of the plan from {show_day(began)} to {show_day(until)}."
    faults = {"first": allowed} if not began <= first <= until else {}
    if last is not None and not first <= last <= until:
        faults["last"] = f"Give a day from the first one to {show_day(until)}, or leave it empty where it goes on."
    return faults


def _faults(clinic: Clinic, plan: Plan, regimen: Mapping[str, Decimal], note: str) -> dict[str, str]:
    faults = {}
    file = file_behind(clinic, plan.medicine)
    most = file.plausible_daily.daily if file else None
    if not regimen:
        faults["morning"] = "Give the dose at one time at least; 0 where none was taken."
    elif file and most is not None and sum(regimen.values(), Decimal(0)) > most:
        faults["morning"] = f"More than {show(most)} {file.unit} a day is taken for a slip of the pen. Look again."
    if len(note.strip()) > MOST_LETTERS:
        faults["note"] = f"Give at most {MOST_LETTERS} characters."
    return faults

"""What lists ask of a plan, brought up to date with every write."""

from collections.abc import Sequence
from datetime import date

from planner.agenda import Hold, state_of, tasks_of
from planner.models import Due, Plan, Version
from planner.taper.checkins import CheckIn


def put_in_force(plan: Plan, version: Version, check_ins: Sequence[CheckIn]) -> None:
    """The version is the plan's current one, and what it asks for takes the place of what was asked before.

    What the version before asks for until then stays, and so do check-ins after its cuts: they were made.
    """
    hold = _hold_of(version)
    plan.current = version
    for name, value in vars(state_of(version.answer, hold)).items():
        setattr(plan, name, value)
    plan.save()
    gone = [due.pk for due in plan.dues.all() if not _outlives(due, version.in_force_from)]
    Due.objects.filter(pk__in=gone).delete()
    tasks = tasks_of(version.answer, check_ins, hold)
    Due.objects.bulk_create(Due(clinic_id=plan.clinic_id, plan=plan, **vars(task)) for task in tasks)


def _outlives(due: Due, first: date) -> bool:
    """Whether a version that is in force from a day leaves it as it is."""
    if due.kind == Due.CHECK_IN:
        return bool(due.facts["after"] < first.isoformat())
    return due.kind in (Due.CHANGE, Due.SUPPLY_ENDS) and due.day < first


def _hold_of(version: Version) -> Hold | None:
    if version.held_until is None:
        return None
    return Hold(version.begins, version.held_until, version.answer["request"].get("after_lead") == "wait")

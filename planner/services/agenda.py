"""What lists ask of a plan, brought up to date with every write."""

from collections.abc import Sequence

from planner.agenda import Hold, state_of, tasks_of
from planner.models import Due, Plan, Version
from planner.taper.checkins import CheckIn


def put_in_force(plan: Plan, version: Version, check_ins: Sequence[CheckIn]) -> None:
    """The version is the plan's current one, and what it asks for takes the place of what was asked before."""
    hold = _hold_of(version)
    plan.current = version
    for name, value in vars(state_of(version.answer, hold)).items():
        setattr(plan, name, value)
    plan.save()
    Due.objects.filter(plan=plan).delete()
    tasks = tasks_of(version.answer, check_ins, hold)
    Due.objects.bulk_create(Due(clinic_id=plan.clinic_id, plan=plan, **vars(task)) for task in tasks)


def _hold_of(version: Version) -> Hold | None:
    if version.held_until is None:
        return None
    return Hold(version.begins, version.held_until, version.answer["request"].get("after_lead") == "wait")

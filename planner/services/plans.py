"""What every write about a running plan asks first."""

from datetime import date

from planner.models import Plan, User
from planner.services.common import Refused
from planner.taper.amounts import show_day


def own_plan(by: User, plan: Plan) -> Plan:
    """The plan as it is now, with what is read of it. Refused for another clinic's."""
    plans = Plan.for_user(by).select_related("patient__clinic", "clinic", "current__issued_by")
    found: Plan | None = plans.filter(pk=plan.pk).first()
    if found is None:
        raise Refused({"": "This plan belongs to another clinic."})
    return found


def require_current(plan: Plan, based_on: int, then: str) -> None:
    """Refused where another version is in force than the one that was looked at. then: what to do about it."""
    version = plan.current
    assert version is not None
    if version.pk == based_on:
        return
    what = f": {version.summary}" if version.summary else ""
    said = f"Version {version.number} was issued by {version.issued_by.name} on {show_day(version.issued_on)}{what}."
    raise Refused({"based_on": f"{said} {then}"})


def began(plan: Plan) -> date:
    """The day from which a plan holds: of its first issue, or of its first dose where that is earlier."""
    first: date = min(min(version.begins, version.issued_on) for version in plan.versions.all())
    return first

"""When somebody at the clinic answers the phone: its week, the public holidays, its own closing days, check-ins."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from planner.closures import regions_of
from planner.models import CHECK_INS, Clinic, ClosingDay, User
from planner.services.common import Refused, audit, lock_clinic
from planner.taper.closures import WEEK

MOST_CLOSED_DAYS = 370  # in one entry: more is a slip of the pen
MOST_YEARS_AHEAD = 10
MOST_LETTERS = 100


@dataclass(frozen=True)
class Opening:
    """weekdays: on which somebody answers the phone, 0 for Monday; region: its code, empty for the whole country."""

    weekdays: tuple[int, ...]
    closed_on_holidays: bool
    region: str
    check_ins: str


@transaction.atomic
def save_opening(*, by: User, opening: Opening) -> Clinic:
    """Refused where no weekday is open, or a weekday, the region or the check-ins are not among those that exist."""
    clinic = lock_clinic(by)
    _require_sound(clinic, opening)
    before = _opening_of(clinic)
    clinic.open_weekdays = "".join(map(str, sorted(set(opening.weekdays))))
    clinic.closed_on_holidays = opening.closed_on_holidays
    clinic.holiday_region = opening.region
    clinic.check_ins = opening.check_ins
    clinic.save()
    audit(by, "changed opening", clinic, before=before, after=_opening_of(clinic))
    return clinic


@transaction.atomic
def add_closing_days(*, by: User, first: date, last: date, name: str) -> ClosingDay:
    """Days on which the clinic is closed, the first and the last counted. Refused, at the field, for days that are no
    closing days to come, and for those that are in the list already.
    """
    if faults := _closing_faults(first, last, name):
        raise Refused(faults)
    if ClosingDay.for_user(by).filter(first=first, last=last).exists():
        raise Refused({"first": "These days are in the list already."})
    made = ClosingDay.objects.create(clinic=by.clinic, first=first, last=last, name=name.strip())
    audit(by, "added", made, **_days(made))
    return made


@transaction.atomic
def remove_closing_days(*, by: User, closing: ClosingDay) -> None:
    """The clinic is open on these days after all. Refused for another clinic's."""
    if closing.clinic_id != by.clinic_id:
        raise Refused({"": "These closing days belong to another clinic."})
    audit(by, "removed", closing, **_days(closing))
    closing.delete()


def _require_sound(clinic: Clinic, opening: Opening) -> None:
    faults = {}
    if not opening.weekdays or not set(opening.weekdays) <= set(WEEK):
        faults["weekdays"] = "Tick at least one day on which somebody answers the phone."
    if opening.region and opening.region not in regions_of(clinic.country):
        faults["region"] = "Choose a region from the list."
    if opening.check_ins not in dict(CHECK_INS):
        faults["check_ins"] = "Choose from the list when a check-in is planned."
    if faults:
        raise Refused(faults)


def _closing_faults(first: date, last: date, name: str) -> dict[str, str]:
    today = timezone.localdate()
    faults = {}
    if last < first:
        faults["last"] = "The last closed day is before the first."
    elif (last - first).days >= MOST_CLOSED_DAYS:
        faults["last"] = f"Give at most {MOST_CLOSED_DAYS} days at a time."
    elif last < today:
        faults["last"] = "These days are over. Give days to come."
    if first.year > today.year + MOST_YEARS_AHEAD:
        faults["first"] = f"Give days within the next {MOST_YEARS_AHEAD} years."
    if not 1 <= len(name.strip()) <= MOST_LETTERS:
        faults["name"] = f"Say what for, in at most {MOST_LETTERS} characters."
    return faults


def _opening_of(clinic: Clinic) -> dict[str, Any]:
    fields = ("open_weekdays", "closed_on_holidays", "holiday_region", "check_ins")
    return {field: getattr(clinic, field) for field in fields}


def _days(closing: ClosingDay) -> dict[str, str]:
    return {"first": closing.first.isoformat(), "last": closing.last.isoformat()}

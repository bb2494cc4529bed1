"""What clinic and patient bring to a request."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from planner.closures import closures_of
from planner.defaults import clinic_defaults
from planner.models import Clinic, Patient, Version
from planner.shelves import clinic_shelf
from planner.sign_offs import is_signed_off
from planner.taper.errors import BadInput
from planner.taper.request import Context

# Years of closed days around today: a taper begins at most 5 years from today, and lasts at most 10.
YEARS_BACK, YEARS_AHEAD = 5, 15


@dataclass(frozen=True)
class NewPatient:
    """A patient who is not kept yet."""

    name: str
    born: date
    identifier: str


AnyPatient = Patient | NewPatient


def birth_date_fault(born: date) -> str:
    """What is wrong with a date of birth that cannot be; empty for one that can."""
    today = timezone.localdate()
    if date(today.year - 120, 1, 1) <= born <= today:
        return ""
    return "Give a date of birth from the last 120 years, not later than today."


def context_for(
    clinic: Clinic, *, medicine: str = "", patient: AnyPatient | None = None, issuing: bool = False
) -> Context:
    """The engine's context. medicine: the key, for the clinic's own pace and limit and the patient's other tapers."""
    pace, limit = clinic_defaults(clinic, medicine)
    today = timezone.localdate()
    replaced = running_version(patient, medicine)
    return Context(
        country=clinic.country,
        limit=limit,
        pace=pace,
        signed_off=is_signed_off(clinic, medicine),
        born=patient.born if patient else None,
        second_taper=has_second_taper(patient, medicine),
        in_force=replaced.daily_on(today) if replaced else None,
        asked_on=today,
        issuing=issuing,
        closures=closures_of(clinic, date(today.year - YEARS_BACK, 1, 1), date(today.year + YEARS_AHEAD, 12, 31)),
        check_ins="every" if clinic.check_ins == "every" else "usual",
    )


def running_version(patient: AnyPatient | None, medicine: str) -> Version | None:
    """The version that a new one of this medicine would replace."""
    return patient.running(medicine, timezone.localdate()) if isinstance(patient, Patient) else None


def has_second_taper(patient: AnyPatient | None, medicine: str) -> bool:
    """Whether the patient has another running taper of a medicine acting on the nervous system."""
    if not isinstance(patient, Patient):
        return False
    others = patient.plans.running(timezone.localdate()).exclude(medicine=medicine)
    return any(_acts_on_nerves(patient.clinic, plan.medicine) for plan in others)


def _acts_on_nerves(clinic: Clinic, medicine: str) -> bool:
    try:
        return clinic_shelf(clinic).find(medicine).nervous_system
    except BadInput:  # its file has gone: nobody can say that it does not
        return True

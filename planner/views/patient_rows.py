"""The rows of the list of patients: each plan's dose, its state, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from planner.models import Patient, Plan, User
from planner.patient_list import plans_by_patient
from planner.shelves import clinic_shelf, file_behind
from planner.standing import current_of
from planner.templatetags.doses import NO_BREAK
from planner.views.plan_course import Course, course
from planner.views.plan_words import Speaker, next_change, state_of

SIGNS = {
    "going-on": ("s-ok", "is-ok"),
    "held": ("s-care", "is-care"),
    "stepped-back": ("s-care", "is-care"),
    "not-begun": ("c-due", "is-note"),
    "ended": ("plain", "is-note"),
    "closed": ("plain", "is-note"),
}


@dataclass(frozen=True)
class PlanRow:
    """dose: a day, empty where nothing is taken by it; sign, look: of its state; over: a cut over the limit comes.

    next_day: of the next change, None where no day is set; next_words: what it is. check_in: the day of the first one
    still asked for.
    """

    plan: Plan
    medicine: str
    dose: str
    sign: str
    look: str
    state: str
    over: bool
    next_day: date | None
    next_words: str
    check_in: date | None


@dataclass(frozen=True)
class PatientRow:
    patient: Patient
    plans: list[PlanRow]


def rows_of(user: User, patients: Sequence[Patient], show: str, today: date) -> list[PatientRow]:
    plans = plans_by_patient(user, patients, show, today)
    names = _medicine_names(user, {plan.medicine for own in plans.values() for plan in own})
    return [
        PatientRow(patient, [_row(plan, names, user.clinic.country, today) for plan in plans.get(patient.pk, ())])
        for patient in patients
    ]


def _medicine_names(user: User, keys: set[str]) -> dict[str, str]:
    """Of a medicine whose file has gone its key, as on the plan's own page."""
    shelf = clinic_shelf(user.clinic)
    held = {key: shelf.held[key].file if key in shelf.held else file_behind(user.clinic, key) for key in keys}
    return {key: file.name if file else key for key, file in held.items()}


def _row(plan: Plan, names: Mapping[str, str], country: str, today: date) -> PlanRow:
    line = course(plan)
    speaker = Speaker(current_of(plan).answer["steps"][0]["unit"], country, {})
    key, words = state_of(plan, line, today, speaker)
    is_over = key in ("ended", "closed")
    next_day, next_words = (None, "") if is_over else _next(plan, line, today, speaker)
    return PlanRow(
        plan=plan,
        medicine=names[plan.medicine],
        dose="" if is_over else _dose(speaker, line.daily_on(today)),
        sign=SIGNS[key][0],
        look=SIGNS[key][1],
        state=words,
        over=not is_over and plan.last_over is not None and plan.last_over >= today,
        next_day=next_day,
        next_words=next_words,
        check_in=plan.next_check_in,  # type: ignore[attr-defined]
    )


def _next(plan: Plan, line: Course, today: date, speaker: Speaker) -> tuple[date | None, str]:
    following = next_change(line, today, speaker)
    if following and following.stretch:
        to = following.stretch.daily
        return following.day, f"{'stays' if to == line.daily_on(today) else 'to'} {_dose(speaker, to)}"
    if following:
        return following.day, "stop"
    if not plan.is_held(today):
        return None, "None planned"
    return current_of(plan).held_until, "to be decided"


def _dose(speaker: Speaker, amount: Decimal) -> str:
    """Number and unit stay on one line."""
    return speaker.dose(amount).replace(" ", NO_BREAK)

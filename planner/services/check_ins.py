"""Recording a contact with a patient, and what was decided at it."""

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from planner.formulary import MedicineFile
from planner.models import DECISIONS, HOW, CheckIn, Due, Plan, User
from planner.services.common import Refused, audit, lock_clinic, require_submission
from planner.services.plans import began, own_plan, require_current
from planner.services.revise import LEAST_LETTERS, MOST_LETTERS
from planner.shelves import file_behind
from planner.standing import current_of
from planner.suggestions import ONE_DAY, Report, Suggestion, daily_on, suggest
from planner.taper.amounts import show, show_day

MOST_MISSED = 99
MOST_NOTE = 1000


@transaction.atomic
def record_check_in(
    *, by: User, plan: Plan, based_on: int, report: Report, decision: str, reason: str, submission: str
) -> CheckIn:
    """A frozen row, with what the medicine file's rule led to; the same submission again gives the row that it made.

    based_on: the version that the clinician looked at. Refused at the field for what cannot be, for a decision that
    does not follow from the answers, and where another version is in force by now (``based_on``).
    """
    if not submission:
        raise Refused({"": "What was sent was not complete. Look at it, then save again."})
    require_submission(submission)
    clinic = lock_clinic(by)  # one at a time in a clinic
    plan = own_plan(by, plan)
    file = file_behind(clinic, plan.medicine)
    report = _plain(report, file)
    if made := CheckIn.for_user(by).filter(by=by, submission=submission).first():
        return _same(made, plan, report, decision, reason)
    require_current(plan, based_on, "Look at the plan again, then save.")
    today = timezone.localdate()
    suggestion = suggest(plan, file, report, today)
    if faults := _faults(plan, file, report, today) or _decision_faults(suggestion, report, decision, reason):
        raise Refused(faults)
    check_in = CheckIn.objects.create(
        plan=plan, version=current_of(plan), by=by, day=report.day, too_much=report.too_much, how=report.how,
        signs=list(report.signs), emergency=report.emergency, missed=report.missed, note=report.note,
        daily=show(daily_on(plan, report.day)), suggested=suggestion.leads_to, decision=decision,
        reason=reason.strip(), submission=submission,
    )  # fmt: skip
    due = Due.objects.filter(plan=plan, kind=Due.CHECK_IN, done=False, day__lte=report.day + ONE_DAY)
    due.update(done=True)
    answers = {"too_much": report.too_much, "how": report.how, "emergency": report.emergency}
    audit(by, "checked in", check_in, plan=plan.pk, suggested=suggestion.leads_to, decision=decision, **answers)
    return check_in


def _plain(report: Report, file: MedicineFile | None) -> Report:
    """Without spaces around the note; one who had too much is asked nothing else."""
    emergency = file is not None and not set(report.signs).isdisjoint(file.patient.emergency)
    plain = replace(report, note=report.note.strip(), emergency=emergency)
    return replace(plain, how="", signs=(), emergency=False) if report.too_much else plain


def _same(made: CheckIn, plan: Plan, report: Report, decision: str, reason: str) -> CheckIn:
    """What a form sent twice recorded the first time. Refused where the form was changed in between."""
    said = Report(made.day, made.too_much, made.how, tuple(made.signs), made.emergency, made.missed, made.note)
    if (made.plan_id, said, made.decision, made.reason) != (plan.pk, report, decision, reason.strip()):
        raise Refused({"": "A check-in was recorded from this page already. Open the plan and begin anew."})
    return made


def _faults(plan: Plan, file: MedicineFile | None, report: Report, today: date) -> dict[str, str]:
    if plan.closed_on:
        return {"": f"This plan was closed on {show_day(plan.closed_on)}: nobody takes the medicine by it."}
    first, faults = began(plan), {}
    if not first <= report.day <= today:
        faults["day"] = f"Give a day from the plan’s issue, {show_day(first)}, to today, {show_day(today)}."
    if not report.too_much and report.how not in dict(HOW):
        faults["how"] = "Choose how the patient is."
    if not set(report.signs) <= _known_signs(file):
        faults["signs"] = "Tick signs of the list: the medicine’s file names no other ones."
    if not 0 <= report.missed <= MOST_MISSED:
        faults["missed"] = f"Give a whole number from 0 to {MOST_MISSED}."
    if len(report.note) > MOST_NOTE:
        faults["note"] = f"Give at most {MOST_NOTE} characters."
    return faults


def _known_signs(file: MedicineFile | None) -> set[str]:
    return {*file.patient.call_us, *file.patient.emergency} if file else set()


def _decision_faults(suggestion: Suggestion, report: Report, decision: str, reason: str) -> dict[str, str]:
    if decision not in suggestion.offered:
        names = ", ".join(dict(DECISIONS)[offered] for offered in suggestion.offered)
        return {"decision": f"Choose what follows. With these answers it is one of: {names}."}
    letters = sum(letter.isalpha() for letter in reason)
    if suggestion.needs_reason(decision, report.how) and letters < LEAST_LETTERS:
        return {"reason": f"Say why you decide otherwise, with at least {LEAST_LETTERS} letters."}
    return {"reason": f"Give at most {MOST_LETTERS} characters."} if len(reason.strip()) > MOST_LETTERS else {}

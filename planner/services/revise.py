"""Changing a running plan: a new version from a day on, or its end."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from planner.issuing import Draft, make_draft
from planner.models import END_REASONS, CheckIn, Clinic, Due, Plan, PlanEnd, User, Version
from planner.revising import Decision, held_until, is_of, request_of, require_sound, summary
from planner.services.common import Refused, audit, lock_clinic, require_submission, same_words
from planner.services.issue import Details, Papers, issue_of, keep_version, require_as_shown
from planner.services.learning import learn
from planner.services.plans import began, own_plan, require_current
from planner.standing import ONE_DAY, standing
from planner.taper import BadInput
from planner.taper.amounts import show_day

LEAST_LETTERS, MOST_LETTERS = 3, 500
OF_THE_ONE_BEFORE = "Your change was made for the one before it. Look at it anew, then issue."
NO_WHY = f"Say why, with at least {LEAST_LETTERS} letters and at most {MOST_LETTERS}."


def revision_draft(clinic: Clinic, plan: Plan, decision: Decision, today: date) -> Draft:
    """What the decision would make of the plan; nothing is written. Raises BadInput.

    Its first step is on the decision's first day: where a lower dose may not begin then, the dose in force goes on.
    Where other products cannot make that one, the next lower dose begins at once, or the change is a bad input: in the
    middle of a day, and while a dose is held.
    """
    require_sound(plan, decision, today)
    data = request_of(plan, decision)
    draft = make_draft(clinic, plan.patient, data)
    if decision.kind == "products" and draft.cannot_begin:
        _require_free(plan, decision)
        at_once = {name: value for name, value in data.items() if name not in ("lead", "after_lead")}
        draft = make_draft(clinic, plan.patient, at_once | {"start": decision.begins.isoformat()})
        _require_at_once(draft, decision)
    if _first_day(draft) != decision.begins and draft.answer.steps:
        later = replace(decision, next_cut=decision.begins + ONE_DAY)
        return make_draft(clinic, plan.patient, request_of(plan, later))
    return draft


def _first_day(draft: Draft) -> date | None:
    return next((step.start for step in draft.answer.steps), None)


def _require_free(plan: Plan, decision: Decision) -> None:
    """Nothing keeps the dose in force on the first day."""
    if decision.from_time:
        words = "These products cannot make the dose of the day that has begun. Begin with the first dose of a day."
        raise BadInput("from_time", decision.from_time, words)
    if plan.is_held(decision.begins):
        words = "These products cannot make the dose that is held. Choose products that make it, or end the hold first."
        raise BadInput("products", ", ".join(decision.products), words)


def _require_at_once(draft: Draft, decision: Decision) -> None:
    first = _first_day(draft)
    if first and first != decision.begins:
        raise BadInput(
            "products",
            ", ".join(decision.products),
            "These products cannot make the dose in force, and the limit does not let a lower one in before "
            f"{show_day(first)}. Begin on that day, or choose products that make the dose.",
        )


@transaction.atomic
def revise_plan(
    *,
    by: User,
    plan: Plan,
    based_on: int,
    decision: Decision,
    why: str,
    check_in: CheckIn | None,
    reasons: Mapping[str, str],
    specialists: Mapping[str, str],
    papers: Papers,
    submission: str,
    shown: str,
) -> Version:
    """The plan's next version with its papers; the same submission again gives the version that it made.

    based_on: the version that the prescriber looked at. Refused where another one is in force by now (``based_on``),
    at the decision's field where it cannot be carried out, and as services.issue_version does.
    """
    require_submission(submission)
    clinic = lock_clinic(by)  # one issue at a time in a clinic
    plan = own_plan(by, plan)
    if made := Version.for_user(by).filter(submission=submission).first():
        return _same(made, plan, decision, why, reasons, specialists)
    require_current(plan, based_on, OF_THE_ONE_BEFORE)
    if not LEAST_LETTERS <= len(why.strip()) <= MOST_LETTERS:
        raise Refused({"why": NO_WHY})
    try:
        draft = revision_draft(clinic, plan, decision, timezone.localdate())
    except BadInput as bad:
        raise Refused({bad.field: bad.allowed}) from bad
    require_as_shown(draft, shown, reasons, specialists)
    details = Details(
        kind=decision.kind,
        summary=summary(decision, standing(plan, decision.begins, decision.from_time).daily, draft.medicine.unit),
        why=why.strip(),
        held_until=held_until(plan, decision, draft.data),
        check_in=check_in,
    )
    issue = issue_of(draft, plan, plan.current, reasons)
    return keep_version(by, plan, issue, draft, specialists, papers, submission, details)


@transaction.atomic
def end_plan(*, by: User, plan: Plan, based_on: int, on: date, reason: str, note: str) -> PlanEnd:
    """Closes a plan: nothing is asked of it any more, its last check-ins included, and its papers say so.

    on: the last day on which it held, today or before, or the day of its stop. Refused for another clinic's, for one
    that is closed, and where another version is in force by now.
    """
    lock_clinic(by)
    plan = own_plan(by, plan)
    ended: PlanEnd | None = PlanEnd.for_user(by).filter(plan=plan).first()
    if ended and (ended.by_id, ended.on, ended.reason, ended.note) == (by.pk, on, reason, note.strip()):
        return ended  # the same form sent twice
    require_current(plan, based_on, OF_THE_ONE_BEFORE)
    if faults := _end_faults(plan, on, reason, note):
        raise Refused(faults)
    made = PlanEnd.objects.create(plan=plan, by=by, on=on, reason=reason, note=note.strip())
    plan.closed_on = on
    plan.save()
    Due.objects.filter(plan=plan).delete()
    learn(plan)
    audit(by, "ended", plan, reason=reason, on=on.isoformat())
    return made


def _end_faults(plan: Plan, on: date, reason: str, note: str) -> dict[str, str]:
    today, faults = timezone.localdate(), {}
    if plan.closed_on is not None or plan.current_id is None:
        return {"": "This plan has ended already."}
    last = min(today, plan.ends or today)
    if not began(plan) <= on <= last:
        faults["on"] = f"Give a day on which the plan ran: up to {'today, ' if last == today else ''}{show_day(last)}."
    if reason not in dict(END_REASONS):
        faults["reason"] = "Choose from the list why it ends."
    if len(note) > MOST_LETTERS:
        faults["note"] = f"Give at most {MOST_LETTERS} letters."
    return faults


def _same(
    made: Version,
    plan: Plan,
    decision: Decision,
    why: str,
    reasons: Mapping[str, str],
    specialists: Mapping[str, str],
) -> Version:
    """What a form sent twice made the first time. Refused where the form was changed in between."""
    same = same_words(made.reasons, reasons) and same_words(made.specialists, specialists)
    if made.why != why.strip() or not same or not is_of(made, plan, decision):
        raise Refused({"": "A version was issued from this page already. Open the plan and begin anew."})
    return made

"""A plan that leaves as a file, and one that comes in as one."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from planner.context import AnyPatient
from planner.issuing import Draft
from planner.models import CheckIn, Clinic, Due, Patient, Plan, PlanQuerySet, TakenOtherwise, User, Version
from planner.plan_files import Brought, Chosen, NotAPlan, bring, brought_answer, brought_draft, plan_file
from planner.plan_files.past import plain_versions
from planner.services.agenda import put_in_force
from planner.services.common import Refused, audit, lock_clinic, require_submission, same_words
from planner.services.issue import (
    Details,
    Papers,
    issue_of,
    keep_version,
    patient_of,
    require_right,
    require_seen,
)
from planner.services.plans import own_plan
from planner.services.seeing import note_exported
from planner.taper import BadInput
from planner.taper.amounts import show_day
from planner.taper.checkins import CheckIn as PlannedCheckIn
from planner.taper.checkins import check_ins

ONE_DAY = timedelta(days=1)
MOST_TOKEN = 48  # letters of a form's token, so that a colon, which none has, and a number fit behind it


@transaction.atomic
def export_plan(*, by: User, plan: Plan, chosen: Chosen) -> bytes:
    """The plan's file, noted in the trail. Refused for another clinic's, and where the medicine's file has gone."""
    plan = own_plan(by, plan)
    try:
        data = plan_file(plan, chosen)
    except LookupError as error:
        words = "The medicine’s file has gone, so its products cannot be told. Put it back, then export."
        raise Refused({"": words}) from error
    note_exported(by=by, target=plan, what="plan", patient=chosen.patient, notes=chosen.notes)
    return data


@transaction.atomic
def import_plan(
    *,
    by: User,
    data: bytes,
    patient: AnyPatient,
    reasons: Mapping[str, str],
    specialists: Mapping[str, str],
    keep_open: bool,
    papers: Papers,
    submission: str,
    shown: str,
) -> Version:
    """The plan of a file with all its versions, the one in force issued anew; the same submission gives it again.

    keep_open: findings without a reason stay open, and the plan asks for one. Refused, at ``file``, for a file that
    does not agree with itself or with the clinic's medicine; at ``patient``, where the patient has a running plan of
    it; and as services.issue_version does. Whatever fails, nothing is kept.
    """
    require_submission(submission)
    clinic = lock_clinic(by)  # one issue at a time in a clinic
    if made := Version.for_user(by).filter(submission=submission[:MOST_TOKEN]).first():
        return _same(made, patient, reasons)
    brought, kept, draft = _drafted(by, clinic, data, patient)
    require_seen(draft, shown)
    if faults := _faults(draft, reasons, specialists, keep_open):
        raise Refused(faults)
    require_right(draft.answer)
    plan = Plan.objects.create(clinic=clinic, patient=kept, medicine=draft.medicine.key)
    replaced = _keep_history(by, plan, brought, submission)
    details = Details("import", f"Brought in: version {replaced.number} as it was", held_until=replaced.held_until)
    issue = issue_of(draft, plan, replaced, reasons)
    version = keep_version(by, plan, issue, draft, specialists, papers, submission[:MOST_TOKEN], details)
    _note_taken(by, plan, brought, version)
    open_codes = [code for code in draft.codes if code not in version.reasons]
    _settle_dues(plan, brought, open_codes)
    audit(by, "imported", plan, versions=len(brought.content.versions), open=sorted(open_codes))
    return version


def _same(made: Version, patient: AnyPatient, reasons: Mapping[str, str]) -> Version:
    """What a form sent twice made the first time. Refused where the form was changed in between."""
    known = made.plan.patient
    same = (known.name, known.born, known.identifier) == (patient.name, patient.born, patient.identifier)
    if made.kind != "import" or not same or not same_words(made.reasons, reasons):
        raise Refused({"": "A plan was issued from this page already. Choose the file again, and begin anew."})
    return made


def _drafted(by: User, clinic: Clinic, data: bytes, patient: AnyPatient) -> tuple[Brought, Patient, Draft]:
    try:
        brought = bring(clinic, data)
        kept = patient_of(by, patient)
        _require_none_running(kept, brought)
        return brought, kept, brought_draft(clinic, kept, brought)
    except NotAPlan as fault:
        raise Refused({"file": "\n".join(fault.messages)}) from fault
    except BadInput as bad:
        raise Refused({"file": str(bad)}) from bad


def _require_none_running(patient: Patient, brought: Brought) -> None:
    own: PlanQuerySet = Plan.objects.filter(patient=patient, medicine=brought.held.file.key)
    if own.running(timezone.localdate()).exists():
        words = f"This patient has a running plan of {brought.held.file.name}. End that one first, or change it."
        raise Refused({"patient": f"{words} Two calendars of one medicine would be a double dose."})


def _faults(
    draft: Draft, reasons: Mapping[str, str], specialists: Mapping[str, str], keep_open: bool
) -> dict[str, str]:
    """As of any draft; of questions that stay open only what was typed has to be in order."""
    found = draft.faults(reasons, specialists)
    if not keep_open:
        return found
    given = {"reason": reasons, "specialist": specialists}
    return {field: words for field, words in found.items() if not field or _is_typed(field, given)}


def _is_typed(field: str, given: Mapping[str, Mapping[str, str]]) -> bool:
    kind, _, code = field.partition("-")
    return bool(given[kind].get(code, "").strip())


def _keep_history(by: User, plan: Plan, brought: Brought, submission: str) -> Version:
    """The versions and contacts of the file as frozen rows, as they came; gives the last version."""
    content, today = brought.content, timezone.localdate()
    recorded: dict[int, CheckIn] = {}
    for version, written in zip(plain_versions(content), content.versions, strict=True):
        version.plan, version.issued_by, version.elsewhere = plan, by, True
        version.check_in = recorded[written.check_in] if written.check_in else None
        version.submission = f"{submission[:MOST_TOKEN]}:{version.number}"
        version.record = _record(version, today)
        version.save()
        recorded |= _keep_check_ins(by, version, brought, submission)
        if _still_counts(version, brought, today):
            put_in_force(plan, version, _planned_check_ins(plan, brought, version.number))
    return version


def _planned_check_ins(plan: Plan, brought: Brought, number: int) -> Sequence[PlannedCheckIn]:
    """The contacts that a version asks for here. Refused where the clinic's medicine file cannot read its request."""
    try:
        return check_ins(brought_answer(plan.clinic, plan.patient, brought, brought.content.versions[number - 1]))
    except BadInput as bad:
        raise Refused({"file": f"Version {number}: {bad}"}) from bad


def _still_counts(version: Version, brought: Brought, today: date) -> bool:
    """Whether medicine is still taken by it: the one after it only begins later. The newest is issued anew."""
    following = brought.content.versions[version.number : version.number + 1]
    return any(one.begins > today and one.kind != "again" for one in following)


def _record(version: Version, today: date) -> str:
    issued, brought_in = show_day(version.issued_on), show_day(today)
    return (
        f"Version {version.number} was issued elsewhere on {issued}, and brought in from a file on {brought_in}. "
        "Its papers and its copy for the record are where it was issued.\n"
    )


def _keep_check_ins(by: User, version: Version, brought: Brought, submission: str) -> dict[int, CheckIn]:
    """The check-ins of a version, by their place in the file."""
    found = {}
    for place, written in enumerate(brought.content.check_ins, start=1):
        if written.version == version.number:
            columns = {**dict(written), "version": version, "signs": list(written.signs)}
            token = f"{submission[:MOST_TOKEN]}:{place}"
            found[place] = CheckIn.objects.create(plan=version.plan, by=by, submission=token, **columns)
    return found


def _note_taken(by: User, plan: Plan, brought: Brought, version: Version) -> None:
    """The notes as they came. One that still goes on, and those after it, are written as of now: the version that was
    issued just now did not know of it either.
    """
    last_issued, goes_on = brought.newest.issued_at, False
    for note in brought.content.taken_otherwise:
        goes_on = goes_on or (note.last is None and note.at >= last_issued)
        columns = {**dict(note), "at": timezone.now() if goes_on else note.at}
        TakenOtherwise.objects.create(plan=plan, by=by, **columns)


def _settle_dues(plan: Plan, brought: Brought, open_codes: Sequence[str]) -> None:
    """Nothing is asked of this clinic before today; a contact that the file tells of is done; open reasons are asked
    for.
    """
    today = timezone.localdate()
    Due.objects.filter(plan=plan, day__lt=today).delete()
    if brought.content.check_ins:
        seen = max(check_in.day for check_in in brought.content.check_ins) + ONE_DAY
        Due.objects.filter(plan=plan, kind=Due.CHECK_IN, day__lte=seen).update(done=True)
    if open_codes:
        Due.objects.create(
            clinic_id=plan.clinic_id, plan=plan, day=today, kind=Due.REASON, facts={"codes": sorted(open_codes)}
        )

"""Issuing a version with its papers, and noting one that is printed without being kept."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from planner.context import AnyPatient, NewPatient, running_version
from planner.formulary import MedicineFile
from planner.issuing import Draft, make_draft, plain_product
from planner.models import PAGE_SIZES, CheckIn, Clinic, Paper, Patient, Plan, UnkeptPrint, User, Version
from planner.recheck import recheck
from planner.services.agenda import put_in_force
from planner.services.clinic import add_patient
from planner.services.common import Refused, audit, lock_clinic, require_submission
from planner.services.learning import learn
from planner.standing import products_before
from planner.taper import ENGINE_VERSION, Answer, answer_json
from planner.taper.checkins import check_ins

PAST = ("history", "starting", "lead")


@dataclass(frozen=True)
class Issue:
    """What a version's papers are made from.

    reasons: by finding code; replaces: number and date of the version whose paper goes back; taken_before: keys of the
    products taken before it begins.
    """

    answer: Answer
    medicine: MedicineFile
    clinic: Clinic
    patient: Patient
    number: int
    issued_on: date
    replaces: tuple[int, date] | None
    reasons: Mapping[str, str]
    taken_before: frozenset[str]


@dataclass(frozen=True)
class Details:
    """What is kept of a version beside its schedule; as in Version."""

    kind: str
    summary: str = ""
    why: str = ""
    held_until: date | None = None
    check_in: CheckIn | None = None


class Papers(Protocol):
    """Makes the papers of an issue. Services know no ink: who calls them brings it."""

    def calendar(self, issue: Issue, page_size: str) -> bytes:
        """The calendar as PDF, its doses read back and compared. Raises Refused where it cannot be printed."""

    def record(self, issue: Issue) -> str:
        """The copy for the record, as text."""


@transaction.atomic
def issue_version(
    *,
    by: User,
    patient: AnyPatient,
    request_data: Mapping[str, Any],
    reasons: Mapping[str, str],
    specialists: Mapping[str, str],
    papers: Papers,
    submission: str,
    shown: str,
) -> Version:
    """A frozen version with its papers; the same submission again gives the version that it made.

    Refused where the schedule is, where something blocks it, where a reason or a specialist's name is missing, and
    where it is not the answer that was shown. Whatever fails, nothing is kept. submission: a token of the form that
    was sent; shown: the digest of the draft that the prescriber saw.
    """
    require_submission(submission)
    clinic = lock_clinic(by)  # one issue at a time in a clinic
    if made := Version.for_user(by).filter(submission=submission).first():
        return _same_submission(made, patient, request_data, reasons, specialists)
    kept = patient_of(by, patient)
    draft = make_draft(clinic, kept, request_data)
    require_as_shown(draft, shown, reasons, specialists)
    plan, replaced = _plan_for(kept, draft.medicine.key)
    issue = issue_of(draft, plan, replaced, reasons)
    details = Details("again" if replaced else "first")
    return keep_version(by, plan, issue, draft, specialists, papers, submission, details)


def require_as_shown(draft: Draft, shown: str, reasons: Mapping[str, str], specialists: Mapping[str, str]) -> None:
    """Refused where the draft is not the one that was seen, where something still keeps it from being issued, and
    where the second reckoning differs.
    """
    require_seen(draft, shown)
    if faults := draft.faults(reasons, specialists):
        raise Refused(faults)
    require_right(draft.answer)


def require_seen(draft: Draft, shown: str) -> None:
    """Refused where the draft is not the one that was seen."""
    if draft.digest != shown:
        what = "The schedule, a finding or what it replaces"
        raise Refused({"": f"{what} has changed since you saw it. Look at it again, then issue."})


def issue_of(draft: Draft, plan: Plan, replaced: Version | None, reasons: Mapping[str, str]) -> Issue:
    """What the papers of a plan's next version are made from."""
    return Issue(
        answer=draft.answer,
        medicine=draft.medicine,
        clinic=plan.clinic,
        patient=plan.patient,
        number=replaced.number + 1 if replaced else 1,
        issued_on=timezone.localdate(),
        replaces=(replaced.number, replaced.issued_on) if replaced else None,
        reasons=_given(reasons, draft.codes),
        taken_before=products_before(plan, draft.answer.steps[0].start),
    )


def _given(answers: Mapping[str, str], codes: Iterable[str]) -> dict[str, str]:
    """The answers to some questions; a plan that is brought in may leave some open."""
    return {code: text for code in codes if (text := answers.get(code, "").strip())}


@transaction.atomic
def note_unkept_print(
    *, by: User, draft: Draft, reasons: Mapping[str, str], specialists: Mapping[str, str], shown: str
) -> None:
    """That a calendar was printed without keeping the patient, and why. Refused where a reason is missing, and where
    it is not the answer that was shown.
    """
    if draft.digest != shown:
        raise Refused({"": "The schedule or a finding has changed since you saw it. Look at it again, then print."})
    if faults := draft.faults(reasons, specialists):
        raise Refused(faults)
    require_right(draft.answer)
    why = {code: reasons[code].strip() for code in draft.codes}
    named = {code: specialists[code].strip() for code in draft.specialist_codes}
    kept = UnkeptPrint.objects.create(clinic=by.clinic, by=by, request=dict(draft.data), reasons=why, specialists=named)
    audit(by, "printed, not kept", kept, medicine=draft.medicine.key, reasons=sorted(why))


def _same_submission(
    made: Version,
    patient: AnyPatient,
    request_data: Mapping[str, Any],
    reasons: Mapping[str, str],
    specialists: Mapping[str, str],
) -> Version:
    """What a form sent twice made the first time. Refused where the form was changed in between.

    Only what was answered then is compared: the version that it made may raise a question more.
    """
    same = (
        _who(made.plan.patient) == _who(patient)
        and _asked(made.request) == _asked(request_data)
        and made.reasons == {code: reasons.get(code, "").strip() for code in made.reasons}
        and made.specialists == {code: specialists.get(code, "").strip() for code in made.specialists}
    )
    if not same:
        raise Refused({"": "A plan was issued from this page already. Go back to the planner and begin anew."})
    return made


def _asked(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a form asked for: the past is added to it by the plan that it replaces, and is another one afterwards."""
    return {name: value for name, value in data.items() if name not in PAST}


def _who(patient: AnyPatient) -> tuple[str, date, str]:
    return patient.name, patient.born, patient.identifier


def require_right(answer: Answer) -> None:
    """The schedule reckoned a second way. Refused where the two differ."""
    products = {product.key: plain_product(product) for product in answer.request.all_products}
    if differences := recheck(answer_json(answer), products):
        words = "; ".join(differences)
        raise Refused({"": f"Two ways to reckon this schedule differ: {words}. Nothing was issued."})


def patient_of(by: User, patient: AnyPatient) -> Patient:
    """The clinic's patient; somebody new is added. Refused for another clinic's."""
    if isinstance(patient, NewPatient):
        return add_patient(by=by, patient=patient)
    if patient.clinic_id != by.clinic_id:
        raise Refused({"patient": "This patient belongs to another clinic."})
    return patient


def _plan_for(patient: Patient, medicine: str) -> tuple[Plan, Version | None]:
    """The running plan of this medicine with the version to replace, else a new plan: never two papers in force."""
    if replaced := running_version(patient, medicine):
        return replaced.plan, replaced
    return Plan.objects.create(clinic=patient.clinic, patient=patient, medicine=medicine), None


def keep_version(
    by: User,
    plan: Plan,
    issue: Issue,
    draft: Draft,
    specialists: Mapping[str, str],
    papers: Papers,
    submission: str,
    details: Details,
) -> Version:
    """The frozen row with its papers, and the plan in the state that it brings."""
    version = Version.objects.create(
        plan=plan,
        number=issue.number,
        **vars(details),
        begins=issue.answer.steps[0].start,
        request=dict(draft.data),
        answer=answer_json(issue.answer),
        reasons=issue.reasons,
        specialists=_given(specialists, draft.specialist_codes),
        record=papers.record(issue),
        engine_version=ENGINE_VERSION,
        medicine_version=issue.medicine.version,
        medicine_hash=draft.medicine_hash,
        issued_by=by,
        issued_at=timezone.now(),
        issued_on=issue.issued_on,
        ends=issue.answer.ends,
        submission=submission,
    )
    for page_size, _ in PAGE_SIZES:
        pdf = papers.calendar(issue, page_size)
        digest = hashlib.sha256(pdf).hexdigest()
        Paper.objects.create(version=version, page_size=page_size, pdf=pdf, sha256=digest)
    put_in_force(plan, version, check_ins(issue.answer))
    learn(plan)
    audit(by, "issued", version, plan=plan.pk, number=version.number, kind=version.kind, reasons=sorted(issue.reasons))
    return version

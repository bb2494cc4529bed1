"""The only code that writes. Every call is atomic, and its audit row stands in the same transaction."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from planner.context import AnyPatient, NewPatient
from planner.defaults import require_sound
from planner.formulary import MedicineFile, file_hash, find_medicine
from planner.issuing import Draft, make_draft
from planner.models import (
    PAGE_SIZES,
    AuditRow,
    Clinic,
    ClinicMedicine,
    OneTimeLink,
    Paper,
    Patient,
    Plan,
    User,
    Version,
)
from planner.recheck import recheck
from planner.taper import ENGINE_VERSION, Answer, BadInput, answer_json
from planner.taper.amounts import show

LINK_LASTS = timedelta(hours=24)
LINK_GONE = "This link is not good any more. Ask for a new one."


class Refused(Exception):
    """Nothing was written. errors: messages by field; the empty field for the whole."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))


@dataclass(frozen=True)
class ClinicDetails:
    name: str
    country: str
    phone: str
    hours: str
    out_of_hours: str
    emergency: str
    page_size: str


@dataclass(frozen=True)
class Issue:
    """What a version's papers are made from. replaces: number and date of the version whose paper goes back."""

    answer: Answer
    medicine: MedicineFile
    clinic: Clinic
    patient: Patient
    number: int
    issued_on: date
    replaces: tuple[int, date] | None


class Papers(Protocol):
    """Makes the papers of an issue. Services know no ink: who calls them brings it."""

    def calendar(self, issue: Issue, page_size: str) -> bytes:
        """The calendar as PDF, its doses read back and compared. Raises Refused where it cannot be printed."""

    def record(self, issue: Issue) -> str:
        """The copy for the record, as text."""


# Set-up, people and links


@transaction.atomic
def make_set_up_link() -> str:
    """The token of a new set-up link; earlier ones are void. Refused once there is a clinic."""
    if Clinic.is_set_up():
        raise Refused({"": "The clinic is set up already."})
    OneTimeLink.objects.filter(purpose=OneTimeLink.SET_UP).delete()
    return _new_link(OneTimeLink.SET_UP, None)


@transaction.atomic
def set_up_clinic(*, token: str, clinic: ClinicDetails, name: str, email: str, password: str) -> User:
    """The clinic and its first person. The link is used up."""
    _use_link(OneTimeLink.SET_UP, token)
    if Clinic.is_set_up():
        raise Refused({"": "The clinic is set up already."})
    made = Clinic.objects.create(**vars(clinic))
    user = _new_user(made, name, email)
    _set_password(user, password)
    _audit(user, "set up", made)
    return user


@transaction.atomic
def add_colleague(*, by: User, name: str, email: str) -> tuple[User, str]:
    """A person of the same clinic, and the token with which they set their password."""
    user = _new_user(by.clinic, name, email)
    _audit(by, "added", user)
    return user, _new_link(OneTimeLink.PASSWORD, user)


@transaction.atomic
def make_password_link(*, by: User, user: User) -> str:
    """The token of a link with which a person of the same clinic sets a new password; earlier ones are void."""
    if user.clinic_id != by.clinic_id:
        raise Refused({"": "This person belongs to another clinic."})
    OneTimeLink.objects.filter(user=user).delete()
    _audit(by, "made password link", user)
    return _new_link(OneTimeLink.PASSWORD, user)


@transaction.atomic
def set_password(*, token: str, password: str) -> User:
    """A new password for the person whom the link names. The link is used up."""
    user = _use_link(OneTimeLink.PASSWORD, token).user
    assert user is not None
    _set_password(user, password)
    _audit(user, "set password", user)
    return user


def find_link(purpose: str, token: str) -> OneTimeLink | None:
    """The link of this token, if it is still good."""
    links = OneTimeLink.objects.filter(purpose=purpose, token_hash=_hash(token), expires_at__gt=timezone.now())
    return links.select_related("user").first()


# The clinic and its patients


@transaction.atomic
def save_clinic(*, by: User, clinic: ClinicDetails) -> Clinic:
    saved = Clinic.objects.select_for_update().get(pk=by.clinic_id)
    before = {field: getattr(saved, field) for field in vars(clinic)}
    for field, value in vars(clinic).items():
        setattr(saved, field, value)
    saved.save()
    _audit(by, "changed", saved, before=before, after=vars(clinic))
    return saved


@transaction.atomic
def save_medicine_defaults(
    *, by: User, medicine: str, pace: list[dict[str, Any]], limit: dict[str, Any]
) -> ClinicMedicine:
    """The clinic's own pace and limit, in the form of a request; empty for the medicine's own.

    Refused, at the form's fields, where one cannot be read or the limit passes the medicine's ceiling.
    """
    _require_sound_defaults(medicine, pace, limit)
    row, _ = ClinicMedicine.objects.get_or_create(clinic=by.clinic, medicine=medicine)
    before = {"pace": row.pace, "limit": row.limit}
    row.pace, row.limit = pace, limit
    row.save()
    _audit(by, "changed", row, medicine=medicine, before=before, after={"pace": pace, "limit": limit})
    return row


@transaction.atomic
def add_patient(*, by: User, patient: NewPatient) -> Patient:
    """Refused where the clinic has a patient with this identifier, or the date of birth cannot be."""
    _require_birth_date(patient.born)
    if Patient.for_user(by).filter(identifier__iexact=patient.identifier).exists():
        raise Refused({"identifier": "A patient with this identifier is in the list already. Choose that patient."})
    made = Patient.objects.create(clinic=by.clinic, **vars(patient))
    _audit(by, "added", made)
    return made


# Issuing


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
    clinic = Clinic.objects.select_for_update().get(pk=by.clinic_id)  # one issue at a time in a clinic
    if made := Version.for_user(by).filter(submission=submission).first():
        return _same_submission(made, patient, request_data)
    kept = _own_patient(by, patient)
    draft = make_draft(clinic, kept, request_data)
    if draft.digest != shown:
        raise Refused({"": "The schedule or a finding has changed since you saw it. Look at it again, then issue."})
    if faults := draft.faults(reasons, specialists):
        raise Refused(faults)
    _recheck(draft.answer)
    plan, replaced = _plan_for(kept, draft.medicine.key)
    issue = Issue(
        answer=draft.answer,
        medicine=draft.medicine,
        clinic=clinic,
        patient=kept,
        number=replaced.number + 1 if replaced else 1,
        issued_on=timezone.localdate(),
        replaces=(replaced.number, replaced.issued_on) if replaced else None,
    )
    return _keep_version(by, plan, issue, draft, reasons, specialists, papers, submission)


@transaction.atomic
def note_unkept_print(*, by: User, draft: Draft, reasons: Mapping[str, str], specialists: Mapping[str, str]) -> None:
    """That a calendar was printed without keeping the patient, and why. Refused where a reason is missing."""
    if faults := draft.faults(reasons, specialists):
        raise Refused(faults)
    _recheck(draft.answer)
    why = {code: reasons[code].strip() for code in draft.codes}
    named = {code: specialists[code].strip() for code in draft.specialist_codes}
    _audit(by, "printed, not kept", by.clinic, request=dict(draft.data), reasons=why, specialists=named)


def _same_submission(made: Version, patient: AnyPatient, request_data: Mapping[str, Any]) -> Version:
    """What a form sent twice made the first time. Refused where the form was changed in between."""
    if made.plan.patient.identifier != patient.identifier or made.request != dict(request_data):
        raise Refused({"": "A plan was issued from this page already. Go back to the planner and begin anew."})
    return made


def _recheck(answer: Answer) -> None:
    """The schedule reckoned a second way. Refused where the two differ."""
    assert answer.request is not None
    strengths = {product.key: show(product.strength) for product in answer.request.products}
    if differences := recheck(answer_json(answer), strengths):
        words = "; ".join(differences)
        raise Refused({"": f"Two ways to reckon this schedule differ: {words}. Nothing was issued."})


def _own_patient(by: User, patient: AnyPatient) -> Patient:
    if isinstance(patient, NewPatient):
        return add_patient(by=by, patient=patient)
    if patient.clinic_id != by.clinic_id:
        raise Refused({"patient": "This patient belongs to another clinic."})
    return patient


def _plan_for(patient: Patient, medicine: str) -> tuple[Plan, Version | None]:
    """The running plan of this medicine with the version to replace, else a new plan: never two papers in force."""
    for plan in patient.plans.filter(medicine=medicine):
        if plan.current and plan.current.is_running(timezone.localdate()):
            return plan, plan.current
    return Plan.objects.create(patient=patient, medicine=medicine), None


def _keep_version(
    by: User,
    plan: Plan,
    issue: Issue,
    draft: Draft,
    reasons: Mapping[str, str],
    specialists: Mapping[str, str],
    papers: Papers,
    submission: str,
) -> Version:
    assert issue.answer.ends is not None
    version = Version.objects.create(
        plan=plan,
        number=issue.number,
        request=dict(draft.data),
        answer=answer_json(issue.answer),
        reasons={code: reasons[code].strip() for code in draft.codes},
        specialists={code: specialists[code].strip() for code in draft.specialist_codes},
        record=papers.record(issue),
        engine_version=ENGINE_VERSION,
        medicine_version=issue.medicine.version,
        medicine_hash=file_hash(issue.medicine.key),
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
    _audit(by, "issued", version, plan=plan.pk, number=version.number, reasons=sorted(draft.codes))
    return version


def _require_sound_defaults(medicine: str, pace: list[dict[str, Any]], limit: dict[str, Any]) -> None:
    try:
        require_sound(find_medicine(medicine), pace, limit)
    except BadInput as bad:
        field = bad.field.replace(".0.", ".").replace(".", "_")  # pace.0.cut in a request is pace_cut in the form
        raise Refused({field: bad.allowed}) from bad


def _require_birth_date(born: date) -> None:
    today = timezone.localdate()
    if not date(today.year - 120, 1, 1) <= born <= today:
        raise Refused({"born": "Give a date of birth from the last 120 years, not later than today."})


def _new_user(clinic: Clinic, name: str, email: str) -> User:
    if User.objects.filter(email__iexact=email).exists():
        raise Refused({"email": "Somebody signs in with this e-mail address already."})
    user = User(clinic=clinic, name=name, email=email.lower())
    user.set_unusable_password()
    user.save()
    return user


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused({"password": " ".join(error.messages)}) from error
    user.set_password(password)
    user.save()


def _new_link(purpose: str, user: User | None) -> str:
    token = secrets.token_urlsafe(32)
    OneTimeLink.objects.create(
        purpose=purpose, user=user, token_hash=_hash(token), expires_at=timezone.now() + LINK_LASTS
    )
    return token


def _use_link(purpose: str, token: str) -> OneTimeLink:
    link = find_link(purpose, token)
    if link is None:
        raise Refused({"": LINK_GONE})
    if not OneTimeLink.objects.filter(pk=link.pk).delete()[0]:
        raise Refused({"": LINK_GONE})
    return link


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _audit(by: User, action: str, target: Model, **detail: Any) -> None:
    AuditRow.objects.create(
        clinic=by.clinic, by=by, action=action, kind=type(target).__name__.lower(), target=target.pk, detail=detail
    )

"""The clinic, its own pace and limit for a medicine, and its patients."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from planner.context import NewPatient, birth_date_fault
from planner.defaults import require_sound
from planner.models import Clinic, ClinicMedicine, Patient, PatientWord, User
from planner.patient_words import coded, words_of
from planner.services.common import Refused, audit, lock_clinic
from planner.shelves import clinic_shelf
from planner.taper import BadInput

CODES = ("country", "page_size", "holiday_region")  # the details that are no free text


@dataclass(frozen=True)
class ClinicDetails:
    name: str
    country: str
    phone: str
    hours: str
    out_of_hours: str
    emergency: str
    page_size: str


@transaction.atomic
def save_clinic(*, by: User, clinic: ClinicDetails) -> Clinic:
    """In another country the holidays' region is emptied: the same letters are another region there."""
    saved = lock_clinic(by)
    region = saved.holiday_region if saved.country == clinic.country else ""
    after = {**vars(clinic), "holiday_region": region}
    before = {field: getattr(saved, field) for field in after}
    for field, value in after.items():
        setattr(saved, field, value)
    saved.save()
    changed = [field for field, value in after.items() if before[field] != value]
    audit(by, "changed", saved, fields=changed, before=_codes(before), after=_codes(after))
    return saved


@transaction.atomic
def save_medicine_defaults(
    *, by: User, medicine: str, pace: list[dict[str, Any]], limit: dict[str, Any]
) -> ClinicMedicine:
    """The clinic's own pace and limit, in the form of a request; empty for the medicine's own.

    Refused, at the form's fields, where one cannot be read or the limit passes the medicine's ceiling.
    """
    _require_sound_defaults(by.clinic, medicine, pace, limit)
    row, _ = ClinicMedicine.objects.get_or_create(clinic=by.clinic, medicine=medicine)
    before = {"pace": row.pace, "limit": row.limit}
    row.pace, row.limit = pace, limit
    row.save()
    audit(by, "changed", row, medicine=medicine, before=before, after={"pace": pace, "limit": limit})
    return row


@transaction.atomic
def add_patient(*, by: User, patient: NewPatient) -> Patient:
    """Refused where the clinic has a patient with this identifier, or the date of birth cannot be."""
    if fault := birth_date_fault(patient.born):
        raise Refused({"born": fault})
    lock_clinic(by)  # two people may add the same patient at once
    if Patient.for_user(by).filter(identifier__iexact=patient.identifier).exists():
        raise Refused({"identifier": "A patient with this identifier is in the list already. Choose that patient."})
    made = Patient.objects.create(clinic=by.clinic, **vars(patient))
    words = sorted(words_of(made.name, made.identifier, made.born))
    PatientWord.objects.bulk_create(PatientWord(clinic=by.clinic, patient=made, word=coded(word)) for word in words)
    audit(by, "added", made)
    return made


def _codes(details: dict[str, str]) -> dict[str, str]:
    return {field: details[field] for field in CODES}


def _require_sound_defaults(clinic: Clinic, medicine: str, pace: list[dict[str, Any]], limit: dict[str, Any]) -> None:
    try:
        require_sound(clinic_shelf(clinic).find(medicine), pace, limit)
    except BadInput as bad:
        field = bad.field.replace(".0.", ".").replace(".", "_")  # pace.0.cut in a request is pace_cut in the form
        raise Refused({field: bad.allowed}) from bad

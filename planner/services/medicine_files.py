"""A clinic's own medicine files: kept for good, the newest version of a key counts, and taken out of use."""

from django.db import transaction

from planner.defaults import require_sound, saved_defaults
from planner.formulary import FormularyError, Shelved
from planner.formulary.loading import read_under_any_name, text_of
from planner.formulary.shelf import tried
from planner.models import Clinic, ClinicFile, User
from planner.services.common import Refused, audit, lock_clinic
from planner.shelves import clinic_shelf, file_behind
from planner.taper import BadInput

MOST_FILES = 50  # in use in a clinic
MOST_MESSAGES = 50


@transaction.atomic
def keep_medicine_file(*, by: User, name: str, data: bytes) -> ClinicFile:
    """Puts a medicine file into use in the clinic; name stands in the messages.

    Refused, with a message in a line for each fault at ``file``, where it is not in order, or not a newer version.
    """
    clinic = lock_clinic(by)
    checked = read_upload(clinic=clinic, name=name, data=data)
    file = checked.file
    row = ClinicFile.objects.create(
        clinic=clinic, key=file.key, version=file.version, text=checked.text, sha256=checked.sha256, by=by
    )
    audit(by, "kept medicine file", row, key=row.key, version=row.version, sha256=row.sha256)
    return row


@transaction.atomic
def withdraw_medicine_file(*, by: User, key: str) -> ClinicFile:
    """Takes the clinic's own file of a medicine out of use; its versions are kept. Refused where none is in use."""
    clinic = lock_clinic(by)
    used = ClinicFile.in_use(clinic).filter(key=key).first()
    if used is None:
        raise Refused({"": "The clinic has no file of its own in use for this medicine."})
    row = ClinicFile.objects.create(clinic=clinic, key=key, version=used.version, by=by)
    audit(by, "withdrew medicine file", row, key=key, version=used.version, sha256=used.sha256)
    return row


def read_upload(*, clinic: Clinic, name: str, data: bytes) -> Shelved:
    """A file that the clinic could keep; nothing is written. Refused as it would be when kept."""
    try:
        text = text_of(name, data)
        checked = tried(name, Shelved(read_under_any_name(name, text), text, "clinic"))
    except FormularyError as error:
        raise _refused(error.messages) from error
    for check in (_not_newer, _in_another_unit, _too_many, _unlike_defaults):
        if words := check(clinic, checked):
            raise _refused((f"{name}: {words}",))
    return checked


def _refused(messages: tuple[str, ...]) -> Refused:
    left = len(messages) - MOST_MESSAGES
    more = (f"And {left} more.",) if left > 0 else ()
    return Refused({"file": "\n".join((*messages[:MOST_MESSAGES], *more))})


def _not_newer(clinic: Clinic, checked: Shelved) -> str:
    """What is wrong with the version; a file that was taken out of use may come back as it was."""
    key, used = checked.file.key, clinic_shelf(clinic).held.get(checked.file.key)
    if used and used.sha256 == checked.sha256:
        return "This very file is in use already."
    kept = ClinicFile.objects.filter(clinic=clinic, key=key).exclude(text="").last()
    is_back = kept and kept.sha256 == checked.sha256 and not ClinicFile.in_use(clinic).filter(key=key).exists()
    least = max(used.file.version if used else 0, kept.version if kept else 0) + 1
    if checked.file.version >= least or is_back:
        return ""
    return f"version: There is a version {least - 1} of {key} already. Give at least {least}."


def _in_another_unit(clinic: Clinic, checked: Shelved) -> str:
    """A running plan's doses are compared with those of the plan that replaces it, number by number."""
    before = file_behind(clinic, checked.file.key)
    if before is None or before.unit == checked.file.unit:
        return ""
    return f"unit: {before.name} is counted in {before.unit} here. Give {before.unit}, or give the file another key."


def _too_many(clinic: Clinic, checked: Shelved) -> str:
    others = ClinicFile.in_use(clinic).exclude(key=checked.file.key).count()
    if others < MOST_FILES:
        return ""
    return f"The clinic has {MOST_FILES} files of its own in use, which is the most. Take one out of use first."


def _unlike_defaults(clinic: Clinic, checked: Shelved) -> str:
    """Whether the clinic's pace and limit, set under another file, would pass this one's ceiling or unit."""
    saved = saved_defaults(clinic, checked.file.key)
    try:
        require_sound(checked.medicine, saved.pace, saved.limit)
    except BadInput as bad:
        return f"The clinic’s own pace and limit do not fit it: {bad.allowed} Change them under Settings first."
    return ""

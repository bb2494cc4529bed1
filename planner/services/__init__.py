"""The only code that writes. Every call is atomic, and its audit row stands in the same transaction."""

from planner.services.check_ins import record_check_in
from planner.services.clinic import ClinicDetails, add_patient, save_clinic, save_medicine_defaults
from planner.services.common import Refused
from planner.services.issue import Issue, Papers, issue_version, note_unkept_print
from planner.services.later_reasons import acknowledge
from planner.services.medicine_files import keep_medicine_file, read_upload, withdraw_medicine_file
from planner.services.opening import Opening, add_closing_days, remove_closing_days, save_opening
from planner.services.people import (
    add_colleague,
    find_link,
    make_password_link,
    make_set_up_link,
    set_password,
    set_up_clinic,
)
from planner.services.plan_files import export_plan, import_plan
from planner.services.practice import fill_practice
from planner.services.revise import LEAST_LETTERS, NO_WHY, end_plan, revise_plan, revision_draft
from planner.services.seeing import note_exported, note_printed, note_seen
from planner.services.signing import sign_off
from planner.services.taken import last_note, note_taken

__all__ = [
    "LEAST_LETTERS",
    "NO_WHY",
    "ClinicDetails",
    "Issue",
    "Opening",
    "Papers",
    "Refused",
    "acknowledge",
    "add_closing_days",
    "add_colleague",
    "add_patient",
    "end_plan",
    "export_plan",
    "fill_practice",
    "find_link",
    "import_plan",
    "issue_version",
    "keep_medicine_file",
    "last_note",
    "make_password_link",
    "make_set_up_link",
    "note_exported",
    "note_printed",
    "note_seen",
    "note_taken",
    "note_unkept_print",
    "read_upload",
    "record_check_in",
    "remove_closing_days",
    "revise_plan",
    "revision_draft",
    "save_clinic",
    "save_medicine_defaults",
    "save_opening",
    "set_password",
    "set_up_clinic",
    "sign_off",
    "withdraw_medicine_file",
]

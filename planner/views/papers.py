"""The papers of an issue, made with ink."""

from planner.papers import (
    ClinicOnPaper,
    Paper,
    PaperError,
    PaperMismatch,
    PatientOnPaper,
    calendar_pdf,
    record_text,
    verify_calendar,
)
from planner.papers.fonts import drawable
from planner.services import Issue, Refused


class InkedPapers:
    """Draws an issue's papers; each calendar is read back before it is handed on."""

    def calendar(self, issue: Issue, page_size: str) -> bytes:
        _require_drawable(issue)
        try:
            pdf = calendar_pdf(paper_of(issue, page_size))
            verify_calendar(pdf, issue.answer)
        except PaperError as error:
            raise Refused({"": f"The calendar cannot be printed: {error} Nothing was issued."}) from error
        except PaperMismatch as mismatch:
            words = f"The doses on the printed calendar differ from the schedule: {mismatch} Nothing was issued."
            raise Refused({"": words}) from mismatch
        return pdf

    def record(self, issue: Issue) -> str:
        try:
            return record_text(paper_of(issue, issue.clinic.page_size), issue.reasons)
        except PaperError as error:
            raise Refused({"": f"The copy for the record cannot be written: {error} Nothing was issued."}) from error


def _require_drawable(issue: Issue) -> None:
    """Refused, at its field, where the paper's font cannot draw what names the patient."""
    for field in ("name", "identifier"):
        try:
            drawable(getattr(issue.patient, field))
        except PaperError as error:
            raise Refused({field: f"{error} Write it in letters that can be printed. Nothing was issued."}) from error


def paper_of(issue: Issue, page_size: str) -> Paper:
    clinic, patient = issue.clinic, issue.patient
    return Paper(
        answer=issue.answer,
        medicine=issue.medicine,
        clinic=ClinicOnPaper(
            name=clinic.name,
            country=clinic.country,
            phone=clinic.phone,
            hours=clinic.hours,
            out_of_hours=clinic.out_of_hours,
            emergency=clinic.emergency,
        ),
        patient=PatientOnPaper(name=patient.name, born=patient.born, identifier=patient.identifier),
        version=issue.number,
        issued=issue.issued_on,
        page_size="Letter" if page_size == "Letter" else "A4",
        replaces=issue.replaces,
        taken_before=issue.taken_before,
    )

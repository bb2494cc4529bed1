"""What leaves the building: the patient's calendar as PDF, the copy for the record, a row a day."""

from planner.papers.calendar import calendar_pdf
from planner.papers.model import ClinicOnPaper, Paper, PaperError, PaperMismatch, PatientOnPaper
from planner.papers.readback import doses_in_calendar
from planner.papers.record import record_text
from planner.papers.rows import day_rows_csv
from planner.papers.stamp import stamped
from planner.papers.verify import verify_calendar

__all__ = [
    "ClinicOnPaper",
    "Paper",
    "PaperError",
    "PaperMismatch",
    "PatientOnPaper",
    "calendar_pdf",
    "day_rows_csv",
    "doses_in_calendar",
    "record_text",
    "stamped",
    "verify_calendar",
]

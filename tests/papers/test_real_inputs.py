"""Tapers as clinicians ask for them, from the request through the engine to the paper and back."""

from datetime import date
from typing import Any

import pypdfium2 as pdfium
import pytest

from planner.formulary import find_medicine, inline_medicine, load
from planner.papers import ClinicOnPaper, Paper, PatientOnPaper, calendar_pdf, verify_calendar
from planner.taper import Answer, Context, parse_request, propose
from tests.papers.samples import sample_paper

THREE = {"morning": "20", "midday": "20", "evening": "20"}
PACE_20 = [{"cut": "20%", "of": "current", "every": 7}]
LIMIT_10 = {"cut": "10%", "of": "current", "days": 7}
INPUTS: dict[str, dict[str, Any]] = {
    "60 mg with tablets": {"regimen": THREE},
    "60 mg with tablets and 1 mg/mL": {"regimen": THREE, "products": ["tablet-10", "solution-1"]},
    "60 mg with 1 mg/mL alone": {"regimen": THREE, "products": ["solution-1"]},
    "60 mg at 20 %": {"regimen": THREE, "pace": PACE_20},
    "60 mg with a limit of 10 %": {"regimen": THREE, "limit": LIMIT_10},
    "60 mg with eGFR 45": {"regimen": THREE, "factors": ["egfr-30-59"]},
    "25 to 10 mg": {"regimen": {"morning": "10", "midday": "5", "evening": "10"}, "target": "10"},
    "80 mg in four doses": {"regimen": {**THREE, "bedtime": "20"}},
}
CLINICS = {
    "GB": (
        "A4",
        ClinicOnPaper("Example Clinic", "GB", "01632 960 123", "Monday to Friday, 9 am to 5 pm", "111", "999"),
    ),
    "US": (
        "Letter",
        ClinicOnPaper("Example Clinic", "US", "555-0100", "Monday to Friday, 8 am to 5 pm", "555-0199", "911"),
    ),
}
PATIENT = PatientOnPaper("Test Patient", date(1968, 3, 14), "TP-0001")


def answered(name: str, country: str) -> Answer:
    asked = {"medicine": "baclofen", "start": "2026-12-07", "factors": []} | INPUTS[name]
    return propose(parse_request(asked, find_medicine, inline_medicine, Context(country=country)))


@pytest.mark.parametrize("country", CLINICS)
@pytest.mark.parametrize("name", INPUTS)
def test_calendar_says_what_the_schedule_says(name: str, country: str) -> None:
    page_size, clinic = CLINICS[country]
    answer = answered(name, country)
    paper = Paper(answer, load("baclofen"), clinic, PATIENT, 1, date(2026, 11, 27), page_size)  # type: ignore[arg-type]
    verify_calendar(calendar_pdf(paper), answer)


@pytest.mark.parametrize(
    ("name", "ends", "total"),
    [
        ("60 mg with tablets", date(2027, 2, 22), {"tablet-10": "231"}),
        ("60 mg with tablets and 1 mg/mL", date(2027, 5, 31), {"tablet-10": "178.5", "solution-1": "1697.5"}),
        ("60 mg with eGFR 45", date(2027, 5, 10), {"tablet-10": "462"}),
        ("25 to 10 mg", date(2026, 12, 21), {"tablet-10": "38.5"}),
        ("80 mg in four doses", date(2027, 3, 22), {"tablet-10": "420"}),
    ],
)
def test_end_and_supply(name: str, ends: date, total: dict[str, str]) -> None:
    answer = answered(name, "GB")
    assert answer.ends == ends
    assert answer.supply is not None
    assert {key: format(units.normalize(), "f") for key, units in answer.supply.total.items()} == total


def test_daily_doses_in_a_long_unit_stay_inside_the_table_of_all_steps() -> None:
    """Of 200 micrograms a day nothing stands to the right of the table's last line."""
    regimen = {"morning": "100", "bedtime": "100"}
    data = {"medicine": "clonidine", "regimen": regimen, "start": "2026-12-07", "products": ["tablet-25"]}
    answer = propose(parse_request(data, find_medicine, inline_medicine))
    pdf = pdfium.PdfDocument(calendar_pdf(sample_paper(answer, medicine=load("clonidine"))))
    glance = next(page for page in pdf if "All steps at a glance" in page.get_textpage().get_text_range())
    text = glance.get_textpage()
    rights = [text.get_charbox(place)[2] for place in range(text.count_chars())]
    edges = [thing.get_bounds()[2] for thing in glance.get_objects() if thing.type == pdfium.raw.FPDF_PAGEOBJ_PATH]
    assert max(rights) < max(edges)

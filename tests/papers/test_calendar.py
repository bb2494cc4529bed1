import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest

from planner.papers import PaperError, calendar_pdf
from planner.papers.model import Paper, PatientOnPaper
from planner.papers.pdftext import Word, pages_of
from planner.papers.sheet import SIZES
from planner.papers.words import NOT_ISSUED
from tests.papers.samples import (
    CLINIC,
    MONDAY,
    PATIENT,
    SAMPLES,
    US_CLINIC,
    lowered,
    make_answer,
    regimen,
    sample_answer,
    sample_paper,
    sample_pdf,
    sixty_tablet_steps,
)

EVERY_SAMPLE = pytest.mark.parametrize("name", SAMPLES)
FIVE = Decimal(5)


def words_on(pdf: bytes) -> list[str]:
    return [" ".join(word.text for word in page) for page in pages_of(pdf)]


def titles(pdf: bytes) -> list[str]:
    return [" ".join(word.text for word in page if word.size > 20) for page in pages_of(pdf)]


def fonts_in(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    dictionaries = [thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary)]
    return [thing for thing in dictionaries if thing.get("/Type") == "/Font"]


def test_same_paper_gives_the_same_bytes() -> None:
    assert calendar_pdf(sample_paper()) == calendar_pdf(sample_paper())


def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "import hashlib; from tests.papers.samples import sample_paper; from planner.papers import calendar_pdf;"
        "print(hashlib.sha256(calendar_pdf(sample_paper())).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1


@pytest.mark.parametrize(("page_size", "clinic"), [("A4", CLINIC), ("Letter", US_CLINIC)])
@EVERY_SAMPLE
def test_nothing_is_small_or_beyond_the_page(name: str, page_size: str, clinic: object) -> None:
    width, height = SIZES[page_size]
    pages = pages_of(calendar_pdf(sample_paper(sample_answer(name), page_size=page_size, clinic=clinic)))
    for word in (word for page in pages for word in page):
        assert word.size >= 12, word
        assert 20 < word.x < word.right < width - 20, word
        assert 20 < word.y < height - 18, word


@EVERY_SAMPLE
def test_no_words_are_drawn_over_others(name: str) -> None:
    for page in pages_of(sample_pdf(name)):
        lines: dict[float, list[Word]] = {}
        for word in page:
            lines.setdefault(round(word.y, 1), []).append(word)
        for line in lines.values():
            line.sort(key=lambda word: word.x)
            for before, after in zip(line, line[1:], strict=False):
                assert after.x >= before.right - 0.5, (before, after)


def test_all_fonts_are_embedded_and_firago() -> None:
    with pikepdf.open(BytesIO(sample_pdf())) as document:
        fonts = fonts_in(document)
        assert fonts
        for font in fonts:
            assert "FiraGO" in str(font.BaseFont)
            assert "/FontFile2" in font.FontDescriptor


def test_facts_about_the_file_name_no_patient() -> None:
    with pikepdf.open(BytesIO(sample_pdf())) as document:
        assert dict(document.docinfo) == {"/Title": "Baclofen calendar"}
        assert str(document.Root.Lang) == "en-GB"


def test_schedule_is_attached_without_the_name() -> None:
    with pikepdf.open(BytesIO(sample_pdf())) as document:
        data = document.attachments["schedule.json"].get_file().read_bytes()
    assert [step["daily"] for step in json.loads(data)["steps"]][:3] == ["55", "50", "45"]
    assert PATIENT.name.encode() not in data
    assert PATIENT.identifier.encode() not in data


def test_every_page_says_whose_it_is_and_which_it_is() -> None:
    pages = words_on(sample_pdf())
    for number, page in enumerate(pages, start=1):
        for words in (
            "Test Patient , born 14 March 1968", "Baclofen 10 mg tablets", CLINIC.phone,
            "Never stop baclofen suddenly.", f"Version 2 · 27 November 2026 · Page {number} of {len(pages)}",
        ):  # fmt: skip
            assert words.replace(" ,", ",") in page


def test_first_page_has_all_that_a_patient_and_an_ambulance_crew_need() -> None:
    first = words_on(sample_pdf())[0]
    paper = sample_paper()
    texts = paper.medicine.patient
    signs = [*texts.call_us, *texts.emergency, *texts.too_much, *texts.missed_dose, *texts.never_stop]
    heads = ["Call us today", "Get emergency help now", "Too much medicine", "Never stop suddenly", "Call 999"]
    for words in (*heads, *signs, "111", "This paper replaces version 1 of 26 November 2026."):
        assert words in first


def test_paper_without_a_patient_leaves_a_line_on_every_page() -> None:
    for page in words_on(calendar_pdf(sample_paper(patient=None))):
        assert "Name Date of birth" in page


def test_paper_that_is_not_issued_says_so_large_on_every_page() -> None:
    for page in pages_of(calendar_pdf(sample_paper(version=None, issued=None))):
        assert " ".join(word.text for word in page if 19 < word.size < 21) == NOT_ISSUED


def test_paper_printed_without_being_kept_is_usable_and_says_so() -> None:
    paper = sample_paper(version=None, unkept=True, patient=None, issued=date(2026, 11, 23), replaces=None)
    for page in words_on(calendar_pdf(paper)):
        assert NOT_ISSUED not in page
        assert "Printed 23 November 2026. Not kept in the clinic’s records." in page


def test_liquid_says_how_much_is_in_each_ml_on_every_page() -> None:
    for page in words_on(sample_pdf("solution to stop")):
        assert "1 mg in each mL" in page


def test_days_before_the_first_change_say_to_keep_on() -> None:
    december = words_on(sample_pdf())[2]
    assert "1 to 6 No change yet. Keep taking what you take now: 20 mg morning, midday and evening." in december


def test_taper_from_the_first_of_a_month_has_no_days_before_it() -> None:
    answer = make_answer(regimen(20), [regimen(15), regimen(0)], start=date(2026, 12, 1))
    assert "No change yet" not in " ".join(words_on(calendar_pdf(sample_paper(answer))))


def test_days_after_the_last_dose_say_so() -> None:
    february = words_on(sample_pdf())[-1]
    assert "22 to 28 No more doses." in february
    assert "Your last dose is on Sunday 21 February 2027. After that: No more doses." in february


def test_stop_on_the_first_of_a_month_is_said_on_the_month_before() -> None:
    answer = make_answer(regimen(10), [regimen(5), regimen(0)], start=date(2027, 2, 22))
    pdf = calendar_pdf(sample_paper(answer))
    assert titles(pdf)[-1] == "February 2027"
    assert "Your last dose is on Sunday 28 February 2027. After that: No more doses." in words_on(pdf)[-1]


def test_taper_above_zero_says_to_go_on_on_the_first_the_table_and_the_last_page() -> None:
    pages = words_on(sample_pdf("to ten a day"))
    for page in (pages[0], pages[1], pages[-1]):
        assert "Keep taking 10 mg every day. Do not stop. Ask for more before Sunday 3 January 2027." in page
    assert not any("No more doses" in page for page in pages)


def test_no_cell_is_blank_where_a_time_has_ended() -> None:
    february = words_on(sample_pdf())[-1]
    # 8 to 21 February: midday on 14 days, morning on 7; and the words at three rows' heads
    assert february.count("no dose") == 14 + 7 + 3


def test_week_that_changes_in_the_middle_has_its_words_in_the_cells() -> None:
    january = words_on(sample_pdf("from New Year's Eve"))[3]
    assert "4 20 mg 2 tablets 15 mg 20 mg 5" in january
    assert "7 New dose 15 mg 1 and a half 15 mg 20 mg 8" in january


def test_doses_of_two_products_are_listed_a_row_a_day() -> None:
    pdf = sample_pdf("two strengths")
    december = next(page for page, title in zip(words_on(pdf), titles(pdf), strict=True) if title == "December 2026")
    assert "Day Morning Midday Evening" in december
    assert "Mon 7 Dec New dose 20 mg 1 and a half tablets of 10 mg 1 tablet of 5 mg 15 mg" in december


def test_many_steps_go_on_on_further_pages_under_the_same_head() -> None:
    pdf = calendar_pdf(sample_paper(sixty_tablet_steps()))
    tables = [page for page, title in zip(words_on(pdf), titles(pdf), strict=True) if title.startswith("All steps")]
    assert len(tables) > 2
    for page in tables:
        assert "Dates Morning Midday Evening Whole day" in page


def test_month_of_six_weeks_and_four_times_a_day_has_all_its_days() -> None:
    now = regimen(20, 20, 20, 20)
    answer = make_answer(now, lowered(now, ("midday", "morning"), FIVE, 6), start=date(2027, 8, 1))
    pdf = calendar_pdf(sample_paper(answer))
    assert [title for title in titles(pdf) if "August" in title] == ["August 2027", "August 2027, continued"]


def test_week_begins_on_sunday_on_a_paper_for_the_united_states() -> None:
    pages = words_on(calendar_pdf(sample_paper(clinic=US_CLINIC, page_size="Letter")))
    assert "Sunday Monday Tuesday" in pages[2]
    assert "Monday Tuesday Wednesday Thursday Friday Saturday Sunday" not in pages[2]


def test_decimal_mark_is_that_of_the_clinics_country() -> None:
    page = words_on(calendar_pdf(sample_paper(sample_answer("solution to stop"), clinic=replace(CLINIC, country="DE"))))
    assert any("5,5 mL (5,5 mg)" in words for words in page)
    assert not any("5.5 mL (5.5" in words for words in page)


def test_markup_in_a_name_is_only_text() -> None:
    patient = PatientOnPaper('<b>Ann</b> & <img src="/etc/hosts"/>', date(1968, 3, 14), "")
    assert patient.name in words_on(calendar_pdf(sample_paper(patient=patient)))[0]


@pytest.mark.parametrize(
    ("name", "named"),
    [("Yamada 太郎", "'太' (U+592A"), ("محمد", "U+0645"), ("Tab\there", "U+0009"), ("Emoji 🙂", "U+1F642")],
)
def test_character_that_cannot_be_drawn_is_named(name: str, named: str) -> None:
    with pytest.raises(PaperError, match="cannot draw") as refused:
        calendar_pdf(sample_paper(patient=PatientOnPaper(name, date(1968, 3, 14), "")))
    assert named in str(refused.value)


def test_name_in_pieces_is_composed_first() -> None:
    patient = PatientOnPaper("Zoe\u0308 Łukasiewicz", date(1968, 3, 14), "")
    assert "Zoë Łukasiewicz" in words_on(calendar_pdf(sample_paper(patient=patient)))[0]


def test_long_words_of_the_clinic_take_another_layout() -> None:
    name = "The Community Neurology and Spasticity Clinic of Saint Bartholomew " * 2
    clinic = replace(CLINIC, name=name, hours="Open.\n" * 6)
    pdf = calendar_pdf(sample_paper(clinic=clinic))
    assert titles(pdf)[:2] == ["Your baclofen calendar", "How to use your calendar"]
    assert words_on(pdf)[0].count("Open.") == 6


@pytest.mark.parametrize(
    "changes",
    [
        {"clinic": replace(CLINIC, hours="Open and open. " * 300)},
        {"clinic": replace(CLINIC, phone="0" * 200)},
        {"patient": PatientOnPaper("A" * 300, date(1968, 3, 14), "")},
        {"patient": PatientOnPaper("Ann " * 900, date(1968, 3, 14), "")},
    ],
)
def test_words_that_fit_no_layout_are_an_error(changes: dict[str, object]) -> None:
    with pytest.raises(PaperError):
        calendar_pdf(sample_paper(**changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"issued": None}, "date of issue"),
        ({"clinic": replace(CLINIC, phone=" ")}, "phone"),
        ({"clinic": replace(CLINIC, emergency="")}, "emergency"),
        ({"unkept": True}, "not kept"),
    ],
)
def test_paper_that_lacks_something_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(PaperError, match=words):
        calendar_pdf(sample_paper(**changes))


def test_dose_that_cannot_be_made_is_never_printed() -> None:
    answer = sample_answer()
    step = replace(answer.steps[0], take={"morning": answer.steps[0].take["morning"]})
    with pytest.raises(PaperError, match="Step 1: the midday dose cannot be made"):
        calendar_pdf(sample_paper(replace(answer, steps=(step, *answer.steps[1:]))))


def test_refused_answer_has_no_calendar() -> None:
    with pytest.raises(PaperError, match="no schedule"):
        calendar_pdf(sample_paper(replace(sample_answer(), outcome="refused", steps=())))


def structure(paper: Paper) -> list[list[tuple[str, str]]]:
    """Role and spoken words of each element, page by page."""
    with pikepdf.open(BytesIO(calendar_pdf(paper))) as document:
        sections = document.Root.StructTreeRoot.K[0].K
        return [[(str(item.S), str(item.get("/ActualText", ""))) for item in section.K] for section in sections]


def test_page_is_read_aloud_as_month_day_dose() -> None:
    december = structure(sample_paper())[2]
    assert december[0] == ("/H1", "")
    spoken = [words for _, words in december if words]
    assert spoken[:4] == [
        "Monday 7 December 2026. New dose.",
        "Morning: 20 mg, 2 tablets.",
        "Midday: 15 mg, 1 and a half tablets. Lower than before.",
        "Evening: 20 mg, 2 tablets.",
    ]


def test_every_mark_on_a_page_has_its_element() -> None:
    with pikepdf.open(BytesIO(sample_pdf())) as document:
        for page, section in zip(document.pages, document.Root.StructTreeRoot.K[0].K, strict=True):
            marks = page.Contents.read_bytes().count(b"/MCID")
            assert [int(item.K) for item in section.K] == list(range(marks))


def test_months_follow_from_the_first_to_the_last() -> None:
    assert titles(sample_pdf())[2:] == ["December 2026", "January 2027", "February 2027"]
    assert sample_answer().steps[-1].start - MONDAY == timedelta(days=77)

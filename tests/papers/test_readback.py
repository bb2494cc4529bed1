from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.papers import PaperMismatch, calendar_pdf, doses_in_calendar, verify_calendar
from planner.papers.model import PatientOnPaper
from planner.taper.schedule import Answer, Portion, Step
from tests.papers.samples import (
    CLINIC,
    SAMPLES,
    US_CLINIC,
    lowered,
    make_answer,
    regimen,
    sample_answer,
    sample_paper,
    sample_pdf,
)

D = Decimal
PAPERS = {
    "A4, GB": {"clinic": CLINIC, "page_size": "A4"},
    "Letter, US": {"clinic": US_CLINIC, "page_size": "Letter"},
    "A4, DE": {"clinic": replace(CLINIC, country="DE"), "page_size": "A4"},
    "not issued": {"version": None, "issued": None, "patient": None},
}


SHORT = [name for name in SAMPLES if name != "sixty steps"]


def test_what_is_printed_over_two_years_is_the_schedule() -> None:
    verify_calendar(sample_pdf("sixty steps"), sample_answer("sixty steps"))


@pytest.mark.parametrize("changes", PAPERS.values(), ids=PAPERS)
@pytest.mark.parametrize("name", SHORT)
def test_what_is_printed_is_the_schedule(name: str, changes: dict[str, object]) -> None:
    answer = sample_answer(name)
    verify_calendar(calendar_pdf(sample_paper(answer, **changes)), answer)


@settings(max_examples=20, deadline=None)
@given(
    start=st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    days=st.integers(1, 20),
    now=st.lists(st.integers(1, 8), min_size=1, max_size=4),
    steps=st.integers(1, 14),
    country=st.sampled_from(["GB", "US", "DE"]),
)
def test_any_taper_in_halves_reads_back(start: date, days: int, now: list[int], steps: int, country: str) -> None:
    before = regimen(*(5 * dose for dose in now))
    order = list(before)
    lower = []
    for step in lowered(before, order, D(5), steps):
        lower.append({time: max(D(0), dose) for time, dose in step.items()})
    lower = [step for n, step in enumerate(lower) if n == 0 or step != lower[n - 1]]
    taken = [step for step in lower if sum(step.values())]
    if not taken:
        return
    answer = make_answer(before, lower[: len(taken) + 1], start=start, days=days)
    verify_calendar(calendar_pdf(sample_paper(answer, clinic=replace(CLINIC, country=country))), answer)


def test_sums_of_one_calendar() -> None:
    """77 days; 7 days each of 55, 50, 45 ... 5 mg are 2310 mg: 231 tablets of 10 mg."""
    read = doses_in_calendar(sample_pdf())
    dosed = [day for day in read.days if day.kind == "dose"]
    doses = [dose for day in dosed for dose in day.doses.values()]
    assert len(dosed) == 77
    assert sum(dose.amount or 0 for dose in doses) == 2310
    assert sum(portion.units for dose in doses for portion in dose.portions) == 231
    assert [day.date for day in dosed if day.new] == [date(2026, 12, 7) + timedelta(weeks=n) for n in range(11)]


def test_words_of_one_day_are_read_from_its_place() -> None:
    day = next(d for d in doses_in_calendar(sample_pdf()).days if d.date == date(2027, 1, 18))
    assert {time: dose.amount for time, dose in day.doses.items()} == {"morning": 10, "midday": 5, "evening": 10}
    assert [dose.portions[0].units for dose in day.doses.values()] == [D(1), D("0.5"), D(1)]


def change_step(answer: Answer, number: int, **changes: object) -> Answer:
    steps = [replace(step, **changes) if step.number == number else step for step in answer.steps]  # type: ignore[arg-type]
    return replace(answer, steps=tuple(steps))


def other_dose(step: Step) -> dict[str, object]:
    return {
        "regimen": {**step.regimen, "evening": D(10)},
        "take": {**step.take, "evening": (Portion("tablet-10", D(1)),)},
        "daily": step.daily - step.regimen["evening"] + 10,
    }


WRONG: dict[str, tuple[Callable[[Answer], Answer], str]] = {
    "one dose": (
        lambda a: change_step(a, 3, **other_dose(a.steps[2])),
        "Monday 21 December 2026, evening: the calendar says 15, the schedule 10",
    ),
    "one date": (
        lambda a: change_step(change_step(a, 4, days=8), 5, start=a.steps[4].start + timedelta(days=1), days=6),
        "Monday 4 January 2027 is marked as a new dose",
    ),
    "a day less": (
        lambda a: change_step(a, 11, days=6),
        "Sunday 21 February 2027 has doses in the calendar and none in the schedule",
    ),
    "a day more": (lambda a: change_step(a, 11, days=8), "Monday 22 February 2027 is missing"),
    "other pieces": (
        lambda a: change_step(
            a, 1, take={**a.steps[0].take, "morning": (Portion("tablet-10", D(4)),)}
        ),
        "Monday 7 December 2026, morning: the calendar says 2 of tablet-10, the schedule 4",
    ),
    "another start": (
        lambda a: make_answer(regimen(20, 20, 20), [s.regimen for s in a.steps], start=date(2026, 12, 8)),
        "Tuesday 8 December 2026 is not marked as a new dose",
    ),
    "no stop": (lambda a: replace(a, steps=a.steps[:-1]), "The table has 12 steps, the schedule 11"),
    "no steps": (lambda a: replace(a, steps=()), "no schedule"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "says"), WRONG.values(), ids=WRONG)
def test_difference_from_the_schedule_is_named(change: Callable[[Answer], Answer], says: str) -> None:
    with pytest.raises(PaperMismatch, match=says):
        verify_calendar(sample_pdf(), change(sample_answer()))


def altered(pdf: bytes, page: int, old: bytes, new: bytes) -> bytes:
    """The calendar with the first place of some drawn words on a page overwritten."""
    with pikepdf.open(BytesIO(pdf)) as document:
        contents = document.pages[page].Contents
        drawn = contents.read_bytes()
        assert old in drawn
        contents.write(drawn.replace(old, new, 1))
        out = BytesIO()
        document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("page", "old", "new", "says"),
    [
        (2, b"(15 mg)", b"(51 mg)", "Monday 7 December 2026, midday: the calendar says 51"),
        (2, b"(1 and a half)", b"(3 and a half)", "midday: the calendar says 3.5 of tablet-10"),
        (2, b"(8) Tj", b"(9) Tj", "2026-12-09 stands under Tuesday"),
        (2, b"(20 mg)", b"(20 ug)", "counts in 'ug'"),
        (2, b"(20 mg)", b"()", "morning: the calendar says no amount, the schedule 20"),
        (2, b"(New dose)", b"(Old dose)", "'Old dose' beside 2026-12-07"),
        (1, b"(14 Dec to 20 Dec 2026)", b"(15 Dec to 20 Dec 2026)", "step 2: 2026-12-15"),
        (1, b"(50 mg)", b"(55 mg)", "step 2: 55 a day"),
        (0, b"(Monday)", b"(Sunday)", "first page does not name Monday 7 December 2026"),
    ],
)
def test_ink_that_differs_is_found_though_the_attachment_is_right(page: int, old: bytes, new: bytes, says: str) -> None:
    with pytest.raises(PaperMismatch, match=says):
        verify_calendar(altered(sample_pdf(), page, old, new), sample_answer())


def with_pages(pdf: bytes, order: list[int]) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as document, pikepdf.new() as other:
        other.Root.Lang = document.Root.Lang
        for page in order:
            other.pages.append(document.pages[page])
        out = BytesIO()
        other.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("pages", "says"),
    [
        ([0, 1, 2, 4], "Friday 1 January 2027 is missing"),
        ([0, 1, 2, 3, 3, 4], "Friday 1 January 2027 stands twice"),
        ([0, 2, 3, 4], "The table has 0 steps"),
    ],
)
def test_page_that_is_missing_or_doubled_is_found(pages: list[int], says: str) -> None:
    with pytest.raises(PaperMismatch, match=says):
        verify_calendar(with_pages(sample_pdf(), pages), sample_answer())


def test_patient_named_like_a_head_does_not_confuse_the_reading() -> None:
    answer = sample_answer()
    patient = PatientOnPaper("Day Morning Monday 20 mg", date(1968, 3, 14), "")
    verify_calendar(calendar_pdf(sample_paper(answer, patient=patient)), answer)

"""Papers of a running plan that was changed: a hold, a step back, the same dose until further notice or for good."""

from dataclasses import replace
from datetime import date

import pytest

from planner.formulary import built_in
from planner.papers import Paper, calendar_pdf, doses_in_calendar, record_text, verify_calendar
from planner.taper import propose
from tests.papers.samples import CLINIC, PATIENT
from tests.taper.asking import Json, read
from tests.taper.test_lead import BACK, HELD, STAYS, WAITS

ASKED = {"held": HELD, "back": BACK, "waits": WAITS, "stays": STAYS}
LIQUID = {"products": ["tablet-10", "solution-1"]}


def paper_for(asked: Json, page_size: str = "A4") -> Paper:
    answer = propose(read(asked | {"medicine": "baclofen"}))
    file = built_in().take("baclofen").file
    return Paper(
        answer, file, CLINIC, PATIENT, version=2, issued=date(2027, 1, 12), page_size=page_size,  # type: ignore[arg-type]
        replaces=(1, date(2026, 11, 26)),
    )  # fmt: skip


def words_of(paper: Paper) -> str:
    return " ".join(" ".join(page.split()) for page in doses_in_calendar(calendar_pdf(paper)).words)


@pytest.mark.parametrize("page_size", ["A4", "Letter"])
@pytest.mark.parametrize("name", ASKED)
def test_what_is_printed_is_what_was_answered(name: str, page_size: str) -> None:
    for products in ({}, LIQUID):
        paper = paper_for(ASKED[name] | products, page_size)
        verify_calendar(calendar_pdf(paper), paper.answer)
        assert record_text(paper)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("held", "From Wednesday 13 January 2027 to Sunday 24 January 2027 you stay on 35 mg a day."),
        ("held", "From Monday 25 January 2027 your dose goes down a little every Monday."),
        ("held", "Earlier paper. These days are on the paper that you had before."),
        ("held", "From Wednesday 13 January 2027 this paper replaces version 1 of 26 November 2026."),
        ("back", "On Wednesday 13 January 2027 you stay on 35 mg a day."),
        ("back", "From Thursday 14 January 2027 to Tuesday 26 January 2027 you take 40 mg a day: more than before."),
        ("back", "Thick box: this dose is not the same as before."),
        ("waits", "Keep taking 35 mg every day until we call you. Do not stop. Ask for more before"),
        ("stays", "Keep taking 35 mg every day. Do not stop. Ask for more before"),
    ],
)
def test_patient_is_told(name: str, said: str) -> None:
    assert said in words_of(paper_for(ASKED[name]))


def test_day_that_only_goes_on_is_no_new_dose() -> None:
    read_back = doses_in_calendar(calendar_pdf(paper_for(HELD)))
    assert next(day.date for day in read_back.days if day.new) == date(2027, 1, 25)


def test_other_products_are_named_as_new_and_what_is_left_as_not_to_be_taken() -> None:
    """Five tablets of 10 mg left at home would be twice the dose."""
    paper = replace(paper_for(HELD | {"products": ["tablet-5"]}), taken_before=frozenset({"tablet-10"}))
    said = words_of(paper)
    assert "Baclofen 5 mg tablets. Take these tablets whole. This is new for you." in said
    assert (
        "From Wednesday 13 January 2027 do not take Baclofen 10 mg tablets any more, even if you have some left."
        in said
    )
    verify_calendar(calendar_pdf(paper), paper.answer)


def test_same_products_are_neither() -> None:
    said = words_of(replace(paper_for(HELD), taken_before=frozenset({"tablet-10"})))
    assert "new for you" not in said
    assert "do not take" not in said
    assert calendar_pdf(replace(paper_for(HELD), taken_before=frozenset({"tablet-10"}))) == calendar_pdf(
        paper_for(HELD)
    )


def test_record_of_an_open_hold_says_so() -> None:
    assert "Held at 35 mg a day until further notice" in record_text(paper_for(WAITS))

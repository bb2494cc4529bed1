from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.papers.dosewords import DoseRead, PortionRead, read_dates, read_dose, read_month
from planner.papers.pieces import count_out
from planner.papers.text import words_of
from planner.papers.wording import Wording, piece_words, short_words
from planner.papers.words import what_happens
from tests.papers.samples import of_two_tablets, sample_answer, sample_paper

D = Decimal
QUARTERS = st.integers(min_value=1, max_value=60).map(lambda quarters: D(quarters) / 4)


@pytest.mark.parametrize(
    ("form", "units", "words", "short"),
    [
        ("tablet", "1", "1 tablet", "1 tablet"),
        ("tablet", "2", "2 tablets", "2 tablets"),
        ("tablet", "0.5", "half a tablet", "half"),
        ("tablet", "1.5", "1 and a half tablets", "1 and a half"),
        ("tablet", "0.25", "a quarter of a tablet", "a quarter"),
        ("tablet", "0.75", "three quarters of a tablet", "three quarters"),
        ("tablet", "2.75", "2 and three quarters tablets", "2 and three quarters"),
        ("capsule", "3", "3 capsules", "3 capsules"),
        ("granules", "1", "1 packet", "1 packet"),
        ("solution", "7.5", "7.5 mL", "7.5 mL"),
    ],
)
def test_pieces_in_words(form: str, units: str, words: str, short: str) -> None:
    assert piece_words(form, D(units), "GB") == words
    assert short_words(form, D(units), "GB") == short


@given(QUARTERS)
def test_words_for_pieces_read_back(units: Decimal) -> None:
    read = (PortionRead(units, "tablet"),)
    assert read_dose(piece_words("tablet", units, "GB"), "GB").portions == read
    assert read_dose(short_words("tablet", units, "GB"), "GB").portions[0].units == units


@given(QUARTERS)
def test_drawn_pieces_add_up_to_the_units(units: Decimal) -> None:
    assert sum(piece.units for piece in count_out("tablet", 4, units)) == units


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("no dose", DoseRead(D(0))),
        ("20 mg", DoseRead(D(20), "mg")),
        ("8 mL (8 mg)", DoseRead(D(8), "mg", (PortionRead(D(8), "solution", None, D(8)),))),
        ("20 mg 2 tablets", DoseRead(D(20), "mg", (PortionRead(D(2), "tablet"),))),
        (
            "1 tablet of 10 mg + 8 mL (8 mg) = 18 mg",
            DoseRead(D(18), "mg", (PortionRead(D(1), "tablet", D(10)), PortionRead(D(8), "solution", None, D(8)))),
        ),
    ],
)
def test_a_cell_reads_back(words: str, read: DoseRead) -> None:
    assert read_dose(words, "GB") == read


@pytest.mark.parametrize("words", ["", "20", "20 mg 15 mg", "New dose", "20 mg and more", "None"])
def test_words_that_are_not_one_dose_have_no_amount_or_are_refused(words: str) -> None:
    try:
        read = read_dose(words, "GB")
    except ValueError:
        return
    assert read.amount is None


def test_two_products_each_name_their_strength() -> None:
    wording = Wording(sample_paper(sample_answer("two strengths")))
    assert wording.said(of_two_tablets(D(20)), D(20)) == "1 and a half tablets of 10 mg + 1 tablet of 5 mg = 20 mg"


def test_regimen_groups_equal_doses() -> None:
    wording = Wording(sample_paper())
    doses = {"morning": D(20), "midday": D(5), "evening": D(20)}
    assert wording.regimen(doses) == "20 mg morning and evening, 5 mg midday"
    assert wording.regimen({"morning": D(5), "midday": D(0)}) == "5 mg morning"


def test_what_will_happen_of_a_taper_to_zero() -> None:
    assert words_of(what_happens(sample_paper())) == (
        "You take 60 mg a day now. From Monday 7 December 2026 your dose goes down a little every Monday. "
        "Your last dose is on Sunday 21 February 2027."
    )


def test_what_will_happen_of_a_taper_that_ends_above_zero() -> None:
    assert words_of(what_happens(sample_paper(sample_answer("to ten a day")))) == (
        "You take 25 mg a day now. From Monday 7 December 2026 your dose goes down a little every Monday. "
        "From Monday 21 December 2026 you stay on one dose. "
        "Keep taking 10 mg every day. Do not stop. Ask for more before Sunday 3 January 2027."
    )


def test_dates_of_a_row_share_the_last_year() -> None:
    assert [str(day) for day in read_dates("28 Dec 2026 to 3 Jan 2027")] == ["2026-12-28", "2027-01-03"]
    assert [str(day) for day in read_dates("7 Dec to 13 Dec 2026")] == ["2026-12-07", "2026-12-13"]
    with pytest.raises(ValueError, match="no year"):
        read_dates("7 Dec")


def test_month_is_read_from_a_title() -> None:
    assert str(read_month("December 2026, continued")) == "2026-12-01"
    assert read_month("Your baclofen calendar") is None

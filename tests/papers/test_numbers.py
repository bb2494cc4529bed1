from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.papers.numbers import dose, first_weekday, long_date, month_name, number, read_number, short_date

D = Decimal


@pytest.mark.parametrize(
    ("amount", "country", "written"),
    [
        (D("5.0"), "GB", "5"),
        (D("0.50"), "GB", "0.5"),
        (D("12.5"), "US", "12.5"),
        (D("1000"), "GB", "1,000"),
        (D("1250.5"), "US", "1,250.5"),
        (D("999"), "GB", "999"),
        (D("12.5"), "DE", "12,5"),
        (D("0.125"), "FR", "0,125"),
        (D("1250"), "DE", "1250"),
        (D("12.5"), "CH", "12.5"),
        (D("1E+2"), "GB", "100"),
    ],
)
def test_number_is_written_as_on_the_countrys_label(amount: Decimal, country: str, written: str) -> None:
    assert number(amount, country) == written


@given(st.decimals(min_value=0, max_value=99999, places=3), st.sampled_from(["GB", "US", "DE", "CH"]))
def test_number_reads_back_as_it_was_written(amount: Decimal, country: str) -> None:
    assert read_number(number(amount, country), country) == amount


@pytest.mark.parametrize("text", ["5.0", "0,5", ".5", "05", "1000", "5.", "x"])
def test_number_in_another_spelling_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="is n"):
        read_number(text, "GB")


@pytest.mark.parametrize(
    ("amount", "unit", "country", "written"),
    [
        ("12.5", "mg", "GB", "12.5 mg"),
        ("50", "mcg", "US", "50 mcg"),
        ("50", "mcg", "GB", "50 micrograms"),
        ("50", "µg", "US", "50 mcg"),
        ("1", "microgram", "GB", "1 microgram"),
    ],
)
def test_dose_names_micrograms_as_the_country_does(amount: str, unit: str, country: str, written: str) -> None:
    assert dose(D(amount), unit, country) == written


def test_dates_spell_the_month() -> None:
    day = date(2026, 12, 7)
    assert long_date(day) == "Monday 7 December 2026"
    assert long_date(day, weekday=False) == "7 December 2026"
    assert (short_date(day), short_date(day, year=True)) == ("7 Dec", "7 Dec 2026")
    assert short_date(day, weekday=True) == "Mon 7 Dec"
    assert month_name(day) == "December 2026"


def test_week_begins_on_sunday_in_the_united_states_only() -> None:
    assert (first_weekday("US"), first_weekday("GB"), first_weekday("DE")) == (6, 0, 0)

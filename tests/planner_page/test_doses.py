"""Doses, dates and pieces as the pages write them."""

from datetime import date
from decimal import Decimal

import pytest
from django.template import Context, Template

from planner.taper.medicine import Product
from planner.taper.schedule import Portion
from planner.templatetags.doses import days_between, percent, piece_words, plain_dates

TABLET = Product("tablet-10", "tablet", Decimal(10), divides=4)
PLAIN = Product("tablet-5", "tablet", Decimal(5))
SOLUTION = Product("solution-1", "solution", Decimal(1), step_ml=Decimal("0.5"))


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ("0.25", "a quarter of a tablet"),
        ("0.5", "half a tablet"),
        ("0.75", "three quarters of a tablet"),
        ("1", "1 tablet"),
        ("1.5", "1 and a half tablets"),
        ("2.25", "2 and a quarter tablets"),
        ("3", "3 tablets"),
    ],
)
def test_pieces_in_words(units: str, words: str) -> None:
    assert piece_words(Portion("tablet-10", Decimal(units)), TABLET) == words


def test_liquid_in_millilitres() -> None:
    assert piece_words(Portion("solution-1", Decimal("7.50")), SOLUTION) == "7.5 mL"
    assert piece_words(Portion("solution-1", Decimal("10")), SOLUTION) == "10 mL"


def drawn(portions: list[Portion], products: list[Product]) -> str:
    page = Template("{% load doses %}{% pieces portions products %}")
    by_key = {product.key: product for product in products}
    return page.render(Context({"portions": portions, "products": by_key, "unit": "mg", "country": "GB"}))


def test_scored_tablets_are_drawn_with_their_line() -> None:
    html = drawn([Portion("tablet-10", Decimal("1.5"))], [TABLET])
    assert html.count('href="#whole"') == html.count('href="#half"') == 1
    assert "1 and a half tablets" in html


def test_tablets_that_stay_whole_have_no_line() -> None:
    assert 'href="#plain"' in drawn([Portion("tablet-5", Decimal(1))], [PLAIN])


def test_many_tablets_are_counted_beside_one() -> None:
    html = drawn([Portion("tablet-10", Decimal("6.5"))], [TABLET])
    assert "6 ×" in html
    assert html.count('href="#whole"') == html.count('href="#half"') == 1


def test_two_strengths_are_told_apart() -> None:
    html = drawn([Portion("tablet-10", Decimal(1)), Portion("tablet-5", Decimal(1))], [TABLET, PLAIN])
    assert "1 tablet of 10 mg" in html
    assert "1 tablet of 5 mg" in html


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 12, 7), date(2026, 12, 13), "7–13 Dec"),
        (date(2027, 1, 25), date(2027, 2, 7), "25 Jan – 7 Feb"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 Dec – 3 Jan 2027"),
        (date(2026, 12, 7), date(2026, 12, 7), "7 Dec"),
        (date(2027, 2, 22), None, "Mon 22 Feb 2027"),
    ],
)
def test_spans_of_days(first: date, last: date | None, words: str) -> None:
    assert days_between(first, last) == words


def test_percent_keeps_its_decimal() -> None:
    assert percent(Decimal("20.0")) == "20.0 %"


def test_dates_are_spelled_out() -> None:
    assert plain_dates("Reached 2027-01-25.") == "Reached Mon 25 Jan 2027."

"""Doses, dates, tablets and signs as the pages write them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from planner.papers.numbers import dose as write_dose
from planner.papers.numbers import number as write_number
from planner.papers.numbers import short_date
from planner.taper.medicine import Product, Source
from planner.taper.schedule import Portion
from planner.taper.words import days_words

register = template.Library()

ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
MOST_DRAWN = 4
NO_BREAK = "\N{NO-BREAK SPACE}"
PARTS = {Decimal("0.25"): ("quarter",), Decimal("0.5"): ("half",), Decimal("0.75"): ("half", "quarter")}
PART_WORDS = {Decimal("0.25"): "a quarter", Decimal("0.5"): "half", Decimal("0.75"): "three quarters"}
FORMS = {"tablet": "tablet", "capsule": "capsule", "granules": "packet", "solution": "mL"}
STANDINGS = {
    "verified": ("s-verified", "is-note"),
    "second-hand": ("s-second", "is-second"),
    "unverified": ("s-unverified", "is-unverified"),
    "proposal": ("s-proposal", "is-proposal"),
}


@dataclass(frozen=True)
class Drawing:
    """One product's pieces at one time. times: how many the first symbol stands for."""

    label: str
    symbols: tuple[str, ...]
    times: int
    words: str


@register.simple_tag(takes_context=True)
def dose(context: Mapping[str, Any], amount: Decimal) -> str:
    """An amount with the medicine's unit, as "12.5 mg"."""
    return write_dose(amount, context["unit"], context["country"])


@register.simple_tag(takes_context=True)
def amount(context: Mapping[str, Any], value: Decimal) -> str:
    """A bare number, as "1,250" or "12.5"."""
    return write_number(value, context["country"])


@register.simple_tag(takes_context=True)
def cut(context: Mapping[str, Any], amount: Decimal) -> str:
    """A cut with the medicine's unit, as "5 mg"; a rise as "5 mg more"."""
    return dose(context, amount) if amount >= 0 else f"{dose(context, -amount).replace(' ', NO_BREAK)} more"


@register.filter
def percent(value: Decimal) -> str:
    """A percent with its one decimal, as "8.3 %"; of a rise as "8.3 % more"."""
    return f"{value:.1f} %" if value >= 0 else f"{-value:.1f}{NO_BREAK}% more"


@register.filter
def day(value: date) -> str:
    """A date in full, as "Mon 7 Dec 2026"."""
    return short_date(value, weekday=True, year=True)


@register.filter
def days_between(first: date, last: date | None) -> str:
    """Two dates as "7–13 Dec" or "28 Dec – 3 Jan"; the year where it changes."""
    if last is None:
        return short_date(first, weekday=True, year=True)
    if (first.year, first.month) == (last.year, last.month):
        return short_date(last) if first == last else f"{first.day}–{short_date(last)}"
    return f"{short_date(first)} – {short_date(last, year=first.year != last.year)}"


@register.filter
def days_moved(days: int) -> str:
    """ "7 days later" or "1 day earlier"."""
    return f"{days_words(abs(days))} {'later' if days > 0 else 'earlier'}"


@register.filter
def plain_dates(words: str) -> str:
    """Words with their ISO dates spelled out."""
    return ISO_DATE.sub(lambda found: day(date.fromisoformat(found[0])), words)


@register.filter
def piece_words(portion: Portion, product: Product) -> str:
    """What is taken, as "1 and a half 10 mg tablets" or "3 mL"."""
    whole = int(portion.units)
    if product.is_liquid:
        return f"{portion.units.normalize():f} mL"
    part = PART_WORDS.get(portion.units - whole, "")
    count = " and ".join(words for words in (str(whole) if whole else "", _article(part, whole)) if words)
    plural = "s" if portion.units > 1 else ""
    return f"{count} {FORMS[product.form]}{plural}"


def _article(part: str, whole: int) -> str:
    if part == "half":
        return "a half" if whole else "half a"
    return part if whole or not part else f"{part} of a"


@register.inclusion_tag("planner/pieces.html", takes_context=True)
def pieces(context: Mapping[str, Any], portions: Iterable[Portion], products: Mapping[str, Product]) -> dict[str, Any]:
    """The pieces drawn, with words for those who do not see them; strengths named where there are several."""
    several = sum(not product.is_liquid for product in products.values()) > 1
    found = [(portion, products[portion.product]) for portion in portions]
    return {"drawings": [_drawing(*each, dose(context, each[1].strength) if several else "") for each in found]}


def _drawing(portion: Portion, product: Product, strength: str) -> Drawing:
    words = piece_words(portion, product)
    if product.is_liquid:
        return Drawing(words, (), 1, "")
    whole, part = int(portion.units), portion.units - int(portion.units)
    symbol = symbol_of(product)
    drawn = (symbol,) * whole if whole <= MOST_DRAWN else (symbol,)
    times = 1 if whole <= MOST_DRAWN else whole
    return Drawing(strength, (*drawn, *PARTS.get(part, ())), times, words)


def symbol_of(product: Product) -> str:
    """The drawing of one whole piece: a tablet has its line only where it may be broken."""
    scored = "whole" if product.divides > 1 else "plain"
    return {"capsule": "capsule", "granules": "packet"}.get(product.form, scored)


@register.simple_tag
def sign(name: str, look: str, words: str) -> SafeString:
    """A sign with its word."""
    return format_html(
        '<span class="sign {}"><svg aria-hidden="true"><use href="#{}"/></svg>{}</span>', look, name, words
    )


@register.simple_tag
def standing(source: Source) -> SafeString:
    """How far a figure can be trusted, by sign and word."""
    name, look = STANDINGS[source.standing]
    return sign(name, look, source.standing.capitalize())


@register.inclusion_tag("planner/error.html", takes_context=True)
def fault(context: Mapping[str, Any], name: str, live: bool = False) -> dict[str, Any]:
    """The place of a field's message, empty where there is none. live: it replaces the one on the page."""
    return {"name": name, "words": context["slots"].get(name, ""), "live": live}


@register.inclusion_tag("planner/key.html", takes_context=True)
def drawn_key(context: Mapping[str, Any], products: Mapping[str, Product]) -> dict[str, Any]:
    """What each drawing in the steps stands for."""
    drawn = []
    for product in products.values():
        for symbol, words in _symbols(product):
            drawn.append((symbol, f"{words} {dose(context, product.strength)} {FORMS[product.form]}"))
    return {"drawn": drawn}


def _symbols(product: Product) -> list[tuple[str, str]]:
    if product.is_liquid:
        return []
    parts = [("half", "half of one"), ("quarter", "a quarter of one")]
    return [(symbol_of(product), "one"), *parts[: product.divides.bit_length() - 1]]

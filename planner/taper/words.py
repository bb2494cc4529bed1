"""Products, amounts of time and lists in words."""

from collections.abc import Sequence

from planner.taper.amounts import show
from planner.taper.medicine import Product

WEEK = 7


def product_words(product: Product, unit: str) -> str:
    """A product as "10 mg tablet", "5 mg packet" or "1 mg/mL solution"."""
    form = "packet" if product.form == "granules" else product.form
    return f"{show(product.strength)} {unit}{'/mL' if product.is_liquid else ''} {form}"


def length_words(days: int) -> str:
    """A number of days as "10 weeks" or "11 days"."""
    number, name = (days // WEEK, "week") if days and days % WEEK == 0 else (days, "day")
    return f"{number} {name}{'' if number == 1 else 's'}"


def days_words(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """Words as "a, b and c"."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last

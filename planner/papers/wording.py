"""Doses and pieces in words, as every paper writes them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from planner.papers import pieces
from planner.papers.model import Paper
from planner.papers.numbers import dose, millilitres, number
from planner.papers.text import Text, bold, plain, words_of
from planner.taper.medicine import TIMES, Time
from planner.taper.schedule import Portion

NO_DOSE = "no dose"
PARTS = {Decimal("0.25"): "a quarter", Decimal("0.5"): "half", Decimal("0.75"): "three quarters"}
NAMES = {"tablet": ("tablet", "tablets"), "capsule": ("capsule", "capsules"), "granules": ("packet", "packets")}


def count_words(units: Decimal, country: str) -> str:
    """``2``, ``half``, ``1 and a half``, ``three quarters``."""
    whole, part = int(units), units % 1
    if not part:
        return number(whole, country)
    if not whole:
        return PARTS[part]
    return f"{number(whole, country)} and {'a half' if part == Decimal('0.5') else PARTS[part]}"


def piece_words(form: str, units: Decimal, country: str) -> str:
    """``1 tablet``, ``1 and a half tablets``, ``half a tablet``, ``a quarter of a tablet``; ``7.5 mL``."""
    if form == "solution":
        return millilitres(units, country)
    one, many = NAMES[form]
    count = count_words(units, country)
    if units == Decimal("0.5"):
        return f"half a {one}"
    if units < 1:
        return f"{count} of a {one}"
    return f"{count} {one if units == 1 else many}"


def short_words(form: str, units: Decimal, country: str) -> str:
    """As piece_words, but ``half`` and ``1 and a half`` alone, for a row's head."""
    return count_words(units, country) if units % 1 and form != "solution" else piece_words(form, units, country)


def join(words: Sequence[str]) -> str:
    """``morning, midday and evening``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


class Wording:
    """The words for one paper's doses.

    several: it takes more than one product in pieces, so each names its strength, as does each of several liquids;
    tablets and one liquid cannot be taken for one another.
    """

    def __init__(self, paper: Paper) -> None:
        self.unit, self.country = paper.unit, paper.country
        self.products = dict(paper.products)
        solid = [key for key, product in self.products.items() if not product.is_liquid]
        self.several = len(solid) > 1
        self._rings = {key: place for place, key in enumerate(solid)}
        self._liquids = len(self.products) - len(solid)

    def dose(self, amount: Decimal) -> str:
        return dose(amount, self.unit, self.country)

    def amount_of(self, portion: Portion) -> Decimal:
        """What a portion holds, in the medicine's unit."""
        return portion.units * self.products[portion.product].strength

    def pieces(self, portion: Portion) -> tuple[pieces.Piece, ...]:
        product = self.products[portion.product]
        return pieces.count_out(product.form, product.divides, portion.units, self._rings.get(portion.product, 0))

    def portion(self, portion: Portion) -> str:
        """``2 tablets``, ``2 tablets of 10 mg``, ``8 mL (8 mg)``."""
        product = self.products[portion.product]
        words = piece_words(product.form, portion.units, self.country)
        if product.is_liquid:
            each = f" of {self.in_each(portion.product)}" if self._liquids > 1 else ""
            return f"{words}{each} ({self.dose(self.amount_of(portion))})"
        return f"{words} of {self.dose(product.strength)}" if self.several else words

    def short(self, portion: Portion) -> str:
        """As portion(), in the fewest words that still leave no doubt."""
        product = self.products[portion.product]
        if self.several or product.is_liquid:
            return self.portion(portion)
        return short_words(product.form, portion.units, self.country)

    def in_each(self, key: str) -> str:
        """``1 mg in each mL``."""
        return f"{self.dose(self.products[key].strength)} in each mL"

    def taken(self, portions: Sequence[Portion], amount: Decimal) -> tuple[Text, ...]:
        """A dose with its pieces first, one text for each portion: ``2 tablets (20 mg)``."""
        if not portions:
            return (plain(NO_DOSE),)
        words = [self.portion(portion) for portion in portions]
        if len(words) > 1:
            return (*(bold(f"{part} +") for part in words[:-1]), bold(words[-1]) + plain(f" = {self.dose(amount)}"))
        if self.products[portions[0].product].is_liquid:
            volume, _, rest = words[0].partition(" (")
            return (bold(volume) + plain(f" ({rest}"),)
        return (bold(words[0]) + plain(f" ({self.dose(amount)})"),)

    def said(self, portions: Sequence[Portion], amount: Decimal) -> str:
        """As taken(), in one line of plain words."""
        return " ".join(words_of(text) for text in self.taken(portions, amount))

    def label(self, key: str) -> str:
        """What the box says; for a liquid also how much is in each mL."""
        product = self.products[key]
        return f"{product.label} ({self.in_each(key)})" if product.is_liquid else product.label

    def regimen(self, regimen: Mapping[Time, Decimal]) -> str:
        """``20 mg morning and evening, 10 mg midday``."""
        doses = {time: regimen[time] for time in TIMES if regimen.get(time)}
        amounts = list(dict.fromkeys(doses.values()))
        groups = (
            f"{self.dose(amount)} {join([time for time, taken in doses.items() if taken == amount])}"
            for amount in amounts
        )
        return ", ".join(groups)

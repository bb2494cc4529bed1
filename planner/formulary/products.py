"""What a patient can hold, as a medicine file describes it."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from planner.formulary.parts import Amount, Cited, Country, Part, Words
from planner.formulary.texts import Phrase, Statement
from planner.taper.amounts import show
from planner.taper.medicine import Form


class Market(Cited):
    """That a product is sold in a country as the file describes it."""

    country: Country

    @property
    def label(self) -> str:
        return f"Sold in {self.country}"


class SyringeStep(Cited):
    ml: Amount

    @property
    def label(self) -> str:
        return "Least volume measured"

    def text(self, unit: str) -> str:
        return f"{show(self.ml)} mL"


class FileProduct(Part):
    """Something the patient can hold. strength: units per piece or per mL.

    label: what the box says; short: its name in a line; look: a sentence for the patient, or empty; maker: where what a
    piece divides into differs by maker; handling: what must not be done with it; missed_dose: the rule of this product,
    where it is not that of the file.
    """

    form: Form
    strength: Amount
    label: Words
    short: Words
    look: str = ""
    note: str = ""
    pieces: Annotated[int, Field(strict=True)] | None = Field(default=None, alias="divides")
    syringe: SyringeStep | None = Field(default=None, alias="step_ml")
    sold: tuple[Market, ...] = Field(min_length=1)
    maker: str = ""
    handling: Statement | None = None
    not_for_tapering: Statement | None = None
    missed_dose: tuple[Phrase, ...] = ()
    after_opening: Statement | None = None
    no_longer_made: Statement | None = None

    @property
    def divides(self) -> int:
        return self.pieces or 1

    @property
    def step_ml(self) -> Decimal | None:
        return self.syringe.ml if self.syringe else None

    @property
    def is_liquid(self) -> bool:
        return self.form == "solution"

    @property
    def increment(self) -> Decimal:
        """The smallest dose it makes, in the medicine's unit."""
        return self.strength * self.step_ml if self.step_ml else self.strength / self.divides

    @property
    def markets(self) -> list[str]:
        """Country codes."""
        return [market.country for market in self.sold]

    def market(self, country: str) -> Market | None:
        """What is known of the product in a country."""
        return next((market for market in self.sold if market.country == country), None)

    @property
    def discontinued(self) -> bool:
        return self.no_longer_made is not None

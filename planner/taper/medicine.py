"""What the engine needs to know of a medicine. Figures come from the formulary, never from here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

Time = Literal["morning", "midday", "evening", "bedtime"]
TIMES: tuple[Time, ...] = ("morning", "midday", "evening", "bedtime")
Form = Literal["tablet", "capsule", "granules", "solution"]
Basis = Literal["current", "starting"]
Severity = Literal["refuse", "block", "acknowledge", "advise"]
Standing = Literal["verified", "second-hand", "unverified", "proposal"]


@dataclass(frozen=True)
class Source:
    """Where a figure comes from and how far it can be trusted."""

    standing: Standing
    kind: str  # label, guideline, study, web page of a treatment centre, our own arithmetic ...
    title: str
    address: str = ""
    read_on: str = ""  # ISO date, empty if it was not read
    note: str = ""


@dataclass(frozen=True)
class Product:
    """Something the patient can hold. strength: the medicine's units per piece, or per mL."""

    key: str
    form: Form
    strength: Decimal
    divides: int = 1  # into how many equal parts a piece may be cut: 1, 2 or 4
    step_ml: Decimal | None = None  # least volume that the syringe measures; liquids only
    markets: tuple[str, ...] = ()  # countries where it is sold, two letters each; empty: not known
    why_not: str = ""  # why no taper may use it, as its label says; empty where one may

    @property
    def is_liquid(self) -> bool:
        return self.form == "solution"

    @property
    def increment(self) -> Decimal:
        """The smallest dose this product makes, in the medicine's unit."""
        return self.strength * self.step_ml if self.step_ml else self.strength / self.divides


@dataclass(frozen=True)
class Change:
    """A size of cut: percent of the current or starting dose, or an amount in the medicine's unit."""

    amount: Decimal
    of: Basis | None  # None: amount is in the medicine's unit

    def units(self, current: Decimal, starting: Decimal) -> Decimal:
        """This cut in the medicine's unit, for a current and a starting daily dose."""
        if self.of is None:
            return self.amount
        return self.amount * (current if self.of == "current" else starting) / 100


@dataclass(frozen=True)
class Phase:
    """A stretch of the pace. every: days that each step reached in it is taken; down_to: a daily dose.

    share: in a medicine's own pace, down_to as percent of a starting dose that only a request knows.
    """

    cut: Change
    every: int
    down_to: Decimal | None = None
    share: Decimal | None = None

    def of(self, starting: Decimal) -> "Phase":
        """This phase for a starting dose."""
        return self if self.share is None else replace(self, down_to=self.share * starting / 100, share=None)


@dataclass(frozen=True)
class Limit:
    """The largest cut allowed in any window of days."""

    cut: Change
    days: int


@dataclass(frozen=True)
class NamedPace:
    """A published pace that a request may name. limit, final_dose: its own, where no other is asked for."""

    phases: tuple[Phase, ...]
    limit: Limit
    final_dose: Decimal | None = None


@dataclass(frozen=True)
class Factor:
    """A patient factor and what it does: a finding, and perhaps a slower pace or a lower limit."""

    key: str
    label: str
    severity: Severity
    message: str
    source: Source
    specialist: bool = False  # the directing specialist has to be named
    pace: tuple[Phase, ...] | None = None
    limit: Limit | None = None
    age_below: int | None = None  # the factor holds of itself for a younger patient
    age_from: int | None = None  # ... or for one of this age or older
    taken_days_over: int | None = None  # ... or after more days of use than these
    daily_from: Decimal | None = None  # ... or from this daily dose on; where several are given, all must be met


@dataclass(frozen=True)
class Maximum:
    """Largest daily dose that a country's label allows. country: ISO 3166 two letters."""

    country: str
    daily: Decimal
    source: Source


@dataclass(frozen=True)
class Medicine:
    """A medicine as the engine sees it. Optional figures that are None are not established."""

    key: str
    name: str
    unit: str
    products: Mapping[str, Product]
    default_products: tuple[str, ...]
    inline: bool = False  # came with the request: no reviewed file stands behind it
    order: tuple[Time, ...] = TIMES
    pace: tuple[Phase, ...] | None = None
    limit: Limit | None = None
    paces: Mapping[str, NamedPace] = field(default_factory=dict)  # published ones, by the name that a request gives
    ceiling: Limit | None = None
    final_dose: Decimal | None = None
    least_interval: int | None = None  # days
    least_duration: int | None = None  # days
    plausible_daily: Decimal | None = None
    maximums: tuple[Maximum, ...] = ()
    usual_times: tuple[int, int] | None = None  # fewest and most doses a day
    usual_at_once: Decimal | None = None  # largest usual dose at one time
    hours: Mapping[Time, int] = field(default_factory=dict)  # usual hour of each time
    longest_gap: int | None = None  # hours between two doses
    factors: tuple[Factor, ...] = ()
    nervous_system: bool = False
    unverified: bool = False  # a product, maximum, pace, limit, ceiling or warning sign is unverified
    finer: tuple[str, ...] = ()  # finer products to offer, best first
    early_hours: tuple[int, int] | None = None  # first and last hour after a change in which the first signs come
    peak_hours: tuple[int, int] | None = None  # ... in which they are worst
    sources: Mapping[str, Source] = field(default_factory=dict)  # by field name above, as "limit"

    def factor(self, key: str) -> Factor:
        return next(f for f in self.factors if f.key == key)

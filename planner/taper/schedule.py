"""What the engine answers: steps with dates, findings, supply."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from planner.taper.medicine import Medicine, Severity, Source, Time
from planner.taper.request import Request

Regimen = Mapping[Time, Decimal]


@dataclass(frozen=True)
class Portion:
    """How much of one product is taken at one time: pieces, or mL of a liquid."""

    product: str
    units: Decimal


@dataclass(frozen=True)
class Step:
    """A regimen and how many days it is taken. A stop (or a dose never supplied) has days 0, end None."""

    number: int
    start: date
    days: int
    regimen: Regimen
    daily: Decimal
    preferred: Decimal | None  # the dose that the preferred cut would have reached; None if checked
    cut: Decimal  # negative where the dose rises
    cut_of_current: Decimal  # percent, one decimal
    cut_of_starting: Decimal
    over_limit: bool
    take: Mapping[Time, tuple[Portion, ...]]  # a time at zero, or one that cannot be made, is left out

    @property
    def end(self) -> date | None:
        return self.start + timedelta(days=self.days - 1) if self.days else None


@dataclass(frozen=True)
class Finding:
    """Something a rule says about a schedule. step: the step's number, or None for the whole."""

    code: str
    severity: Severity
    message: str
    step: int | None = None
    source: Source | None = None


@dataclass(frozen=True)
class Fill:
    """One dispensing: exact units for its days, and the whole pieces to hand out, by product."""

    start: date
    end: date
    units: Mapping[str, Decimal]
    dispense: Mapping[str, int]


@dataclass(frozen=True)
class Supply:
    total: Mapping[str, Decimal]
    fills: tuple[Fill, ...]


@dataclass(frozen=True)
class Answer:
    """A whole answer. A refused one has findings, perhaps stuck_at, and no steps."""

    outcome: Literal["proposed", "checked", "refused"]
    request: Request
    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()
    supply: Supply | None = None
    ends: date | None = None
    days: int | None = None
    stuck_at: Decimal | None = None

    @property
    def medicine(self) -> Medicine:
        return self.request.medicine

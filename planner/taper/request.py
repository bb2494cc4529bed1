"""A request, read and with every default filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from planner.taper.closures import Closures
from planner.taper.medicine import Limit, Medicine, Phase, Product, Time


@dataclass(frozen=True)
class Context:
    """What is known about clinic and patient beside the request; all of it may be unknown."""

    country: str | None = None
    limit: Limit | None = None  # the clinic's own, used when the request has none
    pace: tuple[Phase, ...] | None = None  # likewise
    born: date | None = None
    second_taper: bool = False  # another running taper of a medicine acting on the nervous system
    signed_off: bool = False  # the clinic signed off the medicine file
    in_force: Decimal | None = None  # the daily dose of the running version that this one would replace
    asked_on: date | None = None  # the day on which it is asked, for the engine has no clock
    issuing: bool = False  # findings that only matter for an issue are made too
    closures: Closures | None = None  # the days on which nobody at the clinic answers the phone
    check_ins: Literal["usual", "every"] = "usual"  # after which changes a contact is planned


@dataclass(frozen=True)
class Request:
    """A request as resolved. Amounts are in the medicine's unit, doses a day unless a time is named."""

    medicine: Medicine
    products: tuple[Product, ...]
    regimen: Mapping[Time, Decimal]
    target: Decimal
    start: date
    pace: tuple[Phase, ...]
    limit: Limit
    coarse: Literal["flag", "refuse"]
    order: tuple[Time, ...]
    final_dose: Decimal
    max_units: Decimal
    fill_days: int
    factors: tuple[str, ...] | None
    taking_since: date | None
    context: Context = Context()
    given: frozenset[str] = frozenset()  # the fields that were not left out

    @property
    def current(self) -> Decimal:
        """The daily dose now."""
        return sum(self.regimen.values(), Decimal(0))

    @property
    def starting(self) -> Decimal:
        """The daily dose before the taper."""
        return self.current

    @property
    def times(self) -> tuple[Time, ...]:
        return tuple(self.regimen)

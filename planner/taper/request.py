"""A request, read and with every default filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal

from planner.taper.closures import Closures
from planner.taper.medicine import Change, Limit, Medicine, Phase, Product, Time

Coarse = Literal["flag", "stretch", "refuse"]
Shape = Literal["even", "one-time-first"]
AfterLead = Literal["taper", "wait", "stay"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
class Taken:
    """A regimen of the past, and the day from which it was taken."""

    start: date
    days: int
    regimen: Mapping[Time, Decimal]

    @cached_property
    def daily(self) -> Decimal:
        return sum(self.regimen.values(), Decimal(0))


@dataclass(frozen=True)
class Edit:
    """A step changed by hand: its days, its regimen, or the products in use after it; one of the three.

    step: its number in the schedule as it stands when the edit is made, counted after the lead (0: the start, for
    products); again: whether
    what comes after it is proposed anew, or kept as it was; at: the daily dose of the step when the change was made, so
    that it is never made at another.
    """

    step: int
    days: int | None = None
    regimen: Mapping[Time, Decimal] | None = None
    products: tuple[Product, ...] | None = None
    again: bool = True
    at: Decimal | None = None


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
    coarse: Coarse
    order: tuple[Time, ...]
    final_dose: Decimal
    max_units: Decimal
    fill_days: int
    factors: tuple[str, ...] | None
    taking_since: date | None
    shape: Shape = "even"
    change_on: frozenset[int] | None = None  # weekdays on which a dose may change, Monday 0; None: any
    end_by: date | None = None
    end_by_cut: Change | None = None  # given beside end_by: has to be the one that is found
    history: tuple[Taken, ...] = ()  # what was taken before, the latest last
    started_from: Decimal | None = None  # the daily dose before the whole taper, where this is a revision of one
    on_hand: Mapping[str, Decimal] = field(default_factory=dict)  # units that the patient holds, by product
    lead: tuple[Taken, ...] = ()  # steps settled beforehand, up to the day before `start`: a hold, a step back
    after_lead: AfterLead = "taper"  # what follows them: a proposal, nothing until it is decided, the same for good
    edits: tuple[Edit, ...] = ()
    proportions: Mapping[Time, Decimal] | None = None  # in which a dose is shared; None: those of the regimen
    paced_from: Decimal | None = None  # the daily dose from which the pace is judged; None: the one now
    context: Context = Context()
    given: frozenset[str] = frozenset()  # the fields that were not left out

    @cached_property
    def current(self) -> Decimal:
        """The daily dose now."""
        return sum(self.regimen.values(), Decimal(0))

    @cached_property
    def starting(self) -> Decimal:
        """The daily dose before the taper, through all its versions."""
        return self.current if self.started_from is None else self.started_from

    @cached_property
    def shares_of(self) -> Mapping[Time, Decimal]:
        """The regimen in whose proportions a daily dose is shared over the times."""
        return self.regimen if self.proportions is None else self.proportions

    @cached_property
    def at_first(self) -> Decimal:
        """The daily dose in force before anything that is known: without a history the one now, as ever."""
        if not self.history:
            return self.current
        return self.history[0].daily if self.started_from is None else self.started_from

    @cached_property
    def past(self) -> tuple[Taken, ...]:
        """The history; where the dose now is another than its last, that one too, from the day on which that ended."""
        if not self.history or self.history[-1].daily == self.current:
            return self.history
        last = self.history[-1]
        return (*self.history, Taken(last.start + timedelta(days=last.days), 0, self.regimen))

    @property
    def goes_on(self) -> bool:
        """Whether the last dose is taken further than the schedule says."""
        return bool(self.target) or self.after_lead == "wait"

    @cached_property
    def all_products(self) -> tuple[Product, ...]:
        """The products asked for, and those that an edit brings in."""
        later = (product for edit in self.edits for product in edit.products or ())
        return tuple({product.key: product for product in (*self.products, *later)}.values())

    @cached_property
    def times(self) -> tuple[Time, ...]:
        return tuple(self.regimen)

"""Dated regimens made into whole steps: cuts, percents, pieces to take, supply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from planner.taper.amounts import percent
from planner.taper.limits import Course
from planner.taper.makings import DayTake, Makings, Pieces, quarters
from planner.taper.medicine import Limit, Product, Time
from planner.taper.request import Request
from planner.taper.schedule import Portion, Regimen, Step
from planner.taper.whole import Scale


@dataclass(frozen=True)
class Bare:
    """A regimen, the day it begins, the days it is taken, and the dose that was wished for (None: not known).

    products: those it is made from; None: the request's. by_hand: whether the days were set by hand.
    """

    start: date
    days: int
    regimen: Regimen
    preferred: Decimal | None = None
    products: tuple[Product, ...] | None = None
    by_hand: bool = False

    @cached_property
    def daily(self) -> Decimal:
        return sum(self.regimen.values(), Decimal(0))


def complete(request: Request, bares: Sequence[Bare], makings: Makings | None = None) -> tuple[Step, ...]:
    """Steps from dated regimens, each cut held against the limit over its dated window.

    makings: those of the search that made the regimens, so that no day is weighed twice.
    """
    sets = {bare.products for bare in bares}
    kitchens = {products: Kitchen(request, bares, products, makings) for products in sets}
    over = [cut_breach(request, request.limit, bares, n) > 0 for n in range(len(bares))]
    befores = [request.current, *(bare.daily for bare in bares)]
    return tuple(_step(request, kitchens[bare.products], n, befores[n], bare, over[n]) for n, bare in enumerate(bares))


def _step(request: Request, kitchen: "Kitchen", place: int, before: Decimal, bare: Bare, over: bool) -> Step:
    cut = before - bare.daily
    return Step(
        number=place + 1,
        start=bare.start,
        days=bare.days,
        regimen=bare.regimen,
        daily=bare.daily,
        preferred=bare.preferred,
        cut=cut,
        cut_of_current=_percent(cut, before),
        cut_of_starting=_percent(cut, request.starting),
        over_limit=over,
        take=kitchen.take(bare.regimen),
    )


def cut_breach(request: Request, limit: Limit, bares: Sequence[Bare] | Sequence[Step], place: int) -> Decimal:
    """By how much the cut to a step passes a limit, in the medicine's unit; 0 for a rise and for the step to zero."""
    new = bares[place].daily
    before = bares[place - 1].daily if place else request.current
    if new >= before or not new:
        return Decimal(0)
    return Course(request, bares, place).window(limit, bares[place].start, new).breach


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    if not whole:
        return Decimal("0.0")
    return percent(part, whole) if part >= 0 else -percent(-part, whole)


class Kitchen:
    """Which pieces make each dose of a schedule, exactly; doses above max_units are made all the same.

    products: those in use; None: all of the request.
    """

    def __init__(
        self, request: Request, bares: Sequence[Bare] | Sequence[Step], products: tuple[Product, ...] | None = None,
        makings: Makings | None = None,
    ) -> None:  # fmt: skip
        self.products = request.all_products if products is None else products
        self.makings = makings or self._fresh(request, bares)
        self.scale = self.makings.scale

    def _fresh(self, request: Request, bares: Sequence[Bare] | Sequence[Step]) -> Makings:
        doses = {dose for bare in bares for dose in bare.regimen.values()}
        scale = Scale.for_amounts([*(p.increment for p in self.products), *doses])
        return Makings(self.products, scale, quarters(request.max_units))

    def take(self, regimen: Regimen) -> Mapping[Time, tuple[Portion, ...]]:
        """The portions of each time above zero; a dose that the products cannot make is left out."""
        doses = tuple([self.scale.whole(dose) for dose in regimen.values()])
        day = self.makings.day(doses) or self._all_the_same(doses)
        return {time: self._portions(pieces) for time, pieces in zip(regimen, day.pieces, strict=True) if pieces}

    def _all_the_same(self, doses: tuple[int, ...]) -> DayTake:
        """A day with a dose above max_units, or with one that cannot be made."""
        fewest = [self.makings.fewest_quarters(dose) for dose in doses]
        made = tuple([0 if few is None else dose for dose, few in zip(doses, fewest, strict=True)])
        most = max([few or 0 for few in fewest])
        enough = most <= self.makings.max_quarters
        return (self.makings if enough else Makings(self.products, self.scale, most)).sure_day(made)

    def makes(self, dose: Decimal) -> bool:
        return self.makings.fewest_quarters(self.scale.whole(dose)) is not None

    def _portions(self, pieces: Pieces) -> tuple[Portion, ...]:
        return tuple([Portion(self.products[i].key, self.makings.units(i, parts)) for i, parts in sorted(pieces)])

"""The ground on which a schedule is searched: what the products make, in whole numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from planner.taper.amounts import show
from planner.taper.errors import BadInput
from planner.taper.fit import MOST_UNITS
from planner.taper.makings import Makings, quarters
from planner.taper.medicine import Product, Time
from planner.taper.request import Request
from planner.taper.shares import EvenShares, OneTimeFirst, Regimen, Shares
from planner.taper.whole import Scale, common_step

MOST_DAILIES = 400  # the most daily doses that a search looks at


@dataclass(frozen=True)
class Ground:
    """scale, makings and shares of a request; dailies: the makeable daily doses it may pass, ascending.

    first: the regimen now; multiple: of how many syringe steps each liquid dose is a multiple (1 unless that made too
    many doses); thinned: whether makeable daily doses were passed over because there were still too many.
    """

    scale: Scale
    makings: Makings
    shares: Shares
    dailies: tuple[int, ...]
    first: Regimen
    order: tuple[int, ...]
    multiple: int
    thinned: bool

    @property
    def is_tidy(self) -> bool:
        """Whether doses that the products make were passed over, so that the search stays small."""
        return self.multiple > 1 or self.thinned


def lay(request: Request) -> Ground:
    """The ground of a request: liquids in the least multiple of their syringe steps that keeps the search small."""
    proportions = tuple(request.shares_of.values())
    amounts = [*(p.increment for p in request.products), *request.regimen.values(), *proportions]
    scale = Scale.for_amounts([*amounts, request.target, request.final_dose])
    makings = Makings(request.products, scale, quarters(request.max_units))
    first = tuple(scale.whole(dose) for dose in request.regimen.values())
    order = order_places(request.times, request.order)
    share_of = first if request.shape == "one-time-first" else tuple(map(scale.whole, proportions))
    shares_in = OneTimeFirst if request.shape == "one-time-first" else EvenShares
    shares: Shares = shares_in(makings, share_of, order)
    target = scale.whole(request.target)
    multiple = _multiple(makings, sum(first) - target)
    grid = makings
    if multiple > 1:
        grid = Makings(_coarser(request.products, multiple), scale, makings.max_quarters)
        shares = shares_in(grid, share_of, order, {target: shares.regimens(target)})
    step = common_step(grid.increments)
    dailies = _dailies(shares, step, target, sum(first))
    thinned = sum(first) - target > step * MOST_DAILIES
    return Ground(scale, makings, shares, dailies, first, order, multiple, thinned)


def _multiple(makings: Makings, span: int) -> int:
    """The least multiple of the liquids' steps at which at most MOST_DAILIES daily doses lie on the common grid.

    Where no multiple reaches that (tablets alone are finer), the liquids stay as they are.
    """
    liquids = [n for n, product in enumerate(makings.products) if product.is_liquid]
    finest = min((makings.increments[n] for n in liquids), default=span)
    for multiple in range(1, span // finest + 2):
        steps = [step * (multiple if n in liquids else 1) for n, step in enumerate(makings.increments)]
        if span <= MOST_DAILIES * common_step(steps):
            return multiple
    return 1


def _coarser(products: Sequence[Product], multiple: int) -> list[Product]:
    return [replace(p, step_ml=p.step_ml * multiple) if p.step_ml else p for p in products]


def _dailies(shares: Shares, step: int, target: int, current: int) -> tuple[int, ...]:
    """The makeable daily doses from the target (above 0) to below the current one, ascending.

    Where even then more than MOST_DAILIES lie on the grid (tablets alone are so fine) only each so many is looked at,
    and the smallest of all, from which a stop is always possible.
    """
    stride = step * max(1, -(-(current - target) // (step * MOST_DAILIES)))
    found = [daily for daily in range(target // stride * stride + stride, current, stride) if shares.regimens(daily)]
    least = target or step
    return tuple(sorted({*found, *([least] if least < current and shares.regimens(least) else [])}))


def order_places(times: Sequence[Time], order: Sequence[Time]) -> tuple[int, ...]:
    """The places of a regimen's times, the one to lower first in front."""
    return tuple(times.index(time) for time in order if time in times)


def require_target(request: Request, ground: Ground) -> None:
    """Raises BadInput where the products cannot make the target, naming the nearest daily doses they can."""
    target = ground.scale.whole(request.target)
    if not target or ground.shares.regimens(target):
        return
    raise BadInput("target", show(request.target), f"These products cannot make it. {nearest(request, ground, target)}")


def nearest(request: Request, ground: Ground, daily: int) -> str:
    """The nearest makeable daily doses to one that is not, in words."""
    step = common_step(ground.makings.increments)
    below = next((d for d in range(daily - daily % step, 0, -step) if ground.shares.regimens(d)), None)
    above = next((d for d in ground.dailies if d > daily), None)
    found = [f"{show(ground.scale.amount(d))} {request.medicine.unit}" for d in (below, above) if d]
    return (
        f"The nearest they can: {' and '.join(found)} a day." if found else "They make no dose below the current one."
    )


def reach_final(request: Request, ground: Ground) -> Request:
    """The request with a final dose that the search can reach.

    Raises BadInput where the products make no dose at or below it; where only the multiple of the syringe step is in
    the way, the smallest dose looked at becomes the final one.
    """
    if request.target or request.current <= request.final_dose:
        return request
    if not ground.dailies:
        raise _nothing_lower(request)
    smallest = ground.scale.amount(ground.dailies[0])
    if smallest <= request.final_dose:
        return request
    if ground.is_tidy:
        return replace(request, final_dose=smallest)
    raise BadInput(
        "final_dose", show(request.final_dose),
        f"The smallest daily dose that these products make is {show(smallest)} {request.medicine.unit}.",
    )  # fmt: skip


def _nothing_lower(request: Request) -> BadInput:
    if request.max_units < MOST_UNITS and lay(replace(request, max_units=Decimal(MOST_UNITS))).dailies:
        most = show(request.max_units)
        return BadInput("max_units", most, "So few pieces make no daily dose below the current one. Allow more.")
    words = "They make no daily dose below the current one. Add a finer product."
    return BadInput("products", names(request), words)


def names(request: Request) -> str:
    return ", ".join(product.key for product in request.products)

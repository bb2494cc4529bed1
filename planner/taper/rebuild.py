"""A schedule that was proposed before, reckoned again from its doses and days alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from planner.taper.amounts import parse_amount
from planner.taper.check import findings_of
from planner.taper.complete import Bare, complete
from planner.taper.errors import BadInput
from planner.taper.given import KNOWN, read_steps
from planner.taper.lead import whole
from planner.taper.medicine import Product
from planner.taper.read_pace import limit_from, pace_from
from planner.taper.request import Request
from planner.taper.schedule import Answer
from planner.taper.solve import proposed

Json = Mapping[str, Any]


def as_written(request: Request, written: Json) -> Request:
    """A request that was read from a resolved one, with that one's very pace and limit.

    A date to end by would have its cut found anew, and a patient factor may bring a stricter limit than the one that
    the schedule was made with.
    """
    unit = request.medicine.unit
    pace = pace_from(written["pace"], unit, request.starting)
    cut = pace[0].cut if request.end_by else None
    return replace(request, pace=pace, limit=limit_from(written["limit"], unit), end_by_cut=cut)


def rebuilt(request: Request, steps: Sequence[Json]) -> Answer:
    """The answer of which only ``start``, ``days``, ``regimen`` and ``preferred`` of each step are taken as given.

    Without what only the search can say of it. Raises BadInput where a step cannot be read.
    """
    if not steps or not all(isinstance(step, Mapping) for step in steps):
        raise BadInput("steps", type(steps).__name__, "Give at least one step, each an object.")
    bares = read_steps([{name: step.get(name) for name in KNOWN} for step in steps], request)
    wished = [parse_amount(f"steps.{place}.preferred", step.get("preferred")) for place, step in enumerate(steps)]
    made = products_in_use(request, len(bares))
    known = [
        replace(bare, preferred=preferred, products=products)
        for bare, preferred, products in zip(bares, wished, made, strict=True)
    ]
    return _answer(request, known)


def _answer(request: Request, bares: Sequence[Bare]) -> Answer:
    steps = complete(request, bares)
    return whole(request, steps, ()) if request.lead else proposed(request, steps, findings_of(request, steps))


def products_in_use(request: Request, count: int) -> list[tuple[Product, ...]]:
    """What each of so many steps is made from: changes by hand bring other products in after a step."""
    found = [request.products] * count
    for edit in request.edits:
        place = len(request.lead) + edit.step
        if edit.products is not None:
            found[place:] = [edit.products] * len(found[place:])
        elif edit.regimen is not None and edit.again:
            found[place:] = [found[place - 1]] * len(found[place:])
    return found

"""How much of each product a schedule needs, exactly and per fill."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from planner.taper.request import Request
from planner.taper.schedule import Fill, Step, Supply


def supply(request: Request, steps: Sequence[Step]) -> Supply:
    """Exact units and whole pieces (mL of a liquid) per fill; what is on hand or left over is used up first.

    A target above zero is supplied to the end of the fill in which its days end.
    """
    taken = [step for step in steps if step.days and step.daily]
    if not taken:
        return Supply({}, ())
    first, last = taken[0].start, taken[-1].start + timedelta(days=taken[-1].days - 1)
    on_target = request.goes_on and (request.after_lead == "wait" or taken[-1].daily == request.target)
    spans = [_span(step) for step in taken]
    if on_target:
        spans[-1] = replace(spans[-1], end=date.max)
    fills: list[Fill] = []
    left = dict(request.on_hand)
    start = first
    while start <= last:
        end = start + timedelta(days=request.fill_days - 1)
        units = _units(spans, start, end)
        end = end if on_target else min(end, last)
        fills.append(Fill(start, end, units, _dispense(units, left)))
        start += timedelta(days=request.fill_days)
    return Supply(_total(fill.units for fill in fills), tuple(fills))


@dataclass(frozen=True)
class _Span:
    """What is taken on each day from start to end."""

    start: date
    end: date
    per_day: Mapping[str, Decimal]


def _span(step: Step) -> _Span:
    return _Span(step.start, step.start + timedelta(days=step.days - 1), per_day(step))


def _units(spans: Sequence[_Span], start: date, end: date) -> dict[str, Decimal]:
    parts = []
    for span in spans:
        if span.start <= end and span.end >= start:
            days = (min(end, span.end) - max(start, span.start)).days + 1
            parts.append({product: units * days for product, units in span.per_day.items()})
    return _total(parts)


def per_day(step: Step) -> dict[str, Decimal]:
    """Units of each product on one day of a step."""
    return _total({portion.product: portion.units} for portions in step.take.values() for portion in portions)


def _total(parts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for part in parts:
        for product, units in part.items():
            found[product] = found.get(product, Decimal(0)) + units
    return found


def _dispense(units: Mapping[str, Decimal], left: dict[str, Decimal]) -> dict[str, int]:
    """Whole pieces to hand out; `left` is what the patient still holds, and is brought up to date."""
    dispensed = {}
    for product, needed in units.items():
        whole = max(0, ceil(needed - left.get(product, Decimal(0))))
        left[product] = left.get(product, Decimal(0)) + whole - needed
        dispensed[product] = whole
    return dispensed

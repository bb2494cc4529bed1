"""How fast: the preferred cut of a dose, and the days between cuts that the limit leaves."""

from decimal import Decimal
from fractions import Fraction

from planner.taper.medicine import Phase
from planner.taper.request import Request


def as_change(request: Request, phase: Phase, current: Decimal) -> Decimal:
    """The preferred cut from a daily dose, no further than the limit, in the medicine's unit."""
    allowed = request.limit.cut.units(current, request.starting)
    return min(phase.cut.units(current, request.starting), allowed)


def preferred_dose(request: Request, before: Decimal, new: Decimal) -> Decimal:
    """The daily dose that the preferred cut from one dose would reach, in the phase that leads to a new one.

    0 for the stop, which nothing is preferred to.
    """
    if not new:
        return Decimal(0)
    return max(Decimal(0), before - as_change(request, request.pace[phase_at(request, new)], before))


def phase_at(request: Request, new: Decimal) -> int:
    """The number of the phase that leads to a daily dose: the first that goes so far down."""
    return next(n for n, phase in enumerate(request.pace) if phase.down_to is None or new >= phase.down_to)


def slowed(request: Request, number: int) -> int:
    """The days that each step of a phase is taken: as asked, or the least at which one window's cuts keep the limit.

    Judged from the dose at which the phase begins.
    """
    every, window = request.pace[number].every, request.limit.days
    if every >= window:
        return every
    cuts = _cuts_within(request, number, -(-window // every))
    return max(every, -(-window // cuts))


def _cuts_within(request: Request, number: int, most: int) -> int:
    """How many preferred cuts of a phase, up to so many, keep the limit together; the first does by itself."""
    dose = reference = Fraction(_begins_at(request, number))
    cut, low = request.pace[number].cut, reference - _part_of_limit(request, reference)
    for count in range(most):
        dose -= min(_part(cut.amount, cut.of, dose, request), _part_of_limit(request, dose))
        if dose < low:
            return count
    return most


def _begins_at(request: Request, number: int) -> Decimal:
    down_to = request.pace[number - 1].down_to if number else None
    first = request.current if request.paced_from is None else request.paced_from
    return first if down_to is None else min(down_to, first)


def _part_of_limit(request: Request, dose: Fraction) -> Fraction:
    return _part(request.limit.cut.amount, request.limit.cut.of, dose, request)


def _part(amount: Decimal, of: str | None, dose: Fraction, request: Request) -> Fraction:
    if of is None:
        return Fraction(amount)
    return Fraction(amount) * (dose if of == "current" else Fraction(request.starting)) / 100

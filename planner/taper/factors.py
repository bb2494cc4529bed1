"""Which patient factors hold, and what they say."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from operator import ge, gt, lt
from typing import Any

from planner.taper.medicine import Factor, Medicine, Phase
from planner.taper.request import Request
from planner.taper.schedule import Finding

Known = int | Decimal | None


def effective(
    medicine: Medicine,
    factors: Sequence[str] | None,
    born: date | None,
    start: date,
    *,
    taking_since: date | None = None,
    current: Decimal | None = None,
) -> list[str]:
    """The factors ticked and those that follow from what is known on the day of the first lower dose.

    born and taking_since give the age and the days of use on that day; current: the daily dose now.
    """
    age = None if born is None else start.year - born.year - ((start.month, start.day) < (born.month, born.day))
    taken = None if taking_since is None else (start - taking_since).days
    follow = [factor.key for factor in medicine.factors if _follows(factor, age, taken, current)]
    return list(dict.fromkeys([*(factors or ()), *follow]))


def _follows(factor: Factor, age: int | None, taken: int | None, current: Decimal | None) -> bool:
    """Whether the factor has bounds, and what is known of the patient meets them all."""
    bounds: tuple[tuple[Known, Callable[[Any, Any], bool], Known], ...] = (
        (age, ge, factor.age_from),
        (age, lt, factor.age_below),
        (taken, gt, factor.taken_days_over),
        (current, ge, factor.daily_from),
    )
    given = [(known, meets, bound) for known, meets, bound in bounds if bound is not None]
    return bool(given) and all(known is not None and meets(known, bound) for known, meets, bound in given)


def held_factors(request: Request) -> list[Factor]:
    """The factors that hold for a request, also those that follow from its dates and dose."""
    medicine, born = request.medicine, request.context.born
    since, current = request.taking_since, request.current
    keys = effective(medicine, request.factors, born, request.start, taking_since=since, current=current)
    return [medicine.factor(key) for key in keys]


def factor_findings(request: Request) -> list[Finding]:
    """One finding for each patient factor that holds, also those that were not ticked."""
    return [Finding(f.key, f.severity, f.message, None, f.source) for f in held_factors(request)]


def exceeded(request: Request) -> dict[tuple[Phase, ...], list[Factor]]:
    """The paces of held factors that the request's pace passes in its first phase, with the factors that name each."""
    speed = _per_day(request.pace, request)
    passed: dict[tuple[Phase, ...], list[Factor]] = {}
    for factor in held_factors(request):
        if factor.pace and _per_day(factor.pace, request) < speed:
            passed.setdefault(factor.pace, []).append(factor)
    return passed


def _per_day(pace: Sequence[Phase], request: Request) -> Decimal:
    """What the first phase cuts in a day, in the medicine's unit, as the slowest of several paces is found."""
    return pace[0].cut.units(request.current, request.starting) / pace[0].every

"""A path of regimens put on the calendar: when each change falls, and how long each step is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from planner.taper.calendar_days import next_allowed
from planner.taper.complete import Bare
from planner.taper.limits import Course
from planner.taper.pace import as_change, phase_at, slowed
from planner.taper.request import Request
from planner.taper.schedule import Regimen
from planner.taper.words import WEEK

Path = Sequence[tuple[int, Regimen]]  # the regimens in order, each with the number of the phase that leads to it


def on_calendar(
    request: Request, path: Path, *, exact_start: bool = False, by_hand: Mapping[int, int] | None = None
) -> list[Bare]:
    """The regimens with their days, and the stop where the target is zero.

    Each step is as long as its phase says, longer where the limit's window, a change day or a stretch asks for it.
    exact_start: the first change falls on the request's start, whatever the window says; by_hand: days of single
    regimens, by place, that are kept just as exactly.
    """
    bares: list[Bare] = []
    every = [slowed(request, number) for number in range(len(request.pace))]
    earliest, held_phase, exact = request.start, phase_at(request, request.current), exact_start
    for place, (phase, regimen) in enumerate(path):
        if not exact:
            earliest = _first_day(request, bares, sum(regimen.values(), Decimal(0)), earliest, every[held_phase])
        days = (by_hand or {}).get(place, every[phase])
        wished = _wished(request, phase, bares[-1].daily if bares else request.current)
        _hold(bares, earliest)
        bares.append(Bare(earliest, days, regimen, wished))
        earliest, held_phase, exact = earliest + timedelta(days=days), phase, place in (by_hand or {})
    return bares if request.target else _stopped(request, bares, earliest)


def _wished(request: Request, phase: int, before: Decimal) -> Decimal:
    return max(Decimal(0), before - as_change(request, request.pace[phase], before))


def _hold(bares: list[Bare], until: date) -> None:
    """Has the last step held until the day before the next begins."""
    if bares and bares[-1].start + timedelta(days=bares[-1].days) != until:
        bares[-1] = replace(bares[-1], days=(until - bares[-1].start).days)


def _first_day(request: Request, bares: Sequence[Bare], new: Decimal, earliest: date, every: int) -> date:
    """The first day for a cut; under `stretch` the step before one over the limit is held for it.

    The step before the first cut is the last of the history, where the dose now is that.
    """
    course = Course(request, bares, len(bares))
    begun = bares[-1].start if bares else _begun(request)
    if request.coarse == "stretch" and begun is not None and course.is_beyond(request.limit, new):
        earliest = max(earliest, begun + timedelta(days=hold_days(request, course.current, new, every)))
    return course.first_day_within(request.limit, earliest, new)


def _begun(request: Request) -> date | None:
    """The day from which the dose now has been taken, where the history says so."""
    return request.past[-1].start if request.past else None


def hold_days(request: Request, current: Decimal, new: Decimal, every: int) -> int:
    """How long a dose is held before a cut over the limit: as often the limit's days as the cut is the limit's size.

    In whole weeks where the phase counts in weeks.
    """
    limit = request.limit
    held = ceil((current - new) * limit.days / limit.cut.units(current, request.starting))
    return -(-held // WEEK) * WEEK if every % WEEK == 0 else held


def _stopped(request: Request, bares: list[Bare], earliest: date) -> list[Bare]:
    """With the step to zero; under `stretch` the last dose is taken at least as long as the step before it."""
    if request.coarse == "stretch" and len(bares) > 1:
        earliest = max(earliest, bares[-1].start + timedelta(days=bares[-2].days))
    day = next_allowed(earliest, request.change_on)
    nothing = {time: Decimal(0) for time in request.times}
    _hold(bares, day)
    return [*bares, Bare(day, 0, nothing, Decimal(0))]

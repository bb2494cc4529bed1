"""From a request to the best schedule that keeps its rules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

from planner.taper.amounts import show
from planner.taper.check import by_weight, exclusions, findings_of
from planner.taper.complete import Bare, complete
from planner.taper.errors import BadInput, Stuck
from planner.taper.ground import Ground, lay, reach_final, require_target
from planner.taper.limits import Course
from planner.taper.medicine import Change, Phase
from planner.taper.pace import as_change, slowed
from planner.taper.read_pace import LONGEST_DAYS
from planner.taper.remarks import remarks
from planner.taper.request import Request
from planner.taper.schedule import Answer, Finding, Step
from planner.taper.search import Bounds, Search, Share, Stretch
from planner.taper.shares import Regimen
from planner.taper.supply import supply
from planner.taper.whole import Scale

Path = list[tuple[int, Regimen]]


def propose(request: Request) -> Answer:
    """The best schedule of a request, checked by the rules; the README says what is best.

    Raises BadInput where the products cannot make the target or a final dose. An answer is refused where a patient
    factor forbids a schedule, where no smaller dose can be made, or where `coarse` is refuse and a cut must pass
    the limit.
    """
    if forbidden := exclusions(request):
        return Answer("refused", request, findings=tuple(forbidden))
    ground = lay(request)
    require_target(request, ground)
    request = reach_final(request, ground)
    search = _search(request, ground)
    try:
        path = _path(request, ground, search)
    except Stuck as stuck:
        finding = Finding("stuck", "refuse", stuck.message)
        return Answer("refused", request, findings=(finding,), stuck_at=Decimal(stuck.at))
    return _answer(request, ground, path)


def _answer(request: Request, ground: Ground, path: Path) -> Answer:
    steps = complete(request, _dated(request, ground, path))
    _require_an_end(request, steps)
    findings = [*findings_of(request, steps), *remarks(request, ground, steps)]
    return Answer(
        "proposed", request, steps, tuple(by_weight(findings)), supply(request, steps),
        ends=steps[-1].start, days=(steps[-1].start - steps[0].start).days,
    )  # fmt: skip


def _require_an_end(request: Request, steps: Sequence[Step]) -> None:
    days = (steps[-1].start - request.start).days
    if days > LONGEST_DAYS:
        size = show(request.limit.cut.amount) + ("%" if request.limit.cut.of else "")
        words = f"With this limit in {request.limit.days} days the taper takes {days // 365} years. Give a larger one."
        raise BadInput("limit.cut", size, words)


def _search(request: Request, ground: Ground) -> Search:
    whole = ground.scale.whole
    phases = [Stretch(_share(phase.cut, request, ground.scale), _low(phase, ground.scale)) for phase in request.pace]
    limit = _share(request.limit.cut, request, ground.scale)
    bounds = Bounds(whole(request.target), whole(request.final_dose), limit)
    return Search(ground.makings, ground.shares, ground.dailies, phases, bounds, ground.order)


def _share(cut: Change, request: Request, scale: Scale) -> Share:
    if cut.of == "current":
        found = Fraction(cut.amount) / 100
        return Share(found.numerator, found.denominator, True)
    found = Fraction(cut.units(request.current, request.starting)) * scale.per_unit
    return Share(found.numerator, found.denominator, False)


def _low(phase: Phase, scale: Scale) -> int | None:
    return None if phase.down_to is None else ceil(phase.down_to * scale.per_unit)


def _path(request: Request, ground: Ground, search: Search) -> Path:
    """The regimens in order, without the stop. Raises Stuck."""
    path = search.path(ground.before)
    if path is None:
        raise Stuck(show(request.current), _no_way_down(request))
    if request.coarse == "refuse":
        _refuse_breach(request, ground, search, path)
    return path


def _no_way_down(request: Request) -> str:
    unit = request.medicine.unit
    return (
        f"From {show(request.current)} {unit} a day these products make no way down in which every dose can be made "
        "and no time's dose rises. Add a finer product, or allow more pieces at one time."
    )


def _refuse_breach(request: Request, ground: Ground, search: Search, path: Path) -> None:
    before = sum(ground.before)
    for _, regimen in path:
        after = sum(regimen)
        if search.breaks(before, after):
            dose = show(ground.scale.amount(before))
            raise Stuck(dose, _stuck_words(request, dose, ground.scale.amount(before - after)))
        before = after


def _stuck_words(request: Request, dose: str, cut: Decimal) -> str:
    unit = request.medicine.unit
    allowed = show(request.limit.cut.units(Decimal(dose), request.starting))
    return (
        f"At {dose} {unit} a day the smallest cut that these products make is {show(cut)} {unit}; the limit allows "
        f"{allowed} {unit} in {request.limit.days} days. Ways on: a finer product, staying at {dose} {unit}, or "
        "showing the cut and giving a reason."
    )


def _dated(request: Request, ground: Ground, path: Path) -> list[Bare]:
    """The regimens with their days: each as long as its phase says, longer where the limit's window asks for it."""
    bares: list[Bare] = []
    earliest = request.start
    for phase_number, regimen in path:
        phase = request.pace[phase_number]
        daily = ground.scale.amount(sum(regimen))
        course = Course(bares, len(bares), request.starting)
        start = course.first_day_within(request.limit, earliest, daily)
        bares = [*_closed(bares, start), _bare(request, ground, bares, phase, start, regimen)]
        earliest = start + timedelta(days=slowed(request, phase_number))
        bares[-1] = replace(bares[-1], days=(earliest - start).days)
    if not request.target:
        bares.append(Bare(earliest, 0, {time: Decimal(0) for time in request.times}, Decimal(0)))
    return bares


def _closed(bares: Sequence[Bare], start: date) -> list[Bare]:
    """The steps with the last one held until the day before the next begins."""
    return [*bares[:-1], *(replace(bare, days=(start - bare.start).days) for bare in bares[-1:])]


def _bare(request: Request, ground: Ground, bares: Sequence[Bare], phase: Phase, start: date, regimen: Regimen) -> Bare:
    before = bares[-1].daily if bares else request.current
    preferred = max(Decimal(0), before - as_change(request, phase, before))
    doses = {time: ground.scale.amount(dose) for time, dose in zip(request.times, regimen, strict=True)}
    return Bare(start, 0, doses, preferred)

"""The best schedule of a request with a pace, without changes by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil

from planner.taper.amounts import show
from planner.taper.check import by_weight, findings_of
from planner.taper.complete import Bare, complete
from planner.taper.dating import Path, on_calendar
from planner.taper.errors import BadInput, Stuck
from planner.taper.ground import Ground, lay, reach_final, require_target
from planner.taper.medicine import Change, Phase
from planner.taper.pace import phase_at, slowed
from planner.taper.read_pace import LONGEST_DAYS
from planner.taper.remarks import remarks
from planner.taper.request import Request
from planner.taper.schedule import Answer, Finding, Regimen, Step
from planner.taper.search import Bounds, PhaseRule, Search, Share
from planner.taper.supply import supply
from planner.taper.whole import Scale
from planner.taper.words import days_words


@dataclass(frozen=True)
class Problem:
    """A request on its ground. Making one raises BadInput where the products cannot make the target or final dose."""

    request: Request
    ground: Ground

    @classmethod
    def of(cls, request: Request) -> "Problem":
        ground = lay(request)
        require_target(request, ground)
        return cls(reach_final(request, ground), ground)

    @cached_property
    def _whole_path(self) -> list[tuple[int, tuple[int, ...]]] | None:
        return self.search.path(self.ground.first)

    @property
    def track(self) -> object:
        """What the dates of the best schedule depend on, beside what all trials of a request share."""
        path = self._whole_path
        return None if path is None else tuple(path), slowed(self.request, 0)

    @cached_property
    def search(self) -> Search:
        request, scale = self.request, self.ground.scale
        phases = [PhaseRule(_share(phase.cut, request, scale), _low(phase, scale)) for phase in request.pace]
        limit = _share(request.limit.cut, request, scale)
        bounds = Bounds(scale.whole(request.target), scale.whole(request.final_dose), limit)
        return Search(self.ground.makings, self.ground.shares, self.ground.dailies, phases, bounds, self.ground.order)

    def path(self) -> Path:
        """The regimens of the best schedule, without the stop. Raises Stuck where there is none."""
        if self._whole_path is None:
            raise Stuck(show(self.request.current), _no_way_down(self.request))
        return [(phase, self._amounts(regimen)) for phase, regimen in self._whole_path]

    def _amounts(self, regimen: tuple[int, ...]) -> Regimen:
        amount = self.ground.scale.amount
        return {time: amount(dose) for time, dose in zip(self.request.times, regimen, strict=True)}

    def refuse_breach(self) -> None:
        """Raises Stuck at the dose before the first cut that passes the limit by itself."""
        before = sum(self.ground.first)
        for _, regimen in self._whole_path or ():
            after = sum(regimen)
            if self.search.breaks(before, after):
                at, cut = self.ground.scale.amount(before), self.ground.scale.amount(before - after)
                raise Stuck(show(at), _stuck_words(self.request, at, cut, self.ground))
            before = after


def solve(request: Request) -> Answer:
    """The best schedule, checked by the rules. Raises BadInput as Problem does, and where it takes over ten years."""
    problem = Problem.of(request)
    try:
        return answer_of(problem, on_calendar(problem.request, unbroken_path(problem)))
    except Stuck as stuck:
        return refused(request, stuck)


def unbroken_path(problem: Problem) -> Path:
    """The path, under `refuse` only where no cut passes the limit. Raises Stuck."""
    path = problem.path()
    if problem.request.coarse == "refuse":
        problem.refuse_breach()
    return path


def refused(request: Request, stuck: Stuck) -> Answer:
    finding = Finding("stuck", "refuse", stuck.message)
    return Answer("refused", request, findings=(finding,), stuck_at=Decimal(stuck.at))


def answer_of(problem: Problem, bares: Sequence[Bare]) -> Answer:
    request = problem.request
    steps = complete(request, bares, problem.ground.makings)
    require_an_end(request, steps)
    findings = [*findings_of(request, steps), *remarks(request, problem.ground, steps)]
    return proposed(request, steps, findings)


def proposed(request: Request, steps: tuple[Step, ...], findings: Sequence[Finding]) -> Answer:
    return Answer(
        "proposed", request, steps, tuple(by_weight(findings)), supply(request, steps),
        ends=steps[-1].start, days=(steps[-1].start - steps[0].start).days,
    )  # fmt: skip


def require_an_end(request: Request, steps: Sequence[Step]) -> None:
    """Raises BadInput for a schedule of over ten years, at the limit where that makes a step longer than its pace."""
    days = (steps[-1].start - request.start).days
    if days <= LONGEST_DAYS:
        return
    years = f"the taper takes {days // 365} years"
    if any(step.days > request.pace[phase_at(request, step.daily)].every for step in steps if step.daily):
        words = f"With this limit in {days_words(request.limit.days)} {years}. Give a larger one."
        raise BadInput("limit.cut", _size(request.limit.cut, request), words)
    phase = request.pace[0]
    raise BadInput("pace.0.cut", _size(phase.cut, request), f"With this pace {years}. Give larger cuts, or fewer days.")


def _size(cut: Change, request: Request) -> str:
    return f"{show(cut.amount)}{'%' if cut.of else f' {request.medicine.unit}'}"


def _share(cut: Change, request: Request, scale: Scale) -> Share:
    if cut.of == "current":
        found = Fraction(cut.amount) / 100
        return Share(found.numerator, found.denominator, True)
    found = Fraction(cut.units(request.current, request.starting)) * scale.per_unit
    return Share(found.numerator, found.denominator, False)


def _low(phase: Phase, scale: Scale) -> int | None:
    return None if phase.down_to is None else ceil(phase.down_to * scale.per_unit)


def _no_way_down(request: Request) -> str:
    unit = request.medicine.unit
    return (
        f"From {show(request.current)} {unit} a day these products make no way down in which every dose can be made "
        "and no time's dose rises. Add a finer product, or allow more pieces at one time."
    )


def _stuck_words(request: Request, dose: Decimal, cut: Decimal, ground: Ground) -> str:
    unit = request.medicine.unit
    smallest = "smallest cut among the doses compared" if ground.is_tidy else "smallest cut that these products make"
    allowed = show(request.limit.cut.units(dose, request.starting))
    return (
        f"At {show(dose)} {unit} a day the {smallest} is {show(cut)} {unit}; the limit "
        f"allows {allowed} {unit} in {days_words(request.limit.days)}. Ways on: a finer product, "
        f"staying at {show(dose)} {unit}, or showing the cut and giving a reason."
    )

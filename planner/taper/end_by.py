"""The least preferred cut whose schedule ends by a wished-for date."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from functools import cache

from planner.taper.amounts import TENTH, show, show_day
from planner.taper.complete import complete
from planner.taper.dating import on_calendar
from planner.taper.errors import BadInput, Stuck
from planner.taper.medicine import Basis, Change
from planner.taper.pace import slowed
from planner.taper.request import Request
from planner.taper.schedule import Answer, Finding
from planner.taper.solve import Problem, answer_of, refused, unbroken_path
from planner.taper.words import days_words

ALL_TENTHS = 1000  # 100 %
STRIDE = 4  # tenths of a percent: how far from a guess is looked first
FEW_DAILIES = 60  # up to so many daily doses every tenth of a percent is tried; above, it is found by halving


def in_time(request: Request) -> Answer:
    """The schedule of the least preferred cut, in tenths of a percent, that ends by the request's date.

    A cut above the limit is tried no further than the limit, so none above it is looked at. Where none ends in time: a
    refusal that says by how much the limit would be broken, and, as its `ends`, the date that cuts up to the limit
    reach. Raises BadInput as `solve` does.
    """
    problem = Problem.of(request)
    most = max(1, int(request.pace[0].cut.amount / TENTH))  # a limit below a tenth holds the cut back by itself

    known: dict[object, date] = {}

    @cache
    def ends_with(tenths: int) -> date:
        trial = _with_cut(problem, tenths)
        key = trial.track  # many cuts lead to the same schedule
        if key not in known:
            known[key] = _ends(trial)
        return known[key]

    def in_time_at(tenths: int) -> bool:
        return request.end_by is not None and ends_with(tenths) <= request.end_by

    try:
        if len(problem.ground.dailies) > FEW_DAILIES:
            guess = _guess(problem, request.pace[0].cut.of, request.pace[0].every, most)
            tenths = _by_halving(in_time_at, 1, most, guess)
        else:
            tenths = _first(in_time_at, most) if _may_end(problem) else None
        return _too_late(problem, ends_with(most)) if tenths is None else _found(_with_cut(problem, tenths))
    except Stuck as stuck:
        return refused(request, stuck)


def _may_end(problem: Problem) -> bool:
    """Whether the fewest cuts, each step as short as its pace, end in time; if not, no cut has to be tried."""
    request = problem.request
    assert request.end_by is not None
    steps = problem.search.fewest_cuts(problem.ground.first) - (1 if request.target else 0)
    return request.start + timedelta(days=steps * request.pace[0].every) <= request.end_by


def _first(holds: Callable[[int], bool], most: int) -> int | None:
    return next((number for number in range(1, most + 1) if holds(number)), None)


def _by_halving(holds: Callable[[int], bool], low: int, high: int, guess: int) -> int | None:
    """A number at which it holds and just below which it does not; None where it does not hold at the highest.

    Looked for from a guess on, in strides that double, and then by halving the last stride.
    """
    if low > high:
        return None
    near, stride = min(max(guess, low), high), STRIDE
    if holds(near):
        while near > low and holds(max(low, near - stride)):
            near, stride = max(low, near - stride), 2 * stride
        low, high = max(low, near - stride + 1), near
    else:
        while near < high and not holds(min(high, near + stride)):
            near, stride = min(high, near + stride), 2 * stride
        if near == high:
            return None
        low, high = near + 1, min(high, near + stride)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return high


def _guess(problem: Problem, cut_of: Basis | None, every: int, most: int) -> int:
    """About how large a cut has to be, in tenths of a percent, to end in time: to the dose nearest to each wish."""
    request, scale, dailies = problem.request, problem.ground.scale, problem.ground.dailies
    assert request.end_by is not None
    cuts = (request.end_by - request.start).days // every
    end, starting = scale.whole(max(request.target, request.final_dose)), int(request.starting * scale.per_unit)

    def is_enough(tenths: int) -> bool:
        place, dose = len(dailies), scale.whole(request.current)
        for _ in range(cuts if dailies else 0):
            wished = dose - tenths * (dose if cut_of == "current" else starting) // ALL_TENTHS
            place = max(0, min(place - 1, bisect_left(dailies, wished)))
            dose = dailies[place]
            if dose <= end:
                return True
        return False

    return bisect_left(range(1, most), True, key=is_enough) + 1


def _with_cut(problem: Problem, tenths: int) -> Problem:
    phase = problem.request.pace[0]
    cut = Change(tenths * TENTH, phase.cut.of)
    return replace(problem, request=replace(problem.request, pace=(replace(phase, cut=cut),)))


def _ends(problem: Problem) -> date:
    return on_calendar(problem.request, problem.path())[-1].start


def _found(problem: Problem) -> Answer:
    request = problem.request
    answer = answer_of(problem, on_calendar(request, unbroken_path(problem)))
    assert request.end_by is not None
    phase = request.pace[0]
    if request.end_by_cut not in (None, phase.cut):
        found = f"{show(phase.cut.amount)} % of the {phase.cut.of} dose"
        raise BadInput("end_by", request.end_by.isoformat(), f"It asks for a cut of {found}: leave yours out.")
    size = f"{show(phase.cut.amount)} % of the {phase.cut.of} dose every {days_words(phase.every)}"
    few = len(problem.ground.dailies) <= FEW_DAILIES
    words = f"The least preferred cut that ends by {show_day(request.end_by)} is {size}."
    if not few:
        words = f"A preferred cut of {size} ends by {show_day(request.end_by)}. It was found by halving."
    return replace(answer, findings=(*answer.findings, Finding("end-by", "advise", words)))


def _too_late(problem: Problem, ends: date) -> Answer:
    """The refusal, with the limit that would end in time and the date that keeps the limit."""
    request = problem.request
    assert request.end_by is not None
    words = [f"No preferred cut up to the limit ends by {show_day(request.end_by)}."]
    trial = _within_needed_limit(problem)
    if trial is not None:
        needed = trial.request.limit
        over = show(needed.cut.amount - _limit_percent(request))
        size = f"{show(needed.cut.amount)} % of the {needed.cut.of} dose in {days_words(needed.days)}"
        coarse = _cuts_over(trial)
        words.append(f"With a limit of {size} one does, {over} percentage points more{coarse}.")
    words.append(f"Cuts up to the limit end on {show_day(ends)}.")
    return Answer("refused", request, findings=(Finding("end-by", "refuse", " ".join(words)),), ends=ends)


def _within_needed_limit(problem: Problem) -> Problem | None:
    """The request with the least limit, in tenths of a percent, at which cuts as large as it end in time.

    None where none does.
    """

    @cache
    def with_limit(tenths: int) -> Problem:
        limit = replace(problem.request.limit, cut=Change(tenths * TENTH, problem.request.limit.cut.of or "current"))
        wide = _with_cut(problem, ALL_TENTHS)
        return replace(wide, request=replace(wide.request, limit=limit))

    def holds(tenths: int) -> bool:
        end_by = problem.request.end_by
        return end_by is not None and _ends(with_limit(tenths)) <= end_by

    widest = with_limit(ALL_TENTHS)
    guess = _guess(widest, widest.request.limit.cut.of, slowed(widest.request, 0), ALL_TENTHS)
    tenths = _by_halving(holds, int(_limit_percent(problem.request) / TENTH) + 1, ALL_TENTHS, guess)
    return None if tenths is None else with_limit(tenths)


def _cuts_over(trial: Problem) -> str:
    """What is over its limit with cuts as large as it; empty where nothing is."""
    over = sum(step.over_limit for step in complete(trial.request, on_calendar(trial.request, trial.path())))
    return f"; {over} cut{'s' if over > 1 else ''} even over that, for these products make no smaller" if over else ""


def _limit_percent(request: Request) -> Decimal:
    """The limit in percent; an amount as percent of the current dose, its whole tenths."""
    cut = request.limit.cut
    if cut.of:
        return cut.amount
    return (cut.amount * ALL_TENTHS / request.current).to_integral_value(ROUND_FLOOR) * TENTH

"""The least preferred cut whose schedule ends by a wished-for date."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from planner.taper.amounts import TENTH, show, show_day
from planner.taper.dating import on_calendar
from planner.taper.errors import BadInput, Stuck
from planner.taper.medicine import Change, Limit
from planner.taper.request import Request
from planner.taper.schedule import Answer, Finding
from planner.taper.solve import Problem, answer_of, refused, unbroken_path

WHOLE = Decimal(100)


def in_time(request: Request) -> Answer:
    """The schedule of the least preferred cut, in tenths of a percent, that ends by the request's date.

    Where none within the limit does, a refusal that says by how much the limit would be broken, and the date that
    keeps it. Raises BadInput as `solve` does.
    """
    assert request.end_by is not None
    problem = Problem.of(request)
    try:
        earliest: date | None = None
        for trial in _trials(problem):
            ends = _ends(trial)
            if ends <= request.end_by:
                return _found(trial)
            earliest = ends if earliest is None else min(earliest, ends)
        return _too_late(problem, earliest)
    except Stuck as stuck:
        return refused(request, stuck)


def _trials(problem: Problem) -> Iterator[Problem]:
    """The request with each preferred cut up to the limit, the least first; beyond the limit all are alike."""
    phase = problem.request.pace[0]
    for tenths in range(1, int(phase.cut.amount / TENTH) + 1):
        cut = Change(tenths * TENTH, phase.cut.of)
        yield replace(problem, request=replace(problem.request, pace=(replace(phase, cut=cut),)))


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
    size = f"{show(phase.cut.amount)} % of the {phase.cut.of} dose every {phase.every} days"
    words = f"The least preferred cut that ends by {show_day(request.end_by)} is {size}."
    finding = Finding("end-by", "advise", words)
    return replace(answer, findings=(*answer.findings, finding))


def _too_late(problem: Problem, earliest: date | None) -> Answer:
    """The refusal, with the limit that would end in time and the first date that keeps the limit."""
    request = problem.request
    assert request.end_by is not None
    words = [f"Within the limit no schedule ends by {show_day(request.end_by)}."]
    needed = _needed_limit(problem)
    if needed is not None:
        over = show(needed.cut.amount - _limit_percent(request))
        size = f"{show(needed.cut.amount)} % of the {needed.cut.of} dose in {needed.days} days"
        words.append(f"It needs a limit of {size}: {over} percentage points more.")
    if earliest is not None:
        words.append(f"The first date that keeps the limit is {show_day(earliest)}.")
    finding = Finding("end-by", "refuse", " ".join(words))
    return Answer("refused", request, findings=(finding,), ends=earliest)


def _needed_limit(problem: Problem) -> Limit | None:
    """The least limit, in tenths of a percent, under which a schedule ends in time; None where none does."""
    request = problem.request
    of = request.limit.cut.of or "current"
    first = int(_limit_percent(request) / TENTH) + 1
    for tenths in range(first, 1001):
        cut = Change(tenths * TENTH, of)
        limit = replace(request.limit, cut=cut)
        pace = (replace(request.pace[0], cut=Change(WHOLE, request.pace[0].cut.of)),)
        trial = replace(problem, request=replace(request, limit=limit, pace=pace))
        if request.end_by is not None and _ends(trial) <= request.end_by:
            return limit
    return None


def _limit_percent(request: Request) -> Decimal:
    """The limit in percent; an amount as percent of the current dose."""
    cut = request.limit.cut
    return cut.amount if cut.of else cut.amount * 100 / request.current

"""A schedule that begins with steps settled beforehand: a dose that is held, or gone back to."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from planner.taper.check import by_weight, findings_of
from planner.taper.complete import Bare, complete
from planner.taper.request import Request, Taken
from planner.taper.schedule import Answer, Finding, Step
from planner.taper.supply import supply

ONE_DAY = timedelta(days=1)
Propose = Callable[[Request], Answer]


def led(request: Request, propose: Propose) -> Answer:
    """The request's lead with what is proposed after it, all of it checked as one schedule.

    A refused answer where nothing can be proposed after it. propose: makes a schedule of a request without a lead.
    """
    if request.after_lead != "taper":
        return whole(request, _settled(request, request.lead), ())
    rest = propose(after_lead(request))
    if not rest.steps:
        return replace(rest, request=request)
    asked = replace(request, pace=rest.request.pace, end_by_cut=rest.request.end_by_cut)
    first = _settled(asked, _held(request.lead, rest.steps[0]))
    later = [replace(step, number=step.number + len(first)) for step in rest.steps]
    return whole(asked, (*first, *later), _remarks(rest, len(first)))


def after_lead(request: Request) -> Request:
    """The request for what follows the lead, which is a part of its past."""
    last = request.lead[-1]
    past = _joined([*_past(request), *request.lead])
    return replace(request, regimen=last.regimen, history=past, started_from=request.starting, lead=())


def _past(request: Request) -> Sequence[Taken]:
    """The history; without one, the dose now on the day before the lead."""
    if request.history:
        return request.past
    return (Taken(request.lead[0].start - ONE_DAY, 1, request.regimen),)


def _held(lead: Sequence[Taken], following: Step) -> list[Taken]:
    """The lead, its last step held until what follows begins: a limit's window or a change day may ask for it."""
    *before, last = lead
    return [*before, replace(last, days=(following.start - last.start).days)]


def _joined(past: Sequence[Taken]) -> tuple[Taken, ...]:
    """Days of one daily dose after another as one: since when a dose is taken counts before a coarse cut."""
    found: list[Taken] = []
    for taken in past:
        if found and found[-1].daily == taken.daily:
            days = (taken.start - found[-1].start).days + taken.days
            found[-1] = replace(taken, start=found[-1].start, days=days)
        else:
            found.append(taken)
    return tuple(found)


def _settled(request: Request, lead: Sequence[Taken]) -> tuple[Step, ...]:
    """The lead as whole steps, made from the products asked for."""
    products = request.products
    return complete(request, [Bare(led.start, led.days, led.regimen, led.daily, products) for led in lead])


def _remarks(rest: Answer, settled: int) -> list[Finding]:
    """What only the search can say of what it proposed, with the numbers of the whole schedule's steps."""
    by_rules = findings_of(rest.request, rest.steps)
    remarks = [finding for finding in rest.findings if finding not in by_rules]
    return [replace(found, step=found.step + settled if found.step else None) for found in remarks]


def whole(request: Request, steps: tuple[Step, ...], remarks: Sequence[Finding]) -> Answer:
    """The answer of a schedule that begins with settled steps. remarks: what only the search can say of it."""
    found = tuple(by_weight([*findings_of(request, steps), *remarks]))
    ends = None if request.after_lead == "wait" else _first_at_the_end(steps)
    days = (ends.start - _first_cut(steps).start).days if ends else None
    return Answer(
        "proposed", request, steps, found, supply(request, steps), ends=ends.start if ends else None, days=days
    )


def _first_at_the_end(steps: Sequence[Step]) -> Step:
    """The step that is the first of those with the last dose."""
    last = steps[-1].daily
    return next(step for place, step in enumerate(steps) if all(later.daily == last for later in steps[place:]))


def _first_cut(steps: Sequence[Step]) -> Step:
    return next((step for step in steps if step.cut > 0), steps[0])

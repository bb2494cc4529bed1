"""Rules that compare a schedule with what runs already, and with today."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from planner.taper.amounts import show, show_day
from planner.taper.request import Request
from planner.taper.schedule import Finding, Step


def stepped_back(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    in_force, unit = _in_force(request), request.medicine.unit
    if in_force is not None and request.current > in_force:
        now = f"{show(request.current)} {unit} a day"
        words = f"This begins from {now}, above the {show(in_force)} {unit} of the running plan that it replaces."
        yield Finding("stepped-back", "acknowledge", words)


def _in_force(request: Request) -> Decimal | None:
    """The daily dose before this version: the running plan's, else the last of the history; None: not known."""
    if request.context.in_force is not None or not request.history:
        return request.context.in_force
    return request.history[-1].daily


def late_start(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    asked_on = request.context.asked_on
    if asked_on is not None and request.start < asked_on:
        begins = show_day(request.start)
        words = f"The first lower dose is in the past, {begins}. Make sure that the patient has taken it since then."
        yield Finding("late-start", "advise", words)


RUNNING_RULES = (stepped_back, late_start)

"""Rules that compare a schedule with what runs already, and with today."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from planner.taper.amounts import DAY_NAMES, show, show_day
from planner.taper.request import Request
from planner.taper.schedule import Finding, Step
from planner.taper.words import listed, product_words


def stepped_back(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    in_force, unit = _in_force(request), request.medicine.unit
    if in_force is not None and request.current > in_force:
        now = f"{show(request.current)} {unit} a day"
        words = f"This begins from {now}, above the {show(in_force)} {unit} of the running plan that it replaces."
        yield Finding("stepped-back", "acknowledge", words)
    yield from _rises_in_lead(request, steps)


def _rises_in_lead(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    """Steps settled beforehand that take more than before: the dose itself, or at one time of the day."""
    unit, before, regimen = request.medicine.unit, request.current, request.regimen
    for step in steps[: len(request.lead)]:
        day = show_day(step.start)
        if step.daily > before:
            words = f"From {day} the daily dose is {show(step.daily)} {unit} again, after {show(before)} {unit}."
            yield Finding("stepped-back", "acknowledge", words, step.number)
        elif risen := [time for time, dose in step.regimen.items() if dose > regimen.get(time, 0)]:
            words = f"From {day} more is taken in the {listed(risen)} than before."
            yield Finding("stepped-back", "acknowledge", words, step.number)
        before, regimen = step.daily, step.regimen


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


def change_day(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    """A change on a weekday on which none was wished for: only a change by hand, or a given schedule, has one."""
    for step in steps:
        if request.change_on is not None and step.cut and step.start.weekday() not in request.change_on:
            words = f"The change on {show_day(step.start)} is on a {DAY_NAMES[step.start.weekday()]}."
            yield Finding("change-day", "advise", f"{words} Changes were wished for on other days.", step.number)


def new_product(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    """When to collect what is not taken from the first step on: one finding for all of it."""
    first = {portion.product for portions in steps[0].take.values() for portion in portions} if steps else set()
    begins: dict[str, Step] = {}
    for step in steps:
        for portion in (portion for portions in step.take.values() for portion in portions):
            begins.setdefault(portion.product, step)
    known = {product.key: product_words(product, request.medicine.unit) for product in request.all_products}
    later = [(key, step) for key, step in begins.items() if key not in first and key in known]
    if later and first:
        said = [f"the {known[key]} before {show_day(step.start)} (step {step.number})" for key, step in later]
        yield Finding("new-product", "advise", f"Have at hand: {listed(said)}.", later[0][1].number)


RUNNING_RULES = (stepped_back, late_start, change_day, new_product)

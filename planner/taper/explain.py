"""Why a number is what it is, so that a reader can redo the sum with a pocket calculator."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from planner.taper.amounts import show, show_day
from planner.taper.complete import cut_breach
from planner.taper.limits import Course
from planner.taper.medicine import Product
from planner.taper.rules_schedule import limit_words
from planner.taper.schedule import Answer, Step

PARTS = {1: "one whole", 2: "half of one", 4: "a quarter of one"}


@dataclass(frozen=True)
class StepWhy:
    """sums: the cut as an amount and as percents; limit: what was allowed; makes: what the products can do."""

    sums: tuple[str, ...]
    limit: str
    makes: str
    sentence: str


def explain_step(answer: Answer, step: Step) -> StepWhy:
    """The sums behind a step of an answer."""
    before = _before(answer, step)
    return StepWhy(
        _sums(answer, step, before), _limit(answer, step), _makes(answer, step), _sentence(answer, step, before)
    )


def _before(answer: Answer, step: Step) -> Decimal:
    return answer.steps[step.number - 2].daily if step.number > 1 else answer.request.current


def _sums(answer: Answer, step: Step, before: Decimal) -> tuple[str, ...]:
    unit, starting = answer.medicine.unit, answer.request.starting
    cut = show(abs(step.cut))
    if step.cut < 0:
        return (f"{show(step.daily)} − {show(before)} = {cut} {unit} more",)
    shares = [f"{cut} ÷ {show(starting)} = {step.cut_of_starting} % of starting"]
    if before:
        shares.insert(0, f"{cut} ÷ {show(before)} = {step.cut_of_current} % of current")
    return (f"{show(before)} − {show(step.daily)} = {cut} {unit}", *shares)


def _limit(answer: Answer, step: Step) -> str:
    """What the limit allowed at this cut, and from which dose it was reckoned."""
    request, unit = answer.request, answer.medicine.unit
    if not step.daily:
        final = show(request.final_dose)
        return f"The step to zero comes at or below the final dose of {final} {unit}: it is not counted."
    course = Course(answer.steps, step.number - 1, request.starting)
    found = course.window(request.limit, step.start, step.daily)
    of = {"current": f"{show(found.reference)} {unit}", "starting": f"{show(request.starting)} {unit}", None: ""}
    basis = of[request.limit.cut.of]
    share = f"{show(request.limit.cut.amount)} % of {basis} = " if basis else ""
    reference = f"from {show(found.reference)} {unit} on {show_day(found.since)}"
    return f"{share}{show(found.allowed)} {unit} in {request.limit.days} days, {reference}"


def _makes(answer: Answer, step: Step) -> str:
    request = answer.request
    finest = min(request.products, key=lambda product: product.increment)
    words = f"{show(finest.increment)} {answer.medicine.unit}: {part_words(finest, answer.medicine.unit)}."
    return f"{words} No smaller cut can be made." if step.over_limit else words


def part_words(product: Product, unit: str) -> str:
    """The smallest part of a product, as "half of one 10 mg tablet" or "0.5 mL of 1 mg/mL solution"."""
    strength = show(product.strength)
    if product.step_ml:
        return f"{show(product.step_ml)} mL of {strength} {unit}/mL solution"
    form = "packet" if product.form == "granules" else product.form
    return f"{PARTS[product.divides]} {strength} {unit} {form}"


def _sentence(answer: Answer, step: Step, before: Decimal) -> str:
    request, unit = answer.request, answer.medicine.unit
    if not step.daily:
        final = show(request.final_dose)
        return f"From {show(before)} {unit} a day the next step is zero: the final dose is {final} {unit}."
    wished = "" if step.preferred is None else f"The wished-for dose is {show(step.preferred)} {unit}. "
    held = _held(answer, step)
    limit = limit_words(request.limit, unit)
    if step.over_limit:
        breach = show(cut_breach(request, request.limit, answer.steps, step.number - 1))
        made = f"{show(step.daily)} {unit} is the nearest lower dose that can be made"
        return f"{wished}{made}: {breach} {unit} over the limit of {limit}.{held}"
    return f"{wished}{show(step.daily)} {unit} can be made and keeps the limit of {limit}.{held}"


def _held(answer: Answer, step: Step) -> str:
    """Said where the step before was held for the limit's window."""
    request, place = answer.request, step.number - 1
    if not place or answer.outcome != "proposed":
        return ""
    before = answer.steps[place - 1]
    usual = min(phase.every for phase in request.pace)
    window_start = step.start - timedelta(days=request.limit.days)
    if before.days > usual and before.start >= window_start:
        return (
            f" The step before it lasts {before.days} days, so that the window of {request.limit.days} days is clear."
        )
    return ""

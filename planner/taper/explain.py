"""Why a number is what it is, so that a reader can redo the sum with a pocket calculator."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from planner.taper.amounts import show, show_day
from planner.taper.complete import cut_breach
from planner.taper.holds import longer_steps, why_longer
from planner.taper.limits import Course
from planner.taper.medicine import Product
from planner.taper.rules_schedule import limit_words
from planner.taper.schedule import Answer, Step
from planner.taper.whole import Scale, common_step
from planner.taper.words import days_words, listed, product_words

MOST_NAMED = 4  # longer steps, each with its dose
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
        return "The step to zero is not counted against the limit."
    course = Course(request, answer.steps, step.number - 1)
    found = course.window(request.limit, step.start, step.daily)
    of = {"current": f"{show(found.reference)} {unit}", "starting": f"{show(request.starting)} {unit}", None: ""}
    basis = of[request.limit.cut.of]
    share = f"{show(request.limit.cut.amount)} % of {basis} = " if basis else ""
    reference = f"from {show(found.reference)} {unit} on {show_day(found.since)}"
    return f"{share}{show(found.allowed)} {unit} in {days_words(request.limit.days)}, {reference}"


def _makes(answer: Answer, step: Step) -> str:
    unit = answer.medicine.unit
    words = f"{step_words(_products_at(answer, step), unit)}."
    if not (step.over_limit and _is_smallest(answer)):
        return words
    before = _before(answer, step)
    down = f"From {show(before)} {unit} the next dose down is {show(step.daily)} {unit}"
    return f"{words} {down}: no smaller cut can be made."


def _is_smallest(answer: Answer) -> bool:
    """Whether a cut over the limit is sure to be the smallest: proposed, not by hand, no fine liquid in multiples."""
    by_hand = any(edit.regimen is not None or not edit.again for edit in answer.request.edits)
    return answer.outcome == "proposed" and not by_hand and all(f.code != "tidy-doses" for f in answer.findings)


def _products_at(answer: Answer, step: Step) -> Sequence[Product]:
    """The products asked for; where others come in later, those that the step is taken from."""
    request = answer.request
    used = {portion.product for portions in step.take.values() for portion in portions}
    if not used or all(edit.products is None for edit in request.edits):
        return request.all_products
    return [product for product in request.all_products if product.key in used]


def step_words(products: Sequence[Product], unit: str) -> str:
    """The step between the doses that products make, and which part of which makes it where one does."""
    scale = Scale.for_amounts(product.increment for product in products)
    step = scale.amount(common_step(scale.whole(product.increment) for product in products))
    alone = next((product for product in products if product.increment == step), None)
    made = part_words(alone, unit) if alone else "the step between the doses that these products make together"
    return f"{show(step)} {unit}: {made}"


def part_words(product: Product, unit: str) -> str:
    """The smallest part of a product, as "half of one 10 mg tablet" or "0.5 mL of 1 mg/mL solution"."""
    part = f"{show(product.step_ml)} mL of" if product.step_ml else PARTS[product.divides]
    return f"{part} {product_words(product, unit)}"


def _sentence(answer: Answer, step: Step, before: Decimal) -> str:
    if not step.daily:
        return _about_the_stop(answer, before)
    unit = answer.medicine.unit
    if step.number <= len(answer.request.lead):
        return _settled(answer, step)
    if step.cut < 0:
        return f"The daily dose rises by {show(-step.cut)} {unit} to {show(step.daily)} {unit}: the limit is on cuts."
    limit = limit_words(answer.request.limit, unit)
    if not step.over_limit:
        return f"{_wished(step, unit)}{show(step.daily)} {unit} keeps the limit of {limit}.{_held(answer, step)}"
    breach = show(cut_breach(answer.request, answer.request.limit, answer.steps, step.number - 1))
    nearest = " is the nearest lower dose that can be made:" if _is_smallest(answer) else " is"
    over = f"{breach} {unit} over the limit of {limit}"
    return f"{_wished(step, unit)}{show(step.daily)} {unit}{nearest} {over}.{_held(answer, step)}"


def _settled(answer: Answer, step: Step) -> str:
    """A step that was settled beforehand."""
    what = "more than before" if step.cut < 0 else "less than before" if step.cut else "the same as before"
    for_ = f"for {days_words(step.days)}"
    return f"{show(step.daily)} {answer.medicine.unit} a day {for_}, {what}: decided beforehand, not proposed."


def _about_the_stop(answer: Answer, before: Decimal) -> str:
    unit, final = answer.medicine.unit, answer.request.final_dose
    where = "above" if before > final else "at or below"
    return f"The next step from {show(before)} {unit} a day is zero: {where} the final dose of {show(final)} {unit}."


def _wished(step: Step, unit: str) -> str:
    return "" if step.preferred is None else f"The wished-for dose is {show(step.preferred)} {unit}. "


def _held(answer: Answer, step: Step) -> str:
    """Said where the step before lasts longer than its phase asks."""
    before = answer.steps[step.number - 2] if step.number > 1 else None
    if before is None or before not in longer_steps(answer):
        return ""
    return f" The step before it lasts {before.days} days, {why_longer(answer, before)}."


def explain_length(answer: Answer) -> str:
    """Why a proposed schedule is as long as it is: its steps by their days, and each that lasts longer with its why."""
    if answer.outcome != "proposed" or answer.days is None:
        return ""
    counted = [step for step in answer.steps if step.days and not _goes_on(answer, step)]
    longer = [step for step in longer_steps(answer) if step in counted]
    usual = [step for step in counted if step not in longer]
    counts = [f"{_steps(count)} of {days} days" for days, count in Counter(step.days for step in usual).items()]
    counts += _each(longer, answer.medicine.unit) if len(longer) <= MOST_NAMED else [_together(longer)]
    if not counts:
        return f"{answer.days} days."
    whys = Counter(why_longer(answer, step).partition(":")[0] for step in longer)
    said = [f"{_steps(count).capitalize()} longer {why}." for why, count in whys.items()]
    return " ".join([f"{answer.days} days: {listed(counts)}.", *said])


def _each(longer: Sequence[Step], unit: str) -> list[str]:
    return [f"{show(step.daily)} {unit} for {step.days} days" for step in longer]


def _together(longer: Sequence[Step]) -> str:
    least, most = min(step.days for step in longer), max(step.days for step in longer)
    return f"{_steps(len(longer))} of {f'{least} to {most}' if least < most else least} days"


def _goes_on(answer: Answer, step: Step) -> bool:
    """Whether it is the target above zero, whose days lie after the end."""
    return bool(step.daily) and step is answer.steps[-1]


def _steps(count: int) -> str:
    return "one step" if count == 1 else f"{count} steps"

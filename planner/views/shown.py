"""An answer as the page shows it: totals, supply, the chart in words, what it asks of the patient."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from planner.formulary import MedicineFile
from planner.papers.numbers import short_date
from planner.taper import Answer, CheckIn, Step, check_ins
from planner.taper.medicine import Medicine, Product
from planner.taper.rules_schedule import limit_words
from planner.taper.schedule import Fill, Portion
from planner.taper.supply import per_day
from planner.views.axes import Say
from planner.views.chart_days import told_days
from planner.views.described import Names

CONTACT_WORDS = {
    "first cuts": "after the first cuts",
    "over the limit": "after cuts over the limit",
    "the stop": "after the stop",
    "every cut": "after the other cuts",
}


@dataclass(frozen=True)
class Total:
    """Units of one product."""

    product: Product
    name: str
    units: Decimal
    is_alone: bool  # the only solid product, so that "231 tablets" is enough

    @property
    def plain(self) -> str:
        """Its pieces without a strength."""
        word = "packet" if self.product.form == "granules" else self.product.form
        return word if self.units <= 1 else f"{word}s"


@dataclass(frozen=True)
class FillRow:
    """One fill. units: what its days need, by product; dispense: the whole pieces handed out."""

    fill: Fill
    needs: tuple[tuple[Decimal, int], ...]

    @property
    def days(self) -> int:
        return (self.fill.end - self.fill.start).days + 1


@dataclass(frozen=True)
class Contacts:
    """The check-ins that one reason asks for, with its words."""

    words: str
    check_ins: tuple[CheckIn, ...]


@dataclass(frozen=True)
class Asked:
    """What the schedule asks of the patient: at most a day, and the check-ins in all and by reason."""

    divided: int
    measured: int
    check_ins: int
    contacts: tuple[Contacts, ...]
    peak_words: str  # when the check-ins are, as "1 to 3 days"; empty where the medicine file does not say


def totals(units: Mapping[str, Decimal], answer: Answer, file: Names) -> tuple[Total, ...]:
    """Units by product, in the order of the request."""
    taken = [product for product in products(answer) if units.get(product.key)]
    solids = sum(not product.is_liquid for product in taken)
    return tuple(Total(p, file.products[p.key].short, units[p.key], solids == 1) for p in taken)


def products(answer: Answer) -> tuple[Product, ...]:
    """The request's products; none where the request could not be read."""
    return answer.request.all_products if answer.request else ()


def at_once(answer: Answer, file: Names) -> tuple[Total, ...]:
    """The most of each product taken at one time."""
    most: dict[str, Decimal] = {}
    for portion in _portions(answer.steps):
        most[portion.product] = max(portion.units, most.get(portion.product, Decimal(0)))
    return totals(most, answer, file)


def most_a_day(answer: Answer, file: MedicineFile) -> tuple[Total, ...]:
    """The most of each product taken on one day."""
    most: dict[str, Decimal] = {}
    for step in answer.steps:
        for key, units in per_day(step).items():
            most[key] = max(units, most.get(key, Decimal(0)))
    return totals(most, answer, file)


def _portions(steps: Iterable[Step]) -> Iterable[Portion]:
    return (portion for step in steps for portions in step.take.values() for portion in portions)


def fills(answer: Answer, file: Names) -> tuple[tuple[Total, ...], list[FillRow]]:
    """What each product needs in all, and each fill in the same order of products."""
    assert answer.supply is not None
    everything = totals(answer.supply.total, answer, file)
    keys = [total.product.key for total in everything]
    return everything, [
        FillRow(fill, tuple((fill.units.get(key, Decimal(0)), fill.dispense.get(key, 0)) for key in keys))
        for fill in answer.supply.fills
    ]


def told(answer: Answer, say: Say) -> str:
    """The chart in words."""
    unit, first, last = answer.medicine.unit, answer.steps[0], answer.steps[-1]
    current, steps = say(answer.request.current), len(answer.steps)
    down = "down " if last.daily < answer.request.current else ""
    begins = f"From {current} {unit} a day {down}to {say(last.daily)} {unit}, in {steps} step{'s' * (steps > 1)}"
    when = f"from {short_date(first.start, year=True)} to {short_date(last.start, year=True)}"
    over = [f"{short_date(step.start)} ({step.cut_of_current} %)" for step in answer.steps if step.over_limit]
    limit = limit_words(answer.request.limit, unit)
    kept = f"Cuts over the limit of {limit}: {', '.join(over)}" if over else f"Every cut is within the limit of {limit}"
    return " ".join(filter(None, (f"{begins}, {when}. {kept}.", *told_days(answer))))


def asked_of_patient(answer: Answer) -> Asked:
    """The most divided pieces and measured doses on one day, and the check-ins."""
    liquids = {product.key for product in products(answer) if product.is_liquid}
    divided = [sum(p.product not in liquids and p.units % 1 != 0 for p in _portions([step])) for step in answer.steps]
    measured = [sum(p.product in liquids for p in _portions([step])) for step in answer.steps]
    found = check_ins(answer)
    peak = peak_words(answer.medicine)
    return Asked(max(divided, default=0), max(measured, default=0), len(found), _contacts(found), peak)


def _contacts(found: Sequence[CheckIn]) -> tuple[Contacts, ...]:
    by_reason = ((words, tuple(each for each in found if each.why == why)) for why, words in CONTACT_WORDS.items())
    return tuple(Contacts(words, some) for words, some in by_reason if some)


def peak_words(medicine: Medicine) -> str:
    """When signs of withdrawal are worst after a change, as "1 to 3 days"; empty where it is not known."""
    if medicine.peak_hours is None:
        return ""
    first, last = medicine.peak_hours
    in_days = not first % 24 and not last % 24
    return f"{first // 24} to {last // 24} days" if in_days else f"{first} to {last} hours"

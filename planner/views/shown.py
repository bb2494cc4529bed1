"""An answer as the page shows it: cards, rows, findings, supply. Numbers are written by the template."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from planner.forms.step_change import StepChange
from planner.formulary import MedicineFile
from planner.papers.numbers import short_date
from planner.taper import Answer, CheckIn, Option, Step, StepWhy, check_ins, explain_length, explain_step
from planner.taper.amounts import percent, show
from planner.taper.medicine import TIMES, Medicine, Product, Time
from planner.taper.rules_schedule import limit_words
from planner.taper.schedule import Fill, Portion
from planner.taper.supply import per_day
from planner.views.chart import Chart, Say, spark
from planner.views.chart_days import told_days
from planner.views.described import Names

Link = Callable[[Mapping[str, Any]], str]
CONTACT_WORDS = {
    "first cuts": "after the first cuts",
    "over the limit": "after cuts over the limit",
    "the stop": "after the stop",
    "every cut": "after the other cuts",
}


@dataclass(frozen=True)
class Cell:
    """What is taken at one time of a step."""

    time: Time
    dose: Decimal
    is_lower: bool
    is_higher: bool
    portions: tuple[Portion, ...]


@dataclass(frozen=True)
class Wished:
    """What the preferred cut would have reached: the dose, the cut, and its percents of current and of starting."""

    dose: Decimal
    cut: Decimal
    of_current: Decimal
    of_starting: Decimal


@dataclass(frozen=True)
class Boxes:
    """What a step is changed with: the values in its boxes, and what is wrong with them.

    doses: time, value and fault; fault: about the change as a whole; is_open: shown from the start.
    """

    days: str
    days_fault: str
    doses: tuple[tuple[Time, str, str], ...]
    keeps: bool
    fault: str
    is_open: bool


@dataclass(frozen=True)
class Row:
    """A step. wished: None where nothing else was wished for; opens: its sum is shown from the start."""

    step: Step
    cells: tuple[Cell, ...]
    wished: Wished | None
    why: StepWhy
    opens: bool
    names_year: bool
    boxes: Boxes

    @property
    def is_from_zero(self) -> bool:
        """Whether it rises from nothing, of which nothing is a percentage."""
        return self.step.daily > 0 and self.step.daily == -self.step.cut


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
class Card:
    """An option beside others. largest: the step with the largest cut that counts against the limit."""

    key: str
    title: str
    words: str
    address: str
    is_shown: bool
    answer: Answer
    spark: Chart | None
    cuts: int
    largest: Step | None
    over: int
    a_day: tuple[Total, ...]
    why_long: str
    supply: tuple[Total, ...]

    @property
    def last_dose(self) -> date | None:
        """The last day on which a dose is taken; None where the taper ends above zero."""
        ends = self.answer.ends
        return ends - timedelta(days=1) if ends and not self.answer.steps[-1].daily else None

    @property
    def most_of_starting(self) -> Decimal:
        """The largest cut in percent of starting; it may be another one than the largest of current."""
        return max(step.cut_of_starting for step in self.answer.steps if step.daily)

    @property
    def stop(self) -> Step | None:
        """The step to zero; None where there is none."""
        last = self.answer.steps[-1] if self.answer.steps else None
        return last if last and not last.daily else None

    @property
    def over_words(self) -> str:
        return cuts_words(self.over)


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


def cards(options: Sequence[Option], shown: Option, file: MedicineFile, link: Link) -> list[Card]:
    """Every option on one scale of time and dose."""
    drawn = [option.answer for option in options if option.answer.steps]
    last = max((last_day(answer) for answer in drawn), default=date.min)
    return [_card(option, option is shown, file, link, last) for option in options]


def last_day(answer: Answer) -> date:
    """The day on which the drawn line ends."""
    step = answer.steps[-1]
    return step.start + timedelta(days=step.days)


def _card(option: Option, is_shown: bool, file: MedicineFile, link: Link, last: date) -> Card:
    answer = option.answer
    counted = [step for step in answer.steps if step.daily]
    return Card(
        key=option.key, title=option.title, words=option.words, address=link({"show": option.key}),
        is_shown=is_shown, answer=answer,
        spark=spark(answer, last, answer.request.current) if answer.request and answer.steps else None,
        cuts=sum(step.cut > 0 for step in counted),
        largest=max(counted, key=lambda step: step.cut_of_current, default=None),
        over=sum(step.over_limit for step in counted), a_day=most_a_day(answer, file),
        why_long=explain_length(answer),
        supply=totals(answer.supply.total, answer, file) if answer.supply else (),
    )  # fmt: skip


def cuts_words(count: int) -> str:
    return f"{count} cut" if count == 1 else f"{count} cuts"


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


def rows(answer: Answer, change: StepChange | None = None) -> list[Row]:
    """The steps with what is taken at each time at which anything is ever taken.

    change: what was typed at one of them, and could not be used.
    """
    shown = times(answer)
    before: Mapping[Time, Decimal] = answer.request.regimen
    first_over = next((step for step in answer.steps if step.over_limit), None)
    found: list[Row] = []
    for step in answer.steps:
        cells = tuple(_cell(time, step, before) for time in shown)
        names_year = not found or found[-1].step.start.year != step.start.year
        why = explain_step(answer, step)
        found.append(Row(step, cells, _wished(answer, step), why, step is first_over, names_year, _boxes(step, change)))
        before = step.regimen
    return found


def _boxes(step: Step, change: StepChange | None) -> Boxes:
    if change is None or change.number != step.number:
        doses = tuple((time, show(dose), "") for time, dose in step.regimen.items())
        return Boxes(str(step.days), "", doses, keeps=False, fault="", is_open=False)
    faults = change.faults
    typed = tuple((time, change.doses[time], faults.get(time, "")) for time in step.regimen)
    whole = faults.get("all", "")
    return Boxes(change.days, faults.get("days", ""), typed, keeps=change.keeps, fault=whole, is_open=True)


def _cell(time: Time, step: Step, before: Mapping[Time, Decimal]) -> Cell:
    dose, was = step.regimen.get(time, Decimal(0)), before.get(time, Decimal(0))
    return Cell(time, dose, dose < was, dose > was, step.take.get(time, ()))


def _wished(answer: Answer, step: Step) -> Wished | None:
    before = step.daily + step.cut
    if step.preferred is None or not step.daily or step.preferred >= before:
        return None
    cut = before - step.preferred
    return Wished(step.preferred, cut, percent(cut, before), percent(cut, answer.request.starting))


def times(answer: Answer) -> list[Time]:
    """The times at which anything is ever taken."""
    regimens = (answer.request.regimen, *(step.regimen for step in answer.steps))
    return [time for time in TIMES if any(regimen.get(time) for regimen in regimens)]


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

"""Whether a printed calendar says what the schedule says: every day, every dose, every piece, every step."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from planner.papers.days import Day, last_day, schedule_days, times_of
from planner.papers.dosewords import DoseRead, PortionRead
from planner.papers.model import PaperMismatch
from planner.papers.numbers import long_date, unit_word
from planner.papers.readback import CalendarRead, DayRead, StepRead, doses_in_calendar
from planner.taper.medicine import Product, Time
from planner.taper.schedule import Answer, Portion, Step


def verify_calendar(pdf: bytes, answer: Answer) -> None:
    """Read the calendar's pages and compare them with the answer.

    Raises PaperMismatch naming the first difference: a day that is missing, doubled or too many, a dose, its
    pieces, a mark of change, a step of the table, the first and the last date.
    """
    if not answer.steps:
        raise PaperMismatch("There is no schedule to compare the calendar with.")
    read = doses_in_calendar(pdf)
    _Checker(answer).check(read)


class _Checker:
    def __init__(self, answer: Answer) -> None:
        self.answer, self.times = answer, times_of(answer)
        self.products: Mapping[str, Product] = {product.key: product for product in answer.request.all_products}
        self.units = {unit_word(answer.medicine.unit, country) for country in ("US", "GB")} | {"microgram"}

    def check(self, read: CalendarRead) -> None:
        self._check_days(read.days)
        self._check_steps(read.steps)
        self._check_dates(read.words)

    def _check_days(self, days: Sequence[DayRead]) -> None:
        seen: dict[date, DayRead] = {}
        for day in days:
            if day.date in seen:
                raise PaperMismatch(f"{long_date(day.date)} stands twice in the calendar.")
            seen[day.date] = day
        for expected in schedule_days(self.answer):
            self._check_day(expected, seen.pop(expected.date, None))
        for left in seen.values():
            self._check_other_day(left)

    def _check_day(self, expected: Day, found: DayRead | None) -> None:
        name = long_date(expected.date)
        if found is None or found.kind != "dose":
            raise PaperMismatch(f"{name} is missing in the calendar.")
        if found.new != expected.new:
            raise PaperMismatch(f"{name} is {'not ' if expected.new else ''}marked as a new dose.")
        if set(found.doses) != set(self.times):
            raise PaperMismatch(f"{name} has {_list(found.doses)}, the schedule {_list(self.times)}.")
        for time in self.times:
            dose = expected.dose(time)
            self._check_dose(f"{name}, {time}", found.doses[time], dose.amount, dose.portions)

    def _check_other_day(self, day: DayRead) -> None:
        name = long_date(day.date)
        if day.kind == "dose":
            raise PaperMismatch(f"{name} has doses in the calendar and none in the schedule.")
        if (day.kind == "before") != (day.date < self.answer.steps[0].start):
            raise PaperMismatch(f"{name} is on the wrong side of the schedule in the calendar.")

    def _check_dose(self, where: str, found: DoseRead, amount: Decimal, portions: Sequence[Portion]) -> None:
        if found.amount != amount:
            said = "no amount" if found.amount is None else found.amount
            raise PaperMismatch(f"{where}: the calendar says {said}, the schedule {amount}.")
        if amount and found.unit not in self.units:
            raise PaperMismatch(f"{where}: the calendar counts in {found.unit!r}.")
        if len(found.portions) != len(portions):
            many = f"{len(found.portions)} products, the schedule {len(portions)}"
            raise PaperMismatch(f"{where}: the calendar takes {many}.")
        for read, portion in zip(found.portions, portions, strict=True):
            self._check_portion(where, read, portion)

    def _check_portion(self, where: str, read: PortionRead, portion: Portion) -> None:
        product = self.products[portion.product]
        if read.units != portion.units:
            units = f"{read.units} of {product.key}, the schedule {portion.units}"
            raise PaperMismatch(f"{where}: the calendar says {units}.")
        if read.form not in (None, product.form) or (product.is_liquid and read.form != product.form):
            raise PaperMismatch(f"{where}: the calendar says {read.form}, the schedule {product.form}.")
        if read.strength not in (None, product.strength):
            raise PaperMismatch(f"{where}: the calendar says {read.strength}, the product has {product.strength}.")
        if read.strength is None and self._has_likes(product):
            raise PaperMismatch(f"{where}: the calendar does not say which product.")
        if read.amount not in (None, portion.units * product.strength):
            raise PaperMismatch(f"{where}: the calendar says {read.amount} for {portion.units} of {product.key}.")

    def _has_likes(self, product: Product) -> bool:
        """Whether another product that is taken could be meant by the same words."""
        taken = {p.product for step in self.answer.steps for portions in step.take.values() for p in portions}
        return sum(self.products[key].is_liquid == product.is_liquid for key in taken) > 1

    def _check_steps(self, steps: Sequence[StepRead]) -> None:
        if len(steps) != len(self.answer.steps):
            raise PaperMismatch(f"The table has {len(steps)} steps, the schedule {len(self.answer.steps)}.")
        for step, read in zip(self.answer.steps, steps, strict=True):
            self._check_step(step, read)

    def _check_step(self, step: Step, read: StepRead) -> None:
        where = f"The table, step {step.number}"
        if (read.start, read.end) != (step.start, step.end):
            raise PaperMismatch(f"{where}: {read.start} to {read.end}, in the schedule {step.start} to {step.end}.")
        if not step.days:
            return
        for time in self.times:
            amount = step.regimen.get(time, Decimal(0))
            self._check_dose(f"{where}, {time}", read.doses[time], amount, step.take.get(time, ()))
        if read.daily.amount != step.daily:
            raise PaperMismatch(f"{where}: {read.daily.amount} a day, in the schedule {step.daily}.")

    def _check_dates(self, words: Sequence[str]) -> None:
        """The first page names the first change; the last page names the last day."""
        first, last = long_date(self.answer.steps[0].start), long_date(last_day(self.answer))
        if first not in words[0] and first not in " ".join(words[:2]):
            raise PaperMismatch(f"The first page does not name {first}.")
        if last not in words[-1]:
            raise PaperMismatch(f"The last page does not name {last}.")


def _list(times: Mapping[Time, object] | Sequence[Time]) -> str:
    return ", ".join(times) or "no doses"

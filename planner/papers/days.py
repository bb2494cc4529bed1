"""The schedule as days of months, as the calendar shows them."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from planner.papers.numbers import first_weekday
from planner.taper.medicine import TIMES, Time
from planner.taper.schedule import Answer, Portion, Step

Week = tuple[date, ...]  # seven days, some perhaps of another month


@dataclass(frozen=True)
class Dose:
    """What is taken at one time of one day. lower, higher: than on the day before."""

    amount: Decimal
    portions: tuple[Portion, ...]
    lower: bool
    higher: bool = False

    @property
    def changed(self) -> bool:
        return self.lower or self.higher


@dataclass(frozen=True)
class Day:
    """kind: before the first change, a day of the schedule, or after its last day. new: the doses change that day."""

    date: date
    kind: Literal["before", "dose", "after"]
    new: bool = False
    doses: Mapping[Time, Dose] | None = None

    def dose(self, time: Time) -> Dose:
        return (self.doses or {})[time]


def times_of(answer: Answer) -> tuple[Time, ...]:
    """The times at which anything is ever taken, in the order of the day."""
    regimens = [answer.request.regimen, *(step.regimen for step in answer.steps)]
    return tuple(time for time in TIMES if any(regimen.get(time) for regimen in regimens))


def taken_steps(answer: Answer) -> tuple[Step, ...]:
    """The steps that have days: all but a stop."""
    return tuple(step for step in answer.steps if step.days)


def last_day(answer: Answer) -> date:
    """The last day of the schedule: of the last dose, or of the last step on the target."""
    last = taken_steps(answer)[-1]
    return last.start + timedelta(days=last.days - 1)


def ends_at_zero(answer: Answer) -> bool:
    return answer.steps[-1].daily == 0


def ask_before(answer: Answer) -> date | None:
    """The day to which the supply lasts, where the medicine goes on."""
    if ends_at_zero(answer) or answer.supply is None or not answer.supply.fills:
        return None
    return answer.supply.fills[-1].end


def schedule_days(answer: Answer) -> tuple[Day, ...]:
    """Every day from the first lower dose to the last day."""
    before: Mapping[Time, Decimal] = answer.request.regimen
    days: list[Day] = []
    for step in taken_steps(answer):
        days += _step_days(step, before, times_of(answer))
        before = step.regimen
    return tuple(days)


def _step_days(step: Step, before: Mapping[Time, Decimal], times: Sequence[Time]) -> list[Day]:
    zero = Decimal(0)
    amounts = {time: step.regimen.get(time, zero) for time in times}
    lower = {time for time in times if amounts[time] < before.get(time, zero)}
    higher = {time for time in times if amounts[time] > before.get(time, zero)}
    days = []
    for number in range(step.days):
        first = number == 0
        doses = {t: Dose(amounts[t], step.take.get(t, ()), first and t in lower, first and t in higher) for t in times}
        days.append(Day(step.start + timedelta(days=number), "dose", first and bool(lower | higher), doses))
    return days


def months_of(answer: Answer) -> tuple[date, ...]:
    """The first day of each month that has a day of the schedule."""
    month, last = answer.steps[0].start.replace(day=1), last_day(answer)
    months = []
    while month <= last:
        months.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return tuple(months)


def month_days(answer: Answer, month: date) -> tuple[Day, ...]:
    """Every day of a month."""
    known = {day.date: day for day in schedule_days(answer)}
    first = answer.steps[0].start
    dates = [month.replace(day=n) for n in range(1, monthrange(month.year, month.month)[1] + 1)]
    return tuple(known.get(day) or Day(day, "before" if day < first else "after") for day in dates)


def weeks_of(month: date, country: str) -> tuple[Week, ...]:
    """The weeks that have a day of the month, each with its seven days."""
    start = month - timedelta(days=(month.weekday() - first_weekday(country)) % 7)
    weeks = []
    while (start.year, start.month) <= (month.year, month.month):
        weeks.append(tuple(start + timedelta(days=n) for n in range(7)))
        start += timedelta(days=7)
    return tuple(weeks)

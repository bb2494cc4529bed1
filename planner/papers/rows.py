"""The schedule as CSV, a row a day."""

import csv
from io import StringIO

from planner.papers.days import Day, schedule_days, taken_steps, times_of
from planner.taper.amounts import show
from planner.taper.schedule import Answer


def day_rows_csv(answer: Answer) -> str:
    """A row for each day of the schedule: date, step, dose at each time, daily dose, units of each product.

    For machines: ISO dates, decimal points, the medicine's unit in the heads. The stop has no row: no dose is taken.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_heads(answer))
    numbers = [step.number for step in taken_steps(answer) for _ in range(step.days)]
    for number, day in zip(numbers, schedule_days(answer), strict=True):
        writer.writerow(_row(answer, number, day))
    return out.getvalue()


def _heads(answer: Answer) -> list[str]:
    unit = answer.medicine.unit
    times = [f"{time} ({unit})" for time in times_of(answer)]
    return ["date", "step", *times, f"daily ({unit})", *(f"{key} ({what})" for key, what in _products(answer))]


def _products(answer: Answer) -> list[tuple[str, str]]:
    """Keys of the request's products, each with what its units are."""
    return [(product.key, "mL" if product.is_liquid else "pieces") for product in answer.request.all_products]


def _row(answer: Answer, number: int, day: Day) -> list[str]:
    doses = [day.dose(time) for time in times_of(answer)]
    portions = [portion for dose in doses for portion in dose.portions]
    units = [sum(p.units for p in portions if p.product == key) for key, _ in _products(answer)]
    daily = sum(dose.amount for dose in doses)
    return [day.date.isoformat(), str(number), *(show(dose.amount) for dose in doses), show(daily), *map(show, units)]

"""Rules about the schedule itself: limits, dates, doses."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from planner.taper.amounts import show, show_day
from planner.taper.complete import Kitchen, cut_breach
from planner.taper.limits import Course
from planner.taper.medicine import Limit
from planner.taper.request import Request
from planner.taper.schedule import Finding, Step
from planner.taper.words import days_words


def befores(request: Request, steps: Sequence[Step]) -> list[Decimal]:
    """The daily dose before each step."""
    return [request.current, *(step.daily for step in steps)][: len(steps)]


def over_limit(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    source = request.medicine.sources.get("limit")
    for place, step in enumerate(steps):
        if step.over_limit:
            words = f"{_breach(request, request.limit, 'limit', steps, place)}{_hold(request, steps, place)}"
            yield Finding("over-limit", "acknowledge", words, step.number, source)


def over_ceiling(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    ceiling = request.medicine.ceiling
    if ceiling is None:
        return
    for place, step in enumerate(steps):
        if cut_breach(request, ceiling, steps, place):
            words = _breach(request, ceiling, "ceiling", steps, place)
            yield Finding("over-ceiling", "acknowledge", words, step.number, request.medicine.sources.get("ceiling"))


def _breach(request: Request, limit: Limit, name: str, steps: Sequence[Step], place: int) -> str:
    """The breach in words, with the dose from which the window reckons where that is not the dose just before."""
    step, unit = steps[place], request.medicine.unit
    before = steps[place - 1].daily if place else request.current
    found = Course(request, steps, place).window(limit, step.start, step.daily)
    over = f"{show(found.breach)} {unit} over the {name} of {limit_words(limit, unit)}"
    if found.reference == before:
        cut = f"a cut of {step.cut_of_current} % of the current dose"
        return f"{show(before)} to {show(step.daily)} {unit} a day is {cut}: {over}."
    window = f"Within {days_words(limit.days)}, from {show_day(found.since)} on, {show(found.reference)} {unit} a day"
    return f"{window} falls to {show(step.daily)} {unit}; {show(found.allowed)} {unit} is allowed: {over}."


def _hold(request: Request, steps: Sequence[Step], place: int) -> str:
    """Under `stretch`, how long the dose before a cut is taken, where that is known."""
    if request.coarse != "stretch" or not (place or request.past):
        return ""
    daily, since = (
        (steps[place - 1].daily, steps[place - 1].start) if place else (request.current, request.past[-1].start)
    )
    days = (steps[place].start - since).days
    return f" {show(daily)} {request.medicine.unit} a day is taken {days_words(days)} before it."


def limit_words(limit: Limit, unit: str) -> str:
    """A limit in words, as "20 % of the current dose in 7 days"."""
    size = f"{show(limit.cut.amount)} {'%' if limit.cut.of else unit}"
    of = f" of the {limit.cut.of} dose" if limit.cut.of else ""
    return f"{size}{of} in {days_words(limit.days)}"


def abrupt_end(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    """Held against the lower of the request's final dose and the medicine file's: a request cannot lift the rule."""
    own = request.medicine.final_dose
    final = request.final_dose if own is None else min(own, request.final_dose)
    for before, step in zip(befores(request, steps), steps, strict=True):
        if not step.daily and before > final:
            unit = request.medicine.unit
            words = f"The stop comes from {show(before)} {unit} a day, above the final dose of {show(final)} {unit}."
            yield Finding("abrupt-end", "acknowledge", words, step.number, request.medicine.sources.get("final_dose"))


def rises(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    before = request.regimen
    daily = request.current
    for step in steps:
        settled = step.number <= len(request.lead)  # a step back is said by a rule of its own
        if step.daily > daily and not settled:
            words = f"The daily dose rises from {show(daily)} to {show(step.daily)} {request.medicine.unit}."
            yield Finding("dose-rises", "block", words, step.number)
        for time, dose in step.regimen.items():
            if dose > before.get(time, Decimal(0)) and not settled:
                old = show(before.get(time, Decimal(0)))
                words = f"The {time} dose rises from {old} to {show(dose)} {request.medicine.unit}."
                yield Finding("time-rises", "block", words, step.number)
        before, daily = step.regimen, step.daily


def dates(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    for step, following in itertools.pairwise(steps):
        due = step.start + timedelta(days=step.days)
        days = (following.start - due).days
        if days:
            code, words = ("gap", "missing") if days > 0 else ("overlap", "given twice")
            first = min(due, following.start)
            yield Finding(code, "block", f"{_days_are(abs(days), first)} {words}.", following.number)


def _days_are(days: int, first: date) -> str:
    """ "1 day, 7 December 2026, is" or "3 days from 7 December 2026 on are"."""
    return f"1 day, {show_day(first)}, is" if days == 1 else f"{days} days from {show_day(first)} on are"


def makeable(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    """Doses that cannot be made: from none of the products, or not from those in use before others come in."""
    kitchen = Kitchen(request, steps)
    makes = {dose: kitchen.makes(dose) for dose in {dose for step in steps for dose in step.regimen.values()}}
    lacking = [
        (step, time, dose)
        for step in steps
        for time, dose in step.regimen.items()
        if dose and not (makes[dose] and step.take.get(time))
    ]
    if not lacking:
        return
    halved = tuple(p if p.is_liquid else replace(p, divides=4) for p in request.all_products)
    divided = Kitchen(request, steps, halved)
    for step, time, dose in lacking:
        made = makes[dose]
        which = "the products in use then" if made else "these products"
        words = f"{show(dose)} {request.medicine.unit} in the {time} cannot be made from {which}"
        if not made and divided.makes(dose):
            yield Finding(
                "divides-undividable", "block", f"{words} without dividing one that must not be.", step.number
            )
        else:
            yield Finding("not-makeable", "block", f"{words}.", step.number)


def too_many_units(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    liquids = {product.key for product in request.all_products if product.is_liquid}
    for step in steps:
        for time, portions in step.take.items():
            units = sum((p.units for p in portions if p.product not in liquids), Decimal(0))
            if units > request.max_units:
                words = f"{show(units)} pieces in the {time}: more than {show(request.max_units)} at one time."
                yield Finding("too-many-units", "acknowledge", words, step.number)


def target_missed(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    if steps[-1].daily != request.target and request.after_lead != "wait":
        unit = request.medicine.unit
        target = f"the target of {show(request.target)} {unit}"
        words = f"The schedule ends at {show(steps[-1].daily)} {unit} a day, not at {target}."
        yield Finding("target-missed", "acknowledge", words, steps[-1].number)


SCHEDULE_RULES = (over_limit, over_ceiling, abrupt_end, rises, dates, makeable, too_many_units, target_missed)

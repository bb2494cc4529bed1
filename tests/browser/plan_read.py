"""A plan's page and the papers of its versions, read as somebody reads them who holds the one beside the other."""

import re
from calendar import month_abbr
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

from planner.papers.dosewords import DoseRead, read_dates, read_dose
from planner.papers.readback import CalendarRead
from planner.taper.medicine import TIMES

ONE_DAY = timedelta(days=1)
MONTHS = list(month_abbr)
DAY = re.compile(r"(\d+)(?: ([A-Z][a-z]{2}))?(?: (\d{4}))?")
STEP = re.compile(r"^\d+\. ([^:]+): (?:(.+?) a day: (.+)|stop, no more doses) \(.*\)$", re.MULTILINE)
ROWS = """tables => tables.flatMap(table => [...table.tBodies[0].rows]).map(row => [
    row.querySelector('.dates').firstChild.textContent.trim(),
    row.querySelector('.daily').textContent.trim(),
    [...row.querySelectorAll('td.time')].map(cell => [
        cell.dataset.time.toLowerCase(),
        [cell.querySelector('.mg'), ...cell.querySelectorAll('.tabs + .hidden-words')].map(part => part.textContent),
    ]),
])"""
Taken = tuple[Decimal, frozenset[tuple[Decimal, Decimal]]]  # how much, and of which strength how many pieces
Doses = dict[str, Taken]  # by time, those above zero


@dataclass(frozen=True)
class Step:
    """last: None where it goes on, and for the stop, which has no doses."""

    first: date
    last: date | None
    daily: Decimal
    doses: Doses


@dataclass(frozen=True)
class Screen:
    """What a plan's page says of today and of what comes."""

    state: str
    version: str
    papers: str
    now: str
    regimen: str
    next: str
    then: str
    steps: tuple[Step, ...]

    def days(self, until: date) -> dict[date, Doses]:
        """What is taken on each day before one, by the table. Fails where a step does not follow the one before."""
        for step, following in pairwise(self.steps):
            assert step.last is not None
            assert following.first == step.last + ONE_DAY
        return {
            day: step.doses
            for step in self.steps
            for day in days_from(step.first, min(step.last or until, until - ONE_DAY))
            if step.doses
        }


def days_from(first: date, last: date) -> Iterator[date]:
    return (first + ONE_DAY * number for number in range((last - first).days + 1))


def read_screen(page: Page) -> Screen:
    def said(where: str) -> str:
        return " ".join(" ".join(page.locator(where).all_inner_texts()).split())

    return Screen(
        state=said(".state"),
        version=said("table[aria-labelledby=versions] tr:has(.tag-now) a"),
        papers=said("#papers"),
        now=said(".now .figure"),
        regimen=said(".now .regimen"),
        next=said(".now > div:nth-child(2)"),
        then=said(".now .then p"),
        steps=tuple(_steps(page.locator("section:has(> .head-line > #steps) table").evaluate_all(ROWS))),
    )


def _steps(rows: Iterable[Any]) -> Iterator[Step]:
    year = 0
    for dates, daily, times in rows:
        first, last = _dates(dates, year)
        year = last.year
        doses = {time: taken(read_dose(" ".join(words), "GB")) for time, words in times}
        goes_on = dates.startswith("From")
        yield Step(first, None if goes_on else last, taken(read_dose(daily, "GB"))[0], _above_zero(doses))


def _dates(words: str, year: int) -> tuple[date, date]:
    """Of "7–13 Dec 2026" or "28 Dec – 3 Jan 2027"; where the year is not named it is that of the row before."""
    (day, month, _), *_, (last_day, last_month, named) = DAY.findall(words) * 2
    last = date(int(named or year), MONTHS.index(last_month), int(last_day))
    first = date(last.year, MONTHS.index(month or last_month), int(day))
    return (first if first <= last else first.replace(year=last.year - 1)), last


def taken(dose: DoseRead) -> Taken:
    """Pieces whose strength the words leave out are of the one that the dose needs; together they are the dose."""
    amount = dose.amount or Decimal(0)
    pieces = frozenset((part.strength or amount / part.units, part.units) for part in dose.portions)
    assert not pieces or sum(strength * units for strength, units in pieces) == amount, dose
    return amount, pieces


def _above_zero(doses: Doses) -> Doses:
    return {time: said for time, said in doses.items() if said[0]}


def printed_days(read: CalendarRead) -> dict[date, Doses]:
    """What a calendar's boxes say. Fails where a day stands twice."""
    days = [day for day in read.days if day.kind == "dose"]
    found = {day.date: _above_zero({time: taken(dose) for time, dose in day.doses.items()}) for day in days}
    assert len(found) == len(days)
    return found


def printed_steps(read: CalendarRead) -> list[Step]:
    """What a calendar's table of all steps says."""
    return [
        Step(
            step.start,
            step.end,
            taken(step.daily)[0],
            _above_zero({time: taken(dose) for time, dose in step.doses.items()}),
        )
        for step in read.steps
    ]


def recorded_steps(text: str) -> list[Step]:
    """What the copy for the record says."""
    return [_recorded(*found) for found in STEP.findall(text)]


def _recorded(dates: str, daily: str, times: str) -> Step:
    first, *last = read_dates(dates)
    if not daily:
        return Step(first, None, Decimal(0), {})
    said = [words.split(" ", 1) for words in times.split("; ")]
    assert all(time in TIMES for time, _ in said)
    doses = {time: taken(read_dose(words, "GB")) for time, words in said}
    return Step(first, last[-1] if last else first, taken(read_dose(daily, "GB"))[0], _above_zero(doses))


def steps_from(screen: Screen, first: date) -> list[Step]:
    """The page's steps from a day on: of one that had begun before, what is left."""
    ahead = [step for step in screen.steps if (step.last or step.first) >= first]
    return [Step(max(step.first, first), step.last, step.daily, step.doses) for step in ahead]

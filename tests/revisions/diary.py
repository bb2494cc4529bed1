"""A patient who follows the papers that were handed out, and a diary of it: the simple model of a running plan.

It shares nothing with the app: a day is written down when it is over, and never again but by a note.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Json = dict[str, Any]
Doses = dict[str, Fraction]  # by time of day; a time without a dose is left out
Units = dict[str, Fraction]  # by product
ONE_DAY = timedelta(days=1)


def doses(regimen: Json) -> Doses:
    return {time: Fraction(dose) for time, dose in regimen.items() if Fraction(dose)}


def daily(taken: Doses) -> Fraction:
    return sum(taken.values(), Fraction(0))


def first_day(step: Json) -> date:
    return date.fromisoformat(step["start"])


def units_on(answer: Json, day: date) -> Units:
    """The pieces or mL of a day, by product: the last dose goes on."""
    begun = [step for step in answer["steps"] if first_day(step) <= day]
    found: Units = {}
    taken = begun[-1]["take"].values() if begun else ()
    for portion in (portion for portions in taken for portion in portions):
        found[portion["product"]] = found.get(portion["product"], Fraction(0)) + Fraction(portion["units"])
    return found


@dataclass(frozen=True)
class Sheet:
    """A paper: from which day it holds, and the answer that it was made from."""

    holds: date
    answer: Json

    def says(self, day: date) -> Doses:
        """What is to be taken on a day from which on it holds; the last dose for good, after a stop nothing."""
        begun = [step for step in self.answer["steps"] if date.fromisoformat(step["start"]) <= day]
        return doses(begun[-1]["regimen"] if begun else self.answer["request"]["regimen"])


@dataclass(frozen=True)
class Note:
    """Days on which something else was taken. sheets: how many papers there were when it was written."""

    first: date
    last: date | None
    taken: Doses
    sheets: int


class Diary:
    def __init__(self, answer: Json, today: date) -> None:
        self.before = doses(answer["request"]["regimen"])
        self.sheets: list[Sheet] = []
        self.notes: list[Note] = []
        self.taken: dict[date, Doses] = {}
        self.today = today
        self.add_sheet(answer)

    def add_sheet(self, answer: Json, holds: date | None = None) -> None:
        self.sheets.append(Sheet(holds or date.fromisoformat(answer["steps"][0]["start"]), answer))

    @property
    def first(self) -> date:
        """The first day of the first paper."""
        return min(sheet.holds for sheet in self.sheets)

    def pass_days(self, number: int) -> None:
        for _ in range(number):
            self.taken[self.today] = self.on(self.today)
            self.today += ONE_DAY

    def note(self, first: date, last: date | None, taken: Doses) -> None:
        self.notes.append(Note(first, last, taken, len(self.sheets)))
        for day in [day for day in self.taken if first <= day and (last is None or day <= last)]:
            self.taken[day] = taken

    def on(self, day: date) -> Doses:
        """What was taken on a day; of one still to come, what will be as things stand."""
        if day in self.taken:
            return self.taken[day]
        noted = next((note for note in reversed(self.notes) if self._holds(note, day)), None)
        return noted.taken if noted else self.by_paper(day)

    def _holds(self, note: Note, day: date) -> bool:
        """One that goes on does so until a paper begins that was made after it."""
        if note.last is not None:
            return note.first <= day <= note.last
        return note.first <= day and not any(sheet.holds <= day for sheet in self.sheets[note.sheets :])

    def sheet_on(self, day: date) -> Sheet | None:
        """The last of the papers that hold by then."""
        return next((sheet for sheet in reversed(self.sheets) if sheet.holds <= day), None)

    def by_paper(self, day: date) -> Doses:
        """Before the first paper, what was always taken."""
        sheet = self.sheet_on(day)
        return sheet.says(day) if sheet else self.before

    def in_cupboard(self, day: date) -> dict[str, Fraction]:
        """Pieces or mL on the morning of a day: what the day's paper began with and had filled since, less what was
        taken by it; days of a note take nothing away, since nobody knows from what they were taken.
        """
        sheet = self.sheet_on(day) or self.sheets[-1]
        hand = {key: Fraction(units) for key, units in (sheet.answer["request"].get("on_hand") or {}).items()}
        for fill in sheet.answer["supply"]["fills"]:
            for key, pieces in fill["dispense"].items() if date.fromisoformat(fill["start"]) <= day else ():
                hand[key] = hand.get(key, Fraction(0)) + Fraction(pieces)
        for lived in (sheet.holds + ONE_DAY * n for n in range((day - sheet.holds).days)):
            if self.sheet_on(lived) is sheet and not any(self._holds(note, lived) for note in self.notes):
                for key, units in units_on(sheet.answer, lived).items():
                    hand[key] = hand.get(key, Fraction(0)) - units
        return {key: max(Fraction(0), units) for key, units in hand.items()}

    def days(self, until: date) -> dict[date, Doses]:
        """Every day from the first paper on, up to the day before."""
        number = max(0, (until - self.first).days)
        return {day: self.on(day) for day in (self.first + ONE_DAY * n for n in range(number))}

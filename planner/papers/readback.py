"""The doses of a calendar, read back from the words on its pages by where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Literal

from pikepdf import Pdf

from planner.papers.dosewords import DoseRead, read_dates, read_dose, read_month
from planner.papers.glance import FROM, HEADS, UNTIL
from planner.papers.listing import DAY_HEAD
from planner.papers.model import PaperMismatch
from planner.papers.numbers import MONTHS, WEEKDAYS, short_date
from planner.papers.pdftext import Word, pages_of
from planner.papers.words import EARLIER, GLANCE, KEEP_TAKING, NEW_DOSE, NO_CHANGE, NO_MORE
from planner.taper.medicine import TIMES, Time

_TITLE, _NUMBER, _EPS = 20.0, 13.5, 1.0
Kind = Literal["before", "dose", "after"]
_KINDS: dict[str, Kind] = {NO_CHANGE: "before", EARLIER: "before", NO_MORE: "after", KEEP_TAKING: "after"}


@dataclass(frozen=True)
class DayRead:
    """One day as the calendar shows it."""

    date: date
    kind: Kind
    new: bool
    doses: dict[Time, DoseRead] = field(default_factory=dict)


@dataclass(frozen=True)
class StepRead:
    """One row of the table of all steps. end None: from that day on."""

    start: date
    end: date | None
    doses: dict[Time, DoseRead]
    daily: DoseRead


@dataclass(frozen=True)
class CalendarRead:
    """Everything that the pages say about doses. words: all of each page's words, in the order drawn."""

    days: tuple[DayRead, ...]
    steps: tuple[StepRead, ...]
    words: tuple[str, ...]


def doses_in_calendar(pdf: bytes) -> CalendarRead:
    """Read a calendar's pages. Raises PaperMismatch where words stand where they cannot be understood."""
    country = _country(pdf)
    days: list[DayRead] = []
    steps: list[StepRead] = []
    pages = pages_of(pdf)
    for number, words in enumerate(pages, start=1):
        try:
            page = _Page(words, country)
            days += page.days()
            steps += page.steps()
        except ValueError as problem:
            raise PaperMismatch(f"Page {number} of the calendar cannot be read back: {problem}.") from problem
    return CalendarRead(tuple(days), tuple(steps), tuple(" ".join(word.text for word in words) for words in pages))


def _country(pdf: bytes) -> str:
    """The country by whose labels the numbers are written: ``GB`` of ``en-GB``."""
    with Pdf.open(BytesIO(pdf)) as document:
        return str(document.Root.get("/Lang", "en-GB")).rpartition("-")[2]


def _text(words: Sequence[Word]) -> str:
    """Words in lines from the top, each from the left."""
    return " ".join(word.text for word in sorted(words, key=lambda word: (round(word.y), word.x)))


@dataclass(frozen=True)
class _Column:
    name: str
    left: float
    right: float

    def holds(self, word: Word) -> bool:
        return self.left - _EPS <= word.x < self.right - _EPS


class _Page:
    """One page's words. A column begins where its head begins; a row where its first word stands."""

    def __init__(self, words: Sequence[Word], country: str) -> None:
        self.country = country
        self.title = _text([word for word in words if word.size > _TITLE])
        self.left = min(word.x for word in words)
        self.words = [word for word in words if word.size < _TITLE]

    def days(self) -> list[DayRead]:
        month = read_month(self.title)
        if month is None:
            return []
        weekdays = self._columns(WEEKDAYS, whole=True)
        if weekdays:
            return self._week_days(month, weekdays)
        return self._list_days(month, self._columns([DAY_HEAD, *map(str.capitalize, TIMES)]))

    def steps(self) -> list[StepRead]:
        if not self.title.startswith(GLANCE):
            return []
        columns = self._columns([HEADS[0], *map(str.capitalize, TIMES), *HEADS[1:]])
        return [step for top, bottom in self._rows(columns[0]) if (step := self._step(columns, top, bottom))]

    def _columns(self, names: Sequence[str], *, whole: bool = False) -> list[_Column]:
        """The columns whose heads stand in one line, in that order; none if there is no such line.

        whole: a line that lacks one of them is none, such as a sentence with the same weekday twice.
        """
        lines = {word.y for word in self.words if word.text in {name.split()[0] for name in names}}
        if not lines:
            return []
        self.top, heads = max(((y, self._heads_in(y, names)) for y in lines), key=lambda line: len(line[1]))
        if whole and {name for _, name in heads} != set(names):
            return []
        if len({name for _, name in heads}) != len(heads):
            raise ValueError("a column's head stands twice")
        edges = [x for x, _ in heads[1:]] + [float("inf")]
        return [_Column(name, x, right) for (x, name), right in zip(heads, edges, strict=True)]

    def _heads_in(self, y: float, names: Sequence[str]) -> list[tuple[float, str]]:
        line = [word for word in self.words if abs(word.y - y) < _EPS]
        return sorted((word.x, name) for name in names for word in line if word.text == name.split()[0])

    def _cell(self, column: _Column, top: float, bottom: float) -> str:
        """The words of a column from the line at top to above the line at bottom."""
        return _text([w for w in self.words if column.holds(w) and top - _EPS <= w.y < bottom - _EPS])

    # Week blocks

    def _week_days(self, month: date, columns: Sequence[_Column]) -> list[DayRead]:
        first = columns[0].left
        numbers = [w for w in self.words if w.size > _NUMBER and w.x >= first - _EPS and w.y > self.top]
        tops = sorted({word.y for word in numbers})
        margin = [w.y for w in self.words if w.x < self.left + _EPS or (w.size > _NUMBER and w.x < first - _EPS)]
        days: list[DayRead] = []
        for y in tops:
            bottom = min(edge for edge in [*tops, *margin] if edge > y + _EPS)
            days += self._week(month, columns, [word for word in numbers if word.y == y], y, bottom)
        return days

    def _week(
        self, month: date, columns: Sequence[_Column], numbers: Sequence[Word], top: float, bottom: float
    ) -> list[DayRead]:
        heads = self._heads(columns[0].left, top, bottom)
        for column in columns:
            if not any(column.holds(number) for number in numbers):
                self._check_foreign(column, top, bottom)
        days = []
        for number in numbers:
            column = next(column for column in columns if column.holds(number))
            day = month.replace(day=int(number.text))
            if WEEKDAYS[day.weekday()] != column.name:
                raise ValueError(f"{day} stands under {column.name}")
            days.append(self._day(day, column, heads, number, bottom))
        return days

    def _heads(self, first: float, top: float, bottom: float) -> list[tuple[Time, float, float, str]]:
        """Each row of a week: its time, where it begins and ends, and the words at its head."""
        block = [w for w in self.words if w.x < first - _EPS and top < w.y < bottom - _EPS]
        names = {time.capitalize(): time for time in TIMES}
        starts = sorted((word.y, names[word.text]) for word in block if word.text in names)
        ends = [y for y, _ in starts[1:]] + [bottom]
        rows = []
        for (y, time), end in zip(starts, ends, strict=True):
            words = [w for w in block if y - _EPS <= w.y < end - _EPS and w.text not in names]
            rows.append((time, y, end, _text(words)))
        return rows

    def _day(
        self, day: date, column: _Column, heads: Sequence[tuple[Time, float, float, str]], number: Word, bottom: float
    ) -> DayRead:
        mark = self._cell(column, number.y - 3, heads[0][1] if heads else bottom).removeprefix(number.text).strip()
        below = self._cell(column, number.y + 3, bottom)
        kind = next((kind for words, kind in _KINDS.items() if below.startswith(words)), None)
        if kind:
            return DayRead(day, kind, False)
        if mark not in ("", NEW_DOSE):
            raise ValueError(f"{mark!r} beside {day}")
        doses = {time: self._dose(self._cell(column, y, end), words) for time, y, end, words in heads}
        return DayRead(day, "dose", mark == NEW_DOSE, doses)

    def _dose(self, cell: str, head: str) -> DoseRead:
        """A cell's dose; its pieces from the row's head where the cell itself does not say them."""
        dose = read_dose(cell, self.country)
        if not head:
            return dose
        said = read_dose(head, self.country)
        if dose.portions and dose.portions != said.portions:
            raise ValueError(f"{cell!r} stands beside {head!r}")
        return DoseRead(dose.amount, dose.unit, said.portions)

    def _check_foreign(self, column: _Column, top: float, bottom: float) -> None:
        """A cell without a day's number names another month and says nothing else."""
        words = self._cell(column, top - 3, bottom)
        if words not in MONTHS:
            raise ValueError(f"{words!r} stands in a cell without a date")

    # List and table

    def _rows(self, column: _Column) -> list[tuple[float, float]]:
        """First line of each row and of what follows it: a row begins with a line that holds a day's number."""
        margin = {w.y for w in self.words if w.x < column.left - _EPS and w.y > self.top}
        inside = {w.y for w in self.words if column.holds(w) and w.y > self.top + _EPS} - margin
        starts = sorted(y for y in inside if any(c.isdigit() for c in self._line(column, y)))
        edges = sorted({*starts, *margin})
        return [(y, next((edge for edge in edges if edge > y + _EPS), float("inf"))) for y in starts]

    def _line(self, column: _Column, y: float) -> str:
        return _text([w for w in self.words if column.holds(w) and abs(w.y - y) < _EPS])

    def _list_days(self, month: date, columns: Sequence[_Column]) -> list[DayRead]:
        if not columns:
            raise ValueError("the page has neither weekdays nor times")
        days = []
        for top, bottom in self._rows(columns[0]):
            words = self._cell(columns[0], top, bottom)
            if words.split()[0] in {name[:3] for name in WEEKDAYS}:
                days.append(self._listed(month, columns, words, top, bottom))
        return days

    def _listed(self, month: date, columns: Sequence[_Column], words: str, top: float, bottom: float) -> DayRead:
        day = month.replace(day=int(words.split()[1]))
        written = short_date(day, weekday=True)
        if words not in (written, f"{written} {NEW_DOSE}"):
            raise ValueError(f"{words!r} is no day of {self.title}")
        cells = {_time(column): self._cell(column, top, bottom) for column in columns[1:]}
        doses = {time: read_dose(cell, self.country) for time, cell in cells.items()}
        return DayRead(day, "dose", words != written, doses)

    def _step(self, columns: Sequence[_Column], top: float, bottom: float) -> StepRead | None:
        words = self._cell(columns[0], top, bottom)
        if words.startswith(UNTIL):
            return None
        dates = read_dates(words)
        if not dates:
            return None
        cells = [self._cell(column, top, bottom) for column in columns[1:]]
        if words.startswith(FROM):
            return StepRead(dates[0], None, {}, DoseRead(None))
        doses = {_time(c): read_dose(cell, self.country) for c, cell in zip(columns[1:-1], cells, strict=False)}
        return StepRead(dates[0], dates[-1], doses, read_dose(cells[-1], self.country))


def _time(column: _Column) -> Time:
    return next(time for time in TIMES if time.capitalize() == column.name)

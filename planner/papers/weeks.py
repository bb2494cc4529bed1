"""A month as week blocks: a row of days, under it a row for each time."""

from collections.abc import Mapping, Sequence
from datetime import date

from planner.papers import pieces
from planner.papers.cells import LEADING, CellLine, Cells, draw_line, spoken
from planner.papers.days import Day, Week
from planner.papers.model import DoesNotFit, Paper
from planner.papers.numbers import MONTHS, long_date
from planner.papers.pieces import Piece
from planner.papers.sheet import HEAVY, LEAST, THICK, THIN, Box, Sheet
from planner.papers.text import Text, bold, plain, width, wrap
from planner.papers.wording import NO_DOSE, Wording
from planner.papers.words import NEW_DOSE, in_cell
from planner.taper.medicine import Time

HEAD, HEAD_WITHOUT_WORDS, PAD = 132.0, 77.0, 5.0
DAY_SIZE = 14.0
ROWS = (18.5, 17.5, 16.6)  # heights of a row to try, in points


class Columns:
    """Where the heads of the rows and the seven days stand. words: the heads hold the words for the pieces."""

    def __init__(self, left: float, room: float, words: bool) -> None:
        self.left, self.right = left, left + room
        self.head = HEAD if words else HEAD_WITHOUT_WORDS
        self.day_width = (room - self.head) / 7

    def day(self, place: int) -> float:
        return self.left + self.head + place * self.day_width

    @property
    def cell_room(self) -> float:
        return self.day_width - PAD - 2


class WeekBlock:
    """One week of a month, measured; row: the least height of a row in points. Raises DoesNotFit."""

    def __init__(self, paper: Paper, week: Week, days: Mapping[date, Day], columns: Columns, row: float) -> None:
        self.paper, self.week, self.days, self.columns, self.row = paper, week, days, columns, row
        self.wording = Wording(paper)
        self.cells = Cells(self.wording, columns.cell_room)
        self.times: tuple[Time, ...] = tuple(self._dosed[0].doses or ())
        self.heads = {time: self._head(time) for time in self.times}
        self.lines = {(day.date, time): self._cell(day, time) for day in self._dosed for time in self.times}
        self.words = {day.date: self._words(day) for day in self._others}
        self.row_heights = {time: self._row_height(time) for time in self.times}

    @property
    def _dosed(self) -> list[Day]:
        return [self.days[day] for day in self.week if day in self.days and self.days[day].kind == "dose"]

    @property
    def _others(self) -> list[Day]:
        return [self.days[day] for day in self.week if day in self.days and self.days[day].kind != "dose"]

    def _same_all_week(self, time: Time) -> bool:
        return len({day.dose(time).portions for day in self._dosed}) == 1

    def _all_measured(self, time: Time) -> bool:
        """Whether the row is all liquid: then its cells say everything, and the syringe is drawn at its head."""
        portions = [portion for day in self._dosed for portion in day.dose(time).portions]
        return bool(portions) and all(self.wording.products[portion.product].is_liquid for portion in portions)

    def _head(self, time: Time) -> tuple[Text, ...]:
        """Lines of a row's head: the time and, when it is the same all week, the words for the pieces."""
        name = bold(time.capitalize())
        if self._all_measured(time) or not self._same_all_week(time):
            return (name,)
        portions = self._dosed[0].dose(time).portions
        words = plain(self.wording.short(portions[0]) if portions else NO_DOSE)
        if width(name, LEAST) + 8 + width(words, LEAST) <= self.columns.head - 2 * PAD:
            return (name, words)
        return (name, (), *wrap(words, LEAST, self.columns.head - 2 * PAD))

    def _cell(self, day: Day, time: Time) -> tuple[CellLine, ...]:
        at_head = self._all_measured(time) or self._same_all_week(time)
        return self.cells.in_week(day.dose(time), words=not at_head)

    def _words(self, day: Day) -> list[Text]:
        return wrap(bold(in_cell(self.paper, day.kind)), LEAST, self.columns.cell_room)

    def _row_height(self, time: Time) -> float:
        lines = [len(cell) for (_, other), cell in self.lines.items() if other == time]
        most = max([*lines, len(self.heads[time]) - 1])
        return self.row + (most - 1) * LEADING + (2 if most > 1 else 0)

    @property
    def height(self) -> float:
        rows = sum(self.row_heights.values())
        words = max((len(lines) * LEADING + 4 for lines in self.words.values()), default=0.0)
        return self.row + max(rows, words)

    def draw(self, sheet: Sheet, y: float) -> None:
        self._draw_lines(sheet, y)
        self._draw_heads(sheet, y)
        for place, day in enumerate(self.week):
            x = self.columns.day(place)
            if day in self.days:
                self._draw_day(sheet, x, y, self.days[day])
            else:
                self._draw_foreign(sheet, x, y, day)

    def _draw_lines(self, sheet: Sheet, y: float) -> None:
        sheet.rect(Box(self.columns.left, y, self.columns.right - self.columns.left, self.height), THICK)
        for place, date_ in enumerate(self.week):
            day = self.days.get(date_)
            x = self.columns.day(place)
            thick = day is not None and day.new
            sheet.stroke(x, y, x, y + self.height, HEAVY if thick else THIN)

    def _baselines(self, y: float) -> dict[Time, float]:
        found, top = {}, y + self.row
        for time in self.times:
            found[time] = top + self.row / 2 + LEAST * 0.33
            top += self.row_heights[time]
        return found

    def _draw_heads(self, sheet: Sheet, y: float) -> None:
        right = self.columns.left + self.columns.head - PAD - 2
        for time, baseline in self._baselines(y).items():
            name, *words = self.heads[time]
            with sheet.tag("P"):
                end = sheet.line(self.columns.left + PAD, baseline, name, LEAST)
                if self._all_measured(time):
                    pieces.draw(sheet, end + 2, baseline - LEAST * 0.33, 9.0, [Piece("syringe")])
                for number, line in enumerate(words):
                    if line:
                        sheet.line_right(right, baseline + number * LEADING, line, LEAST)

    def _draw_day(self, sheet: Sheet, x: float, y: float, day: Day) -> None:
        with sheet.tag("P", f"{long_date(day.date)}.{f' {NEW_DOSE}.' if day.new else ''}"):
            base = y + self.row / 2 + DAY_SIZE * 0.35
            sheet.line(x + PAD, base, bold(str(day.date.day)), DAY_SIZE)
            if day.new:
                sheet.line_right(x + self.columns.day_width - PAD, base, bold(NEW_DOSE), LEAST)
        if day.kind != "dose":
            self._draw_words(sheet, x, y, day)
            return
        for time, baseline in self._baselines(y).items():
            with sheet.tag("P", spoken(self.wording, time, day.dose(time))):
                for number, line in enumerate(self.lines[day.date, time]):
                    draw_line(sheet, x + PAD, baseline + number * LEADING, line)

    def _draw_words(self, sheet: Sheet, x: float, y: float, day: Day) -> None:
        with sheet.tag("P"):
            for number, line in enumerate(self.words[day.date]):
                sheet.line(x + PAD, y + self.row + LEAST + number * LEADING, line, LEAST)

    def _draw_foreign(self, sheet: Sheet, x: float, y: float, day: date) -> None:
        """A cell of another month: its name, struck through, no tick box."""
        sheet.stroke(x, y + self.height, x + self.columns.day_width, y, THIN)
        with sheet.tag("P", f"{MONTHS[day.month - 1]}: see that month"):
            sheet.line(x + PAD, y + self.row / 2 + LEAST * 0.33, plain(MONTHS[day.month - 1]), LEAST)


class WeekdayNames:
    """The row above the first week."""

    height = 17.0

    def __init__(self, names: Sequence[str], columns: Columns) -> None:
        self.names, self.columns = names, columns

    def draw(self, sheet: Sheet, y: float) -> None:
        for place, name in enumerate(self.names):
            if width(bold(name), LEAST) > self.columns.cell_room:
                raise DoesNotFit(f"{name} is too wide for its column.")
            with sheet.tag("P"):
                sheet.line(self.columns.day(place) + PAD, y + 13, bold(name), LEAST)

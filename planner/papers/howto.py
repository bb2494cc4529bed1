"""The example on the first page: the first day of the taper that changes a dose, as the month pages show it."""

from collections.abc import Sequence

from planner.papers.blocks import Para, Type
from planner.papers.cells import LEADING, CellLine, Cells, draw_line, spoken
from planner.papers.days import Day, Dose, schedule_days
from planner.papers.legend import THICK_LINE, thick_box
from planner.papers.model import Paper
from planner.papers.sheet import HEAVY, LEAST, LINE, Box, Sheet
from planner.papers.text import bold, plain
from planner.papers.wording import Wording
from planner.papers.words import NEW_DOSE

_SMALL = Type(LEAST, 1.25)
_HEAD, _ROW, _PAD = 66.0, 18.5, 5.0
_TICK = Para(plain("Tick each box when you have taken the dose."), 1)


def _cell(cells: Cells, dose: Dose) -> Sequence[CellLine]:
    return cells.in_list(dose) if len(dose.portions) > 1 else cells.in_week(dose, words=False)


class HowTo:
    """A day with its thick line and box, and what they mean."""

    def __init__(self, paper: Paper) -> None:
        self.wording = Wording(paper)
        self.key = (Para(THICK_LINE, 1), Para(thick_box(paper), 1), _TICK)
        days = schedule_days(paper.answer)
        self.day: Day = next((day for day in days if day.new), days[0])

    def _cells(self, room: float) -> list[tuple[str, Sequence[CellLine]]]:
        cells = Cells(self.wording, room - _HEAD - 2 * _PAD)
        return [(time, _cell(cells, dose)) for time, dose in (self.day.doses or {}).items()]

    def _row(self, lines: Sequence[CellLine]) -> float:
        return _ROW + (len(lines) - 1) * LEADING

    def _table_height(self, room: float) -> float:
        return _ROW + sum(self._row(lines) for _, lines in self._cells(room))

    def height(self, room: float, type_: Type) -> float:
        return self._table_height(room) + 6 + sum(para.height(room, _SMALL) for para in self.key)

    def draw(self, sheet: Sheet, x: float, y: float, room: float, type_: Type) -> None:
        table = Box(x, y + 2, room, self._table_height(room))
        sheet.rect(table, LINE)
        sheet.stroke(x + _HEAD, table.y, x + _HEAD, table.bottom, HEAVY)
        self._draw_day(sheet, x, table.y, room)
        y = table.bottom + 4
        for para in self.key:
            para.draw(sheet, x, y, room, _SMALL)
            y += para.height(room, _SMALL)

    def _draw_day(self, sheet: Sheet, x: float, y: float, room: float) -> None:
        with sheet.tag("P"):
            sheet.line(x + _HEAD + _PAD, y + 14, bold(str(self.day.date.day)), 14)
            if self.day.new:
                sheet.line_right(x + room - _PAD, y + 14, bold(NEW_DOSE), LEAST)
        y += _ROW
        for time, lines in self._cells(room):
            dose = self.day.dose(time)  # type: ignore[arg-type]
            with sheet.tag("P", spoken(self.wording, time, dose)):
                sheet.line(x + _PAD, y + 13, bold(time.capitalize()), LEAST)
                for number, line in enumerate(lines):
                    draw_line(sheet, x + _HEAD + _PAD, y + 13 + number * LEADING, line)
            y += self._row(lines)

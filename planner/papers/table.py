"""A table whose rows are never split and whose head is repeated on every page."""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.papers.cells import CellLine, draw_line
from planner.papers.sheet import HEAVY, LEAST, THICK, THIN, Box, Sheet
from planner.papers.text import Text, bold

LEADING, PAD, ABOVE = 15.4, 5.0, 6.0


@dataclass(frozen=True)
class TableCell:
    """Lines of text, or of a dose. spoken: what a reader for the blind says instead."""

    lines: Sequence[Text | CellLine]
    spoken: str = ""


@dataclass(frozen=True)
class Row:
    """One row. thick: a heavy line above it. head: set in bold, with a heavier line below."""

    left: float
    widths: Sequence[float]
    cells: Sequence[TableCell]
    thick: bool = False
    head: bool = False

    @property
    def height(self) -> float:
        return max(len(cell.lines) for cell in self.cells) * LEADING + 5

    def draw(self, sheet: Sheet, y: float) -> None:
        sheet.rect(Box(self.left, y, sum(self.widths), self.height), THIN if not self.head else THICK)
        if self.thick:
            sheet.stroke(self.left, y, self.left + sum(self.widths), y, HEAVY)
        x = self.left
        for cell, room in zip(self.cells, self.widths, strict=True):
            if x > self.left:
                sheet.stroke(x, y, x, y + self.height, THIN)
            with sheet.tag("P", cell.spoken):
                self._draw_cell(sheet, x + PAD, y, cell)
            x += room

    def _draw_cell(self, sheet: Sheet, x: float, y: float, cell: TableCell) -> None:
        for number, line in enumerate(cell.lines):
            baseline = y + 2.5 + LEAST + number * LEADING
            if isinstance(line, CellLine):
                draw_line(sheet, x, baseline, line)
            else:
                sheet.line(x, baseline, line, LEAST)


def head_row(left: float, widths: Sequence[float], words: Sequence[str]) -> Row:
    return Row(left, widths, [TableCell([bold(word)]) for word in words], head=True)

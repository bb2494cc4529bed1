"""The calendar as a list, a row a day, for doses that a week block cannot hold."""

from collections.abc import Sequence
from datetime import date

from planner.papers.cells import Cells, spoken
from planner.papers.days import Day, month_days, months_of, times_of
from planner.papers.frame import Frame
from planner.papers.legend import Legend
from planner.papers.model import Paper
from planner.papers.numbers import long_date, month_name, short_date
from planner.papers.page import Page, paginate
from planner.papers.parts import Band, Note, Part, Together, label_of
from planner.papers.table import ABOVE, PAD, Row, TableCell, head_row
from planner.papers.text import bold
from planner.papers.wording import Wording
from planner.papers.words import NEW_DOSE, after_end, before_start, the_end

DAY = 92.0
DAY_HEAD = "Day"


def list_pages(paper: Paper, frame: Frame) -> list[Page]:
    """Every month of the schedule. Raises DoesNotFit where even this layout is too narrow."""
    months = months_of(paper.answer)
    return [page for month in months for page in _MonthList(paper, frame, month, month == months[-1]).pages()]


class _MonthList:
    def __init__(self, paper: Paper, frame: Frame, month: date, last: bool) -> None:
        self.paper, self.month, self.last = paper, month, last
        self.body = frame.body(month_name(month) + ", continued")
        self.times = times_of(paper.answer)
        column = (self.body.width - DAY) / len(self.times)
        self.widths = [DAY, *[column] * len(self.times)]
        self.wording = Wording(paper)
        self.cells = Cells(self.wording, column - 2 * PAD)
        self.legend = Legend(paper, self.body.width)

    def pages(self) -> list[Page]:
        head = head_row(self.body.x, self.widths, [DAY_HEAD, *(time.capitalize() for time in self.times)])
        room = self.body.height - ABOVE - head.height - self.legend.height
        groups = paginate(self._parts(), room)
        return [self._page([head, *group], place > 0) for place, group in enumerate(groups)]

    def _page(self, parts: Sequence[Part], continued: bool) -> Page:
        title = month_name(self.month) + (", continued" if continued else "")
        return Page(title, parts, self.legend, above=ABOVE)

    def _parts(self) -> list[Part]:
        days = month_days(self.paper.answer, self.month)
        before = [day.date.day for day in days if day.kind == "before"]
        after = [day.date.day for day in days if day.kind == "after"]
        parts: list[Part] = []
        if before:
            parts.append(Band(label_of(before), before_start(self.paper), self.body.x, self.body.width))
        parts += [self._row(day) for day in days if day.kind == "dose"]
        if after:
            parts.append(Band(label_of(after), after_end(self.paper), self.body.x, self.body.width))
        if self.last:
            parts.append(Together((parts.pop(), Note(the_end(self.paper), self.body.x, self.body.width))))
        return parts

    def _row(self, day: Day) -> Row:
        new = [bold(NEW_DOSE)] if day.new else []
        said = f"{long_date(day.date)}.{f' {NEW_DOSE}.' if day.new else ''}"
        first = TableCell([bold(short_date(day.date, weekday=True)), *new], said)
        doses = [
            TableCell(self.cells.in_list(day.dose(time)), spoken(self.wording, time, day.dose(time)))
            for time in self.times
        ]
        return Row(self.body.x, self.widths, [first, *doses], thick=day.new)

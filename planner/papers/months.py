"""Month pages in week blocks."""

from collections.abc import Sequence
from datetime import date

from planner.papers.days import Day, Week, month_days, months_of, weeks_of
from planner.papers.frame import Frame
from planner.papers.legend import Legend
from planner.papers.model import Paper
from planner.papers.numbers import WEEKDAYS, month_name
from planner.papers.page import Page, paginate
from planner.papers.parts import Band, Note, Part, Together, label_of, stack_height
from planner.papers.weeks import ROWS, Columns, WeekBlock, WeekdayNames
from planner.papers.words import after_end, before_start, the_end


def month_pages(paper: Paper, frame: Frame) -> list[Page]:
    """Every month of the schedule. Raises DoesNotFit where a dose needs more room than a cell has."""
    months = months_of(paper.answer)
    return [page for month in months for page in _Month(paper, frame, month, month == months[-1]).pages()]


class _Month:
    def __init__(self, paper: Paper, frame: Frame, month: date, last: bool) -> None:
        self.paper, self.frame, self.month, self.last = paper, frame, month, last
        self.days = {day.date: day for day in month_days(paper.answer, month)}
        self.weeks = weeks_of(month, paper.country)
        self.body = frame.body(month_name(month) + ", continued")
        self.columns = Columns(self.body.x, self.body.width, words=not _all_liquid(paper))
        self.legend = Legend(paper, self.body.width)
        names = [WEEKDAYS[day.weekday()] for day in self.weeks[0]]
        self.names = WeekdayNames(names, self.columns)

    def pages(self) -> list[Page]:
        room = self.body.height - self.names.height - self.legend.height - 4
        for row in ROWS:
            parts = self._parts(row)
            if stack_height(parts) <= room:
                return [self._page(parts, continued=False)]
        groups = paginate(self._parts(ROWS[0]), room)
        return [self._page(group, continued=place > 0) for place, group in enumerate(groups)]

    def _page(self, parts: Sequence[Part], continued: bool) -> Page:
        title = month_name(self.month) + (", continued" if continued else "")
        return Page(title, (self.names, *parts), self.legend)

    def _parts(self, row: float) -> list[Part]:
        parts: list[Part] = []
        before, after = self._full_weeks("before") or self._numbers("before"), self._full_weeks("after")
        if before:
            parts.append(Band(label_of(before), before_start(self.paper), self.body.x, self.body.width))
        for week in self.weeks:
            if any(day.kind == "dose" for day in self._of(week)):
                parts.append(WeekBlock(self.paper, week, self.days, self.columns, row))
        if after:
            parts.append(Band(label_of(after), after_end(self.paper), self.body.x, self.body.width))
        if self.last:
            parts.append(Together((parts.pop(), Note(the_end(self.paper), self.body.x, self.body.width))))
        return parts

    def _of(self, week: Week) -> list[Day]:
        return [self.days[day] for day in week if day in self.days]

    def _numbers(self, kind: str) -> list[int]:
        return [day.date.day for day in self.days.values() if day.kind == kind]

    def _full_weeks(self, kind: str) -> list[int]:
        """The days of the weeks that have no other; the days of a week with doses stand in its block."""
        weeks = [self._of(week) for week in self.weeks]
        return [day.date.day for week in weeks if all(day.kind == kind for day in week) for day in week]


def _all_liquid(paper: Paper) -> bool:
    return all(product.is_liquid for _, product in paper.products)

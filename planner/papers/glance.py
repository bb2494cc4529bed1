"""All steps in one table, tablets first, the dose beside."""

from datetime import timedelta
from decimal import Decimal

from planner.papers.days import times_of
from planner.papers.frame import Frame
from planner.papers.model import DoesNotFit, Paper
from planner.papers.numbers import long_date, short_date
from planner.papers.page import Page, paginate
from planner.papers.parts import Note, Part, Together
from planner.papers.sheet import LEAST
from planner.papers.table import ABOVE, PAD, Row, TableCell, head_row
from planner.papers.text import Text, bold, plain, width, wrap
from planner.papers.wording import NO_DOSE, Wording
from planner.papers.words import GLANCE, NO_MORE, the_end
from planner.taper.medicine import Time
from planner.taper.schedule import Step

DATES, DAILY = 174.0, 84.0
HEADS = ("Dates", "Whole day")
UNTIL, FROM = "Until", "From"


def glance_pages(paper: Paper, frame: Frame) -> list[Page]:
    """The table on as many pages as it needs, its head on each."""
    return _Glance(paper, frame).pages()


class _Glance:
    def __init__(self, paper: Paper, frame: Frame) -> None:
        self.paper, self.wording = paper, Wording(paper)
        self.body = frame.body(GLANCE + ", continued")
        self.times = times_of(paper.answer)
        daily = max(DAILY, *(width(words, LEAST) + 2 * PAD for words in self._dailies()))
        column = (self.body.width - DATES - daily) / len(self.times)
        self.widths = [DATES, *[column] * len(self.times), daily]

    def _dailies(self) -> list[Text]:
        """Every daily dose in words: the last column is as wide as the longest asks for."""
        answer = self.paper.answer
        return [plain(self.wording.dose(dose)) for dose in (answer.request.current, *(s.daily for s in answer.steps))]

    def pages(self) -> list[Page]:
        heads = [HEADS[0], *(time.capitalize() for time in self.times), HEADS[1]]
        head = head_row(self.body.x, self.widths, heads)
        groups = paginate(self._parts(), self.body.height - ABOVE - head.height)
        titles = [GLANCE, *[f"{GLANCE}, continued"] * (len(groups) - 1)]
        return [Page(title, [head, *group], above=ABOVE) for title, group in zip(titles, groups, strict=True)]

    def _parts(self) -> list[Part]:
        answer = self.paper.answer
        *rows, last = [self._now(), *(self._row(step) for step in answer.steps)]
        return [*rows, Together((last, Note(the_end(self.paper), self.body.x, self.body.width)))]

    def _now(self) -> Row:
        """What is taken before the first change; from which pieces is not known here."""
        request = self.paper.answer.request
        until = self.paper.answer.steps[0].start - timedelta(days=1)
        amounts = [request.regimen.get(time, Decimal(0)) for time in self.times]
        doses = [plain(self.wording.dose(amount) if amount else NO_DOSE) for amount in (*amounts, request.current)]
        dates = bold(f"{UNTIL} {short_date(until, year=True)}")
        cells = zip((dates, *doses), self.widths, strict=True)
        return Row(self.body.x, self.widths, [TableCell(wrap(words, LEAST, room - 2 * PAD)) for words, room in cells])

    def _row(self, step: Step) -> Row:
        room = [width - 2 * PAD for width in self.widths]
        dates = TableCell(_one_line(dates_words(step), room[0]), self._spoken(step))
        if not step.days:
            words = plain(f"{NO_MORE}.") if not step.daily else plain("Not taken.")
            return Row(self.body.x, [self.widths[0], sum(self.widths[1:])], [dates, TableCell([words])])
        cells = []
        for time, wide in zip(self.times, room[1:-1], strict=True):
            taken = self.wording.taken(step.take.get(time, ()), step.regimen.get(time, Decimal(0)))
            lines = [line for text in taken for line in wrap(text, LEAST, wide)]
            cells.append(TableCell(lines, f"{time.capitalize()}: {self._said(step, time)}"))
        daily = TableCell([plain(self.wording.dose(step.daily))], f"Whole day: {self.wording.dose(step.daily)}")
        return Row(self.body.x, self.widths, [dates, *cells, daily])

    def _said(self, step: Step, time: Time) -> str:
        return self.wording.said(step.take.get(time, ()), step.regimen.get(time, Decimal(0)))

    def _spoken(self, step: Step) -> str:
        end = f" to {long_date(step.end)}" if step.end else " on"
        return f"{long_date(step.start)}{end}"


def _one_line(words: str, room: float) -> list[Text]:
    lines = wrap(bold(words), LEAST, room)
    if len(lines) > 1:
        raise DoesNotFit(f"{words} is too wide for its column.")
    return list(lines)


def dates_words(step: Step) -> str:
    """``7 Dec to 13 Dec 2026``; the year twice where it changes; ``From 22 Feb 2027`` for a stop."""
    if step.end is None:
        return f"{FROM} {short_date(step.start, year=True)}"
    if step.days == 1:
        return short_date(step.start, year=True)
    same = step.start.year == step.end.year
    return f"{short_date(step.start, year=not same)} to {short_date(step.end, year=True)}"

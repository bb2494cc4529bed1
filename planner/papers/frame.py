"""What stands on every page: title, whose it is, the medicine, the reminder, version and page number."""

from dataclasses import dataclass
from datetime import date

from planner.papers.model import DoesNotFit, Paper
from planner.papers.numbers import long_date
from planner.papers.sheet import LEAST, MM, SIZES, THICK, Box, Sheet
from planner.papers.text import Text, bold, plain, width, wrap
from planner.papers.wording import Wording
from planner.papers.words import NOT_ISSUED, reminder

MARGIN_X, MARGIN_TOP, MARGIN_BOTTOM = 8 * MM, 7 * MM, 6.5 * MM
TITLE, BANNER = 26.0, 20.0
LEADING = 1.28 * LEAST
GAP, ABOVE_FOOT = 8 * MM, 4.0
MOST_PAGES = 999
NAME_LINE, BIRTH_LINE = "Name", "Date of birth"


@dataclass(frozen=True)
class _Head:
    """The head of one page, measured. beside: the lines at the right stand beside the title, else under it."""

    title: str
    lines: tuple[Text, ...]
    beside: bool
    ruled: bool

    @property
    def height(self) -> float:
        words = (len(self.lines) + self.ruled) * LEADING
        if self.beside:
            return max(TITLE * 1.15, words) + 2.5 * MM
        return TITLE + words + 3.5 * MM


class Frame:
    """The frame of a paper's pages; measures and draws it."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.page_width, self.page_height = SIZES[paper.page_size]
        self.width = self.page_width - 2 * MARGIN_X
        self._bodies: dict[tuple[str, bool], Box] = {}
        self.banner = BANNER * 1.6 + 6 if paper.not_issued else 0.0

    def body(self, title: str, first: bool = False) -> Box:
        """The room between head and foot of a page with that title."""
        if (title, first) not in self._bodies:
            self._bodies[title, first] = self._measure(title, first)
        return self._bodies[title, first]

    def _measure(self, title: str, first: bool) -> Box:
        top = MARGIN_TOP + self.banner + self._head(title, first).height
        bottom = self.page_height - MARGIN_BOTTOM - self._foot_height() - ABOVE_FOOT
        return Box(MARGIN_X, top, self.width, bottom - top)

    def draw(self, sheet: Sheet, title: str, page: int, pages: int, first: bool = False) -> None:
        """Head and foot of a page; page counts from 1."""
        head = self._head(title, first)
        if self.paper.not_issued:
            self._draw_banner(sheet)
        self._draw_head(sheet, head, MARGIN_TOP + self.banner)
        self._draw_foot(sheet, page, pages)

    def _head(self, title: str, first: bool) -> _Head:
        title_width = width(bold(title), TITLE)
        if title_width > self.width:
            raise DoesNotFit(f"{title!r} is too long for a title.")
        ruled = self.paper.patient is None
        room = self.width - title_width - GAP
        try:
            beside = not ruled or room >= self._ruled_width()
            lines = self._lines(first, room) if beside else ()
        except DoesNotFit:
            beside = False
        if not beside or len(lines) > 5:
            beside, lines = False, self._lines(first, self.width)
        return _Head(title, tuple(lines), beside, ruled)

    def _lines(self, first: bool, room: float) -> tuple[Text, ...]:
        texts = self._whose(first)
        if first and self.paper.replaces:
            texts.append(plain(self._replaces(*self.paper.replaces)))
        if not first:
            wording = Wording(self.paper)
            texts += [plain(wording.label(key)) for key in wording.products]
        return tuple(line for text in texts for line in wrap(text, LEAST, room))

    def _replaces(self, number: int, day: date) -> str:
        version = f"version {number} of {long_date(day, weekday=False)}"
        begins = self.paper.answer.steps[0].start
        if self.paper.issued and self.paper.answer.request.history and begins > self.paper.issued:
            return f"From {long_date(begins)} this paper replaces {version}. Throw that one away then."
        return f"This paper replaces {version}. Throw that one away."

    def _whose(self, first: bool) -> list[Text]:
        patient = self.paper.patient
        if patient is None:
            return []
        identifier = f", {patient.identifier}" if first and patient.identifier else ""
        return [bold(patient.name) + plain(f", born {long_date(patient.born, weekday=False)}{identifier}")]

    def _draw_banner(self, sheet: Sheet) -> None:
        box = Box(MARGIN_X, MARGIN_TOP, self.width, self.banner - 6)
        sheet.rect(box, 3)
        left = MARGIN_X + (self.width - width(bold(NOT_ISSUED), BANNER)) / 2
        with sheet.tag("P"):
            sheet.line(left, box.y + BANNER * 1.17, bold(NOT_ISSUED), BANNER)

    def _draw_head(self, sheet: Sheet, head: _Head, top: float) -> None:
        bottom = top + head.height
        rows = len(head.lines) + head.ruled
        baseline = bottom - 2.5 * MM - rows * LEADING + LEAST
        title_base = bottom - 2.5 * MM - 5 if head.beside else top + TITLE - 4
        with sheet.tag("H1"):
            sheet.line(MARGIN_X, title_base, bold(head.title), TITLE)
        if head.ruled:
            self._draw_ruled(sheet, baseline)
            baseline += LEADING
        for line in head.lines:
            with sheet.tag("P"):
                sheet.line_right(MARGIN_X + self.width, baseline, line, LEAST)
            baseline += LEADING
        sheet.stroke(MARGIN_X, bottom, MARGIN_X + self.width, bottom, THICK)

    def _ruled_width(self) -> float:
        return width(plain(NAME_LINE + BIRTH_LINE), LEAST) + 150 + 105 + 3 * 6

    def _draw_ruled(self, sheet: Sheet, baseline: float) -> None:
        x = MARGIN_X + self.width - self._ruled_width()
        for words, room in ((NAME_LINE, 150.0), (BIRTH_LINE, 105.0)):
            with sheet.tag("P", f"{words}: a line to write on"):
                x = sheet.line(x, baseline, plain(words), LEAST) + 6
                sheet.stroke(x, baseline + 2, x + room, baseline + 2)
            x += room + 6

    def _stamp(self, page: int, pages: int) -> Text:
        return plain(f"{self.paper.stamp} · Page {page} of {pages}")

    def _foot_lines(self, page: int, pages: int) -> list[tuple[Text, bool]]:
        """Lines of the foot, each with whether it stands at the right of the first."""
        left, stamp = bold(reminder(self.paper)), self._stamp(page, pages)
        if width(left, LEAST) + GAP + width(self._stamp(MOST_PAGES, MOST_PAGES), LEAST) <= self.width:
            return [(left, False), (stamp, True)]
        lines = [*wrap(left, LEAST, self.width), *wrap(stamp, LEAST, self.width)]
        return [(line, False) for line in lines]

    def _foot_height(self) -> float:
        lines = [line for line, beside in self._foot_lines(MOST_PAGES, MOST_PAGES) if not beside]
        return len(lines) * LEADING + 2 * MM

    def _draw_foot(self, sheet: Sheet, page: int, pages: int) -> None:
        top = self.page_height - MARGIN_BOTTOM - self._foot_height()
        sheet.stroke(MARGIN_X, top, MARGIN_X + self.width, top, THICK)
        y = top + 2 * MM + LEAST * 0.8
        for line, beside in self._foot_lines(page, pages):
            with sheet.tag("P"):
                if beside:
                    sheet.line_right(MARGIN_X + self.width, y - LEADING, line, LEAST)
                else:
                    sheet.line(MARGIN_X, y, line, LEAST)
            y += 0 if beside else LEADING

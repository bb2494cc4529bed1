"""A page to draw on: points from the top left, checked text, and tags for readers of the blind."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from planner.papers import fonts
from planner.papers.model import PaperError
from planner.papers.text import Line, Text, bold, width

MM = 72 / 25.4
SIZES = {"A4": (297 * MM, 210 * MM), "Letter": (792.0, 612.0)}  # landscape
LEAST = 12.0  # nothing that a patient needs is smaller, in points
THIN, LINE, THICK, HEAVY = 0.6, 1.0, 1.5, 3.4


@dataclass(frozen=True)
class Tag:
    """A piece of a page for the structure tree. spoken: words for what is drawn, where letters alone do not tell."""

    page: int
    mark: int
    role: str
    spoken: str = ""


@dataclass(frozen=True)
class Box:
    """A part of a page, in points from its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def right(self) -> float:
        return self.x + self.width


class Sheet:
    """The pages of one PDF, drawn one after the other."""

    def __init__(self, canvas: Canvas, height: float) -> None:
        self.canvas, self.height = canvas, height
        self.tags: list[Tag] = []
        self.page = 0
        self._mark = 0
        self._tagged = False

    def next_page(self) -> None:
        self.canvas.showPage()
        self.page, self._mark = self.page + 1, 0

    @contextmanager
    def tag(self, role: str, spoken: str = "") -> Iterator[None]:
        """Everything drawn inside is one element of that role, in reading order."""
        self.tags.append(Tag(self.page, self._mark, role, spoken))
        self.canvas.addLiteral(f"/{role} <</MCID {self._mark}>> BDC")
        self._mark, self._tagged = self._mark + 1, True
        yield
        self.canvas.addLiteral("EMC")
        self._tagged = False

    @contextmanager
    def shapes(self) -> Iterator[Canvas]:
        """The canvas for lines and shapes; outside a tag they are decoration."""
        if self._tagged:
            yield self.canvas
            return
        self.canvas.addLiteral("/Artifact BMC")
        yield self.canvas
        self.canvas.addLiteral("EMC")

    def line(self, x: float, y: float, text: Line, size: float) -> float:
        """Draw a line of text with its baseline at y; returns where it ends."""
        if not self._tagged:
            raise PaperError("Text outside a tag would be lost to those who have the page read aloud.")
        for run in text:
            shown = fonts.drawable(run.text)
            self.canvas.setFont(fonts.BOLD if run.bold else fonts.REGULAR, size)
            self.canvas.drawString(x, self.height - y, shown)
            x += fonts.width(shown, size, run.bold)
        return x

    def line_right(self, right: float, y: float, text: Text, size: float) -> None:
        """A line that ends at right."""
        self.line(right - width(text, size), y, text, size)

    def stroke(self, x1: float, y1: float, x2: float, y2: float, thickness: float = LINE) -> None:
        with self.shapes() as canvas:
            canvas.setLineWidth(thickness)
            canvas.line(x1, self.height - y1, x2, self.height - y2)

    def rect(self, box: Box, thickness: float = LINE, filled: bool = False) -> None:
        with self.shapes() as canvas:
            canvas.setLineWidth(thickness)
            canvas.rect(box.x, self.height - box.bottom, box.width, box.height, fill=int(filled))

    def white_line(self, x: float, y: float, words: str, size: float) -> None:
        """Bold white text, for a black ground."""
        self.canvas.setFillGray(1)
        self.line(x, y, bold(words), size)
        self.canvas.setFillGray(0)

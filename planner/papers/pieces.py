"""Tablets, capsules, packets and syringes, counted out and drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from reportlab.pdfgen.canvas import Canvas

from planner.papers.model import PaperError
from planner.papers.sheet import Sheet

Shape = Literal["whole", "half", "quarter", "capsule", "packet", "syringe"]
GAP = 2.5
_WIDTHS: dict[Shape, float] = {
    "whole": 1.0, "half": 0.55, "quarter": 0.55, "capsule": 1.5, "packet": 0.85, "syringe": 2.4,
}  # fmt: skip
_SHARES: dict[Shape, Decimal] = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}


@dataclass(frozen=True)
class Piece:
    """One thing to draw. parts: into how many it may be cut; ring: 0 for the first strength, then 1, 2 ..."""

    shape: Shape
    parts: int = 1
    ring: int = 0

    @property
    def units(self) -> Decimal:
        return _SHARES.get(self.shape, Decimal(1))


def count_out(form: str, divides: int, units: Decimal, ring: int = 0) -> tuple[Piece, ...]:
    """The pieces that together are the units; one syringe for any volume of a liquid."""
    if form == "solution":
        return (Piece("syringe"),)
    if form != "tablet":
        if units % 1:
            raise PaperError(f"{units} of a {form} cannot be drawn: it is taken whole.")
        shape: Shape = "capsule" if form == "capsule" else "packet"
        return (Piece(shape, ring=ring),) * int(units)
    found = [Piece("whole", divides, ring)] * int(units)
    rest = units % 1
    for piece in (Piece("half", divides, ring), Piece("quarter", divides, ring)):
        if rest >= piece.units:
            found.append(piece)
            rest -= piece.units
    if rest:
        raise PaperError(f"{units} of a {form} cannot be drawn in halves and quarters.")
    return tuple(found)


def width(pieces: Sequence[Piece], size: float) -> float:
    """Width in points of pieces drawn side by side."""
    return sum(_WIDTHS[piece.shape] * size for piece in pieces) + GAP * max(0, len(pieces) - 1)


def draw(sheet: Sheet, x: float, middle: float, size: float, pieces: Sequence[Piece]) -> None:
    """Side by side from x, centred on a height (points from the top)."""
    with sheet.shapes() as canvas:
        for piece in pieces:
            canvas.saveState()
            canvas.translate(x, sheet.height - middle)
            canvas.scale(size, size)
            canvas.setLineWidth(0.09)
            canvas.setLineJoin(1)
            _Pen(canvas).draw(piece)
            canvas.restoreState()
            x += _WIDTHS[piece.shape] * size + GAP


class _Pen:
    """Draws one piece in a square of side 1, its left edge at 0, its middle at height 0."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def draw(self, piece: Piece) -> None:
        getattr(self, f"_{piece.shape}")(piece)

    def _whole(self, piece: Piece) -> None:
        self.canvas.circle(0.5, 0, 0.455)
        if piece.parts > 1:
            self.canvas.line(0.5, -0.455, 0.5, 0.455)
        if piece.parts > 2:
            self.canvas.line(0.045, 0, 0.955, 0)
        for inner in range(piece.ring):
            self.canvas.circle(0.5, 0, 0.3 - 0.14 * inner)

    def _half(self, piece: Piece) -> None:
        self._slice(0.5, 0.455, 90, 180)
        for inner in range(piece.ring):
            self._slice(0.5, 0.3 - 0.14 * inner, 90, 180)

    def _quarter(self, piece: Piece) -> None:
        self._slice(0.5, 0.455, 90, 90)
        for inner in range(piece.ring):
            self._slice(0.5, 0.3 - 0.14 * inner, 90, 90)

    def _slice(self, centre: float, radius: float, start: int, extent: int) -> None:
        path = self.canvas.beginPath()
        path.moveTo(centre, 0)
        path.arcTo(centre - radius, -radius, centre + radius, radius, start, extent)
        path.close()
        self.canvas.drawPath(path)

    def _capsule(self, piece: Piece) -> None:
        self.canvas.roundRect(0.05, -0.28, 1.4, 0.56, 0.27)
        self.canvas.line(0.75, -0.28, 0.75, 0.28)
        for inner in range(piece.ring):
            self.canvas.line(0.87 + 0.14 * inner, -0.28, 0.87 + 0.14 * inner, 0.28)

    def _packet(self, piece: Piece) -> None:
        self.canvas.rect(0.05, -0.45, 0.75, 0.9)
        self.canvas.line(0.05, 0.25, 0.8, 0.25)
        for inner in range(piece.ring):
            self.canvas.line(0.05, 0.1 - 0.15 * inner, 0.8, 0.1 - 0.15 * inner)

    def _syringe(self, piece: Piece) -> None:
        self.canvas.rect(0.3, -0.22, 1.4, 0.44)
        self.canvas.line(0.05, 0, 0.3, 0)
        self.canvas.line(1.7, 0, 2.25, 0)
        self.canvas.line(2.25, -0.22, 2.25, 0.22)
        self.canvas.line(1.7, -0.34, 1.7, 0.34)
        for mark in (0.6, 0.9, 1.2):
            self.canvas.line(mark, 0.22, mark, 0)
        self.canvas.line(1.45, -0.22, 1.45, 0.22)

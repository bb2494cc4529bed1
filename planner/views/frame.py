"""What a drawing of dose over time is made of, and where a day and a dose lie in it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Text:
    x: str
    y: str
    words: str
    look: str = ""


@dataclass(frozen=True)
class Box:
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Hatched:
    """A stretch of closed days: its outline and the lines in it, as paths."""

    edge: str
    lines: str


@dataclass(frozen=True)
class Chart:
    """Everything in a drawing, in its own units of length."""

    width: int
    height: int
    line: str
    before: str
    axis: str
    grid: tuple[str, ...]
    ticks: str
    bands: tuple[Box, ...]
    drops: tuple[str, ...]
    marks: tuple[str, ...]
    texts: tuple[Text, ...]
    stop: tuple[str, str] | None
    closed: tuple[Hatched, ...] = ()
    check_ins: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Frame:
    """A drawing's measures, and where a day and a dose lie in it."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    first: date
    last: date
    most: Decimal

    def x(self, day: date) -> Decimal:
        return self.left + Decimal((day - self.first).days) * (self.right - self.left) / (self.last - self.first).days

    def y(self, dose: Decimal) -> Decimal:
        return self.bottom - dose * (self.bottom - self.top) / self.most


def written(length: Decimal) -> str:
    """A length as the drawing has it, to a tenth."""
    return f"{length:.1f}"

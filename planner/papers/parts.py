"""What month and list pages are stacked from: parts with a height, drawn one under the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from planner.papers.sheet import LEAST, LINE, Box, Sheet
from planner.papers.text import Text, bold, width, wrap

_LEADING, _NUMBER, _PAD = 15.4, 14.0, 6.0


class Part(Protocol):
    """A piece of a page that is never split."""

    @property
    def height(self) -> float: ...

    def draw(self, sheet: Sheet, y: float) -> None: ...


@dataclass(frozen=True)
class Band:
    """Days for which one sentence is enough, across the page."""

    label: str
    text: Text
    left: float
    width: float

    @property
    def _lines(self) -> list[Text]:
        return wrap(self.text, LEAST, self.width - self._indent - _PAD)

    @property
    def _indent(self) -> float:
        return _PAD + width(bold(self.label), _NUMBER) + 12

    @property
    def height(self) -> float:
        return len(self._lines) * _LEADING + 10

    def draw(self, sheet: Sheet, y: float) -> None:
        sheet.rect(Box(self.left, y, self.width, self.height), LINE)
        baseline = y + 5 + LEAST
        with sheet.tag("P"):
            sheet.line(self.left + _PAD, baseline, bold(self.label), _NUMBER)
            for number, line in enumerate(self._lines):
                sheet.line(self.left + self._indent, baseline + number * _LEADING, line, LEAST)


@dataclass(frozen=True)
class Note:
    """A sentence under the last day."""

    text: Text
    left: float
    width: float

    @property
    def _lines(self) -> list[Text]:
        return wrap(self.text, 13, self.width)

    @property
    def height(self) -> float:
        return len(self._lines) * 17.0 + 5

    def draw(self, sheet: Sheet, y: float) -> None:
        with sheet.tag("P"):
            for number, line in enumerate(self._lines, start=1):
                sheet.line(self.left, y + number * 17.0, line, 13)


@dataclass(frozen=True)
class Together:
    """Parts that stay on one page."""

    parts: Sequence[Part]

    @property
    def height(self) -> float:
        return stack_height(self.parts)

    def draw(self, sheet: Sheet, y: float) -> None:
        for part in self.parts:
            part.draw(sheet, y)
            y += part.height


def stack_height(parts: Sequence[Part]) -> float:
    return sum(part.height for part in parts)


def label_of(days: Sequence[int]) -> str:
    """``1 to 6`` or ``1``."""
    return str(days[0]) if len(days) == 1 else f"{days[0]} to {days[-1]}"

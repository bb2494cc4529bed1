"""What the first page's columns are built of. Each block knows its height for a width and a size of text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from planner.papers import pieces
from planner.papers.pieces import Piece
from planner.papers.sheet import MM, THICK, Box, Sheet
from planner.papers.text import Text, bold, plain, width, wrap

HEADING = 14.0
BOX_HEADING = 17.0
_BOX_PAD = 3 * MM
_FRAME = 3.5
Meaning = tuple[Piece, str, str]  # what is drawn, its words, what it holds


@dataclass(frozen=True)
class Type:
    """Size of the text in points, and the distance of its lines."""

    size: float
    spacing: float

    @property
    def leading(self) -> float:
        return self.size * self.spacing


class Block(Protocol):
    """A piece of a column; room in points."""

    def height(self, room: float, type_: Type) -> float: ...

    def draw(self, sheet: Sheet, x: float, y: float, room: float, type_: Type) -> None: ...


@dataclass(frozen=True)
class Para:
    text: Text
    after: float = 3.0

    def height(self, room: float, type_: Type) -> float:
        return len(wrap(self.text, type_.size, room)) * type_.leading + self.after

    def draw(self, sheet: Sheet, x: float, y: float, room: float, type_: Type) -> None:
        with sheet.tag("P"):
            for number, line in enumerate(wrap(self.text, type_.size, room)):
                sheet.line(x, y + type_.size + number * type_.leading, line, type_.size)


@dataclass(frozen=True)
class Heading:
    words: str

    def height(self, room: float, type_: Type) -> float:
        return len(wrap(bold(self.words), HEADING, room)) * HEADING * 1.2 + 3

    def draw(self, sheet: Sheet, x: float, y: float, room: float, type_: Type) -> None:
        with sheet.tag("H2"):
            for number, line in enumerate(wrap(bold(self.words), HEADING, room)):
                sheet.line(x, y + HEADING * (0.95 + 1.2 * number), line, HEADING)


@dataclass(frozen=True)
class Bullets:
    """One sign a line, with a square before it."""

    signs: Sequence[str]
    filled: bool = False

    def height(self, room: float, type_: Type) -> float:
        return sum(self._one(sign, room, type_) for sign in self.signs) + 2

    def _one(self, sign: str, room: float, type_: Type) -> float:
        return len(wrap(plain(sign), type_.size, room - self._indent)) * type_.leading + 1.7

    @property
    def _indent(self) -> float:
        return 4.8 * MM

    def draw(self, sheet: Sheet, x: float, y: float, room: float, type_: Type) -> None:
        y += 2
        for sign in self.signs:
            with sheet.tag("P"):
                sheet.rect(Box(x + 0.5, y + type_.size * 0.42, 6, 6), 1, filled=self.filled)
                for number, line in enumerate(wrap(plain(sign), type_.size, room - self._indent)):
                    sheet.line(x + self._indent, y + type_.size + number * type_.leading, line, type_.size)
            y += self._one(sign, room, type_)


@dataclass(frozen=True)
class DrawnPieces:
    """The pieces large, each with its words and what it holds, two in a row where they fit."""

    meanings: Sequence[Meaning]
    size: float = 24.0

    def height(self, room: float, type_: Type) -> float:
        return len(self._rows(room, type_)) * self._row_height(type_) + 2

    def _row_height(self, type_: Type) -> float:
        return 2 * type_.size * 1.2 + 5

    def _rows(self, room: float, type_: Type) -> list[list[Meaning]]:
        rows: list[list[Meaning]] = []
        for meaning in self.meanings:
            pair = rows and len(rows[-1]) == 1 and self._narrow(rows[-1][0], room, type_)
            if pair and self._narrow(meaning, room, type_):
                rows[-1].append(meaning)
            else:
                rows.append([meaning])
        return rows

    def _narrow(self, meaning: Meaning, room: float, type_: Type) -> bool:
        piece, words, amount = meaning
        said = max(width(bold(words), type_.size), width(plain(amount), type_.size))
        return pieces.width([piece], self.size) + 7 + said <= room / 2 - 4

    def draw(self, sheet: Sheet, x: float, y: float, room: float, type_: Type) -> None:
        for number, row in enumerate(self._rows(room, type_)):
            top = y + number * self._row_height(type_) + 4
            for place, meaning in enumerate(row):
                self._draw_one(sheet, x + place * room / 2, top, meaning, type_.size)

    def _draw_one(self, sheet: Sheet, left: float, top: float, meaning: Meaning, size: float) -> None:
        piece, words, amount = meaning
        text = left + pieces.width([piece], self.size) + 7
        with sheet.tag("P"):
            pieces.draw(sheet, left, top + size * 1.2 - 1, self.size, [piece])
            sheet.line(text, top + size * 0.95, bold(words), size)
            sheet.line(text, top + size * 2.1, plain(amount), size)


@dataclass(frozen=True)
class Phones:
    """Whom to call: a name at the left, the number at the right, or under it where both are long."""

    rows: Sequence[tuple[str, str]]

    def height(self, room: float, type_: Type) -> float:
        return sum(self._one(row, room, type_) for row in self.rows)

    def _one(self, row: tuple[str, str], room: float, type_: Type) -> float:
        return len(self._lines(row, room, type_)) * type_.leading + 5

    def _lines(self, row: tuple[str, str], room: float, type_: Type) -> list[tuple[Text, bool]]:
        name, number, size = plain(row[0]), bold(row[1]), type_.size
        if width(name, size) + 10 + width(number, size) <= room:
            return [(name, False)]
        return [(line, False) for line in wrap(name, size, room)] + [(line, True) for line in wrap(number, size, room)]

    def draw(self, sheet: Sheet, x: float, y: float, room: float, type_: Type) -> None:
        size = type_.size
        for row in self.rows:
            lines = self._lines(row, room, type_)
            with sheet.tag("P"):
                for number, (line, right) in enumerate(lines):
                    baseline = y + 2 + size + number * type_.leading
                    if right:
                        sheet.line_right(x + room, baseline, line, size)
                    else:
                        sheet.line(x, baseline, line, size)
                if not any(right for _, right in lines):
                    sheet.line_right(x + room, y + 2 + size, bold(row[1]), size)
            y += self._one(row, room, type_)


@dataclass(frozen=True)
class Group:
    """Blocks under one another."""

    blocks: Sequence[Block]

    def height(self, room: float, type_: Type) -> float:
        return sum(block.height(room, type_) for block in self.blocks)

    def draw(self, sheet: Sheet, x: float, y: float, room: float, type_: Type) -> None:
        for block in self.blocks:
            block.draw(sheet, x, y, room, type_)
            y += block.height(room, type_)


@dataclass(frozen=True)
class Boxed:
    """A framed group. heavy: black head and thick frame, for what is an emergency."""

    title: str
    group: Group
    heavy: bool = False

    def height(self, room: float, type_: Type) -> float:
        return self._head(room) + self.group.height(self._inner(room), type_) + 2 * 2.4 * MM

    def _inner(self, room: float) -> float:
        return room - 2 * _BOX_PAD

    def _titles(self, room: float) -> list[Text]:
        return wrap(bold(self.title), BOX_HEADING, self._inner(room))

    def _head(self, room: float) -> float:
        return len(self._titles(room)) * BOX_HEADING * 1.2 + 2 * 1.8 * MM

    def draw(self, sheet: Sheet, x: float, y: float, room: float, type_: Type) -> None:
        frame, head = (_FRAME if self.heavy else THICK), self._head(room)
        inset = frame / 2
        sheet.rect(Box(x + inset, y + inset, room - frame, self.height(room, type_) - frame), frame)
        sheet.rect(Box(x + inset, y + inset, room - frame, head - inset), THICK, filled=self.heavy)
        with sheet.tag("H2"):
            for number, line in enumerate(self._titles(room)):
                baseline = y + 1.8 * MM + BOX_HEADING * (0.95 + 1.2 * number)
                if self.heavy:
                    sheet.white_line(x + _BOX_PAD, baseline, "".join(run.text for run in line), BOX_HEADING)
                else:
                    sheet.line(x + _BOX_PAD, baseline, line, BOX_HEADING)
        self.group.draw(sheet, x + _BOX_PAD, y + head + 2.4 * MM, self._inner(room), type_)


@dataclass(frozen=True)
class Framed:
    """A group in a plain frame, its heading inside."""

    group: Group

    def height(self, room: float, type_: Type) -> float:
        return self.group.height(room - 2 * _BOX_PAD, type_) + 2 * 2.4 * MM

    def draw(self, sheet: Sheet, x: float, y: float, room: float, type_: Type) -> None:
        sheet.rect(Box(x + 0.75, y + 0.75, room - 1.5, self.height(room, type_) - 1.5), THICK)
        self.group.draw(sheet, x + _BOX_PAD, y + 2.4 * MM, room - 2 * _BOX_PAD, type_)

"""What stands in the cell of one dose: tick box, amount, drawn pieces, words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from planner.papers import pieces
from planner.papers.days import Dose
from planner.papers.model import DoesNotFit
from planner.papers.pieces import Piece
from planner.papers.sheet import HEAVY, LEAST, LINE, Box, Sheet
from planner.papers.text import Text, bold, plain, width, wrap
from planner.papers.wording import NO_DOSE, Wording
from planner.taper.schedule import Portion

TICK, INDENT, PIECE = 11.0, 15.0, 11.0
AMOUNT_ROOM = 34.0  # amounts up to this width leave the pieces of a column under one another
LEADING = 15.4
_GAP = 4.0


@dataclass(frozen=True)
class CellLine:
    text: Text = ()
    pieces: tuple[Piece, ...] = ()
    tick: Literal["no", "thin", "thick"] = "no"


class Cells:
    """Cells of one width (points). Every method raises DoesNotFit where the width does not do."""

    def __init__(self, wording: Wording, room: float) -> None:
        self.wording, self.room = wording, room

    def in_week(self, dose: Dose, words: bool) -> tuple[CellLine, ...]:
        """A cell of a week block. words: say or draw everything here, as no row's head does."""
        if not dose.portions:
            return self._nothing(dose)
        if len(dose.portions) > 1:
            raise DoesNotFit("Two products in one dose need a line each.")
        portion = dose.portions[0]
        if self.wording.products[portion.product].is_liquid:
            return self._measured(dose, portion, drawn=words)
        lines = self._first(dose, self.wording.dose(dose.amount), self.wording.pieces(portion))
        return (*lines, *self._words(self.wording.short(portion))) if words else lines

    def _measured(self, dose: Dose, portion: Portion, drawn: bool) -> tuple[CellLine, ...]:
        """Volume first, since that is what is drawn up; the amount beside it or under it."""
        words, syringe = self.wording.portion(portion), self.wording.pieces(portion)
        for pieces_ in (syringe,) if drawn else (syringe, ()):
            whole = self._ticked(dose, words, pieces_)
            if self._takes(whole) <= self.room:
                return (whole,)
        volume, _, rest = words.partition(" mL ")
        return (*self._first(dose, f"{volume} mL", syringe), *self._words(rest))

    def in_list(self, dose: Dose) -> tuple[CellLine, ...]:
        """A cell of the list: the amount, then each product's pieces in words and drawn."""
        if not dose.portions:
            return self._nothing(dose)
        lines = self._first(dose, self.wording.dose(dose.amount), ())
        for portion in dose.portions:
            lines = (*lines, *self._portion(portion))
        return lines

    def _portion(self, portion: Portion) -> tuple[CellLine, ...]:
        drawn = self.wording.pieces(portion)
        *above, last = self._words(self.wording.portion(portion))
        if self._takes(CellLine(last.text, drawn)) <= self.room:
            return (*above, CellLine(last.text, drawn))
        return (*above, last, *self._rows_of(drawn))

    def _nothing(self, dose: Dose) -> tuple[CellLine, ...]:
        return (CellLine(bold(NO_DOSE) if dose.changed else plain(NO_DOSE)),)

    def _first(self, dose: Dose, amount: str, drawn: tuple[Piece, ...]) -> tuple[CellLine, ...]:
        whole = self._ticked(dose, amount, drawn)
        if self._takes(whole) <= self.room:
            return (whole,)
        alone = self._ticked(dose, amount, ())
        if self._takes(alone) > self.room:
            raise DoesNotFit(f"{amount} is too wide for its cell.")
        return (alone, *self._rows_of(drawn))

    def _ticked(self, dose: Dose, words: str, drawn: tuple[Piece, ...]) -> CellLine:
        return CellLine(bold(words), drawn, "thick") if dose.changed else CellLine(plain(words), drawn, "thin")

    def _takes(self, line: CellLine) -> float:
        words = width(line.text, LEAST)
        if not line.pieces:
            return INDENT + words
        before = max(words, AMOUNT_ROOM) + _GAP if line.text else 0
        return INDENT + before + pieces.width(line.pieces, PIECE)

    def _words(self, words: str) -> tuple[CellLine, ...]:
        return tuple(CellLine(line) for line in wrap(plain(words), LEAST, self.room - INDENT))

    def _rows_of(self, drawn: Sequence[Piece]) -> tuple[CellLine, ...]:
        rows: list[tuple[Piece, ...]] = [()]
        for piece in drawn:
            if rows[-1] and INDENT + pieces.width((*rows[-1], piece), PIECE) > self.room:
                rows.append(())
            rows[-1] = (*rows[-1], piece)
        return tuple(CellLine((), row) for row in rows)


def draw_line(sheet: Sheet, x: float, baseline: float, line: CellLine) -> None:
    """Draw one line of a cell from its left edge; inside a tag."""
    if line.tick != "no":
        thickness = LINE if line.tick == "thin" else HEAVY * 0.7
        inset = thickness / 2
        sheet.rect(Box(x + inset, baseline - TICK + 1.6 + inset, TICK - thickness, TICK - thickness), thickness)
    end = x + INDENT
    if line.text:
        end = max(sheet.line(end, baseline, line.text, LEAST), end + AMOUNT_ROOM) + _GAP
    pieces.draw(sheet, end, baseline - LEAST * 0.33, PIECE, line.pieces)


def spoken(wording: Wording, time: str, dose: Dose) -> str:
    """The cell for a reader who does not see it."""
    if not dose.portions:
        return f"{time.capitalize()}: {NO_DOSE}."
    parts = " and ".join(wording.portion(portion) for portion in dose.portions)
    change = " Lower than before." if dose.lower else " Higher than before." if dose.higher else ""
    return f"{time.capitalize()}: {wording.dose(dose.amount)}, {parts}.{change}"

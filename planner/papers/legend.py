"""The line under each month that explains its signs."""

from collections.abc import Sequence

from planner.papers import pieces
from planner.papers.model import DoesNotFit, Paper
from planner.papers.pieces import Piece
from planner.papers.sheet import LEAST, Sheet
from planner.papers.text import Text, bold, plain, width
from planner.papers.wording import Wording, piece_words
from planner.taper.schedule import Portion

_SIZE, _GAP, _LEADING = 11.0, 18.0, 16.5
Item = tuple[Piece | None, Text]

THICK_LINE = bold("Thick line:") + plain(" a new dose starts that day.")
_LOWER = bold("Thick box:") + plain(" this dose is lower than before.")
_ANOTHER = bold("Thick box:") + plain(" this dose is not the same as before.")


def thick_box(paper: Paper) -> Text:
    """What a thick box means: a taper that was stepped back has higher doses too."""
    return _ANOTHER if any(step.cut < 0 for step in paper.answer.steps) else _LOWER


def piece_meanings(paper: Paper) -> list[tuple[Piece, str, str]]:
    """Each kind of piece that the schedule uses: the drawing, its words, what it holds."""
    wording, found = Wording(paper), dict[Piece, tuple[Piece, str, str]]()
    for portion in _portions(paper):
        product = wording.products[portion.product]
        for piece in wording.pieces(portion):
            if product.is_liquid:
                found[piece] = (piece, "1 mL in the syringe", wording.dose(product.strength))
                continue
            one = Portion(portion.product, piece.units)
            words = piece_words(product.form, piece.units, paper.country)
            of = f" of {wording.dose(product.strength)}" if wording.several else ""
            found[piece] = (piece, words + of, wording.dose(wording.amount_of(one)))
    return sorted(found.values(), key=lambda item: (item[0].shape == "syringe", item[0].ring, -item[0].units))


def _portions(paper: Paper) -> list[Portion]:
    return [portion for step in paper.answer.steps for portions in step.take.values() for portion in portions]


def legend_items(paper: Paper) -> list[Item]:
    """The signs, then the pieces; liquids say how much is in each mL."""
    wording = Wording(paper)
    items: list[Item] = [(None, THICK_LINE), (None, thick_box(paper))]
    for piece, words, amount in piece_meanings(paper):
        if piece.shape != "syringe":
            known = wording.several and piece.units == 1
            items.append((piece, plain(words if known else f"{words}, {amount}")))
    liquids = [key for key, product in wording.products.items() if product.is_liquid]
    items += [(Piece("syringe"), plain(wording.in_each(key))) for key in liquids]
    return items


class Legend:
    """The signs laid out in lines of a width (points)."""

    def __init__(self, paper: Paper, room: float) -> None:
        self.lines: list[list[Item]] = [[]]
        for item in legend_items(paper):
            if self._width([item]) > room:
                raise DoesNotFit("The words under the calendar are too long.")
            if self.lines[-1] and self._width([*self.lines[-1], item]) > room:
                self.lines.append([])
            self.lines[-1].append(item)

    @property
    def height(self) -> float:
        return len(self.lines) * _LEADING + 3

    def _width(self, items: Sequence[Item]) -> float:
        return sum(_item_width(item) for item in items) + _GAP * (len(items) - 1)

    def draw(self, sheet: Sheet, left: float, top: float) -> None:
        for number, line in enumerate(self.lines, start=1):
            x, baseline = left, top + number * _LEADING - 2
            for item in line:
                with sheet.tag("P"):
                    _draw_item(sheet, x, baseline, item)
                x += _item_width(item) + _GAP


def _item_width(item: Item) -> float:
    piece, words = item
    return width(words, LEAST) + (pieces.width([piece], _SIZE) + 5 if piece else 0)


def _draw_item(sheet: Sheet, x: float, baseline: float, item: Item) -> None:
    piece, words = item
    if piece:
        pieces.draw(sheet, x, baseline - LEAST * 0.33, _SIZE, [piece])
        x += pieces.width([piece], _SIZE) + 5
    sheet.line(x, baseline, words, LEAST)

"""FiraGO, the papers' one font family: measured, checked and registered once."""

import unicodedata
from functools import cache
from io import BytesIO

import pymupdf_fonts
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from planner.papers.model import PaperError

REGULAR, BOLD = "FiraGO", "FiraGO-Bold"
_BUFFERS = {REGULAR: "figo", BOLD: "figbo"}
_NEED_SHAPING = ("R", "AL", "AN")  # right to left: the PDF writer puts letters one after the other, unshaped


@cache
def _font(name: str) -> TTFont:
    font = TTFont(name, BytesIO(pymupdf_fonts.myfont(_BUFFERS[name])))
    pdfmetrics.registerFont(font)
    return font


def register() -> None:
    """Make both faces known to ReportLab; it does nothing the second time."""
    _font(REGULAR)
    _font(BOLD)


def drawable(text: str) -> str:
    """The text as it will be drawn, composed and with plain spaces.

    Raises PaperError naming the first character that the font cannot draw as it should look.
    """
    composed = unicodedata.normalize("NFC", text).replace("\N{NO-BREAK SPACE}", " ")
    for character in composed:
        if not _can_draw(character):
            name = f"U+{ord(character):04X}, {unicodedata.name(character, 'no name')}"
            raise PaperError(f"The paper’s font cannot draw {character!r} ({name}) in {text!r}.")
    return composed


@cache
def _can_draw(character: str) -> bool:
    if not character.isprintable() or unicodedata.category(character).startswith("M"):
        return False
    if unicodedata.bidirectional(character) in _NEED_SHAPING:
        return False
    return all(ord(character) in _font(name).face.charToGlyph for name in _BUFFERS)


def width(text: str, size: float, bold: bool = False) -> float:
    """Width in points. Raises PaperError for a character that cannot be drawn."""
    return float(_font(BOLD if bold else REGULAR).stringWidth(drawable(text), size))

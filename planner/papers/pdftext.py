"""The words of a PDF with their places, read by another library than the one that drew them."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_SAME_LINE = 0.6  # points
_NEW_WORD = 0.2  # of the size of the letters


@dataclass(frozen=True)
class Word:
    """x, right and y (its baseline, down from the top) in points; size of the letters in points."""

    text: str
    x: float
    right: float
    y: float
    size: float


def pages_of(pdf: bytes) -> list[list[Word]]:
    """The words of each page."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [_words(page) for page in document]
    finally:
        document.close()


@dataclass(frozen=True)
class _Letter:
    text: str
    x: float
    right: float
    y: float
    size: float


def _words(page: pdfium.PdfPage) -> list[Word]:
    words: list[Word] = []
    letters: list[_Letter] = []
    for letter in _letters(page):
        if letters and not _continues(letters[-1], letter):
            words += _word(letters)
            letters = []
        if not letter.text.isspace():
            letters.append(letter)
        elif letters:
            words += _word(letters)
            letters = []
    return words + _word(letters)


def _continues(last: _Letter, letter: _Letter) -> bool:
    gap = letter.x - last.right
    return abs(letter.y - last.y) < _SAME_LINE and letter.size == last.size and abs(gap) < _NEW_WORD * letter.size


def _word(letters: list[_Letter]) -> list[Word]:
    if not letters:
        return []
    text = "".join(letter.text for letter in letters)
    return [Word(text, letters[0].x, letters[-1].right, letters[0].y, letters[0].size)]


def _letters(page: pdfium.PdfPage) -> Iterator[_Letter]:
    textpage = page.get_textpage()
    height = page.get_height()
    for place in range(raw.FPDFText_CountChars(textpage)):
        if not raw.FPDFText_IsGenerated(textpage, place):
            yield _letter(textpage, place, height)


def _letter(textpage: pdfium.PdfTextPage, place: int, height: float) -> _Letter:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(textpage, place, x, y)
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(textpage, place, box)
    size = float(raw.FPDFText_GetFontSize(textpage, place))
    return _Letter(chr(raw.FPDFText_GetUnicode(textpage, place)), x.value, box.right, height - y.value, round(size, 2))

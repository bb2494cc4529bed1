"""An old paper printed again: every page says that it holds no more. The paper itself stays as it was, smaller."""

from io import BytesIO

from pikepdf import Name, ObjectStreamMode, Page, Pdf
from reportlab.pdfgen.canvas import Canvas

from planner.papers import fonts
from planner.papers.model import DoesNotFit
from planner.papers.sheet import MM
from planner.papers.text import bold, width

SIZE = 18.0
BAND_NAME = Name("/HoldsNoMore")
BAND, EDGE = 30.0, 7 * MM  # height of the band, and its way from the paper's edges: a printer leaves those white


def stamped(pdf: bytes, words: str) -> bytes:
    """The same pages, each under a black band with the words in white; what can be read aloud is kept.

    Raises DoesNotFit where the words are longer than a page is wide.
    """
    fonts.register()
    with Pdf.open(BytesIO(pdf)) as document:
        wide, high = _size(document.pages[0])  # a paper's pages are all of one size
        with Pdf.open(BytesIO(_band(wide, high, words))) as drawn:
            band = document.copy_foreign(drawn.pages[0].as_form_xobject())
        for page in document.pages:
            _make_room(page)
            page.add_resource(band, Name.XObject, BAND_NAME)
            page.contents_add(f"/Artifact BMC q {BAND_NAME} Do Q EMC".encode())
        out = BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return out.getvalue()


def _size(page: Page) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return right - left, top - bottom


def _make_room(page: Page) -> None:
    """The page made smaller, towards the middle of its foot."""
    wide, high = _size(page)
    share = (high - EDGE - BAND) / high
    shift = (1 - share) * wide / 2
    page.contents_add(f"q {share:.4f} 0 0 {share:.4f} {shift:.2f} 0 cm".encode(), prepend=True)
    page.contents_add(b"Q")


def _band(wide: float, high: float, words: str) -> bytes:
    said = bold(words)
    if width(said, SIZE) > wide - 2 * EDGE - 12:
        raise DoesNotFit(f"{words!r} is too long for a band.")
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(wide, high), invariant=1, initialFontName=fonts.BOLD, initialFontSize=SIZE)
    canvas.rect(EDGE, high - EDGE - BAND, wide - 2 * EDGE, BAND, stroke=0, fill=1)
    canvas.setFillGray(1)
    canvas.drawCentredString(wide / 2, high - EDGE - BAND / 2 - SIZE * 0.35, fonts.drawable(words))
    canvas.save()
    return buffer.getvalue()

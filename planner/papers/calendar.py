"""The patient's calendar as PDF."""

from collections.abc import Sequence
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from planner.papers import fonts
from planner.papers.finish import finish
from planner.papers.first_page import FirstPage, first_pages
from planner.papers.frame import Frame
from planner.papers.glance import glance_pages
from planner.papers.listing import list_pages
from planner.papers.model import DoesNotFit, Paper, check_paper
from planner.papers.months import month_pages
from planner.papers.page import Page
from planner.papers.sheet import Sheet


def calendar_pdf(paper: Paper) -> bytes:
    """The calendar; the same paper gives the same bytes.

    Raises PaperError where something it must say is missing, cannot be drawn, or fits no layout.
    """
    check_paper(paper)
    fonts.register()
    frame = Frame(paper)
    pages: list[FirstPage | Page] = []
    for section in (first_pages, glance_pages, _day_pages):
        pages += section(paper, frame)
    return finish(paper, *_draw(paper, frame, pages))


def _day_pages(paper: Paper, frame: Frame) -> list[Page]:
    try:
        return month_pages(paper, frame)
    except DoesNotFit:
        return list_pages(paper, frame)


def _draw(paper: Paper, frame: Frame, pages: Sequence[FirstPage | Page]) -> tuple[bytes, Sheet]:
    buffer = BytesIO()
    canvas = Canvas(
        buffer, pagesize=(frame.page_width, frame.page_height), invariant=1, pageCompression=1,
        initialFontName=fonts.REGULAR, initialFontSize=12, lang=f"en-{paper.country}",
    )  # fmt: skip
    sheet = Sheet(canvas, frame.page_height)
    for number, page in enumerate(pages, start=1):
        frame.draw(sheet, page.title, number, len(pages), page.first)
        page.draw(sheet, frame.body(page.title, page.first))
        sheet.next_page()
    canvas.save()
    return buffer.getvalue(), sheet

"""A page as laid out, before its number is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.papers.legend import Legend
from planner.papers.model import DoesNotFit
from planner.papers.parts import Part
from planner.papers.sheet import Box, Sheet


@dataclass(frozen=True)
class Page:
    """Parts under one another, perhaps a legend under them. first: the paper's first page.

    above: room over the first part, in points.
    """

    title: str
    parts: Sequence[Part]
    legend: Legend | None = None
    first: bool = False
    above: float = 0.0

    def draw(self, sheet: Sheet, body: Box) -> None:
        """Draw the page's body. Raises DoesNotFit rather than draw beyond it."""
        y = body.y + self.above
        for part in self.parts:
            part.draw(sheet, y)
            y += part.height
        if self.legend:
            self.legend.draw(sheet, body.x, y)
            y += self.legend.height
        if y > body.bottom + 0.01:
            raise DoesNotFit(f"{self.title}: what is to be said does not fit on the page.")


def paginate(parts: Sequence[Part], room: float) -> list[list[Part]]:
    """Parts in order on as many pages as they need. Raises DoesNotFit for a part higher than a page."""
    pages: list[list[Part]] = [[]]
    left = room
    for part in parts:
        if part.height > room:
            raise DoesNotFit("A part of the calendar is higher than a page.")
        if part.height > left:
            pages.append([])
            left = room
        pages[-1].append(part)
        left -= part.height
    return pages

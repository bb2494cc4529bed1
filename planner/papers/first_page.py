"""The first page: medicine, what will happen, warning signs, whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from planner.papers.blocks import Block, Boxed, Bullets, DrawnPieces, Framed, Group, Heading, Para, Phones, Type
from planner.papers.frame import Frame
from planner.papers.howto import HowTo
from planner.papers.legend import piece_meanings
from planner.papers.model import DoesNotFit, Paper, PaperError
from planner.papers.sheet import MM, Box, Sheet
from planner.papers.text import Text, bold, plain
from planner.papers.wording import Wording
from planner.papers.words import NEW_PRODUCT, take_no_more, what_happens

TYPES = (Type(13, 1.3), Type(12.5, 1.28), Type(12, 1.28), Type(12, 1.18))
COLUMN_GAP = 7 * MM
BLOCK_GAPS = (4.6 * MM, 3.2 * MM)
SECOND = "How to use your calendar"
Columns = Sequence[Sequence[str]]
_LEFT = ("medicine", "happens", "howto", "missed")
ONE_PAGE: Sequence[Columns] = (
    (_LEFT, ("call", "who"), ("emergency", "too_much", "never", "also")),
    (_LEFT, ("call", "who", "never"), ("emergency", "too_much", "also")),
    (_LEFT, ("call", "too_much", "also"), ("emergency", "never", "who")),
    (("medicine", "happens", "howto", "never"), ("call", "too_much", "also"), ("emergency", "missed", "who")),
    (("medicine", "happens", "howto"), ("call", "too_much", "also"), ("emergency", "missed", "never", "who")),
)
TWO_PAGES: Sequence[tuple[Columns, Columns]] = (
    (
        (("medicine", "happens", "who"), ("call", "never"), ("emergency", "too_much")),
        (("howto",), ("missed",), ("also",)),
    ),
    (
        (("medicine", "happens"), ("call", "who"), ("emergency", "too_much")),
        (("howto",), ("missed", "also"), ("never",)),
    ),
    (
        (("medicine",), ("call", "who"), ("emergency", "too_much")),
        (("happens", "also"), ("howto",), ("missed", "never")),
    ),
)


@dataclass(frozen=True)
class FirstPage:
    """One page of columns, already known to fit."""

    title: str
    columns: Sequence[Sequence[Block]]
    type_: Type
    gap: float
    first: bool = True

    def draw(self, sheet: Sheet, body: Box) -> None:
        for (x, room), blocks in zip(column_places(body), self.columns, strict=True):
            y = body.y + 5 * MM
            for block in blocks:
                block.draw(sheet, x, y, room, self.type_)
                y += block.height(room, self.type_) + self.gap

    def fits(self, body: Box) -> bool:
        columns = zip(column_places(body), self.columns, strict=True)
        return all(self._bottom(blocks, room) <= body.height for (_, room), blocks in columns)

    def _bottom(self, blocks: Sequence[Block], room: float) -> float:
        heights = sum(block.height(room, self.type_) for block in blocks)
        return 5 * MM + heights + self.gap * (len(blocks) - 1)


def column_places(body: Box) -> list[tuple[float, float]]:
    """Left edge and width of the three columns."""
    room = body.width - 2 * COLUMN_GAP
    widths = [room * share for share in (0.334, 0.323, 0.343)]
    places, x = [], body.x
    for width in widths:
        places.append((x, width))
        x += width + COLUMN_GAP
    return places


def first_pages(paper: Paper, frame: Frame) -> list[FirstPage]:
    """One page, or two where one cannot hold it. Raises PaperError where two cannot either."""
    blocks = _blocks(paper)
    title = f"Your {paper.medicine.plain_name} calendar"
    problems: list[str] = []
    for type_, gap, columns in product(TYPES, BLOCK_GAPS, ONE_PAGE):
        page = _page(blocks, title, columns, type_, gap)
        if _fits(page, frame, problems):
            return [page]
    for type_, (front, back) in product(TYPES, TWO_PAGES):
        gap = BLOCK_GAPS[0]
        pages = [_page(blocks, title, front, type_, gap), _page(blocks, SECOND, back, type_, gap, first=False)]
        if all(_fits(page, frame, problems) for page in pages):
            return pages
    reason = f" {problems[-1]}" if problems else ""
    raise PaperError(f"What the first page has to say does not fit on two pages.{reason}")


def _fits(page: FirstPage, frame: Frame, problems: list[str]) -> bool:
    try:
        return page.fits(frame.body(page.title, page.first))
    except DoesNotFit as problem:
        problems.append(str(problem))
        return False


def _page(
    blocks: dict[str, Block], title: str, columns: Columns, type_: Type, gap: float, first: bool = True
) -> FirstPage:
    chosen = [[blocks[name] for name in column if name in blocks] for column in columns]
    return FirstPage(title, chosen, type_, gap, first)


def _blocks(paper: Paper) -> dict[str, Block]:
    patient, clinic = paper.medicine.patient, paper.clinic
    call = bold("Do not go down further") + plain(" until you have talked to us.")
    emergency = bold(f"Call {clinic.emergency}") + plain(" or have someone call for you.")
    also = {"also": Group([Heading("Also know"), Bullets(patient.also)])} if patient.also else {}
    return also | {
        "medicine": Group([Heading("Your medicine"), *_medicine(paper), DrawnPieces(piece_meanings(paper))]),
        "happens": Group([Heading("What will happen"), Para(what_happens(paper))]),
        "howto": Group([Heading("How to read a day"), HowTo(paper)]),
        "missed": Group([Heading("If you miss a dose"), *_missed(paper)]),
        "call": Boxed("Call us today", Group([Para(call), Bullets(patient.call_us)])),
        "who": Group([Heading("Who to call"), Phones(_phones(paper)), *_hours(paper)]),
        "emergency": Boxed("Get emergency help now", Group([Para(emergency), Bullets(patient.emergency, True)]), True),
        "too_much": Boxed("Too much medicine", Group([Para(emergency), Bullets(patient.too_much, True)])),
        "never": Framed(Group([Heading("Never stop suddenly"), Para(plain(" ".join(patient.never_stop)))])),
    }


def _missed(paper: Paper) -> list[Block]:
    """The rule of each product that has one of its own, else the medicine's; one that all share is said once."""
    usual = paper.medicine.patient.missed_dose
    rules = [(taken.short, [phrase.says for phrase in taken.missed_dose] or usual) for _, taken in paper.products]
    if all(rule == rules[0][1] for _, rule in rules):
        return [Para(plain(" ".join(rules[0][1])))]
    return [Para(bold(f"{name}: ") + plain(" ".join(rule))) for name, rule in rules]


def _medicine(paper: Paper) -> list[Block]:
    wording = Wording(paper)
    new = {key for key, _ in paper.products if paper.taken_before and key not in paper.taken_before}
    said = [(_box_says(wording, key, taken.look), key in new) for key, taken in paper.products]
    return [*(Para(says + bold(f" {NEW_PRODUCT}") if is_new else says) for says, is_new in said), *_no_more(paper)]


def _no_more(paper: Paper) -> list[Block]:
    """What the patient may still hold and takes no more: as many pieces of it would be another dose."""
    now, known = {key for key, _ in paper.products}, paper.medicine.products
    left = [known[key].label for key in sorted(paper.taken_before - now) if key in known]
    return [Para(take_no_more(paper, left))] if left else []


def _box_says(wording: Wording, key: str, look: str) -> Text:
    taken = wording.products[key]
    holder = "bottle" if taken.is_liquid else "box"
    says = plain(f"The {holder} says ") + bold(taken.label) + plain(".")
    liquid = plain(" There is ") + bold(wording.in_each(key)) + plain(".") if taken.is_liquid else ()
    return says + liquid + (plain(f" {look}") if look else ())


def _phones(paper: Paper) -> list[tuple[str, str]]:
    clinic = paper.clinic
    closed = [("When we are closed", clinic.out_of_hours)] if clinic.out_of_hours.strip() else []
    return [(clinic.name, clinic.phone), *closed, ("Emergency", clinic.emergency)]


def _hours(paper: Paper) -> list[Block]:
    return [Para(plain(line.strip())) for line in paper.clinic.hours.splitlines() if line.strip()]

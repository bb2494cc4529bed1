"""An old paper printed again says on every page that it holds no more, and is otherwise what it was."""

from io import BytesIO

import pytest
from pikepdf import Pdf

from planner.papers import PaperError, calendar_pdf, stamped
from planner.papers.pdftext import pages_of
from tests.papers.samples import sample_paper

WORDS = "Replaced by version 2 of 13 January 2027. Do not take medicine by this paper."


@pytest.fixture(scope="module", params=["A4", "Letter"])
def kept(request: pytest.FixtureRequest) -> bytes:
    return calendar_pdf(sample_paper(page_size=request.param))


def said(pdf: bytes) -> list[str]:
    return [" ".join(word.text for word in words) for words in pages_of(pdf)]


def test_every_page_says_it_and_keeps_its_words(kept: bytes) -> None:
    before, after = said(kept), said(stamped(kept, WORDS))
    assert len(before) == len(after) > 2
    for old, new in zip(before, after, strict=True):
        assert WORDS in new
        assert sorted(old.split()) == sorted(new.replace(WORDS, "").split())


def test_same_paper_has_the_same_bytes(kept: bytes) -> None:
    assert stamped(kept, WORDS) == stamped(kept, WORDS) != stamped(kept, WORDS.replace("2 of", "3 of"))


def test_structure_for_readers_is_kept(kept: bytes) -> None:
    with Pdf.open(BytesIO(kept)) as old, Pdf.open(BytesIO(stamped(kept, WORDS))) as new:
        assert len(new.Root.StructTreeRoot.ParentTree.Nums) == len(old.Root.StructTreeRoot.ParentTree.Nums)
        assert new.Root.Lang == old.Root.Lang
        assert list(new.attachments) == list(old.attachments)


def test_words_that_are_too_long_are_refused(kept: bytes) -> None:
    with pytest.raises(PaperError):
        stamped(kept, WORDS * 3)

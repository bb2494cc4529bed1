"""What a drawn PDF gets last: a structure that can be read aloud, the schedule as JSON, clean facts about itself."""

import json
from collections import defaultdict
from collections.abc import Sequence
from io import BytesIO

from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Object, ObjectStreamMode, Pdf, String

from planner.papers.model import Paper
from planner.papers.sheet import Sheet, Tag
from planner.taper import answer_json

ATTACHMENT = "schedule.json"
_FIXED_DATE = "D:20000101000000Z"  # no clock: the same paper has the same bytes


def finish(paper: Paper, pdf: bytes, sheet: Sheet) -> bytes:
    """The finished file, without anybody's name in what describes it."""
    with Pdf.open(BytesIO(pdf)) as document:
        _describe(document, paper)
        _add_structure(document, sheet.tags)
        _attach_schedule(document, paper)
        out = BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return out.getvalue()


def _describe(document: Pdf, paper: Paper) -> None:
    name = paper.medicine.plain_name
    title = f"{name[:1].upper()}{name[1:]} calendar"
    document.trailer.Info = document.make_indirect(Dictionary(Title=String(title)))
    document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    document.Root.Lang = String(f"en-{paper.country}")


def _add_structure(document: Pdf, tags: Sequence[Tag]) -> None:
    root = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    whole = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    by_page: dict[int, list[Tag]] = defaultdict(list)
    for tag in tags:
        by_page[tag.page].append(tag)
    sections, parents = [], []
    for number, page in enumerate(document.pages):
        section = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Sect, P=whole))
        elements = [_element(document, section, page.obj, tag) for tag in by_page[number]]
        section.K = Array(elements)
        page.obj.StructParents = number
        page.obj.Tabs = Name.S
        sections.append(section)
        parents += [number, document.make_indirect(Array(elements))]
    whole.K = Array(sections)
    root.K = Array([whole])
    root.ParentTree = document.make_indirect(Dictionary(Nums=Array(parents)))
    root.ParentTreeNextKey = len(document.pages)
    document.Root.StructTreeRoot = root
    document.Root.MarkInfo = Dictionary(Marked=True)


def _element(document: Pdf, parent: Object, page: Object, tag: Tag) -> Object:
    element = Dictionary(Type=Name.StructElem, S=Name(f"/{tag.role}"), P=parent, Pg=page, K=tag.mark)
    if tag.spoken:
        element.ActualText = String(tag.spoken)
    return document.make_indirect(element)


def _attach_schedule(document: Pdf, paper: Paper) -> None:
    data = json.dumps(answer_json(paper.answer), ensure_ascii=False, indent=1, sort_keys=True).encode()
    spec = AttachedFileSpec(
        document, data, filename=ATTACHMENT, description="The schedule, for checking this paper",
        mime_type="application/json", creation_date=_FIXED_DATE, mod_date=_FIXED_DATE,
    )  # fmt: skip
    document.attachments[ATTACHMENT] = spec

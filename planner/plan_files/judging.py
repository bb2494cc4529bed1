"""Whether a file's versions follow from their own requests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from planner.formulary import Shelved, inline_medicine
from planner.issuing import plain_product
from planner.plan_files.past import past_faults
from planner.plan_files.shape import Content
from planner.plan_files.shape import Version as Written
from planner.recheck import recheck
from planner.revising import MOST_AHEAD
from planner.taper import ENGINE_VERSION, Answer, BadInput, Context, answer_json, parse_request
from planner.taper.amounts import show_day
from planner.taper.medicine import Factor, Medicine, Source
from planner.taper.rebuild import as_written, rebuilt

Json = Mapping[str, Any]
ONE_DAY = timedelta(days=1)
NOWHERE = Source("proposal", "plan file", "As the file has it")
NEVER_ISSUED = ("refuse", "block")
OF_THE_MEDICINE = ("over-ceiling", "abrupt-end", "dose-gap", "too-soon", "too-short")
OF_THE_SCHEDULE = ("over-limit", "too-many-units", "target-missed", "dose-rises", "time-rises", "gap", "overlap",
                   "not-makeable", "divides-undividable")  # fmt: skip


def faults(content: Content, held: Shelved, today: date) -> list[str]:
    """What cannot be, each a sentence; none where everything agrees. held: the clinic's file of the medicine."""
    found = [*_order_faults(content, today), *_link_faults(content, today)]
    for version in content.versions:
        found += [f"Version {version.number}: {words}" for words in _version_faults(version, held, content)]
    return found or past_faults(content)


def neutral(medicine: Medicine, written: Json) -> Medicine:
    """The medicine with its products alone: what was planned by other figures is reckoned by those, as written."""
    keys = written.get("factors")
    keys = [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []
    factors = tuple(Factor(key, key, "advise", "", NOWHERE) for key in keys)
    return replace(medicine, factors=factors, maximums=(), plausible_daily=None)


def _order_faults(content: Content, today: date) -> Iterator[str]:
    versions = content.versions
    if [one.number for one in versions] != list(range(1, len(versions) + 1)):
        yield "The versions have to be numbered from 1 on, in their order, none left out."
    if [one.kind == "first" for one in versions] != [one.number == 1 for one in versions]:
        yield "Version 1, and no other, has to be of the kind “first”."
    if [one.issued_at for one in versions] != sorted(one.issued_at for one in versions):
        yield "Each version has to be issued after the one before it."
    notes = [note.at for note in content.taken_otherwise]
    if notes != sorted(notes):
        yield "What was taken otherwise has to stand in the order in which it was noted."
    moments = [content.exported_at, *notes, *(one.issued_at for one in versions), *(c.at for c in content.check_ins)]
    if max(moments) > timezone.now():
        yield f"Something in the file was written later than now, {show_day(today)}. Compare both planners’ clocks."
    for one in versions:
        if abs((one.issued_at.date() - one.issued_on).days) > 1:
            yield f"Version {one.number}: “issued_at” and “issued_on” are different days."


def _link_faults(content: Content, today: date) -> Iterator[str]:
    """Check-ins and notes: about days and versions that are there."""
    numbers = {one.number for one in content.versions}
    began = min(content.versions[0].begins, content.versions[0].issued_on)
    if len({(one.at, one.day, one.version) for one in content.check_ins}) < len(content.check_ins):
        yield "A check-in stands twice in the file."
    for place, check_in in enumerate(content.check_ins, start=1):
        if check_in.version not in numbers or not began <= check_in.day <= today + ONE_DAY:
            yield f"Check-in {place}: it is about a version or a day that is not there."
        if check_in.emergency and not check_in.signs:
            yield f"Check-in {place}: it tells of an emergency sign, but of no sign."
        if bool(check_in.how) == check_in.too_much:
            yield f"Check-in {place}: it says how the patient is, or that it was too much: one of the two."
    for one in content.versions:
        if one.check_in and not _led_to(content, one):
            yield f"Version {one.number}: check-in {one.check_in} is none of a version before it."
    for place, note in enumerate(content.taken_otherwise, start=1):
        if max(note.first, note.last or note.first) > today + ONE_DAY or (note.last and note.last < note.first):
            yield f"Taken otherwise, {place}: its days cannot be."


def _led_to(content: Content, version: Written) -> bool:
    place = version.check_in or 0
    return place <= len(content.check_ins) and content.check_ins[place - 1].version < version.number


def _version_faults(version: Written, held: Shelved, content: Content) -> list[str]:
    if version.answer.request.get("medicine") != content.medicine.key:
        return ["Its request is for another medicine than the file."]
    try:
        answer = _reckoned(version, held.medicine)
    except BadInput as bad:
        return [f"{bad.field}: {bad.allowed}"]
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return ["Its request or its steps are not as the planner writes them."]
    due = answer_json(answer)
    given = version.answer.model_dump(mode="json")
    if told := difference(_without_findings(given), _without_findings(due)):
        return [told]
    if odd := sorted({product.key for product in answer.request.all_products} - content.medicine.products.keys()):
        return [f"{odd[0]} is not among the products that the file tells of."]
    return [*_again(given, answer), *_finding_faults(version, answer, held), *_day_faults(version)]


def _reckoned(version: Written, medicine: Medicine) -> Answer:
    written = version.answer.request
    plain = neutral(medicine, written)
    request = parse_request(written, lambda _: plain, inline_medicine, Context())
    return rebuilt(as_written(request, written), version.answer.steps)


def _without_findings(answer: Json) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "findings"}


def difference(given: Any, due: Any, place: str = "") -> str:
    """The first place at which a part of the file is not what is due, in words; empty where there is none."""
    if isinstance(given, dict) and isinstance(due, dict):
        if odd := sorted(given.keys() ^ due.keys()):
            return f"{place}{odd[0]}: It is {'not due there' if odd[0] in given else 'missing'}."
        return next((words for name in due if (words := difference(given[name], due[name], f"{place}{name}."))), "")
    if isinstance(given, list) and isinstance(due, list) and len(given) == len(due):
        pairs = enumerate(zip(given, due, strict=True), start=1)
        return next((words for n, (one, other) in pairs if (words := difference(one, other, f"{place}{n}."))), "")
    if type(given) is type(due) and given == due:
        return ""
    return f"{place.removesuffix('.')}: The file says {_short(given)}; reckoned again it is {_short(due)}."


def _short(value: Any) -> str:
    return "nothing" if value is None else f"“{str(value)[:60]}”"


def _again(given: Json, answer: Answer) -> list[str]:
    """The schedule reckoned a second way."""
    products = {product.key: plain_product(product) for product in answer.request.all_products}
    return [f"Reckoned a second way, {words}." for words in recheck(dict(given), products)]


def _finding_faults(version: Written, answer: Answer, held: Shelved) -> Iterator[str]:
    findings = version.answer.findings
    if stopped := [found.code for found in findings if found.severity in NEVER_ISSUED]:
        yield f"It has the finding “{stopped[0]}”, with which nothing is issued."
    codes = (*OF_THE_SCHEDULE, *(OF_THE_MEDICINE if version.medicine_hash == held.sha256 else ()))
    with_words = version.engine_version == ENGINE_VERSION
    if _known(findings, codes, with_words) != _known(answer.findings, codes, with_words):
        yield "Its findings about limit, ceiling, pieces and target are not those of its steps."
    if any(found.step and found.step > len(answer.steps) for found in findings):
        yield "A finding is about a step that is not there."
    asked = {found.code for found in findings if found.severity == "acknowledge"}
    if odd := sorted({*version.reasons, *version.specialists} - asked):
        yield f"A reason or a specialist is given for “{odd[0]}”, which no finding asks for."


def _known(findings: Sequence[Any], codes: Sequence[str], with_words: bool) -> list[tuple[Any, ...]]:
    """Those that follow from the steps alone; their words too, where the same engine made them."""
    known = [found for found in findings if found.code in codes]
    return sorted((f.code, f.step or 0, f.severity, f.message if with_words else "") for f in known)


def _day_faults(version: Written) -> Iterator[str]:
    request, steps = version.answer.request, version.answer.steps
    if version.begins.isoformat() != steps[0]["start"]:
        yield f"It begins on {show_day(version.begins)}, but its first step does on another day."
    ahead = (version.begins - version.issued_on).days
    if version.kind not in ("first", "again", "import") and not 0 <= ahead <= MOST_AHEAD + 1:
        yield f"It begins on {show_day(version.begins)}, but was issued on {show_day(version.issued_on)}."
    ends, end_by = version.answer.ends, request.get("end_by")
    if end_by and ends and not request.get("edits") and ends.isoformat() > end_by:
        yield f"It ends on {show_day(ends)}, after the day by which its request has it end."
    if version.held_until not in _holds(version, request.get("lead") or []):
        yield "Its hold does not end where its settled steps end."


def _holds(version: Written, lead: Sequence[Json]) -> tuple[date | None, ...]:
    """The days on which its hold may end; None: it holds nothing."""
    if not lead:
        return (None,)
    end = date.fromisoformat(lead[-1]["start"]) + (lead[-1]["days"] - 1) * ONE_DAY
    if version.answer.request.get("after_lead") == "wait" or version.kind in ("hold", "step-back"):
        return (end,)
    return (end, None) if version.kind in ("products", "target", "import") else (None,)

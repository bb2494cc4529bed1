"""Findings as the page shows them: those of one code together, with their sources and ways out."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.taper import Answer, Finding, Way, calm_ways, ways_out
from planner.taper.medicine import Severity, Source
from planner.taper.rules_schedule import limit_words

Link = Callable[[Mapping[str, Any]], str]
BLOCKS = ("1 blocks the issue", "{} block the issue")
COUNTED = {
    "refuse": ("1 forbids a schedule", "{} forbid a schedule"),
    "acknowledge": ("1 needs a reason", "{} need a reason"),
    "advise": ("1 to know", "{} to know"),
}


TITLES = {
    "over-ceiling": "{} cuts are over the ceiling of the medicine file",
    "dose-rises": "The daily dose rises {} times",
    "time-rises": "The dose at one time rises {} times",
    "gap": "{} gaps, with days that are missing",
    "overlap": "{} overlaps, with days that are given twice",
    "not-makeable": "{} doses cannot be made from these products",
    "divides-undividable": "{} doses cannot be made without dividing a product that must not be",
    "too-many-units": "{} doses take more pieces than are allowed at one time",
    "edited": "{} changes by hand",
    "change-day": "{} changes fall on other weekdays than were wished for",
    "dose-gap": "{} times more hours come to lie between two doses than the medicine’s bound",
    "too-soon": "{} changes come sooner than the medicine’s least interval",
}


@dataclass(frozen=True)
class LinkedWay:
    way: Way
    address: str


@dataclass(frozen=True)
class Group:
    """The findings of one code."""

    code: str
    severity: Severity
    title: str
    details: tuple[str, ...]
    sources: tuple[Source, ...]
    ways: tuple[LinkedWay, ...]


def groups(answer: Answer, link: Link | None) -> list[Group]:
    """Findings by code, the weightiest first; with a link, the ways out at those that they help with."""
    ways = _linked(answer, link) if link else {}
    by_code: dict[str, list[Finding]] = {}
    for finding in answer.findings:
        by_code.setdefault(finding.code, []).append(finding)
    return [_group(answer, found, ways.get(code, ())) for code, found in by_code.items()]


def _linked(answer: Answer, link: Link) -> dict[str, tuple[LinkedWay, ...]]:
    """The ways out by the code of the findings that they help with."""
    out, calm = (_with_address(ways, link) for ways in (ways_out(answer), calm_ways(answer)))
    found = {"over-limit": out, "stuck": out, "changes-before-closure": calm}
    return found | ({"end-by": out} if answer.outcome == "refused" else {})


def _with_address(ways: Sequence[Way], link: Link) -> tuple[LinkedWay, ...]:
    return tuple(LinkedWay(way, address) for way in ways if (address := link(way.changes)))


def _group(answer: Answer, found: list[Finding], ways: tuple[LinkedWay, ...]) -> Group:
    first = found[0]
    sources = dict.fromkeys(finding.source for finding in found if finding.source)
    basis = answer.medicine.sources.get("limit_basis") if first.code == "over-limit" and sources else None
    title, details = _words(answer, found)
    return Group(first.code, first.severity, title, details, (*sources, *([basis] if basis else [])), ways)


def _words(answer: Answer, found: list[Finding]) -> tuple[str, tuple[str, ...]]:
    """A heading, and what stands below it."""
    messages = tuple(finding.message for finding in found)
    if found[0].code == "over-limit":
        limit = limit_words(answer.request.limit, answer.medicine.unit)
        cuts = "One cut is" if len(found) == 1 else f"{len(found)} cuts are"
        return f"{cuts} over the limit of {limit}", messages
    if found[0].code == "changes-before-closure" and len(found) > 1:
        heads, tails = zip(*(message.split(". ", 1) for message in messages), strict=True)
        each = (f"{head}." for head in heads)
        return f"{len(found)} changes fall on or shortly before closed days", (*each, *dict.fromkeys(tails))
    if len(found) > 1:
        usual = f"{found[0].code.replace('-', ' ').capitalize()}: {{}} times"
        return TITLES.get(found[0].code, usual).format(len(found)), messages
    title, _, rest = messages[0].replace("From this step", f"From step {found[0].step} on").partition(". ")
    return title.removesuffix("."), (rest,) if rest else ()


def weights(found: Sequence[Group], block: tuple[str, str] = BLOCKS) -> dict[str, Any]:
    """How many findings stand in the way, in words. block: the words for one and for several that block."""
    counts = Counter(group.severity for group in found)
    words = COUNTED | {"block": block}
    said = [words[kind][count > 1].format(count) for kind, count in counts.items()]
    return {"counts": counts, "finding_words": ", ".join(said)}

"""Schedules to lay side by side: as asked, with a finer product, slower, faster."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from planner.taper.amounts import show, show_day
from planner.taper.answer import phase_json
from planner.taper.medicine import Phase
from planner.taper.propose import propose
from planner.taper.read_pace import MOST_DAYS
from planner.taper.request import Request
from planner.taper.schedule import Answer
from planner.taper.ways import breaks, cuts_are, over_limit_count, tried, with_finer
from planner.taper.words import length_words, listed, product_words

Kind = Literal["asked", "finer", "slower", "faster"]
LETTERS = "ABCD"
TWICE = 2


@dataclass(frozen=True)
class Option:
    """A schedule beside others. changes: the fields of the request, in JSON form, that lead to it.

    words: what it gains and costs beside the first; title: what it is.
    """

    key: str
    kind: Kind
    title: str
    answer: Answer
    changes: Mapping[str, Any]
    words: str


Found = tuple[Kind, str, Answer, Mapping[str, Any]]


def options(request: Request) -> list[Option]:
    """The request as asked and, where they differ from it and from each other, up to three more.

    Raises BadInput as `propose` does for the request as asked.
    """
    asked = propose(request)
    title = _asked_title(request)
    found: list[Found] = [("asked", title, asked, {})]
    for other in (_finer, _slower, _faster):
        option = other(request, asked)
        if option is not None and not any(_alike(option[2], known[2]) for known in found):
            found.append(option)
    words = [_asked_words(asked), *(_beside(asked, option[2]) for option in found[1:])]
    return [Option(letter, *option, said) for letter, option, said in zip(LETTERS, found, words, strict=False)]


def _asked_title(request: Request) -> str:
    if not request.edits:
        return "As asked"
    by_hand = any(edit.products is None for edit in request.edits)
    return "As asked, changed by hand" if by_hand else "As asked, then other products"


def _alike(one: Answer, other: Answer) -> bool:
    return [(s.start, s.regimen) for s in one.steps] == [(s.start, s.regimen) for s in other.steps]


def _finer(request: Request, asked: Answer) -> Found | None:
    """With the medicine's finer product, once those asked for get too coarse."""
    found = with_finer(request, asked) if breaks(asked) else None
    if found is None:
        return None
    answer, changes, product = found
    return "finer", f"With the {product_words(product, request.medicine.unit)}", answer, changes


def _slower(request: Request, asked: Answer) -> Found | None:
    """Each step twice as long."""
    if request.end_by or not asked.steps or TWICE * max(p.every for p in request.pace) > MOST_DAYS:
        return None
    pace = tuple(replace(phase, every=TWICE * phase.every) for phase in request.pace)
    days = " and ".join(dict.fromkeys(str(phase.every) for phase in pace))
    return _at_pace(request, pace, "slower", f"Slower, {days} days each")


def _faster(request: Request, asked: Answer) -> Found | None:
    """Each cut as large as the limit allows; only where that ends sooner and breaks the limit no more."""
    if request.end_by or not asked.steps:
        return None
    pace = tuple(replace(phase, cut=request.limit.cut) for phase in request.pace)
    found = _at_pace(request, pace, "faster", "Faster, cuts up to the limit")
    if found is None or asked.ends is None or found[2].ends is None or found[2].ends >= asked.ends:
        return None
    return None if over_limit_count(found[2]) > over_limit_count(asked) else found


def _at_pace(request: Request, pace: tuple[Phase, ...], kind: Kind, title: str) -> Found | None:
    answer = tried(replace(request, pace=pace, edits=()))
    if answer is None:
        return None
    phases = [phase_json(phase, request.medicine.unit) for phase in pace]
    return kind, title, answer, {"pace": phases, "edits": None}


def _asked_words(answer: Answer) -> str:
    if not answer.steps:
        return "No schedule keeps these rules."
    over = over_limit_count(answer)
    kept = f"{cuts_are(over)} over the limit." if over else "Every cut is within the limit."
    return f"{kept}{_stop(answer)}"


def _stop(answer: Answer) -> str:
    """Said where the stop comes from too high a dose, which no limit counts."""
    abrupt = any(finding.code == "abrupt-end" for finding in answer.findings)
    return f" The stop is abrupt, from {show(answer.steps[-1].cut)} {answer.medicine.unit} a day." if abrupt else ""


def _beside(asked: Answer, other: Answer) -> str:
    """What another option gains and costs beside the one asked for."""
    parts: tuple[Callable[[Answer, Answer], str], ...] = (_length, _in_time, _limit, _largest, _burden, _by_hand)
    return " ".join(words for words in (part(asked, other) for part in parts) if words)


def _length(asked: Answer, other: Answer) -> str:
    if other.days is None or asked.days is None:
        return ""
    more = other.days - asked.days
    if not more:
        return "As long as A."
    return f"{length_words(abs(more)).capitalize()} {'longer' if more > 0 else 'shorter'} than A."


def _in_time(asked: Answer, other: Answer) -> str:
    """That it ends later than the date asked for."""
    end_by = asked.request.end_by
    return f"It ends later than {show_day(end_by)}." if end_by and other.ends and other.ends > end_by else ""


def _limit(asked: Answer, other: Answer) -> str:
    over, before = over_limit_count(other), over_limit_count(asked)
    if not over:
        return f"Every cut is within the limit.{_stop(other)}"
    return f"{cuts_are(over)} over the limit{', as in A' if over == before else ''}.{_stop(other)}"


def _largest(asked: Answer, other: Answer) -> str:
    """The largest cut of the current dose, where it is another."""
    before, now = (max((s.cut_of_current for s in a.steps if s.daily), default=Decimal(0)) for a in (asked, other))
    if not asked.steps or before == now:
        return ""
    return f"The largest cut is {now} % of the current dose instead of {before} %."


def _burden(asked: Answer, other: Answer) -> str:
    """What it asks of the patient beyond the other: products, and doses to measure or divide."""
    unit = other.medicine.unit
    before, now = ({p.product for step in a.steps for ps in step.take.values() for p in ps} for a in (asked, other))
    added = [p for p in other.request.all_products if p.key in now - before]
    needs = [f"a {product_words(product, unit)}" for product in added] if asked.steps else []
    if any(product.is_liquid for product in added):
        needs.append("a syringe")
    return f"It needs {listed(needs)} as well." if needs else ""


def _by_hand(asked: Answer, other: Answer) -> str:
    """That changes by hand fell away with their steps."""
    return "Without the changes by hand." if asked.request.edits and not other.request.edits else ""

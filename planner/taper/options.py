"""Schedules to lay side by side, and the ways out of a limit that cannot be kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal

from planner.taper.amounts import show, show_day
from planner.taper.errors import BadInput
from planner.taper.fit import refit
from planner.taper.propose import propose
from planner.taper.request import Request
from planner.taper.schedule import Answer


@dataclass(frozen=True)
class Option:
    """A schedule beside others. changes: the fields of the request, in JSON form, that lead to it."""

    key: str
    kind: Literal["asked", "finer"]
    answer: Answer
    changes: Mapping[str, Any]
    words: str


@dataclass(frozen=True)
class Way:
    """A way out of a limit that cannot be kept, with its numbers and the answer it gives. changes: as in Option."""

    kind: Literal["finer", "stay"]
    title: str
    words: str
    changes: Mapping[str, Any]
    answer: Answer


def options(request: Request) -> list[Option]:
    """The request as asked and, where it cannot keep the limit, the same with the medicine's finer product.

    Raises BadInput as `propose` does for the request as asked.
    """
    asked = propose(request)
    found = [Option("A", "asked", asked, {}, _asked_words(asked))]
    finer = _finer(request) if _breaks(asked) else None
    if finer is not None and finer.steps and _differs(asked, finer):
        found.append(Option("B", "finer", finer, {"products": _keys(finer)}, _finer_words(asked, finer)))
    return found


def _breaks(answer: Answer) -> bool:
    return answer.stuck_at is not None or any(step.over_limit for step in answer.steps)


def _differs(one: Answer, other: Answer) -> bool:
    return [(s.start, s.regimen) for s in one.steps] != [(s.start, s.regimen) for s in other.steps]


def _finer(request: Request) -> Answer | None:
    """The same request with the medicine's first finer product that it does not have."""
    have = {product.key for product in request.products}
    key = next((key for key in request.medicine.finer if key not in have and _is_sold(request, key)), None)
    if key is None:
        return None
    try:
        return propose(refit(request, (*request.products, request.medicine.products[key])))
    except BadInput:
        return None


def _is_sold(request: Request, key: str) -> bool:
    """Whether the clinic's country has a product; where nothing is known, it is offered."""
    country, markets = request.context.country, request.medicine.products[key].markets
    return country is None or not markets or country in markets


def _keys(answer: Answer) -> list[str]:
    return [product.key for product in answer.request.products]


def over_limit_count(answer: Answer) -> int:
    return sum(step.over_limit for step in answer.steps)


def _asked_words(answer: Answer) -> str:
    if not answer.steps:
        return "No schedule keeps these rules."
    over = over_limit_count(answer)
    return f"{_cuts(over)} over the limit." if over else "Every cut is within the limit."


def _cuts(count: int) -> str:
    return "One cut is" if count == 1 else f"{count} cuts are"


def _finer_words(asked: Answer, finer: Answer) -> str:
    over = over_limit_count(finer)
    limit = f"{_cuts(over)} over the limit." if over else "Every cut is within the limit."
    length = f"{_longer(finer.days - asked.days)} " if finer.days is not None and asked.days is not None else ""
    return f"{length}{limit} It needs a second product."


def _longer(days: int) -> str:
    if not days:
        return "As long as A."
    size, word = abs(days), "longer" if days > 0 else "shorter"
    number, name = (size // 7, "week") if size % 7 == 0 else (size, "day")
    return f"{number} {name}{'s' if number > 1 else ''} {word} than A."


def ways_out(answer: Answer) -> list[Way]:
    """What can be done where a cut is over the limit: a finer product; staying at the dose before it."""
    request = answer.request
    if not _breaks(answer):
        return []
    return [way for way in (_finer_way(request), _stay_way(answer, request)) if way]


def _finer_way(request: Request) -> Way | None:
    finer = _finer(request)
    if finer is None or not finer.steps:
        return None
    added = _keys(finer)[-1]
    product, unit = request.medicine.products[added], request.medicine.unit
    largest = max((step.cut_of_current for step in finer.steps if step.daily), default=Decimal(0))
    over = over_limit_count(finer)
    kept = f"{_cuts(over)} still over the limit." if over else f"Every cut is at most {largest} % of the current dose."
    form = "solution" if product.is_liquid else product.form
    strength = f"{show(product.strength)} {unit}{'/mL' if product.is_liquid else ''}"
    return Way("finer", f"Add the {strength} {form}", f"{kept} {_ends(finer)}", {"products": _keys(finer)}, finer)


def _stay_way(answer: Answer, request: Request) -> Way | None:
    dose = answer.stuck_at if answer.stuck_at is not None else _before_first_breach(answer, request)
    if dose >= request.current:
        return None
    try:
        stay = propose(replace(request, target=dose))
    except BadInput:
        return None
    unit, words = request.medicine.unit, f"Make {show(dose)} {request.medicine.unit} a day the target."
    if not stay.steps or stay.ends is None:
        return None
    kept = "" if over_limit_count(stay) else " Every cut is within the limit."
    return Way(
        "stay",
        f"Stay at {show(dose)} {unit}",
        f"{words} Reached {show_day(stay.ends)}.{kept}",
        {"target": show(dose)},
        stay,
    )


def _before_first_breach(answer: Answer, request: Request) -> Decimal:
    first = next(step for step in answer.steps if step.over_limit)
    return answer.steps[first.number - 2].daily if first.number > 1 else request.current


def _ends(answer: Answer) -> str:
    if answer.ends is None or answer.steps[-1].daily:
        return f"On the target from {show_day(answer.ends)}." if answer.ends else ""
    return f"The last dose is on {show_day(answer.ends - timedelta(days=1))}."

"""The ways out where a limit, a date or a closed day stands in the way, each with its numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal

from planner.taper.amounts import show, show_day
from planner.taper.answer import edit_json
from planner.taper.complete import cut_breach
from planner.taper.errors import BadInput
from planner.taper.fit import refit
from planner.taper.medicine import Product
from planner.taper.propose import propose
from planner.taper.request import Edit, Request
from planner.taper.schedule import Answer
from planner.taper.words import listed, product_words

Changes = Mapping[str, Any]
EARLIER = 4  # steps at which a finer product is tried, from the last good one back


@dataclass(frozen=True)
class Way:
    """A way out, with its numbers and the answer it gives. changes: the fields of the request, in JSON form."""

    kind: Literal["finer", "hold", "stay", "show", "later", "weekdays", "longer"]
    title: str
    words: str
    changes: Changes
    answer: Answer


def breaks(answer: Answer) -> bool:
    """Whether a cut passes the limit, or would have to."""
    return answer.stuck_at is not None or any(step.over_limit for step in answer.steps)


def over_limit_count(answer: Answer) -> int:
    return sum(step.over_limit for step in answer.steps)


def cuts_are(count: int) -> str:
    return "One cut is" if count == 1 else f"{count} cuts are"


def tried(request: Request) -> Answer | None:
    """The answer to a request; None where it gives no schedule."""
    try:
        answer = propose(request)
    except BadInput:
        return None
    return answer if answer.steps else None


def with_finer(request: Request, asked: Answer) -> tuple[Answer, Changes, Product] | None:
    """The medicine's first finer product brought in where the products asked for become too coarse.

    That is at the last dose before the first cut over the limit, or a few steps earlier where only so the doses can
    keep their proportions within the limit; from the start where there is no such step.
    """
    product = _finer_product(request)
    if product is None:
        return None
    after = _last_good_step(asked)
    found: tuple[Answer, Changes] | None = None
    for step in range(after, max(0, after - EARLIER), -1):
        edits = (*request.edits, Edit(step, products=(*request.products, product), at=asked.steps[step - 1].daily))
        answer = tried(replace(request, edits=edits))
        if answer is not None and (found is None or over_limit_count(answer) < over_limit_count(found[0])):
            found = answer, {"edits": [edit_json(edit) for edit in edits]}
        if found is not None and not over_limit_count(found[0]):
            break
    if not after:
        answer = _refitted(request, (*request.products, product))
        keys = [p.key for p in (*request.products, product)]
        found = None if answer is None else (answer, {"products": keys})
    return None if found is None else (*found, product)


def _refitted(request: Request, products: Sequence[Product]) -> Answer | None:
    try:
        return tried(refit(request, products))
    except BadInput:
        return None


def _finer_product(request: Request) -> Product | None:
    have = {product.key for product in request.all_products}
    keys = (key for key in request.medicine.finer if key not in have and _is_sold(request, key))
    return next((request.medicine.products[key] for key in keys), None)


def _is_sold(request: Request, key: str) -> bool:
    """Whether the clinic's country has a product; where nothing is known, it is offered."""
    country, markets = request.context.country, request.medicine.products[key].markets
    return country is None or not markets or country in markets


def _last_good_step(asked: Answer) -> int:
    """The number of the step before the first cut over the limit; 0 where that is the first, or nothing is known."""
    first = next((step for step in asked.steps if step.over_limit), None)
    return first.number - 1 if first else 0


def ways_out(answer: Answer) -> list[Way]:
    """What can be done where a cut is over the limit, or no schedule ends by the date."""
    if answer.outcome == "refused" and answer.request.end_by and answer.ends:
        return [way for way in (_later_way(answer),) if way]
    if not breaks(answer) or answer.outcome == "checked":
        return []
    found = (_finer_way(answer), _tidier_way(answer), _hold_way(answer), _stay_way(answer), _show_way(answer))
    return [way for way in found if way]


def _finer_way(answer: Answer) -> Way | None:
    found = with_finer(answer.request, answer)
    if found is None:
        return None
    finer, changes, product = found
    largest = max((step.cut_of_current for step in finer.steps if step.daily), default=Decimal(0))
    over = over_limit_count(finer)
    within = f"Every cut is at most {largest} % of the current dose."
    kept = f"{cuts_are(over)} still over the limit." if over else within
    unit = answer.medicine.unit
    since = f" after {changes['edits'][-1]['at']} {unit} a day" if "edits" in changes else ""
    title = f"Add the {product_words(product, unit)}{since}"
    return Way("finer", title, f"{kept} {ends_words(finer)}", changes, finer)


def _tidier_way(answer: Answer) -> Way | None:
    """Where only multiples of the syringe's step were compared: from the last good dose on, where they are smaller."""
    after = _last_good_step(answer)
    if not after or not any(finding.code == "tidy-doses" for finding in answer.findings):
        return None
    edits = (*answer.request.edits, Edit(after, products=answer.request.all_products, at=answer.steps[after - 1].daily))
    found = tried(replace(answer.request, edits=edits))
    if found is None or _excess(found) >= _excess(answer):
        return None
    over, unit = over_limit_count(found), answer.medicine.unit
    most = max((step.cut_of_current for step in found.steps if step.over_limit), default=Decimal(0))
    still = f"{cuts_are(over)} still over the limit, of at most {most} % of the current dose."
    kept = still if over else "Every cut is within the limit."
    title = f"Plan in smaller steps of the syringe after {show(answer.steps[after - 1].daily)} {unit} a day"
    return Way("finer", title, f"{kept} {ends_words(found)}", {"edits": [edit_json(edit) for edit in edits]}, found)


def _excess(answer: Answer) -> Decimal:
    """By how much all cuts together pass the limit, in the medicine's unit."""
    request, steps = answer.request, answer.steps
    return sum((cut_breach(request, request.limit, steps, place) for place in range(len(steps))), Decimal(0))


def _hold_way(answer: Answer) -> Way | None:
    """The same cuts, each after a longer hold."""
    if answer.request.coarse == "stretch" or not answer.steps:
        return None
    held = tried(replace(answer.request, coarse="stretch"))
    if held is None or held.ends == answer.ends or len(held.steps) != len(answer.steps):
        return None
    longer = [new for old, new in zip(answer.steps, held.steps, strict=True) if new.days > old.days]
    if not longer:
        return None
    unit = answer.medicine.unit
    doses, days = listed([show(step.daily) for step in longer]), listed([str(step.days) for step in longer])
    words = f"{days} days. The cuts stay the same size. {ends_words(held)}"
    return Way("hold", f"Hold {doses} {unit} longer", words, {"coarse": "stretch"}, held)


def _stay_way(answer: Answer) -> Way | None:
    request = answer.request
    dose = answer.stuck_at if answer.stuck_at is not None else _before_first_breach(answer)
    if dose >= request.current:
        return None
    stay = tried(replace(request, target=dose))
    if stay is None or stay.ends is None:
        return None
    unit, words = request.medicine.unit, f"Make {show(dose)} {request.medicine.unit} a day the target."
    kept = "" if over_limit_count(stay) else " Every cut is within the limit."
    reached = f"{words} Reached {show_day(stay.ends)}.{kept}"
    return Way("stay", f"Stay at {show(dose)} {unit}", reached, {"target": show(dose)}, stay)


def _before_first_breach(answer: Answer) -> Decimal:
    place = _last_good_step(answer)
    return answer.steps[place - 1].daily if place else answer.request.current


def _show_way(answer: Answer) -> Way | None:
    """Where coarse cuts were refused: the schedule with them, for which a reason is asked."""
    if answer.request.coarse != "refuse":
        return None
    shown = tried(replace(answer.request, coarse="flag"))
    if shown is None:
        return None
    words = f"{cuts_are(over_limit_count(shown))} over the limit. {ends_words(shown)}"
    return Way("show", "Show the cuts and give a reason", words, {"coarse": "flag"}, shown)


def _later_way(answer: Answer) -> Way | None:
    """The first date that the limit allows."""
    assert answer.ends is not None
    later = tried(replace(answer.request, end_by=answer.ends))
    if later is None:
        return None
    title, over = f"End by {show_day(answer.ends)}", over_limit_count(later)
    words = f"{cuts_are(over)} over the limit. " if over else "Every cut is within the limit. "
    return Way("later", title, f"{words}{ends_words(later)}", {"end_by": answer.ends.isoformat()}, later)


def ends_words(answer: Answer) -> str:
    """When it ends, as "The last dose is on 21 February 2027."."""
    if answer.ends is None or answer.steps[-1].daily:
        return f"On the target from {show_day(answer.ends)}." if answer.ends else ""
    return f"The last dose is on {show_day(answer.ends - timedelta(days=1))}."

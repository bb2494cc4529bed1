"""Answers and requests as JSON: amounts as text, dates as ISO 8601."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from planner.taper.amounts import show
from planner.taper.errors import BadInput
from planner.taper.medicine import TIMES, Change, Limit, Medicine, Phase, Product, Source, Time
from planner.taper.request import WEEKDAYS, Edit, Request, Taken
from planner.taper.schedule import Answer, Fill, Finding, Portion, Step, Supply

Json = dict[str, Any]


def answer_json(answer: Answer) -> Json:
    """An answer as a JSON object. A refused one has no steps."""
    found: Json = {"outcome": answer.outcome, "request": request_json(answer.request)}
    if answer.outcome == "refused" and answer.request.end_by:
        found["request"]["pace"][0].pop("cut")  # none was found
    if answer.outcome != "refused":
        unit = answer.medicine.unit
        found["steps"] = [_step(step, unit) for step in answer.steps]
    found["findings"] = [_finding(finding) for finding in answer.findings]
    if answer.supply is not None:
        ends = answer.ends.isoformat() if answer.ends else None
        found |= {"supply": _supply(answer.supply), "ends": ends, "days": answer.days}
    if answer.stuck_at is not None:
        found["stuck_at"] = show(answer.stuck_at)
    return found


def refusal_json(error: BadInput) -> Json:
    """The answer to a request that could not be read."""
    finding = {"code": "bad-input", "severity": "refuse", "step": None, "message": str(error), "source": None}
    return {
        "outcome": "refused",
        "findings": [finding],
        "field": error.field,
        "value": error.value,
        "allowed": error.allowed,
    }


def request_json(request: Request) -> Json:
    """A request as resolved, with every default filled in; reading it again gives the same request."""
    medicine = request.medicine
    return {
        "medicine": _inline(medicine) if medicine.inline else medicine.key,
        "products": [product.key for product in request.products],
        "regimen": _amounts(request.regimen),
        "target": show(request.target),
        "start": request.start.isoformat(),
        "pace": [phase_json(phase, medicine.unit) for phase in request.pace],
        "limit": limit_json(request.limit, medicine.unit),
        "coarse": request.coarse,
        "shape": request.shape,
        "order": list(request.order),
        "final_dose": show(request.final_dose),
        "change_on": request.change_on and [WEEKDAYS[day] for day in sorted(request.change_on)],
        "max_units": show(request.max_units),
        "fill_days": request.fill_days,
        "factors": None if request.factors is None else list(request.factors),
        "taking_since": request.taking_since.isoformat() if request.taking_since else None,
        "end_by": request.end_by.isoformat() if request.end_by else None,
        "history": [_taken(taken) for taken in request.history] or None,
        "starting": None if request.started_from is None else show(request.started_from),
        "on_hand": _amounts(request.on_hand) or None,
        "edits": [edit_json(edit) for edit in request.edits] or None,
    } | _revision(request)


def _revision(request: Request) -> Json:
    """What only a revision has."""
    found: Json = {}
    if request.lead:
        found |= {"lead": [_taken(taken) for taken in request.lead], "after_lead": request.after_lead}
    if request.proportions is not None:
        found["proportions"] = _amounts(request.proportions)
    return found


def _taken(taken: Taken) -> Json:
    return {"start": taken.start.isoformat(), "days": taken.days, "regimen": _amounts(taken.regimen)}


def edit_json(edit: Edit) -> Json:
    """A change by hand in its JSON form."""
    found: Json = {"step": edit.step}
    if edit.days is not None:
        found["days"] = edit.days
    if edit.regimen is not None:
        found["regimen"] = _amounts(edit.regimen)
    if edit.products is not None:
        found["products"] = [product.key for product in edit.products]
    at = {} if edit.at is None else {"at": show(edit.at)}
    return found | {"rest": "again" if edit.again else "keep"} | at


def phase_json(phase: Phase, unit: str) -> Json:
    bound = {} if phase.down_to is None else {"down_to": f"{show(phase.down_to)} {unit}"}
    if phase.share is not None:
        bound = {"down_to": f"{show(phase.share)}%"}
    return _change(phase.cut, unit) | {"every": phase.every} | bound


def limit_json(limit: Limit, unit: str) -> Json:
    return _change(limit.cut, unit) | {"days": limit.days}


def _change(cut: Change, unit: str) -> Json:
    if cut.of is None:
        return {"cut": f"{show(cut.amount)} {unit}"}
    return {"cut": f"{show(cut.amount)}%", "of": cut.of}


def _inline(medicine: Medicine) -> Json:
    unit = medicine.unit
    found: Json = {"name": medicine.name, "unit": unit}
    found["products"] = {key: _product(product) for key, product in medicine.products.items()}
    if medicine.default_products != tuple(medicine.products):
        found["default_products"] = list(medicine.default_products)
    if medicine.order != TIMES:
        found["order"] = list(medicine.order)
    if medicine.pace is not None:
        found["pace"] = [phase_json(phase, unit) for phase in medicine.pace]
    if medicine.final_dose is not None:
        found["final_dose"] = show(medicine.final_dose)
    limits = {"limit": medicine.limit, "ceiling": medicine.ceiling}
    return found | {name: limit_json(limit, unit) for name, limit in limits.items() if limit is not None}


def _product(product: Product) -> Json:
    size = {"step_ml": show(product.step_ml)} if product.step_ml else {"divides": product.divides}
    return {"form": product.form, "strength": show(product.strength), **size}


def _amounts(amounts: Mapping[Time, Decimal] | Mapping[str, Decimal]) -> Json:
    return {name: show(amount) for name, amount in amounts.items()}


def _step(step: Step, unit: str) -> Json:
    return {
        "number": step.number,
        "start": step.start.isoformat(),
        "end": step.end.isoformat() if step.end else None,
        "days": step.days,
        "regimen": _amounts(step.regimen),
        "daily": show(step.daily),
        "unit": unit,
        "preferred": None if step.preferred is None else show(step.preferred),
        "cut": show(step.cut) if step.cut >= 0 else f"-{show(-step.cut)}",
        "cut_of_current": f"{step.cut_of_current:f}",
        "cut_of_starting": f"{step.cut_of_starting:f}",
        "over_limit": step.over_limit,
        "take": {time: [_portion(portion) for portion in portions] for time, portions in step.take.items()},
    }


def _portion(portion: Portion) -> Json:
    return {"product": portion.product, "units": show(portion.units)}


def _finding(finding: Finding) -> Json:
    source = _source(finding.source) if finding.source else None
    return {
        "code": finding.code,
        "severity": finding.severity,
        "step": finding.step,
        "message": finding.message,
        "source": source,
    }


def _source(source: Source) -> Json:
    return {
        "standing": source.standing, "kind": source.kind, "title": source.title, "address": source.address,
        "read_on": source.read_on, "note": source.note,
    }  # fmt: skip


def _supply(supply: Supply) -> Json:
    return {"total": _amounts(supply.total), "fills": [_fill(fill) for fill in supply.fills]}


def _fill(fill: Fill) -> Json:
    return {
        "start": fill.start.isoformat(),
        "end": fill.end.isoformat(),
        "units": _amounts(fill.units),
        "dispense": {product: str(pieces) for product, pieces in fill.dispense.items()},
    }

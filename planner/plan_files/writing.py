"""A plan written as a file."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from planner.formulary import FileProduct, MedicineFile
from planner.models import CheckIn, Plan, PlanEnd, TakenOtherwise, Version
from planner.shelves import file_behind
from planner.taper.amounts import show

FORMAT, FORMAT_VERSION = "taper-plan", 1
Json = dict[str, Any]


@dataclass(frozen=True)
class Chosen:
    """What goes into a file beside the schedules.

    patient: name, date of birth and identifier; notes: what was typed at check-ins, of doses taken otherwise and at the
    end, which may name people.
    """

    patient: bool = False
    notes: bool = False


def plan_file(plan: Plan, chosen: Chosen) -> bytes:
    """The file's bytes. Raises LookupError where the medicine's file has gone, for then no product can be told."""
    content = _content(plan, chosen)
    whole = {"format": FORMAT, "format_version": FORMAT_VERSION, "sha256": digest_of(content), "content": content}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def digest_of(content: Any) -> str:
    """SHA-256 of the content in its one canonical form: names in order, no spaces, everything beyond ASCII escaped."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def products_named(requests: Iterable[Json]) -> list[str]:
    """The keys of all products that requests name."""
    found: dict[str, None] = {}
    for request in requests:
        later = [key for edit in request.get("edits") or () for key in edit.get("products", ())]
        found |= dict.fromkeys([*request["products"], *later, *(request.get("on_hand") or ())])
    return list(found)


def _content(plan: Plan, chosen: Chosen) -> Json:
    versions = sorted(plan.versions.all(), key=lambda version: version.number)
    check_ins = list(plan.check_ins.all())
    places = {check_in.pk: place for place, check_in in enumerate(check_ins, start=1)}
    end = PlanEnd.objects.filter(plan=plan).first()
    return {
        "exported_at": timezone.now().isoformat(timespec="seconds"),
        "medicine": _medicine(plan, versions),
        "patient": _patient(plan) if chosen.patient else None,
        "versions": [_version(plan, version, places) for version in versions],
        "check_ins": [_check_in(check_in, chosen.notes) for check_in in check_ins],
        "taken_otherwise": [_taken(note, chosen.notes) for note in plan.taken_otherwise.all()],
        "end": _end(end, chosen.notes) if end else None,
    }


def _patient(plan: Plan) -> Json:
    patient = plan.patient
    return {"name": patient.name, "born": patient.born.isoformat(), "identifier": patient.identifier}


def _medicine(plan: Plan, versions: list[Version]) -> Json:
    newest = versions[-1]
    file = file_behind(plan.clinic, plan.medicine, newest.medicine_hash)
    if file is None:
        raise LookupError(plan.medicine)
    used = products_named(version.answer["request"] for version in versions)
    return {
        "key": plan.medicine,
        "name": file.name,
        "unit": file.unit,
        "version": newest.medicine_version,
        "sha256": newest.medicine_hash,
        "products": {key: product_json(product) for key in used if (product := _product(plan, versions, file, key))},
    }


def _product(plan: Plan, versions: list[Version], file: MedicineFile, key: str) -> FileProduct | None:
    """As the newest file has it; one that it lost, as the file of an earlier version has it."""
    older = (file_behind(plan.clinic, plan.medicine, version.medicine_hash) for version in reversed(versions))
    return file.products.get(key) or next((f.products[key] for f in older if f and key in f.products), None)


def product_json(product: FileProduct) -> Json:
    return {
        "form": product.form,
        "strength": show(product.strength),
        "divides": product.divides,
        "step_ml": show(product.step_ml) if product.step_ml else None,
    }


def _version(plan: Plan, version: Version, places: dict[int, int]) -> Json:
    later = [row for row in plan.acknowledgements.all() if row.version_id == version.pk]
    return {
        "number": version.number,
        "kind": version.kind,
        "summary": version.summary,
        "why": version.why,
        "begins": version.begins.isoformat(),
        "held_until": version.held_until.isoformat() if version.held_until else None,
        "issued_on": version.issued_on.isoformat(),
        "issued_at": version.issued_at.isoformat(),
        "check_in": places[version.check_in_id] if version.check_in_id else None,
        "answer": version.answer,
        "reasons": version.reasons | {code: words for row in later for code, words in row.reasons.items()},
        "specialists": version.specialists | {code: name for row in later for code, name in row.specialists.items()},
        "engine_version": version.engine_version,
        "medicine_version": version.medicine_version,
        "medicine_hash": version.medicine_hash,
    }


def _check_in(check_in: CheckIn, with_notes: bool) -> Json:
    return {
        "version": check_in.version.number,
        "day": check_in.day.isoformat(),
        "at": check_in.at.isoformat(),
        "too_much": check_in.too_much,
        "how": check_in.how,
        "signs": check_in.signs,
        "emergency": check_in.emergency,
        "missed": check_in.missed,
        "note": check_in.note if with_notes else "",
        "daily": check_in.daily,
        "suggested": check_in.suggested,
        "decision": check_in.decision,
        "reason": check_in.reason if with_notes else "",
    }


def _taken(note: TakenOtherwise, with_notes: bool) -> Json:
    return {
        "first": note.first.isoformat(),
        "last": note.last.isoformat() if note.last else None,
        "at": note.at.isoformat(),
        "regimen": note.regimen,
        "note": note.note if with_notes else "",
    }


def _end(end: PlanEnd, with_notes: bool) -> Json:
    return {"on": end.on.isoformat(), "reason": end.reason, "note": end.note if with_notes else ""}

"""What has to be answered before a schedule is issued."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from planner.context import AnyPatient, context_for, running_version
from planner.formulary import MedicineFile, inline_medicine
from planner.models import Clinic, Plan
from planner.shelves import clinic_shelf
from planner.standing import history_of, standing, starting_of
from planner.taper import Answer, BadInput, Finding, answer_json, parse_request, propose
from planner.taper.amounts import show
from planner.taper.medicine import Product, Source
from planner.taper.request import Request

MOST_LETTERS = 500
LEAST_LETTERS = 3  # of a reason; a dot or an invisible character is none
NOTHING_TO_PRINT = (
    "This reaches its target at once: no day with another dose lies between, so there is no calendar to print and "
    "nothing to issue. Plan more steps: a smaller cut, or a product that divides finer."
)
UNMAKEABLE = ("not-makeable", "divides-undividable")
USUAL_REASONS = (
    "The specialist who directs this asked for it",
    "Weighed with the patient, who prefers it to the other ways",
    "No finer product can be had or used",
)
REASONS_BY_CODE = {
    "unreviewed-medicine": ("I checked the medicine’s figures against the label",),
    "above-maximum": ("Specialist, off label",),
    "over-limit": (
        "No finer product can be had or used; closer contact from here on",
        "A serious adverse effect asks for a faster end",
        "Weighed with the patient, who prefers it to the other ways",
    ),
}


@dataclass(frozen=True)
class Question:
    """All findings of one code, which one reason answers. specialist: the directing specialist has to be named."""

    code: str
    findings: tuple[Finding, ...]
    specialist: bool

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(dict.fromkeys(finding.source for finding in self.findings if finding.source))

    @property
    def usual_reasons(self) -> tuple[str, ...]:
        return REASONS_BY_CODE.get(self.code, USUAL_REASONS)


@dataclass(frozen=True)
class Draft:
    """A proposal that may be issued once everything is answered.

    data: the request as it was asked; medicine_hash: SHA-256 of the medicine file; replaces: number and date of issue
    of the version that it would replace.
    """

    data: Mapping[str, Any]
    answer: Answer
    medicine: MedicineFile
    medicine_hash: str
    replaces: tuple[int, date] | None = None

    @property
    def digest(self) -> str:
        """Names this very answer, its medicine file and what it replaces, so that what is issued is what was seen."""
        replaces = (self.replaces[0], self.replaces[1].isoformat()) if self.replaces else None
        seen = {"answer": answer_json(self.answer), "medicine": self.medicine_hash, "replaces": replaces}
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()

    @property
    def cannot_begin(self) -> bool:
        """Whether the products cannot make the dose of the first step."""
        return any(found.code in UNMAKEABLE and found.step == 1 for found in self.answer.findings)

    @property
    def questions(self) -> tuple[Question, ...]:
        asked = [f for f in self.answer.findings if f.severity == "acknowledge"]
        codes = dict.fromkeys(f.code for f in asked)
        return tuple(Question(code, _of(asked, code), code in self._specialist_factors) for code in codes)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(question.code for question in self.questions)

    @property
    def specialist_codes(self) -> tuple[str, ...]:
        return tuple(question.code for question in self.questions if question.specialist)

    @property
    def stops(self) -> tuple[Finding, ...]:
        """The findings with which nothing is issued, whatever the reason."""
        found = tuple(f for f in self.answer.findings if f.severity in ("refuse", "block"))
        steps = self.answer.steps
        if steps and not any(step.days for step in steps):
            return (*found, Finding("nothing-to-print", "block", NOTHING_TO_PRINT))
        return found

    @property
    def _specialist_factors(self) -> frozenset[str]:
        return frozenset(factor.key for factor in self.answer.medicine.factors if factor.specialist)

    def faults(self, reasons: Mapping[str, str], specialists: Mapping[str, str]) -> dict[str, str]:
        """What still keeps it from being issued: messages by ``reason-<code>``, ``specialist-<code>`` or empty."""
        if self.stops or self.answer.outcome != "proposed":
            return {"": " ".join(f.message for f in self.stops) or "No schedule could be made."}
        return answer_faults(self.questions, reasons, specialists)


def answer_faults(
    questions: Sequence[Question], reasons: Mapping[str, str], specialists: Mapping[str, str]
) -> dict[str, str]:
    """What is wrong with the reasons and specialists given: messages by ``reason-<code>`` or ``specialist-<code>``."""
    wanted = f"Choose or type a reason, with at least {LEAST_LETTERS} letters."
    faults = {f"reason-{asked.code}": _fault(reasons, asked.code, LEAST_LETTERS, wanted) for asked in questions}
    for code in (asked.code for asked in questions if asked.specialist):
        faults[f"specialist-{code}"] = _fault(specialists, code, 1, "Name the specialist who directs this.")
    return {field: message for field, message in faults.items() if message}


def make_draft(clinic: Clinic, patient: AnyPatient | None, data: Mapping[str, Any]) -> Draft:
    """The proposal for this patient, with the findings that matter for an issue. Raises BadInput."""
    key = data.get("medicine")
    if not isinstance(key, str):
        raise BadInput("medicine", "", "A medicine described by hand can be planned and checked, but not issued.")
    context = context_for(clinic, medicine=key, patient=patient, issuing=True)
    shelf = clinic_shelf(clinic)
    replaced = running_version(patient, key)
    used = shelf.take(key)

    def drafted(data: Mapping[str, Any]) -> Draft:
        request = parse_request(data, shelf.find, inline_medicine, context)
        replaces = (replaced.number, replaced.issued_on) if replaced else None
        return Draft(data, propose(request), used.file, used.sha256, replaces)

    found = drafted(data)
    if not replaced or found.answer.request.history:
        return found
    past = _past(replaced.plan, found.answer.request)
    with_past = drafted({**data, **past})
    if "lead" in past and with_past.cannot_begin:
        return drafted({**data, **past, "lead": None})
    return with_past


def _past(plan: Plan, request: Request) -> dict[str, Any]:
    """What the patient of a running plan took until today, for a plan that is made anew: it counts in the windows.

    From today to the first lower dose the new plan's papers say what is taken: the dose that it begins from.
    """
    today = timezone.localdate()
    history = history_of(standing(plan, min(today, request.start)).past)
    if not history:
        return {}
    found: dict[str, Any] = {"history": history}
    if request.start > today:
        now = {time: show(dose) for time, dose in request.regimen.items()}
        found["lead"] = [{"start": today.isoformat(), "days": (request.start - today).days, "regimen": now}]
    if request.current <= Decimal(starting_of(plan)):
        found["starting"] = starting_of(plan)
    return found


def _of(findings: Sequence[Finding], code: str) -> tuple[Finding, ...]:
    return tuple(f for f in findings if f.code == code)


def _fault(given: Mapping[str, str], code: str, least: int, when_missing: str) -> str:
    text = given.get(code, "").strip()
    if sum(letter.isalpha() for letter in text) < least:
        return when_missing
    return "" if len(text) <= MOST_LETTERS else f"Give at most {MOST_LETTERS} letters."


def plain_product(product: Product) -> dict[str, Any]:
    """What the second reckoning needs to know of a product."""
    return {
        "strength": show(product.strength),
        "liquid": product.is_liquid,
        "divides": product.divides,
        "step_ml": show(product.step_ml) if product.step_ml else None,
    }

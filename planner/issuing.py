"""What has to be answered before a schedule is issued."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.context import AnyPatient, context_for
from planner.formulary import MedicineFile, find_medicine, inline_medicine, load
from planner.models import Clinic
from planner.taper import Answer, BadInput, Finding, answer_json, parse_request, propose
from planner.taper.medicine import Source

MOST_LETTERS = 500
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
    """A proposal that may be issued once everything is answered. data: the request as it was asked."""

    data: Mapping[str, Any]
    answer: Answer
    medicine: MedicineFile

    @property
    def digest(self) -> str:
        """Names this very answer, so that what is issued is what was seen."""
        return hashlib.sha256(json.dumps(answer_json(self.answer), sort_keys=True).encode()).hexdigest()

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
        return tuple(f for f in self.answer.findings if f.severity in ("refuse", "block"))

    @property
    def _specialist_factors(self) -> frozenset[str]:
        return frozenset(factor.key for factor in self.answer.medicine.factors if factor.specialist)

    def faults(self, reasons: Mapping[str, str], specialists: Mapping[str, str]) -> dict[str, str]:
        """What still keeps it from being issued: messages by ``reason-<code>``, ``specialist-<code>`` or empty."""
        if self.stops or self.answer.outcome != "proposed":
            return {"": " ".join(f.message for f in self.stops) or "No schedule could be made."}
        faults = {f"reason-{code}": _fault(reasons, code, "Choose or type a reason.") for code in self.codes}
        for code in self.specialist_codes:
            faults[f"specialist-{code}"] = _fault(specialists, code, "Name the specialist who directs this.")
        return {field: message for field, message in faults.items() if message}


def make_draft(clinic: Clinic, patient: AnyPatient | None, data: Mapping[str, Any]) -> Draft:
    """The proposal for this patient, with the findings that matter for an issue. Raises BadInput."""
    key = data.get("medicine")
    if not isinstance(key, str):
        raise BadInput("medicine", "", "A medicine described by hand can be planned and checked, but not issued.")
    context = context_for(clinic, medicine=key, patient=patient, issuing=True)
    request = parse_request(data, find_medicine, inline_medicine, context)
    return Draft(data, propose(request), load(request.medicine.key))


def _of(findings: Sequence[Finding], code: str) -> tuple[Finding, ...]:
    return tuple(f for f in findings if f.code == code)


def _fault(given: Mapping[str, str], code: str, when_missing: str) -> str:
    text = given.get(code, "").strip()
    if not text:
        return when_missing
    return "" if len(text) <= MOST_LETTERS else f"Give at most {MOST_LETTERS} letters."

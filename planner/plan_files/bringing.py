"""A file taken in for a clinic: read, held against the clinic's medicine, and what would be issued from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from planner.context import AnyPatient, context_for
from planner.formulary import Shelved, inline_medicine
from planner.issuing import Draft
from planner.models import Clinic
from planner.plan_files.judging import faults
from planner.plan_files.reading import NotAPlan, read_content
from planner.plan_files.shape import Content, Medicine, Version
from planner.plan_files.writing import product_json
from planner.shelves import clinic_shelf
from planner.taper import Answer, BadInput, Request, parse_request, propose
from planner.taper.amounts import show_day
from planner.taper.rebuild import as_written, rebuilt

WORDS = {"form": "form", "strength": "strength", "divides": "parts a piece may be cut into", "step_ml": "syringe step"}


@dataclass(frozen=True)
class Brought:
    """A file that agrees with itself and with the clinic's medicine, whose plan runs."""

    content: Content
    held: Shelved

    @property
    def newest(self) -> Version:
        """The version by which the patient takes the medicine, or will."""
        return self.content.versions[-1]


def bring(clinic: Clinic, data: bytes) -> Brought:
    """Raises NotAPlan, which says what stands against it."""
    content, today = read_content(data), timezone.localdate()
    held = clinic_shelf(clinic).held.get(content.medicine.key)
    if held is None:
        words = f"This clinic has no medicine “{content.medicine.key}” ({content.medicine.name})."
        raise NotAPlan([f"{words} Add its medicine file under Settings first."])
    found = list(_differences(content.medicine, held)) or faults(content, held, today)
    if found := found or _ended(content, today):
        raise NotAPlan(found)
    return Brought(content, held)


def brought_draft(clinic: Clinic, patient: AnyPatient | None, brought: Brought) -> Draft:
    """The version in force as this clinic would issue it: the same doses on the same days, held against every rule.

    Raises BadInput, such as for a patient factor that the clinic's medicine file does not have.
    """
    newest, held = brought.newest, brought.held
    answer = brought_answer(clinic, patient, brought, newest)
    return Draft(newest.answer.request, answer, held.file, held.sha256, (newest.number, newest.issued_on))


def brought_answer(clinic: Clinic, patient: AnyPatient | None, brought: Brought, version: Version) -> Answer:
    """A version's schedule as this clinic sees it. Raises BadInput."""
    medicine, written = brought.held.medicine, version.answer.request
    context = context_for(clinic, medicine=medicine.key, patient=patient, issuing=True)
    request = parse_request(written, lambda _: medicine, inline_medicine, context)
    return _answer(as_written(request, written), version)


def _answer(request: Request, version: Version) -> Answer:
    """As proposed, where this planner proposes the same, with what only the search can say; else as it was."""
    given = rebuilt(request, version.answer.steps)
    try:
        proposed = propose(request)
    except BadInput:
        return given
    return proposed if proposed.steps == given.steps else given


def _differences(medicine: Medicine, held: Shelved) -> Iterator[str]:
    """What of the clinic's medicine file is not as it was where the plan was made, and matters for its doses."""
    file = held.file
    if medicine.unit != file.unit:
        yield f"{file.name} is counted in {file.unit} here, and in {medicine.unit} in the file."
        return
    for key, product in medicine.products.items():
        if key not in file.products:
            yield f"The file has {key}, which {file.name} of this clinic does not have."
            continue
        here, there = product_json(file.products[key]), dict(product)
        for name, word in WORDS.items():
            if here[name] != there[name]:
                yield f"{key}: its {word} is {_said(here[name])} here, and {_said(there[name])} in the file."


def _said(value: Any) -> str:
    return "none" if value is None else str(value)


def _ended(content: Content, today: date) -> list[str]:
    """Why nobody takes the medicine by the plan any more; empty where somebody does."""
    only = "Only a running plan can be brought in: keep the file as a record."
    if content.end:
        return [f"This plan was closed on {show_day(content.end.on)}. {only}"]
    answer = content.versions[-1].answer
    if answer.ends and answer.ends < today and answer.steps[-1]["daily"] == "0":
        return [f"This plan reached its stop on {show_day(answer.ends)}. {only}"]
    return []

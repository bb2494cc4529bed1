"""What several pages do alike."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.forms import Form
from django.http import HttpRequest, QueryDict

from planner.formulary import FileProduct
from planner.models import Clinic, Plan, User, Version
from planner.services import Refused
from planner.shelves import file_behind
from planner.sign_offs import ReviewState, review_state
from planner.taper import Answer

MOST_DIGITS = 18
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Fault:
    """A message at a field. anchor: the control that it is about; empty where none is to be seen."""

    name: str
    label: str
    words: str
    anchor: str


def person(request: HttpRequest) -> User:
    """The signed-in person; the middleware lets nobody else come this far."""
    assert isinstance(request.user, User)
    return request.user


def submission_of(request: HttpRequest) -> str:
    """The token of the form that was sent; empty for one that no page of ours made."""
    return token_in(request.POST)


def token_in(typed: QueryDict) -> str:
    token = str(typed.get("submission", ""))
    return token if TOKEN.fullmatch(token) else ""


def number_in(typed: QueryDict, name: str) -> int:
    """A row's number in a hidden field; 0 where it is none."""
    text = str(typed.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS else 0


def add_errors(form: Form, refused: Refused, fields: Mapping[str, str] | None = None) -> None:
    """A service's messages at their fields. fields: the form's name for a field where it differs."""
    for name, message in refused.errors.items():
        field = (fields or {}).get(name, name)
        form.add_error(field if field in form.fields else None, message)


def medicine_name(plan: Plan) -> str:
    """The name of a plan's medicine; its key where its file has gone, so that what was issued can still be read."""
    file = file_behind(plan.patient.clinic, plan.medicine)
    return file.name if file else plan.medicine


def products_of(version: Version) -> Mapping[str, FileProduct]:
    """The products of a version's medicine; none where its file has gone."""
    plan = version.plan
    file = file_behind(plan.patient.clinic, plan.medicine, version.medicine_hash)
    return file.products if file else {}


def review_to_do(clinic: Clinic, answer: Answer) -> ReviewState | None:
    """How far the clinic is with signing off the medicine's file; None where no finding asks for it."""
    asked = any(finding.code in ("unreviewed-medicine", "unverified-medicine") for finding in answer.findings)
    return review_state(clinic, answer.medicine.key) if asked and not answer.medicine.inline else None

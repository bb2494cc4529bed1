"""What several pages do alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.forms import Form
from django.http import HttpRequest

from planner.formulary import FileProduct, UnknownMedicine, load
from planner.models import Clinic, User
from planner.services import Refused
from planner.sign_offs import ReviewState, review_state
from planner.taper import Answer


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


def add_errors(form: Form, refused: Refused, fields: Mapping[str, str] | None = None) -> None:
    """A service's messages at their fields. fields: the form's name for a field where it differs."""
    for name, message in refused.errors.items():
        field = (fields or {}).get(name, name)
        form.add_error(field if field in form.fields else None, message)


def medicine_name(key: str) -> str:
    """The name of a medicine; its key where its file has gone, so that what was issued can still be read."""
    try:
        return load(key).name
    except UnknownMedicine:
        return key


def products_of(key: str) -> Mapping[str, FileProduct]:
    """The products of a medicine; none where its file has gone."""
    try:
        return load(key).products
    except UnknownMedicine:
        return {}


def review_to_do(clinic: Clinic, answer: Answer) -> ReviewState | None:
    """How far the clinic is with signing off the medicine's file; None where no finding asks for it."""
    asked = any(finding.code in ("unreviewed-medicine", "unverified-medicine") for finding in answer.findings)
    return review_state(clinic, answer.medicine.key) if asked and not answer.medicine.inline else None

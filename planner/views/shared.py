"""What several pages do alike."""

from collections.abc import Mapping

from django.forms import Form
from django.http import HttpRequest

from planner.models import User
from planner.services import Refused


def person(request: HttpRequest) -> User:
    """The signed-in person; the middleware lets nobody else come this far."""
    assert isinstance(request.user, User)
    return request.user


def add_errors(form: Form, refused: Refused, fields: Mapping[str, str] | None = None) -> None:
    """A service's messages at their fields. fields: the form's name for a field where it differs."""
    for name, message in refused.errors.items():
        field = (fields or {}).get(name, name)
        form.add_error(field if field in form.fields else None, message)

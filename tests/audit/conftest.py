"""The clinic's people and patient of the pages' tests, with a version issued and a colleague beside them."""

from typing import Any

import pytest

from planner.models import Patient, User, Version
from planner.services import add_colleague
from tests.web.conftest import clinic, owner, page, patient, stranger, typed  # noqa: F401
from tests.web.test_services import issued


@pytest.fixture
def version(owner: User, patient: Patient, typed: dict[str, Any]) -> Version:  # noqa: F811
    return issued(owner, patient, typed)


@pytest.fixture
def colleague(owner: User) -> User:  # noqa: F811
    return add_colleague(by=owner, name="Test Colleague", email="colleague@example.org")[0]

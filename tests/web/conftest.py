"""Two clinics with a person each, a patient, and the planner's fields for a usual taper."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from planner.context import NewPatient
from planner.models import Clinic, Patient, User
from planner.services import ClinicDetails, add_patient, make_set_up_link, set_up_clinic

PASSWORD = "seven quiet herons"
CLINIC = ClinicDetails(
    name="Example Clinic",
    country="GB",
    phone="020 7946 0000",
    hours="Monday to Friday, 8 am to 6 pm",
    out_of_hours="111",
    emergency="999",
    page_size="A4",
)


@pytest.fixture
def owner(db: None) -> User:
    """The first person of a clinic that was set up by its link."""
    return set_up_clinic(
        token=make_set_up_link(), clinic=CLINIC, name="Test Owner", email="owner@example.org", password=PASSWORD
    )


@pytest.fixture
def clinic(owner: User) -> Clinic:
    return owner.clinic


@pytest.fixture
def stranger(owner: User) -> User:
    """A person of another clinic."""
    other = Clinic.objects.create(**{**vars(CLINIC), "name": "Other Clinic"})
    return User.objects.create(clinic=other, name="Test Stranger", email="stranger@example.org")


@pytest.fixture
def patient(owner: User) -> Patient:
    return add_patient(by=owner, patient=NewPatient("Test Patient", date(1968, 3, 14), "TP-0001"))


@pytest.fixture
def page(client: Client, owner: User) -> Client:
    """A browser in which the first person is signed in."""
    client.force_login(owner)
    return client


@pytest.fixture
def typed() -> dict[str, Any]:
    """What the planner page sends for 60 mg a day in 10 mg tablets, to stop; the factors were asked."""
    return {
        "medicine": "baclofen",
        "products": ["tablet-10"],
        "morning": "20",
        "midday": "20",
        "evening": "20",
        "target": "0",
        "start": "2026-12-07",
        "factors_asked": "on",
    }

"""A running plan of the worked example, and what revises it. Dates are those of the mock-up: 60 mg from 7 December."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from planner.models import Patient, Plan, User, Version
from planner.revising import Decision
from planner.services import revise_plan, revision_draft
from planner.standing import in_hand
from planner.taper.amounts import show
from planner.views.papers import InkedPapers
from tests.web.conftest import clinic, owner, patient, stranger, typed  # noqa: F401
from tests.web.test_services import issued

ISSUED, TODAY = date(2026, 11, 26), date(2027, 1, 13)


@pytest.fixture
def version(owner: User, patient: Patient, typed: dict[str, Any]) -> Version:  # noqa: F811
    """Issued on 26 November 2026: 55 mg from 7 December, 5 mg less every Monday, stop on 22 February."""
    with time_machine.travel(ISSUED, tick=False):
        return issued(owner, patient, typed, papers=InkedPapers())


@pytest.fixture
def plan(version: Version) -> Plan:
    return version.plan


@pytest.fixture
def today(version: Version) -> Iterator[date]:
    """Wednesday 13 January 2027, the third day of 30 mg."""
    with time_machine.travel(TODAY, tick=False):
        yield TODAY


@pytest.fixture
def page(client: Client, owner: User, today: date) -> Client:  # noqa: F811
    """A browser in which the first person is signed in, on that day."""
    client.force_login(owner)
    return client


@pytest.fixture
def colleague(owner: User) -> User:  # noqa: F811
    return User.objects.create(clinic=owner.clinic, name="Test Colleague", email="colleague@example.org")


def fresh(plan: Plan) -> Plan:
    return Plan.objects.get(pk=plan.pk)


def revised(looked: User, plan: Plan, decision: Decision, **changes: Any) -> Version:
    """The next version, with a reason for every question, as the page would issue it."""
    plan = fresh(plan)
    draft = revision_draft(looked.clinic, plan, decision, timezone.localdate())
    given: dict[str, Any] = {
        "by": looked,
        "plan": plan,
        "based_on": plan.current_id,
        "decision": decision,
        "why": "Mild signs, day 3",
        "check_in": None,
        "reasons": dict.fromkeys(draft.codes, "Weekly visits from here on"),
        "specialists": dict.fromkeys(draft.specialist_codes, "Consultant"),
        "papers": InkedPapers(),
        "submission": f"revision-{plan.current.number}",
        "shown": draft.digest,
    }
    return revise_plan(**{**given, **changes})


def hand(plan: Plan, day: date) -> dict[str, str]:
    return {key: show(units) for key, units in in_hand(fresh(plan), day).items()}


def steps(version: Version) -> list[tuple[str, str, int]]:
    """Daily dose, first day and days of each step."""
    return [(step["daily"], step["start"], step["days"]) for step in version.answer["steps"]]


def mg(amount: str) -> Decimal:
    return Decimal(amount)

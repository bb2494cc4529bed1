"""Running plans of several medicines, and what a check-in sends. The baclofen one is that of the mock-up."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from planner.issuing import make_draft
from planner.models import CheckIn, Patient, Plan, User
from planner.services import issue_version, record_check_in
from planner.suggestions import Report
from tests.revisions.conftest import fresh, page, plan, today, version  # noqa: F401
from tests.web.conftest import clinic, owner, patient, stranger, typed  # noqa: F401
from tests.web.test_services import PlainPapers

ISSUED = date(2026, 11, 26)


def address(plan: Plan, name: str = "") -> str:  # noqa: F811
    return f"/plans/{plan.pk}/{name}"


def shown(response: HttpResponse) -> str:
    """The page's words, with single spaces."""
    return " ".join(response.content.decode().split())


def recorded(by: User, plan: Plan, how: str, decision: str = "go-on", **changes: Any) -> CheckIn:  # noqa: F811
    """A check-in as the service keeps it; today, unless a day is given."""
    plan = fresh(plan)
    day = changes.pop("day", timezone.localdate())
    report = Report(day, how == "", how, tuple(changes.pop("signs", ())), False, changes.pop("missed", 0))
    given: dict[str, Any] = {
        "by": by,
        "plan": plan,
        "based_on": plan.current_id,
        "report": report,
        "decision": decision,
        "reason": "",
        "submission": f"check-in-{plan.check_ins.count()}",
    }
    return record_check_in(**{**given, **changes})


def plan_with(by: User, patient: Patient, data: dict[str, Any]) -> Plan:  # noqa: F811
    """A plan issued on 26 November 2026, with a reason for whatever asks for one."""
    with time_machine.travel(ISSUED, tick=False):
        draft = make_draft(by.clinic, patient, {"target": "0", "start": "2026-12-07", "factors": [], **data})
        version = issue_version(
            by=by,
            patient=patient,
            request_data=draft.data,
            reasons=dict.fromkeys(draft.codes, "Weekly visits from here on"),
            specialists=dict.fromkeys(draft.specialist_codes, "Consultant"),
            papers=PlainPapers(),
            submission=f"issue-{data['medicine']}",
            shown=draft.digest,
        )
    return version.plan


@pytest.fixture
def sent(plan: Plan, today: date) -> dict[str, Any]:  # noqa: F811
    """What the form sends for a patient who is mildly unwell and is held for a week."""
    return {
        "based_on": str(fresh(plan).current_id),
        "submission": "once",
        "too_much": "no",
        "how": "mild",
        "missed": "0",
        "day": "2027-01-13",
        "note": "",
        "decision": "hold",
        "days": "7",
        "reason": "",
    }


@pytest.fixture
def colleague(owner: User, today: date) -> Client:  # noqa: F811
    """A browser in which another person of the same clinic is signed in."""
    other = User.objects.create(clinic=owner.clinic, name="Test Colleague", email="colleague@example.org")
    client = Client()
    client.force_login(other)
    return client

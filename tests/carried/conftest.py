"""The running plan of the worked example with everything that a file can hold, and another clinic to bring it to."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from planner.context import NewPatient
from planner.models import Plan, User, Version
from planner.plan_files import Chosen, bring, brought_draft
from planner.revising import Decision
from planner.services import export_plan, import_plan, note_taken, record_check_in
from planner.suggestions import Report
from planner.views.papers import InkedPapers
from tests.revisions.conftest import (  # noqa: F401
    clinic,
    colleague,
    fresh,
    owner,
    page,
    patient,
    plan,
    revised,
    stranger,
    today,
    typed,
    version,
)

NOBODY = NewPatient("Other Patient", date(1971, 5, 2), "OP-0001")
BOTH = Chosen(patient=True, notes=True)
REASON = "Weighed anew at the first visit here"


@pytest.fixture
def lived(owner: User, plan: Plan, today: date) -> Plan:  # noqa: F811
    """With a check-in that said mild, two days on which 35 mg were taken, and a hold that followed from them."""
    taken = {"morning": Decimal(10), "midday": Decimal(10), "evening": Decimal(15)}
    note_taken(
        by=owner,
        plan=fresh(plan),
        first=date(2027, 1, 11),
        last=date(2027, 1, 12),
        regimen=taken,
        note="Forgot",
        after=0,
    )
    report = Report(day=today, too_much=False, how="mild", missed=1, note="Sleeps badly")
    made = record_check_in(
        by=owner, plan=fresh(plan), based_on=plan.current_id, report=report, decision="hold", reason="As agreed",
        submission="contact",
    )  # fmt: skip
    revised(owner, plan, Decision("hold", today, days=7), check_in=made)
    return fresh(plan)


@pytest.fixture
def there(client: Client, stranger: User, today: date) -> Client:  # noqa: F811
    """A browser in which a person of the other clinic is signed in."""
    client.force_login(stranger)
    return client


def exported(plan: Plan, by: User, chosen: Chosen = BOTH) -> bytes:  # noqa: F811
    return export_plan(by=by, plan=plan, chosen=chosen)


def imported(by: User, data: bytes, **changes: Any) -> Version:
    """The plan of a file, with a reason for every question, as the page would bring it in."""
    draft = brought_draft(by.clinic, NOBODY, bring(by.clinic, data))
    given: dict[str, Any] = {
        "by": by,
        "data": data,
        "patient": NOBODY,
        "reasons": dict.fromkeys(draft.codes, REASON),
        "specialists": dict.fromkeys(draft.specialist_codes, "Consultant"),
        "keep_open": False,
        "papers": InkedPapers(),
        "submission": "brought",
        "shown": draft.digest,
    }
    return import_plan(**{**given, **changes})

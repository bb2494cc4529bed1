"""The clinic's own plans as CSV."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from planner.context import NewPatient
from planner.models import AuditRow, Plan, User
from planner.revising import Decision
from planner.services import add_patient, end_plan
from tests.revisions.conftest import fresh, revised
from tests.web.test_services import issued

ADDRESS = "/patients/plans.csv"


def read(browser: Client) -> list[dict[str, str]]:
    response: Any = browser.get(ADDRESS)
    assert response["Content-Disposition"] == 'attachment; filename="plans.csv"'
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_a_row_a_plan_with_what_it_asks_for(page: Client, owner: User, plan: Plan) -> None:
    assert read(page) == [
        {
            "patient identifier": "TP-0001", "patient name": "Test Patient", "born": "1968-03-14",
            "medicine": "baclofen", "plan number": str(plan.pk), "state": "going on", "begins": "2026-12-07",
            "dose now": "30", "unit": "mg", "next change": "2027-01-18", "next dose": "25", "ends": "2027-02-22",
            "versions": "1", "cut over the limit to come": "yes", "held": "no",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (Decision("hold", date(2027, 1, 13), days=7),
         {"state": "held", "held": "until 2027-01-24", "dose now": "30", "next change": "2027-01-25", "versions": "2"}),
        (Decision("wait", date(2027, 1, 13), days=14),
         {"state": "held", "held": "until further notice", "dose now": "30", "next change": "", "ends": ""}),
        (Decision("stay", date(2027, 1, 13)), {"state": "going on", "dose now": "30", "unit": "mg", "ends": ""}),
        (Decision("hold", date(2027, 2, 3), days=7),
         {"state": "going on", "dose now": "30", "next change": "2027-01-18"}),
    ],
    ids=["hold", "wait", "stay", "hold later"],
)  # fmt: skip
def test_state_of_a_changed_plan(
    page: Client, owner: User, plan: Plan, decision: Decision, said: dict[str, str]
) -> None:
    revised(owner, plan, decision)
    (row,) = read(page)
    assert {name: row[name] for name in said} == said


def test_closed_plan_has_no_dose(page: Client, owner: User, plan: Plan, today: date) -> None:
    end_plan(by=owner, plan=plan, based_on=fresh(plan).current_id, on=today, reason="stopped", note="")
    (row,) = read(page)
    assert (row["state"], row["dose now"], row["next change"]) == ("closed", "", "")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(page: Client, owner: User, today: date, typed: dict[str, Any], name: str) -> None:
    who = add_patient(by=owner, patient=NewPatient(name, date(1968, 3, 14), "X"))
    issued(owner, who, typed | {"start": "2027-02-01"}, submission="other")
    assert read(page)[1]["patient name"] == f"'{name}"


def test_export_is_noted(page: Client, owner: User, plan: Plan) -> None:
    read(page)
    row = AuditRow.objects.get(action="exported")
    assert (row.by, row.kind, row.target, row.detail) == (owner, "clinic", owner.clinic_id, {"what": "plans"})


def test_stranger_sees_none_of_it(client: Client, stranger: User, plan: Plan, today: date) -> None:
    client.force_login(stranger)
    assert read(client) == []


def test_patients_page_leads_to_it(page: Client) -> None:
    assert ADDRESS in page.get("/patients/").content.decode()


def test_queries_do_not_grow_with_the_plans(page: Client, owner: User, plan: Plan, typed: dict[str, Any]) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(page)
        return len(queries)

    before = count()
    for number in range(4):
        who = add_patient(by=owner, patient=NewPatient(f"P {number}", date(1968, 3, 14), f"P-{number}"))
        version = issued(owner, who, typed | {"start": "2027-02-01"}, submission=f"s{number}")
        revised(owner, version.plan, Decision("stay", date(2027, 1, 13)), submission=f"r{number}")
    assert len(read(page)) == 5
    assert count() <= before + 1  # the versions of those that have no change

"""Who saw, printed and exported: once an hour a patient, each print, each export."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planner.context import NewPatient
from planner.models import AuditRow, Patient, User, Version
from planner.services import Refused, add_patient, note_exported, note_printed, note_seen
from planner.urls import urlpatterns

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock(version: Version) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


def seen(**wanted: Any) -> int:
    return int(AuditRow.objects.filter(action="saw", **wanted).count())


def test_a_patient_is_seen_once_an_hour_and_person(
    owner: User, colleague: User, patient: Patient, clock: time_machine.Traveller
) -> None:
    another = add_patient(by=owner, patient=NewPatient("Test Patient B", patient.born, "TP-0002"))
    for minute in (0, 1, 59):
        clock.move_to(NOON.replace(minute=minute))
        note_seen(by=owner, patient=patient)
    assert seen() == 1
    note_seen(by=colleague, patient=patient)
    note_seen(by=owner, patient=another)
    assert seen() == 3
    clock.move_to(NOON.replace(hour=13))
    note_seen(by=owner, patient=patient)
    assert seen(by=owner, kind="patient", target=patient.pk, patient=patient.pk) == 2


def test_what_is_noted_already_costs_one_query_and_no_write(owner: User, patient: Patient, version: Version) -> None:
    note_seen(by=owner, patient=patient)
    with CaptureQueriesContext(connection) as queries:
        note_seen(by=owner, patient=patient)
    assert [query["sql"].split()[0] for query in queries.captured_queries] == ["SELECT"]


def test_two_requests_at_once_leave_one_row(owner: User, patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither finds the other's row, so both write."""
    monkeypatch.setattr(QuerySet, "exists", lambda self: False)
    note_seen(by=owner, patient=patient)
    note_seen(by=owner, patient=patient)
    assert seen() == 1


def test_rows_of_other_kinds_may_repeat(owner: User, version: Version) -> None:
    for _ in range(2):
        note_printed(by=owner, version=version, page_size="A4")
    rows = AuditRow.objects.filter(action="printed", kind="version", target=version.pk, patient=version.plan.patient_id)
    assert [row.detail for row in rows] == [{"plan": version.plan_id, "number": 1, "page_size": "A4"}] * 2


def test_another_clinics_patient_is_not_noted(stranger: User, patient: Patient) -> None:
    with pytest.raises(Refused, match="another clinic"):
        note_seen(by=stranger, patient=patient)
    assert seen() == 0


def test_an_export_says_what_it_was_of(owner: User, patient: Patient) -> None:
    note_exported(by=owner, target=patient, what="plans")
    row = AuditRow.objects.latest("pk")
    assert (row.action, row.kind, row.patient, row.detail) == ("exported", "patient", patient.pk, {"what": "plans"})


OF_NO_PATIENT = {"password_link", "remove_closing", "unkept_print"}
OF_A_PATIENT = [p for p in urlpatterns if "pk" in p.pattern.converters and p.name not in OF_NO_PATIENT]


@pytest.mark.parametrize("pattern", OF_A_PATIENT, ids=lambda pattern: pattern.name)
def test_every_page_of_a_patient_is_noted(page: Client, owner: User, version: Version, pattern: Any) -> None:
    """A page that is new is found by its address; one that takes only what is sent to it shows nothing."""
    plan = version.plan
    numbers = {"patients": plan.patient_id, "plans": plan.pk, "versions": version.pk}
    arguments = {"pk": numbers[str(pattern.pattern).split("/")[0]], "page_size": "A4"}
    address = reverse(pattern.name, kwargs={name: arguments[name] for name in pattern.pattern.converters})
    answers = {page.get(address).status_code for _ in range(2)}
    assert answers in ({200}, {302}, {405})
    assert seen(by=owner, patient=plan.patient_id) == (1 if answers == {200} else 0)
    assert AuditRow.objects.filter(action="printed").count() == (2 if pattern.name == "version_calendar" else 0)


def test_a_stranger_who_sees_nothing_leaves_no_row(client: Client, stranger: User, version: Version) -> None:
    client.force_login(stranger)
    before = AuditRow.objects.count()
    for name, arguments in (("patient", [version.plan.patient_id]), ("version_calendar", [version.pk, "A4"])):
        assert client.get(reverse(name, args=arguments)).status_code == 404
    assert AuditRow.objects.count() == before


def test_lists_and_previews_leave_no_row(page: Client, version: Version) -> None:
    before = AuditRow.objects.count()
    for name in ("patients", "planner", "audit", "settings"):
        page.get(reverse(name))
    assert AuditRow.objects.count() == before

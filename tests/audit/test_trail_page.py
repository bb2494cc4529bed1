"""The page of the audit trail: who reads it, what it finds, that it costs the same however long, and its CSV."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planner.context import NewPatient
from planner.models import AuditRow, UnkeptPrint, User, Version
from planner.services import (
    Opening,
    add_closing_days,
    add_patient,
    note_printed,
    note_seen,
    save_medicine_defaults,
    save_opening,
)  # fmt: skip
from planner.trail import ROWS_A_PAGE, Wanted, wanted_rows
from planner.views.trail_words import ACTIONS
from tests.test_architecture import PACKAGE, sources

ADDRESS = "/audit/"
LONG_AGO = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def told(response: Any) -> list[tuple[str, str, str]]:
    """Who, what and about of each row on the page, without markup."""
    cells = r'<td role="cell">(.*?)</td><td role="cell" class="wraps">(.*?)</td><td role="cell">(.*?)</td>'
    rows = re.findall(cells, text(response))
    return [(who, what, re.sub("<.*?>", "", about)) for who, what, about in rows]


def found(client: Client, **asked: Any) -> list[tuple[str, str, str]]:
    response = client.get(ADDRESS, asked)
    assert response.status_code == 200, text(response)
    return told(response)


def fill(by: User, count: int, since: datetime = LONG_AGO, **fields: Any) -> None:
    """Rows at times that repeat, as those of a busy clinic do."""
    row = {"clinic": by.clinic, "by": by, "action": "printed", "kind": "version", "target": 1, **fields}
    AuditRow.objects.bulk_create(AuditRow(**row, at=since + timedelta(seconds=n // 3)) for n in range(count))


# Who reads it


def test_owner_and_colleague_read_it_and_a_stranger_reads_their_own(
    page: Client, colleague: User, stranger: User, version: Version
) -> None:
    theirs, other = Client(), Client()
    theirs.force_login(colleague)
    other.force_login(stranger)
    who, what, about = found(page, action="issued")[0]
    assert (who, about) == ("Test Owner", f"Version {version.pk}")
    assert what.startswith(f"Issued, version 1, plan {version.plan_id}, first plan, with a reason for ")
    assert found(page) == found(theirs)
    assert found(other) == []
    for kind, number in (("patient", version.plan.patient_id), ("plan", version.plan_id), ("version", version.pk)):
        assert found(other, about=kind, number=number) == []


def test_a_stranger_is_offered_no_person_and_no_row_of_this_clinic(
    client: Client, owner: User, stranger: User, version: Version
) -> None:
    client.force_login(stranger)
    assert "Test Owner" not in text(client.get(ADDRESS))
    assert client.get(ADDRESS, {"person": owner.pk}).status_code == 422
    assert client.get(ADDRESS, {"before": AuditRow.objects.latest("pk").pk}).status_code == 404
    assert len(lines(client.get(reverse("audit_export")))) == 2  # the headings, and the export itself


def test_it_is_closed_to_nobody(client: Client, db: None) -> None:
    for name in ("audit", "audit_export"):
        assert client.get(reverse(name))["Location"].startswith("/sign-in/")


def test_settings_lead_to_it(page: Client) -> None:
    assert 'href="/audit/"' in text(page.get("/settings/"))


# What it says


def test_rows_are_told_in_plain_words_and_lead_to_what_they_are_about(
    page: Client, owner: User, colleague: User, version: Version
) -> None:
    day = datetime.now(tz=UTC).date()
    save_opening(by=owner, opening=Opening((0, 2), True, "", "usual"))
    add_closing_days(by=owner, first=day, last=day, name="Training")
    limit = {"cut": "15%", "of": "current", "days": 7}
    save_medicine_defaults(by=owner, medicine="baclofen", pace=[], limit=limit)
    note_printed(by=owner, version=version, page_size="Letter")
    note_seen(by=owner, patient=version.plan.patient)
    said = [what for _, what, _ in found(page)]
    words = f"{day.day} {day:%B %Y}"
    assert said[0] == "Saw a page of the patient"
    assert said[1] == f"Opened the calendar to print, version 1, plan {version.plan_id}, US Letter"
    assert said[2] == "Changed, baclofen, limit from the medicine’s own to 15% of the current dose in 7 days"
    assert said[4] == "Changed when the clinic is open, open weekdays from Mon Tue Wed Thu Fri to Mon Wed"
    assert said[3] == f"Added, from {words}, to {words}"
    html = text(page.get(ADDRESS))
    assert f'<a href="/settings/">Person {colleague.pk}, Test Colleague</a>' in html
    assert f'<a href="/versions/{version.pk}/">Version {version.pk}</a>' in html
    assert f'<a href="/patients/{version.plan.patient_id}/">Patient {version.plan.patient_id}</a>' in html
    assert version.plan.patient.name not in html


def test_a_row_about_what_is_gone_has_no_link(page: Client, owner: User) -> None:
    fill(owner, 1, target=10**15)
    assert f'<td role="cell">Version {10**15}</td>' in text(page.get(ADDRESS))


def test_every_action_that_a_service_writes_has_its_words() -> None:
    calls = [
        call
        for _, source in sources(PACKAGE / "services")
        for call in re.findall(r"""audit\(\s*\w+,\s*"([^"]+)"|action="([^"]+)""" + '"', source)
    ]
    written = {"".join(names) for names in calls}
    assert len(written) > 10
    assert written - set(ACTIONS) == set()


def test_print_without_a_patient_shows_its_reasons_to_the_clinic_alone(
    page: Client, owner: User, stranger: User
) -> None:
    kept = UnkeptPrint.objects.create(
        clinic=owner.clinic, by=owner, request={"medicine": "baclofen"}, reasons={"over-limit": "<Agreed>"},
        specialists={"over-limit": "Consultant"},
    )  # fmt: skip
    fill(owner, 1, kind="unkeptprint", target=kept.pk)
    address = reverse("unkept_print", args=[kept.pk])
    assert f'href="{address}"' in text(page.get(ADDRESS))
    html = text(page.get(address))
    assert "Reason: &lt;Agreed&gt; · Specialist: Consultant" in html
    page.force_login(stranger)
    assert page.get(address).status_code == 404


# Searching it


def test_it_is_narrowed_by_person_and_action(page: Client, owner: User, colleague: User, version: Version) -> None:
    note_printed(by=colleague, version=version, page_size="A4")
    note_printed(by=owner, version=version, page_size="A4")
    assert [who for who, *_ in found(page, action="printed")] == ["Test Owner", "Test Colleague"]
    assert [who for who, *_ in found(page, action="printed", person=colleague.pk)] == ["Test Colleague"]
    assert found(page, action="saw") == []


def test_a_patients_rows_are_those_of_the_plans_and_versions_too(page: Client, owner: User, version: Version) -> None:
    patient = version.plan.patient
    add_patient(by=owner, patient=NewPatient("Test Patient B", patient.born, "TP-0002"))
    note_seen(by=owner, patient=patient)
    note_printed(by=owner, version=version, page_size="A4")
    fill(owner, 1, kind="plan", target=version.plan_id, patient=patient.pk)
    version_rows = [f"Version {version.pk}"] * 2
    assert abouts(page, "patient", patient.pk) == [
        version_rows[0], f"Patient {patient.pk}", version_rows[1], f"Patient {patient.pk}", f"Plan {version.plan_id}",
    ]  # fmt: skip
    assert abouts(page, "plan", version.plan_id) == [*version_rows, f"Plan {version.plan_id}"]
    assert abouts(page, "version", version.pk) == version_rows


def abouts(client: Client, kind: str, number: int) -> list[str]:
    return [about for *_, about in found(client, about=kind, number=number)]


def test_days_are_those_of_the_clinics_time_zone_with_both_ends(page: Client, owner: User, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"  # half past eleven at night in UTC is the first of February there
    fill(owner, 1)
    days = {"since": "2026-02-01", "until": "2026-02-01"}
    assert len(found(page, **days)) == 1
    assert "1 Feb 2026, 00:30" in text(page.get(ADDRESS, days))
    assert found(page, until="2026-01-31") == []
    assert len(found(page, since="2026-02-02", until="2026-02-03")) == 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"since": "25/11/2026"}, "Give a date as year-month-day, such as 2026-11-25."),
        ({"until": "2026-02-30"}, "Give a date as year-month-day"),
        ({"until": "9999-12-31"}, "Give a date between 2000 and 2199."),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "The last day is before the first."),
        ({"about": "patient", "number": "ten"}, "Give the number from the address of its page"),
        ({"about": "patient", "number": "0"}, "Give the number from the address of its page"),
        ({"about": "patient", "number": "9" * 30}, "Give the number from the address of its page"),
        ({"about": "patient"}, "Give the number too, or choose Anything under About."),
        ({"number": "5"}, "Choose what the number is of"),
        ({"about": "clinic", "number": "5"}, "Choose from the list what it is about."),
        ({"action": "flew"}, "Choose from the list what was done."),
        ({"person": "0"}, "Choose a person from the list."),
    ],
    ids=lambda value: "&".join(value.values())[:20] if isinstance(value, dict) else "",
)
@pytest.mark.parametrize("name", ["audit", "audit_export"])
def test_what_cannot_be_asked_is_said_at_its_field_and_nothing_is_shown(
    page: Client, version: Version, asked: dict[str, str], words: str, name: str
) -> None:
    response = page.get(reverse(name), asked)
    assert response.status_code == 422
    assert words in text(response)
    assert told(response) == []
    for value in asked.values():
        assert f'value="{value}"' in text(response) or value in ("clinic", "flew", "0")
    assert not AuditRow.objects.filter(action="exported").exists()


# A page at a time


def test_older_rows_follow_each_row_once_and_in_order(page: Client, owner: User) -> None:
    fill(owner, 2 * ROWS_A_PAGE + 7, action="saw")
    address, seen = ADDRESS + "?action=saw", []
    while address:
        html = text(page.get(address))
        seen.append(re.findall(r'datetime="([^"]+)"', html))
        older = re.search(r'href="(\?[^"]+)">Older rows', html)
        address = ADDRESS + older[1].replace("&amp;", "&") if older else ""
    assert [len(times) for times in seen] == [ROWS_A_PAGE, ROWS_A_PAGE, 7]
    times = [moment for part in seen for moment in part]
    assert times == sorted(times, reverse=True)
    assert 'href="?action=saw">Back to the newest' in html


@pytest.mark.parametrize("before", ["x", "-1", "²", "1 or 1"])
def test_a_forged_place_in_the_trail_begins_at_the_newest(page: Client, owner: User, before: str) -> None:
    assert found(page, before=before) == found(page)


def test_a_place_that_is_not_there_is_404(page: Client, owner: User) -> None:
    for before in ("987654321", "9" * 40):
        assert page.get(ADDRESS, {"before": before}).status_code == 404


@pytest.mark.parametrize("asked", [{}, {"action": "printed"}, {"about": "patient"}], ids=["all", "action", "patient"])
def test_a_long_trail_asks_the_database_no_more_than_a_short_one(
    page: Client, owner: User, version: Version, asked: dict[str, Any]
) -> None:
    asked = asked | ({"number": version.plan.patient_id} if asked.get("about") else {})
    kept = {"patient": version.plan.patient_id, "target": version.pk}
    fill(owner, 2, **kept)
    short = queries(page, asked)
    fill(owner, 5000, **kept)
    assert queries(page, asked) == short <= 9
    middle = AuditRow.objects.order_by("at", "pk")[2500].pk
    assert queries(page, asked | {"before": middle}) <= short + 1


def queries(client: Client, asked: dict[str, Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(ADDRESS, asked).status_code == 200
    return len(captured)


@pytest.mark.parametrize("asked", [{}, {"person": 1}, {"action": "saw"}, {"about": "patient", "number": 7}])
def test_every_filter_has_an_index_in_the_order_of_the_page(owner: User, asked: dict[str, Any]) -> None:
    rows = wanted_rows(owner, Wanted(**asked))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        else:
            cursor.execute("ANALYZE")
    plan = rows[:51].explain()
    assert "audit_by_" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


# CSV


def lines(response: Any) -> list[list[str]]:
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_csv_holds_what_is_filtered_and_is_noted_itself(page: Client, owner: User, version: Version) -> None:
    note_printed(by=owner, version=version, page_size="A4")
    response = page.get(reverse("audit_export"), {"action": "printed", "until": "2199-01-01"})
    assert response.streaming
    heads, row = lines(response)
    assert dict(zip(heads, row, strict=True)) | {"at": ""} == {
        "at": "",
        "person": "Test Owner",
        "person number": str(owner.pk),
        "action": "printed",
        "about": "version",
        "number": str(version.pk),
        "patient number": str(version.plan.patient_id),
        "detail": f'{{"number": 1, "page_size": "A4", "plan": {version.plan_id}}}',
    }
    assert datetime.fromisoformat(row[0]).tzinfo
    noted = AuditRow.objects.get(action="exported")
    assert noted.detail == {"what": "audit-trail", "filters": {"action": "printed", "until": "2199-01-01"}}
    assert found(page)[0][1] == ("Exported, the audit trail as CSV, with action printed, until 2199-01-01")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_no_cell_is_a_formula(page: Client, owner: User, name: str) -> None:
    User.objects.update(name=name)
    assert lines(page.get(reverse("audit_export")))[1][1] == "'" + name


def test_csv_of_a_long_trail_asks_the_database_in_parts(page: Client, owner: User) -> None:
    fill(owner, 6000)
    with CaptureQueriesContext(connection) as captured:
        assert len(lines(page.get(reverse("audit_export"), {"action": "printed"}))) == 6001
    assert len(captured) <= 12


def test_page_of_a_patient_leads_to_who_saw_it(page: Client, version: Version) -> None:
    patient = version.plan.patient
    link = re.search(r'href="(/audit/[^"]*)"', text(page.get(reverse("patient", args=[patient.pk]))))
    assert link
    rows = told(page.get(link[1].replace("&amp;", "&")))
    assert [who for who, what, _ in rows if what == ACTIONS["saw"]] == ["Test Owner"]

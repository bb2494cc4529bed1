"""Every page by the owner, a stranger and nobody; forms keep what was typed and say what is allowed."""

import json
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from planner.context import context_for
from planner.models import AuditRow, Clinic, Patient, Plan, User, Version
from planner.services import add_closing_days, add_colleague, make_set_up_link
from planner.views.schedule import schedule_page
from planner.views.shared import products_of
from tests.web.conftest import PASSWORD
from tests.web.test_services import issued

SET_UP = {
    "clinic_name": "New Clinic",
    "country": "US",
    "phone": "555 0100",
    "hours": "Weekdays, 9 am to 5 pm",
    "out_of_hours": "555 0199",
    "emergency": "911",
    "page_size": "Letter",
    "name": "First Person",
    "email": "first@example.org",
    "password": PASSWORD,
    "again": PASSWORD,
}
PLAIN_PAGES = [
    "planner", "check", "patients", "add_patient", "formulary", "settings", "own_medicines", "audit",
    "account_change_password", "import_plan", "learning",
]  # fmt: skip


@pytest.fixture
def version(owner: User, patient: Patient, typed: dict[str, Any]) -> Version:
    return issued(owner, patient, typed)


def text(response: Any) -> str:
    return str(response.content.decode())


# Who sees what


@pytest.mark.parametrize("name", PLAIN_PAGES)
def test_pages_ask_nobody_to_sign_in_first(client: Client, db: None, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("name", PLAIN_PAGES)
def test_pages_open_for_the_owner(page: Client, name: str) -> None:
    assert page.get(reverse(name)).status_code == 200


def own_addresses(patient: Patient, version: Version) -> list[str]:
    return [
        reverse("patient", args=[patient.pk]),
        reverse("plan", args=[version.plan_id]),
        reverse("version", args=[version.pk]),
        reverse("version_calendar", args=[version.pk, "A4"]),
        reverse("version_calendar", args=[version.pk, "Letter"]),
        reverse("version_record", args=[version.pk]),
    ]


def test_clinics_pages_open_for_the_owner_and_a_colleague(
    page: Client, owner: User, patient: Patient, version: Version
) -> None:
    colleague, _ = add_colleague(by=owner, name="Test Colleague", email="colleague@example.org")
    theirs = Client()
    theirs.force_login(colleague)
    for address in own_addresses(patient, version):
        assert page.get(address).status_code == theirs.get(address).status_code == 200


def test_a_stranger_gets_404(client: Client, stranger: User, patient: Patient, version: Version) -> None:
    client.force_login(stranger)
    for address in own_addresses(patient, version):
        assert client.get(address).status_code == 404
    assert patient.name not in text(client.get(reverse("patients")))


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_of_a_row_is_closed_to_a_stranger(
    client: Client, owner: User, stranger: User, patient: Patient, version: Version, method: str
) -> None:
    from planner.urls import urlpatterns

    closing = add_closing_days(by=owner, first=timezone.localdate(), last=timezone.localdate(), name="Training")
    rows = {"patient": patient.pk, "password_link": owner.pk, "remove_closing": closing.pk}
    posted = ("password_link", "remove_closing", "export_plan")
    both = ("revise", "end_plan", "check_in", "taken_otherwise", "acknowledge")
    client.force_login(stranger)
    written = AuditRow.objects.count()
    named = [pattern for pattern in urlpatterns if "pk" in pattern.pattern.converters]
    assert len(named) >= 5
    for pattern in named:
        others = {"page_size": "A4"} if "page_size" in pattern.pattern.converters else {}
        for pk in (rows.get(pattern.name, version.pk), 10**22):
            response = getattr(client, method)(reverse(pattern.name, kwargs={"pk": pk, **others}))
            takes = pattern.name in both or (pattern.name in posted) == (method == "post")
            assert response.status_code == (404 if takes else 405), (pattern.name, pk)
    assert AuditRow.objects.count() == written


def test_a_stranger_cannot_make_a_password_link(client: Client, owner: User, stranger: User) -> None:
    client.force_login(stranger)
    assert client.post(reverse("password_link", args=[owner.pk])).status_code == 404


def test_nobody_gets_no_calendar(client: Client, patient: Patient, version: Version) -> None:
    for address in own_addresses(patient, version):
        assert client.get(address)["Location"].startswith("/sign-in/")


def test_every_address_is_closed_to_nobody_but_the_open_ones(client: Client, db: None) -> None:
    from planner.urls import urlpatterns

    arguments = {"pk": 1, "key": "baclofen", "page_size": "A4", "token": "x"}
    open_to_all = {"health", "account_login", "setup", "new_password"}
    for pattern in urlpatterns:
        names = pattern.pattern.converters
        response = client.get(reverse(pattern.name, kwargs={name: arguments[name] for name in names}))
        asks = response.status_code == 302 and response["Location"].startswith("/sign-in/")
        assert asks != (pattern.name in open_to_all), pattern.name


def test_unknown_address_is_404_without_signing_in(client: Client, db: None) -> None:
    assert client.get("/nowhere/").status_code == 404


# Headers


def test_pages_are_not_stored_and_run_nothing_foreign(page: Client) -> None:
    response = page.get(reverse("patients"))
    policy = response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("name", PLAIN_PAGES)
def test_pages_hold_no_inline_script_or_style(page: Client, name: str) -> None:
    html = text(page.get(reverse(name)))
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=|https?://", html)


def test_expired_session_inside_htmx_sends_the_whole_page_to_sign_in(client: Client, db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/patients/"}
    response = client.get(reverse("planner"), headers=headers)
    assert response["HX-Redirect"] == "/sign-in/?next=%2Fpatients%2F"
    assert response.content == b""


def test_large_body_is_refused(page: Client) -> None:
    assert page.post(reverse("add_patient"), {"name": "x" * 800_000}).status_code == 400


def test_forms_from_elsewhere_are_refused(owner: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    assert strict.post(reverse("add_patient"), {"name": "x"}).status_code == 403


def test_health_says_when_the_database_is_gone(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def fail() -> None:
        raise OperationalError

    assert client.get(reverse("health")).content == b"ok\n"
    monkeypatch.setattr(Clinic, "is_set_up", fail)
    assert client.get(reverse("health")).status_code == 503


# Set-up and accounts


def test_set_up_page_makes_the_clinic_and_signs_in(client: Client, db: None) -> None:
    address = reverse("setup", args=[make_set_up_link()])
    response = client.post(address, SET_UP)
    assert response["Location"] == "/"
    assert Clinic.objects.get().page_size == "Letter"
    assert client.get(reverse("patients")).status_code == 200
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"country": "XX"}, "country from the list"),
        ({"phone": ""}, "the number on which patients reach the clinic"),
        ({"email": "nobody"}, "such as name@example.org"),
        ({"again": "another one here"}, "The two passwords differ"),
        ({"password": "short", "again": "short"}, "at least 12 characters"),
        ({"password": "first@example.org", "again": "first@example.org"}, "too similar"),
    ],
    ids=["country", "phone", "e-mail", "passwords differ", "short password", "similar password"],
)
def test_set_up_says_what_is_wrong_and_keeps_the_rest(
    client: Client, db: None, change: dict[str, str], words: str
) -> None:
    response = client.post(reverse("setup", args=[make_set_up_link()]), {**SET_UP, **change})
    assert response.status_code == 422
    assert words in text(response)
    assert 'value="New Clinic"' in text(response)
    assert PASSWORD not in text(response)
    assert not Clinic.objects.exists()


def test_sign_in_by_e_mail_in_any_case_and_sign_out(client: Client, owner: User) -> None:
    response = client.post(reverse("account_login"), {"login": "Owner@Example.org", "password": PASSWORD})
    assert response["Location"] == "/"
    client.post(reverse("account_logout"))
    assert client.get(reverse("patients")).status_code == 302


def test_wrong_password_keeps_the_address(client: Client, owner: User) -> None:
    response = client.post(reverse("account_login"), {"login": "owner@example.org", "password": "wrong"})
    assert "owner@example.org" in text(response)
    assert "not correct" in text(response)


def test_many_wrong_passwords_are_stopped_for_all_processes(client: Client, owner: User) -> None:
    for _ in range(12):
        response = client.post(reverse("account_login"), {"login": "owner@example.org", "password": "wrong"})
    assert "Too many" in text(response)
    right = Client().post(reverse("account_login"), {"login": "owner@example.org", "password": PASSWORD})
    assert right.status_code != 302
    assert "DatabaseCache" in type(cache._connections["default"]).__name__  # type: ignore[attr-defined]


def test_nobody_signs_up(client: Client, db: None) -> None:
    for address in ("/signup/", "/accounts/signup/", "/sign-up/"):
        assert client.get(address).status_code == 404


def test_password_is_changed_after_the_old_one(page: Client, owner: User) -> None:
    new = {"oldpassword": PASSWORD, "password1": "nine grey geese flying", "password2": "nine grey geese flying"}
    assert page.post(reverse("account_change_password"), {**new, "oldpassword": "wrong"}).status_code == 200
    assert page.post(reverse("account_change_password"), new).status_code == 302
    owner.refresh_from_db()
    assert owner.check_password("nine grey geese flying")
    rows = AuditRow.objects.filter(action="changed password")
    assert [(row.by, row.kind, row.target) for row in rows] == [(owner, "user", owner.pk)]


def test_colleague_comes_in_by_the_link_on_the_page(page: Client) -> None:
    response = page.post(reverse("add_person"), {"name": "Test Colleague", "email": "colleague@example.org"})
    link = re.search(r"http://testserver(/new-password/[^\"]+)", text(response))
    assert link
    fresh = Client()
    assert "Test Colleague" in text(fresh.get(link[1]))
    assert fresh.post(link[1], {"password": "short", "again": "short"}).status_code == 422
    assert fresh.post(link[1], {"password": PASSWORD, "again": PASSWORD})["Location"] == "/sign-in/"
    assert fresh.get(link[1]).status_code == 404
    signed = fresh.post(reverse("account_login"), {"login": "colleague@example.org", "password": PASSWORD})
    assert signed["Location"] == "/"


def test_taken_address_is_said_at_its_field(page: Client) -> None:
    response = page.post(reverse("add_person"), {"name": "Twin", "email": "owner@example.org"})
    assert response.status_code == 422
    assert 'value="Twin"' in text(response)
    assert "already" in text(response)


# Settings


def test_clinic_is_saved(page: Client, clinic: Clinic) -> None:
    data = {k: v for k, v in SET_UP.items() if k not in ("name", "email", "password", "again")}
    assert page.post(reverse("settings"), data).status_code == 302
    clinic.refresh_from_db()
    assert (clinic.name, clinic.country) == ("New Clinic", "US")
    assert page.post(reverse("settings"), {**data, "phone": ""}).status_code == 422


def defaults(**changes: str) -> dict[str, str]:
    return {"pace_of": "current", "limit_of": "current", **changes}


def test_clinics_limit_is_saved_and_shown(page: Client, clinic: Clinic) -> None:
    address = reverse("medicine_defaults", args=["baclofen"])
    sent = defaults(pace_cut="5", pace_every="14", limit_cut="15", limit_days="7")
    assert page.post(address, sent).status_code == 302
    limit = context_for(clinic, medicine="baclofen").limit
    assert limit
    assert (limit.cut.amount, limit.days) == (15, 7)
    assert "15 % of the current dose in 7 days" in text(page.get(reverse("settings")))
    assert 'value="15"' in text(page.get(address))
    assert page.post(address, defaults()).status_code == 302
    assert context_for(clinic, medicine="baclofen").limit is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"limit_cut": "26", "limit_days": "7"}, "at most 25"),
        ({"limit_cut": "0", "limit_days": "7"}, "above 0"),
        ({"limit_cut": "1,5", "limit_days": "7"}, "plain number"),
        ({"limit_cut": "1e9", "limit_days": "7"}, "such as 10"),
        ({"limit_cut": "20", "limit_days": "3"}, "at least 7 days"),
        ({"limit_cut": "20", "limit_days": "7", "limit_of": "starting"}, "ceiling"),
        ({"limit_cut": "20"}, "both the cut and the days"),
        ({"pace_cut": "ten", "pace_every": "7"}, "such as 10"),
        ({"pace_cut": "10", "pace_every": "0"}, "from 1 to 90"),
    ],
    ids=["above", "zero", "comma", "exponent", "few days", "basis", "half", "letters", "no days"],
)
def test_defaults_say_what_is_allowed_and_keep_what_was_typed(
    page: Client, changes: dict[str, str], words: str
) -> None:
    response = page.post(reverse("medicine_defaults", args=["baclofen"]), defaults(**changes))
    assert response.status_code == 422
    assert words in text(response)
    for value in changes.values():
        assert f'value="{value}"' in text(response)


def test_unknown_medicine_is_404(page: Client) -> None:
    assert page.get(reverse("medicine_defaults", args=["nothing"])).status_code == 404


# Patients


def test_patient_is_added_and_listed(page: Client) -> None:
    sent = {"name": "<b>Test</b>", "born": "1968-03-14", "identifier": "TP-9"}
    response = page.post(reverse("add_patient"), sent)
    assert page.get(response["Location"]).status_code == 200
    assert "&lt;b&gt;Test&lt;/b&gt;" in text(page.get(reverse("patients")))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"born": "1968-02-30"}, "such as 1968-03-14"),
        ({"born": "2190-01-01"}, "not later than today"),
        ({"identifier": "tp-0001"}, "already"),
        ({"name": ""}, "Give the patient’s name"),
    ],
    ids=["no such day", "to come", "taken", "no name"],
)
def test_patient_form_says_what_is_wrong(page: Client, patient: Patient, change: dict[str, str], words: str) -> None:
    sent = {"name": "Test Patient D", "born": "1970-01-01", "identifier": "TP-0004", **change}
    response = page.post(reverse("add_patient"), sent)
    assert response.status_code == 422
    assert words in text(response)


# Versions


def test_version_page_shows_steps_reasons_papers_and_record(page: Client, version: Version) -> None:
    html = text(page.get(reverse("version", args=[version.pk])))
    for words in ("55 mg", "Weekly visits from here on", "calendar-A4.pdf", "calendar-Letter.pdf", "22 February 2027"):
        assert words in html


def test_stored_json_has_no_order_that_a_table_could_rest_on(version: Version) -> None:
    """PostgreSQL sorts the keys of what is stored; the columns stay those of the day, the products those first used."""
    products = products_of(version)
    as_stored = json.loads(json.dumps(version.answer, sort_keys=True))
    assert list(as_stored["steps"][0]["regimen"]) == ["evening", "midday", "morning"]
    page = schedule_page(as_stored, products, "GB")
    assert page == schedule_page(version.answer, products, "GB")
    assert page["times"] == ["Morning", "Midday", "Evening"]


def test_patient_page_lists_every_version(page: Client, patient: Patient, version: Version) -> None:
    html = text(page.get(reverse("patient", args=[patient.pk])))
    assert "Baclofen, oral" in html
    assert "<title>Patient" in html
    assert reverse("version", args=[version.pk]) in html


def test_issued_version_can_be_read_after_its_medicine_file_has_gone(page: Client, version: Version) -> None:
    Plan.objects.update(medicine="gone")
    html = text(page.get(reverse("version", args=[version.pk])))
    assert "55 mg" in html
    assert "1.5 × tablet-10" in html
    assert page.get(reverse("patient", args=[version.plan.patient.pk])).status_code == 200


def test_replaced_version_says_so(
    page: Client, owner: User, patient: Patient, version: Version, typed: dict[str, Any]
) -> None:
    issued(owner, patient, typed | {"start": "2026-12-14"}, submission="second")
    assert "This version is replaced" in text(page.get(reverse("version", args=[version.pk])))


def test_calendar_is_the_kept_bytes_and_its_name_tells_nobody(page: Client, patient: Patient, version: Version) -> None:
    response = page.get(reverse("version_calendar", args=[version.pk, "Letter"]))
    assert response.content == bytes(version.papers.get(page_size="Letter").pdf)
    assert response["Content-Type"] == "application/pdf"
    assert patient.name not in response["Content-Disposition"]
    assert patient.identifier not in response["Content-Disposition"]

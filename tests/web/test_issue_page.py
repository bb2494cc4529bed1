"""The page on which a plan is issued: nothing typed is lost, and what is issued is what was seen."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from planner.context import NewPatient
from planner.models import Patient, User, Version
from planner.services import add_patient, save_medicine_defaults
from planner.views import issue as issue_view
from planner.views.papers import InkedPapers
from tests.web.test_pages import text
from tests.web.test_services import PlainPapers, issued

REASON = "Weekly visits from here on"
CODES = ("unreviewed-medicine", "over-limit", "over-ceiling")
SOMEBODY = {"name": "Test Patient E", "born": "1968-03-14", "identifier": "TP-0005"}


@pytest.fixture(autouse=True)
def plain_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The papers have tests of their own; here they only have to be asked for."""
    monkeypatch.setattr(issue_view, "InkedPapers", PlainPapers)


@pytest.fixture
def answered(page: Client, typed: dict[str, Any]) -> dict[str, Any]:
    """The page as it is sent with every reason given and nobody chosen yet."""
    html = text(page.post(reverse("issue"), typed))
    hidden = {name: _hidden(html, name) for name in ("submission", "shown")}
    return typed | hidden | {f"reason-{code}": REASON for code in CODES}


def _hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found, name
    return found[1]


def test_page_shows_the_steps_and_asks_one_reason_for_each_code(page: Client, typed: dict[str, Any]) -> None:
    html = text(page.post(reverse("issue"), typed))
    assert re.findall(r'name="reason-([a-z-]+)"', html) == list(CODES)
    assert "7–13 Dec" in html
    assert "1 and a half tablets" in html
    assert "Nothing was issued yet" not in html


def test_opened_by_its_address_it_leads_to_the_planner(page: Client) -> None:
    assert page.get(reverse("issue"))["Location"] == "/plan/"


def test_issues_for_somebody_new(page: Client, answered: dict[str, Any]) -> None:
    response = page.post(reverse("issue"), answered | SOMEBODY)
    version = Version.objects.get()
    assert response["Location"] == reverse("version", args=[version.pk])
    assert version.plan.patient.identifier == "TP-0005"
    assert set(version.reasons) == set(CODES)
    assert version.request["regimen"] == {"morning": "20", "midday": "20", "evening": "20"}


def test_issues_for_a_patient_of_the_list(page: Client, answered: dict[str, Any], patient: Patient) -> None:
    page.post(reverse("issue"), answered | {"patient": patient.pk})
    assert Version.objects.get().plan.patient == patient


def test_chosen_and_typed_reasons_are_both_kept(page: Client, answered: dict[str, Any], patient: Patient) -> None:
    usual = "A serious adverse effect asks for a faster end"
    page.post(reverse("issue"), answered | {"patient": patient.pk, "usual-over-limit": usual})
    assert Version.objects.get().reasons["over-limit"] == f"{usual}; {REASON}"


def test_sent_twice_it_issues_once(page: Client, answered: dict[str, Any]) -> None:
    first, second = (page.post(reverse("issue"), answered | SOMEBODY)["Location"] for _ in range(2))
    assert first == second
    assert Version.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "Choose a patient from the list"),
        ({"name": "Test Patient F"}, "A new patient has a name, a date of birth and an identifier"),
        ({**SOMEBODY, "born": "14/14/1968"}, "year-month-day"),
        ({**SOMEBODY, "born": "2190-01-01"}, "not later than today"),
        ({**SOMEBODY, "reason-over-limit": "   "}, "Choose or type a reason"),
        ({**SOMEBODY, "patient": "999999"}, "not in your clinic"),
        ({**SOMEBODY, "reason-over-limit": "x" * 501}, "at most 500"),
    ],
    ids=["nobody", "half a patient", "no date", "born to come", "no reason", "unknown patient", "long reason"],
)
def test_says_what_is_missing_and_keeps_what_was_typed(
    page: Client, answered: dict[str, Any], change: dict[str, str], words: str
) -> None:
    response = page.post(reverse("issue"), answered | change)
    assert response.status_code == 422
    assert words in text(response)
    assert f'value="{REASON}"' in text(response)
    assert 'name="morning" value="20"' in text(response)
    assert all(f'value="{value}"' in text(response) for name, value in change.items() if name in ("name", "identifier"))
    assert not Version.objects.exists()
    assert not Patient.objects.exists()


def test_somebody_new_beside_a_chosen_patient_is_refused(
    page: Client, answered: dict[str, Any], patient: Patient
) -> None:
    response = page.post(reverse("issue"), answered | SOMEBODY | {"patient": patient.pk})
    assert "not both" in text(response)
    assert not Version.objects.exists()


def test_another_clinics_patient_cannot_be_chosen(page: Client, answered: dict[str, Any], stranger: User) -> None:
    theirs = add_patient(by=stranger, patient=NewPatient("Test Patient G", date(1970, 1, 1), "TP-7"))
    response = page.post(reverse("issue"), answered | {"patient": theirs.pk})
    assert "not in your clinic" in text(response)
    assert theirs.name not in text(response)


def test_age_that_changes_the_schedule_shows_it_again_before_issuing(page: Client, answered: dict[str, Any]) -> None:
    old = SOMEBODY | {"born": "1940-01-01"}
    response = page.post(reverse("issue"), answered | old)
    assert "changed since you saw it" in text(response)
    assert not Version.objects.exists()
    again = answered | old | {"shown": _hidden(text(response), "shown")}
    again |= {f"reason-{code}": REASON for code in re.findall(r'name="reason-([a-z0-9-]+)"', text(response))}
    assert page.post(reverse("issue"), again).status_code == 302


def test_replaced_version_is_named_before_it_is_replaced(
    page: Client, owner: User, typed: dict[str, Any], answered: dict[str, Any], patient: Patient
) -> None:
    first = issued(owner, patient, typed)
    response = page.post(reverse("issue"), answered | {"patient": patient.pk})
    day = f"{first.issued_on.day} {first.issued_on:%B %Y}"
    assert "changed since you saw it" in text(response)
    assert f"This replaces version 1 of {day}." in text(response)
    assert Version.objects.count() == 1
    again = answered | {"patient": patient.pk, "shown": _hidden(text(response), "shown")}
    assert page.post(reverse("issue"), again).status_code == 302
    assert Version.objects.count() == 2


def test_taper_without_a_day_of_doses_is_stopped_before_reasons_are_typed(page: Client, typed: dict[str, Any]) -> None:
    html = text(page.post(reverse("issue"), typed | {"morning": "5", "midday": "0", "evening": "0"}))
    assert "This cannot be issued" in html
    assert "no calendar to print" in html
    assert 'name="submission"' not in html


def test_patient_who_is_too_young_by_a_slip_can_be_mended(page: Client, answered: dict[str, Any]) -> None:
    slip = answered | SOMEBODY | {"born": "2020-03-14", "usual-pregnancy": "Kept for later"}
    response = page.post(reverse("issue"), slip)
    html = text(response)
    assert response.status_code == 422
    assert "With this date of birth the plan cannot be issued. Not planned here." in html
    assert re.search(r'name="born" value="2020-03-14"[^>]*aria-invalid="true"', html)
    for value in (SOMEBODY["name"], SOMEBODY["identifier"], REASON, "Kept for later", answered["submission"]):
        assert f'value="{value}"' in html
    assert not Version.objects.exists()
    mended = slip | {"born": "1968-03-14", "shown": _hidden(html, "shown")}
    assert page.post(reverse("issue"), mended).status_code == 302


def test_chosen_patient_who_is_too_young_is_said_at_the_list(
    page: Client, owner: User, answered: dict[str, Any]
) -> None:
    young = add_patient(by=owner, patient=NewPatient("Test Patient Y", date(2020, 1, 1), "TP-8"))
    html = text(page.post(reverse("issue"), answered | {"patient": young.pk}))
    assert '<a href="#id_patient">' in html
    assert "With this patient the plan cannot be issued." in html
    assert f'value="{REASON}"' in html


@pytest.mark.parametrize("kept", [False, True], ids=["new", "of the list"])
def test_name_that_cannot_be_drawn_is_said_at_its_field(
    page: Client, owner: User, answered: dict[str, Any], monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    monkeypatch.setattr(issue_view, "InkedPapers", InkedPapers)
    chosen: dict[str, Any] = SOMEBODY | {"name": "Test \u05d0"}
    if kept:
        chosen = {"patient": add_patient(by=owner, patient=NewPatient("Test \u05d0", date(1970, 1, 1), "TP-8")).pk}
    response = page.post(reverse("issue"), answered | chosen)
    assert response.status_code == 422
    assert f'<a href="#id_{"patient" if kept else "name"}">' in text(response)
    assert "cannot draw" in text(response)
    assert not Version.objects.exists()


def test_patient_number_beyond_all_is_not_in_the_list(page: Client, answered: dict[str, Any]) -> None:
    assert "not in your clinic" in text(page.post(reverse("issue"), answered | {"patient": str(10**22)}))


def test_limit_changed_meanwhile_shows_it_again_before_issuing(
    page: Client, owner: User, answered: dict[str, Any]
) -> None:
    save_medicine_defaults(by=owner, medicine="baclofen", pace=[], limit={"cut": "10%", "of": "current", "days": 7})
    response = page.post(reverse("issue"), answered | SOMEBODY)
    assert "changed since you saw it" in text(response)
    assert not Version.objects.exists()


def test_factors_not_asked_cannot_be_issued(page: Client, typed: dict[str, Any]) -> None:
    del typed["factors_asked"]
    html = text(page.post(reverse("issue"), typed))
    assert "This cannot be issued" in html
    assert "were not asked" in html
    assert 'name="submission"' not in html


def test_pump_is_refused_without_a_schedule(page: Client, typed: dict[str, Any]) -> None:
    del typed["factors_asked"]
    html = text(page.post(reverse("issue"), typed | {"factors": ["pump-or-intrathecal"]}))
    assert "This cannot be issued" in html
    assert "<table" not in html


def test_specialist_is_asked_for(page: Client, typed: dict[str, Any], answered: dict[str, Any]) -> None:
    del answered["factors_asked"]
    asked = answered | SOMEBODY | {"factors": ["pregnancy"], "reason-pregnancy": REASON}
    response = page.post(reverse("issue"), asked)
    again = asked | {"shown": _hidden(text(response), "shown")}
    assert "Name the specialist" in text(page.post(reverse("issue"), again))
    assert page.post(reverse("issue"), again | {"specialist-pregnancy": "Consultant"}).status_code == 302
    assert Version.objects.get().specialists == {"pregnancy": "Consultant"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": "60"}, "below the current"),
        ({"target": "12.3"}, "nearest"),
        ({"morning": "1e9"}, "20"),
        ({"morning": "600"}, "plausible"),
        ({"products": []}, "product"),
        ({"start": "2099-01-01"}, "within 5 years"),
        ({"pace_cut": "0.1", "pace_every": "90", "products": ["solution-1"]}, "takes 27 years"),
    ],
    ids=["target", "not makeable", "number", "implausible", "no product", "far off", "never ends"],
)
def test_plan_that_cannot_be_used_leads_back_to_it(
    page: Client, typed: dict[str, Any], change: dict[str, Any], words: str
) -> None:
    response = page.post(reverse("issue"), typed | {"shown_for": "baclofen"} | change)
    assert response.status_code == 422
    assert words in text(response)
    assert "Back to the plan" in text(response)

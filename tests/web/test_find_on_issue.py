"""Choosing a patient in a clinic that has more than a list holds, on the page where a plan is issued."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planner.context import NewPatient
from planner.forms_patient import MOST_FOUND, MOST_LISTED
from planner.models import Patient, User, Version
from planner.services import add_patient
from planner.views import issue as issue_view
from tests.web.test_issue_page import CODES, REASON, _hidden
from tests.web.test_pages import text
from tests.web.test_services import PlainPapers


@pytest.fixture
def crowd(owner: User, stranger: User) -> list[Patient]:
    """Two of one name with another day of birth, many others, and one of another clinic with that name."""
    add_patient(by=stranger, patient=NewPatient("Twin Name", date(1950, 1, 1), "TW-0009"))
    twins = [NewPatient("Twin Name", date(1960 + n, 5, 1), f"TW-000{n}") for n in (1, 2)]
    others = [NewPatient(f"Test Patient {n:02}", date(1970, 1, 1), f"TP-1{n:03}") for n in range(MOST_LISTED)]
    return [add_patient(by=owner, patient=new) for new in (*twins, *others)]


@pytest.fixture
def answered(
    page: Client, crowd: list[Patient], typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    monkeypatch.setattr(issue_view, "InkedPapers", PlainPapers)
    html = text(page.post(reverse("issue"), typed))
    hidden = {name: _hidden(html, name) for name in ("submission", "shown")}
    return typed | hidden | {f"reason-{code}": REASON for code in CODES}


def listed(html: str) -> list[str]:
    """The names beside the buttons of a long list."""
    return re.findall(r'<label class="tick"><input type="radio" name="patient"[^>]*><span>([^<]*)</span></label>', html)


def test_short_list_has_no_search(page: Client, owner: User, patient: Patient, typed: dict[str, Any]) -> None:
    html = text(page.post(reverse("issue"), typed))
    assert 'name="find"' not in html
    assert listed(html) == []
    assert "Test Patient (TP-0001), born 14 March 1968</option>" in html


def test_long_list_is_not_sent_but_searched(page: Client, answered: dict[str, Any]) -> None:
    html = text(page.post(reverse("issue"), answered | {"act": "find", "find": "twin"}))
    assert listed(html) == [
        "Somebody new",
        "Twin Name (TW-0001), born 1 May 1961",
        "Twin Name (TW-0002), born 1 May 1962",
    ]
    assert "2 found." in html
    assert "Nothing was issued yet" not in html
    assert html.count(f">{REASON}</textarea>") + html.count(f'value="{REASON}"') == len(CODES)
    assert not Version.objects.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "The clinic has more than 50 patients: find somebody first."),
        ("nobody", "Nobody is found by these words."),
        ("test patient 0", "10 found."),
        ("T", "The first 20 of those found."),
    ],
)
def test_how_many_are_found_is_said(page: Client, answered: dict[str, Any], words: str, told: str) -> None:
    html = text(page.post(reverse("issue"), answered | {"act": "find", "find": words}))
    assert told in html
    assert len(listed(html)) <= MOST_FOUND + 1


def test_whom_was_found_is_issued_for(page: Client, answered: dict[str, Any], crowd: list[Patient]) -> None:
    sent = answered | {"find": "twin", "patient": str(crowd[1].pk)}
    assert page.post(reverse("issue"), sent).status_code == 302
    assert Version.objects.get().plan.patient == crowd[1]


def test_chosen_one_stays_while_others_are_looked_for_and_faults_are_mended(
    page: Client, answered: dict[str, Any], crowd: list[Patient]
) -> None:
    chosen = {"patient": str(crowd[0].pk)}
    for sent in ({"act": "find", "find": "nobody"}, {f"reason-{CODES[0]}": ""}):
        html = text(page.post(reverse("issue"), answered | chosen | sent))
        assert re.search(rf'value="{crowd[0].pk}"[^>]* checked>', html)


@pytest.mark.parametrize("number", ["x", "0", "9" * 30])
def test_number_that_is_nobody_is_refused_in_words(page: Client, answered: dict[str, Any], number: str) -> None:
    html = text(page.post(reverse("issue"), answered | {"patient": number, "find": "twin"}))
    assert "not in your clinic&#x27;s list" in html or "not in your clinic's list" in html


def test_search_costs_as_many_queries_with_more_patients(page: Client, owner: User, answered: dict[str, Any]) -> None:
    counts = []
    for time in range(2):
        with CaptureQueriesContext(connection) as queries:
            page.post(reverse("issue"), answered | {"act": "find", "find": "test"})
        counts.append(len(queries))
        for n in range(20):
            add_patient(by=owner, patient=NewPatient(f"Test More {n}", date(1970, 1, 1), f"TM-{time}{n:03}"))
    assert counts[0] == counts[1]

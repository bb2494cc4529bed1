"""Plans of every kind, from the planner's page to the papers: what is issued is exactly what was seen."""

import re
from html import unescape
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from planner.formulary import find_medicine, inline_medicine
from planner.models import Patient, UnkeptPrint, Version
from planner.papers import verify_calendar
from planner.papers.pdftext import pages_of
from planner.recheck import recheck
from planner.services.issue import plain_product as _plain
from planner.taper import answer_json, parse_request, propose
from planner.taper.request import Context
from tests.planner_page.conftest import TODAY
from tests.planner_page.test_page import dailies, words
from tests.web.test_issue_page import REASON, SOMEBODY
from tests.web.test_pages import text

PHASES = "10 mg every 14 days down to 30 mg\n10 % of current every 7 days"
PLANS: dict[str, dict[str, Any]] = {
    "more days by hand": {"edits": ["3:days=14"]},
    "fewer days by hand, the rest kept": {"edits": ["3:days=5:keep"]},
    "other doses by hand": {"edits": ["3:dose=morning=15,midday=10,evening=20"]},
    "other doses and days, the rest kept": {
        "edits": ["4:dose=morning=10,midday=10,evening=15:keep", "5:days=10:keep", "2:days=9"]
    },
    "a step that is no cut": {"edits": ["3:dose=morning=15,midday=10,evening=15:keep"], "target": "20"},
    "several phases": {"pace_lines": PHASES},
    "a date to end by": {"end_by": "2027-04-01"},
    "a date to end by, changed by hand": {"end_by": "2027-04-01", "edits": ["2:days=14"]},
    "longer holds": {"coarse": "stretch"},
    "on some weekdays": {"change_on": ["tue", "thu"]},
    "one time after the other": {"shape": "one-time-first"},
    "option B, with two products": {"show": "finer"},
    "option B, changed by hand": {"edits": ["8:with=tablet-10,solution-1", "10:days=14"]},
}


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield


def sent_on(html: str) -> dict[str, list[str]]:
    """What the form beneath the plan sends."""
    form = html.split('class="issue"')[1].split("</form>")[0]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form):
        found.setdefault(name, []).append(unescape(value))
    return found


def issued(page: Client, plan: dict[str, list[str]]) -> HttpResponse:
    """The version's page, every question answered."""
    asked = text(page.post(reverse("issue"), plan))
    hidden = dict(re.findall(r'name="(submission|shown)" value="([^"]+)"', asked))
    reasons = {f"reason-{code}": REASON for code in re.findall(r'name="reason-([a-z0-9-]+)"', asked)}
    response = page.post(reverse("issue"), plan | hidden | reasons | SOMEBODY, follow=True)
    assert response.redirect_chain, words(text(response))[:800]
    return response


def steps(html: str) -> list[tuple[str, str]]:
    """Dates and daily dose of each step of a table; the year is told apart where it is shown."""
    table = html.split('id="steps"')[1].split("</table>")[0]
    rows = re.findall(r'class="dates">(.*?)</th>.*?class="num daily">(.*?)(?:<span class="wished"|</td>)', table, re.S)
    found = [(words(dates), words(dose)) for dates, dose in rows]
    return [(re.sub(r" 20\d\d|From (?:\w{3} )?", "", dates), dose) for dates, dose in found]


@pytest.mark.parametrize("name", PLANS)
def test_what_is_issued_is_what_was_seen(page: Client, typed: dict[str, Any], name: str) -> None:
    seen = text(page.get("/plan/", typed | {"shown_for": "baclofen"} | PLANS[name]))
    assert len(dailies(seen)) > 4
    shown = text(issued(page, sent_on(seen)))
    version = Version.objects.get()
    assert steps(shown) == steps(seen)
    assert [step["daily"] for step in version.answer["steps"]] == dailies(seen)

    again = propose(parse_request(version.request, find_medicine, inline_medicine, Context(country="GB")))
    products = {product.key: _plain(product) for product in again.request.all_products}
    assert [step["regimen"] for step in answer_json(again)["steps"]] == [s["regimen"] for s in version.answer["steps"]]
    assert recheck(version.answer, products) == []
    for paper in version.papers.all():
        verify_calendar(bytes(paper.pdf), again)
    for step in version.answer["steps"]:
        assert f"{step['number']}. " in version.record
    assert len(version.papers.all()) == 2


def test_changes_by_hand_are_in_the_kept_request_and_on_the_versions_page(page: Client, typed: dict[str, Any]) -> None:
    edits = ["3:days=14", "5:dose=morning=10,midday=10,evening=10:keep"]
    shown = words(text(issued(page, sent_on(text(page.get("/plan/", typed | {"edits": edits}))))))
    assert Version.objects.get().request["edits"] == [
        {"step": 3, "rest": "again", "days": 14},
        {"step": 5, "rest": "keep", "regimen": {"morning": "10", "midday": "10", "evening": "10"}},
    ]
    assert "By hand: step 3 is taken 2 weeks. What follows is proposed anew." in shown
    assert "By hand: step 5 is morning 10, midday 10, evening 10 mg. What follows is kept." in shown
    assert "By hand: step 3 is taken 2 weeks." in Version.objects.get().record


def test_both_products_stand_on_both_calendars(page: Client, typed: dict[str, Any]) -> None:
    issued(page, sent_on(text(page.get("/plan/", typed | {"show": "finer"}))))
    for paper in Version.objects.get().papers.all():
        told = " ".join(word.text for page_words in pages_of(bytes(paper.pdf)) for word in page_words)
        assert "1 mg/mL" in told
        assert "10 mg" in told


def test_a_change_made_after_it_was_seen_is_shown_again(page: Client, typed: dict[str, Any]) -> None:
    seen = text(page.post(reverse("issue"), typed))
    hidden = dict(re.findall(r'name="(submission|shown)" value="([^"]+)"', seen))
    reasons = {f"reason-{code}": REASON for code in re.findall(r'name="reason-([a-z0-9-]+)"', seen)}
    response = page.post(reverse("issue"), typed | {"edits": ["3:days=14"]} | hidden | reasons | SOMEBODY)
    assert "changed since you saw it" in text(response)
    assert not Version.objects.exists()


def test_a_change_that_cannot_be_made_leads_back_to_the_plan(page: Client, typed: dict[str, Any]) -> None:
    response = page.post(reverse("issue"), typed | {"shown_for": "baclofen", "edits": ["30:days=14"]})
    assert response.status_code == 422
    assert "Change 1 by hand cannot be made" in text(response)
    back = page.post("/plan/", typed | {"shown_for": "baclofen", "edits": ["30:days=14"]}, follow=True)
    assert "Undo the last change by hand" in text(back)


def test_plan_sent_back_from_the_issue_keeps_its_changes(page: Client, typed: dict[str, Any]) -> None:
    plan = sent_on(text(page.get("/plan/", typed | {"edits": ["3:days=14"]})))
    back = text(page.post("/plan/", plan, follow=True))
    assert steps(back) == steps(text(page.get("/plan/", typed | {"edits": ["3:days=14"]})))


def test_advice_of_one_kind_is_one_box(page: Client, typed: dict[str, Any]) -> None:
    """Eleven changes before closed days, said together as on the planner's page."""
    html = text(page.post(reverse("issue"), typed | {"start": "2026-12-11", "edits": ["3:days=14", "4:days=14"]}))
    advice = re.findall(r'<div class="finding advise">.*?</div>', html, re.DOTALL)
    titles = [words(re.findall(r"<h3>(.*?)</h3>", box)[0]) for box in advice]
    assert "2 changes by hand" in titles
    assert len([title for title in titles if "closed day" in title]) == 1
    assert len(set(titles)) == len(titles)
    (closed,) = [box for box in advice if "closed day" in box]
    assert closed.count("<li>") > 10


# Papers of a changed plan that is not kept


def test_preview_of_a_changed_plan_shows_its_days(page: Client, typed: dict[str, Any]) -> None:
    plan = sent_on(text(page.get("/plan/", typed | {"edits": ["3:days=14"]})))
    response = page.post("/calendar-preview/", plan)
    assert response["Content-Type"] == "application/pdf"
    verify_calendar(response.content, _answer(typed, [{"step": 3, "days": 14}]))


def test_unkept_print_of_a_changed_plan_asks_and_notes_the_changes(page: Client, typed: dict[str, Any]) -> None:
    plan = sent_on(text(page.get("/plan/", typed | {"edits": ["3:days=5:keep"]})))
    asked = text(page.post("/print/", plan))
    assert 'name="edits" value="3:days=5:keep"' in asked
    reasons = {f"reason-{code}": REASON for code in re.findall(r'name="reason-([\w-]+)"', asked)}
    printed = page.post("/print/", plan | reasons | {"answered": "1", "shown": shown_digest(asked)})
    assert printed["Content-Type"] == "application/pdf"
    verify_calendar(printed.content, _answer(typed, [{"step": 3, "days": 5, "rest": "keep"}]))
    assert UnkeptPrint.objects.get().request["edits"] == [{"step": 3, "rest": "keep", "days": 5}]
    assert not Patient.objects.exists()


def shown_digest(html: str) -> str:
    """Of the draft that a page shows."""
    return re.findall(r'name="shown" value="([0-9a-f]{64})"', html)[0]


def _answer(typed: dict[str, Any], edits: list[dict[str, Any]]) -> Any:
    regimen = {time: typed[time] for time in ("morning", "midday", "evening")}
    data = {"medicine": "baclofen", "products": typed["products"], "regimen": regimen, "start": typed["start"]}
    return propose(parse_request(data | {"factors": [], "edits": edits}, find_medicine, inline_medicine))

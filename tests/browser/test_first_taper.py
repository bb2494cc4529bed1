"""The whole way in a real browser: from the one-time link to the downloaded calendar."""

import re
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect

from planner.formulary import find_medicine, inline_medicine
from planner.papers import verify_calendar
from planner.taper import parse_request, propose
from tests.browser.conftest import Site, set_up

ASKED = {
    "medicine": "baclofen",
    "products": ["tablet-10"],
    "regimen": {"morning": "20", "midday": "20", "evening": "20"},
    "target": "0",
    "start": "2026-12-07",
    "factors": [],
}


def fill_in_the_taper(page: Page) -> None:
    for time in ("Morning", "Midday", "Evening"):
        page.get_by_label(time, exact=True).fill("20")
    page.get_by_label("Target").fill("0")
    page.get_by_label("First lower dose").fill("2026-12-07")
    page.get_by_text("Patient factors", exact=False).first.click()
    page.get_by_label("Asked, none apply").check()


def answer_every_question(page: Page) -> None:
    questions = page.locator("fieldset.finding")
    for number in range(questions.count()):
        reason = questions.nth(number).get_by_label("Reason", exact=True)
        reason.select_option(index=1)


def issue_for_somebody_new(page: Page) -> None:
    page.get_by_role("group", name="Somebody new").get_by_label("Name").fill("Test Patient")
    page.get_by_label("Date of birth").fill("1968-03-14")
    page.get_by_label("Identifier").fill("TP-0001")
    answer_every_question(page)
    page.get_by_role("button", name="Issue", exact=True).click()


def test_from_the_set_up_link_to_the_downloaded_calendar(page: Page, site: Site, tmp_path: Path) -> None:
    set_up(page, site)
    page.get_by_role("link", name="Plan a taper").first.click()
    expect(page.get_by_role("heading", name="Plan a taper")).to_be_visible()
    fill_in_the_taper(page)
    expect(page.locator("#result table.steps")).to_contain_text("55 mg")
    page.get_by_role("button", name="Choose patient and issue").click()
    issue_for_somebody_new(page)

    expect(page.get_by_role("heading", name="Baclofen, oral, version 1")).to_be_visible()
    expect(page.locator("table.steps")).to_contain_text("55 mg")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download A4").click()
    saved = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    assert "Patient" not in saved.name
    answer = propose(parse_request(ASKED, find_medicine, inline_medicine))
    assert answer.ends == date(2027, 2, 22)
    verify_calendar(saved.read_bytes(), answer)

    page.get_by_role("link", name="Patients").click()
    page.get_by_role("link", name="Test Patient").click()
    expect(page.get_by_role("link", name="Version 1")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in/"))

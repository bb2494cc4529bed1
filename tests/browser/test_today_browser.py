"""The first page in a real browser: first day, a running taper, narrow, light and dark, and without JavaScript."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import Site
from tests.browser.test_accessible import faults, runs_off
from tests.browser.test_first_taper import answer_every_question, fill_in_the_taper


def issue_from(context: BrowserContext, days: int, identifier: str) -> None:
    """A taper whose first lower dose is so many days from today."""
    page = context.new_page()
    page.goto("/plan/")
    fill_in_the_taper(page)
    page.get_by_label("First lower dose").fill((datetime.now(tz=UTC).date() + timedelta(days=days)).isoformat())
    page.get_by_role("button", name="Work it out").click()
    page.get_by_role("button", name="Choose patient and issue").click()
    page.get_by_role("group", name="Somebody new").get_by_label("Name").fill("Test Patient With a Long Double Name")
    page.get_by_label("Date of birth").fill("1968-03-14")
    page.get_by_label("Identifier").fill(identifier)
    answer_every_question(page)
    page.get_by_role("button", name="Issue", exact=True).click()
    expect(page.get_by_role("heading", name="version 1")).to_be_visible()
    page.close()


@pytest.fixture
def plain(browser: Browser, site: Site, signed_in_state: object) -> BrowserContext:
    """Without JavaScript."""
    return browser.new_context(base_url=site.address, storage_state=signed_in_state, java_script_enabled=False)  # type: ignore[arg-type]


def test_first_day_then_a_change_today_without_javascript_and_within_the_rules(
    plain: BrowserContext, context: BrowserContext
) -> None:
    page = plain.new_page()
    page.goto("/")
    expect(page.get_by_text("No plan yet.")).to_be_visible()
    issue_from(plain, 0, "TP-0001")
    issue_from(plain, -5, "TP-0002")
    page.goto("/")
    expect(page.locator(".verdict")).to_contain_text("you today.")
    expect(page.locator(".week .is-today")).to_contain_text("dose change")
    row = page.get_by_role("region", name="Today").get_by_role("row", name="TP-0001")
    expect(row).to_contain_text("Dose change. Baclofen, 60 to 55 mg a day: 8.3 % of current.")
    row.get_by_role("link", name="Open plan").click()
    expect(page).to_have_url(re.compile(r"/plans/\d+/$"))
    page.goto("/")
    page.get_by_role("region", name="First").get_by_role("link", name="Record check-in").first.click()
    expect(page).to_have_url(re.compile(r"/plans/\d+/#check$"))
    plain.close()

    scripted = context.new_page()
    for scheme in ("light", "dark"):
        scripted.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for width in (1280, 360, 320):
            scripted.set_viewport_size({"width": width, "height": 900})
            scripted.goto("/")
            assert faults(scripted) == [], (scheme, width)
            assert not runs_off(scripted), (scheme, width)

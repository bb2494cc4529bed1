"""The list of patients in a real browser: found while typing, by the header, by keyboard, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import Site
from tests.browser.test_accessible import faults, runs_off
from tests.browser.test_today_browser import issue_from


@pytest.fixture(scope="module")
def plain(browser: Browser, site: Site, signed_in_state: object) -> BrowserContext:
    """Without JavaScript; with a running plan, and a patient without any."""
    made = browser.new_context(base_url=site.address, storage_state=signed_in_state, java_script_enabled=False)  # type: ignore[arg-type]
    issue_from(made, -5, "TP-0001")
    page = made.new_page()
    page.goto("/patients/add/")
    page.get_by_label("Name").fill("Example Person")
    page.get_by_label("Date of birth").fill("1980-04-03")
    page.get_by_label("Identifier").fill("TP-0002")
    page.get_by_role("button", name="Add the patient").click()
    page.close()
    return made


def test_somebody_is_found_without_javascript_and_no_address_says_whom(plain: BrowserContext) -> None:
    page = plain.new_page()
    page.goto("/")
    page.get_by_role("searchbox", name="Find a patient").fill("exa per")
    page.get_by_role("searchbox", name="Find a patient").press("Enter")
    expect(page.get_by_role("rowheader", name="Example Person")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Long Double")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/patients/find/$"))
    page.get_by_role("button", name="Running").click()
    expect(page.get_by_text("Nobody among “Running” is found")).to_be_visible()
    page.goto("/patients/")
    page.get_by_role("link", name="Running").click()
    expect(page).to_have_url(re.compile(r"show=running$"))
    row = page.get_by_role("row", name="Long Double")
    expect(row).to_contain_text("Baclofen")
    expect(row).to_contain_text("55 mg a day")
    row.get_by_role("link", name="Baclofen").click()
    expect(page).to_have_url(re.compile(r"/plans/\d+/$"))


def test_list_narrows_while_typing_and_by_keyboard_alone(plain: BrowserContext, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/patients/")
    box = page.get_by_role("search", name="Patients").get_by_label("Find a patient")
    box.focus()
    page.keyboard.type("3 april 1980")
    expect(page.get_by_role("rowheader", name="Long Double")).to_have_count(0)
    expect(page.get_by_role("rowheader", name="Example Person")).to_be_visible()
    expect(box).to_be_focused()
    expect(page).to_have_url(re.compile(r"/patients/$"))
    page.keyboard.press("Control+A")
    page.keyboard.type("nobody at all")
    expect(page.get_by_text("Nobody is found by these words")).to_be_visible()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    expect(page.get_by_role("rowheader")).to_have_count(2)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Check-in due")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"show=check-in-due$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_list_keeps_the_rules(plain: BrowserContext, context: BrowserContext, scheme: str) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for width in (1280, 360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        for address in ("/patients/", "/patients/?show=running", "/patients/?show=held"):
            page.goto(address)
            assert faults(page) == [], (address, width)
            assert not runs_off(page), (address, width)
        page.goto("/patients/")
        page.get_by_role("search", name="Patients").get_by_label("Find a patient").fill("example")
        expect(page.get_by_role("rowheader")).to_have_count(1)
        assert faults(page) == [], width

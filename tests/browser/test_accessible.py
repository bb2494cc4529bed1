"""Every page against axe-core's rules for WCAG 2.2 AA, wide and narrow, light and dark; and without JavaScript."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_first_taper import answer_every_question, fill_in_the_taper
from tests.formulary.example import example

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}}
PAGES = [
    "/",
    "/check/",
    "/patients/",
    "/patients/add/",
    "/plans/import/",
    "/learning/",
    "/formulary/",
    "/formulary/baclofen/",
    "/settings/",
    "/settings/medicines/baclofen/",
    "/formulary/own/",
    "/audit/",
    "/audit/?since=x&about=plan",
    "/password/",
    "/nowhere/",
]
PLAN = "/plan/?medicine=baclofen&products=tablet-10&morning=20&midday=20&evening=20&start=2026-12-07&factors_asked=on"


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]


def runs_off(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_pages_keep_the_rules(context: BrowserContext, width: int, scheme: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for address in [*PAGES, PLAN]:
        page.goto(address)
        assert faults(page) == [], address
        assert not runs_off(page), address


def test_sign_in_keeps_the_rules(page: Page) -> None:
    page.goto("/sign-in/")
    assert faults(page) == []
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []


def test_closing_days_work_without_javascript_and_keep_the_rules(
    browser: Browser, site: Site, signed_in_state: object, context: BrowserContext
) -> None:
    plain = browser.new_context(base_url=site.address, storage_state=signed_in_state, java_script_enabled=False)  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto("/settings/")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        page.get_by_label(day, exact=True).uncheck()
    page.get_by_role("button", name="Save these days").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick at least one day")
    page.get_by_role("alert").get_by_role("link").click()
    page.get_by_role("group", name="Open on").get_by_label("Tuesday").check()
    page.get_by_label("After every cut and the stop").check()
    page.get_by_role("button", name="Save these days").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    page.get_by_label("What for").fill("Staff training")
    page.get_by_label("First closed day").fill(datetime.now(tz=UTC).date().isoformat())
    page.get_by_role("button", name="Add closing days").click()
    expect(page.get_by_role("rowheader", name="Staff training")).to_be_visible()

    scripted = context.new_page()
    for address in ("/settings/", PLAN):
        scripted.goto(address)
        assert faults(scripted) == [], address
    page.get_by_role("button", name="Remove Staff training").click()
    expect(page.get_by_text("None to come.")).to_be_visible()
    plain.close()


def test_own_medicine_works_without_javascript_and_keeps_the_rules(
    browser: Browser, site: Site, signed_in_state: object, context: BrowserContext
) -> None:
    plain = browser.new_context(base_url=site.address, storage_state=signed_in_state, java_script_enabled=False)  # type: ignore[arg-type]
    scripted = context.new_page()
    for page in (scripted, plain.new_page()):
        page.goto("/formulary/own/")
        for text in ("#" * 5_000_000, example().replace('cut = "20%"', 'cut = "30%"'), example()):
            page.set_input_files("#id_file", {"name": "a.toml", "mimeType": "text/plain", "buffer": text.encode()})
            page.get_by_role("button", name="Check the file").click()
            if page is scripted:
                assert faults(page) == []
        expect(page.get_by_role("heading", name="Examplazine, oral")).to_be_visible()
        page.get_by_role("button", name="Keep it and use it").click()
        expect(page.get_by_role("status")).to_contain_text("Kept")
        if page is scripted:
            assert faults(page) == []
        page.get_by_role("button", name="Take out of use examplazine").click()
        expect(page.get_by_role("status")).to_contain_text("out of use")
    plain.close()


def test_issuing_works_without_javascript_and_keeps_the_rules(
    browser: Browser, site: Site, signed_in_state: object, context: BrowserContext
) -> None:
    plain = browser.new_context(base_url=site.address, storage_state=signed_in_state, java_script_enabled=False)  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto("/plan/")
    fill_in_the_taper(page)
    page.get_by_role("button", name="Work it out").click()
    page.get_by_role("button", name="Choose patient and issue").click()
    page.get_by_role("button", name="Issue", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a patient from the list")
    page.get_by_role("group", name="Somebody new").get_by_label("Name").fill("Test Patient")
    page.get_by_label("Date of birth").fill("1968-03-14")
    page.get_by_label("Identifier").fill("TP-0002")
    answer_every_question(page)
    page.get_by_role("button", name="Issue", exact=True).click()
    expect(page.get_by_role("heading", name="version 1")).to_be_visible()

    scripted = context.new_page()
    scripted.goto(page.url)
    assert faults(scripted) == []
    plain.close()


def test_signing_off_works_without_javascript_and_keeps_the_rules(
    browser: Browser, site: Site, signed_in_state: object, context: BrowserContext
) -> None:
    plain = browser.new_context(base_url=site.address, storage_state=signed_in_state, java_script_enabled=False)  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto("/formulary/")
    page.get_by_label("Name or code").fill("M03BX01")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Baclofen, oral").click()
    page.get_by_role("button", name="Sign off ticked items").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Tick at least one item")
    page.get_by_role("button", name="of Codes").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    page.get_by_role("checkbox", name="Sign off Ceiling").check()
    page.get_by_role("button", name="Sign off ticked items").first.click()
    expect(page.get_by_role("status")).to_contain_text("Signed off: 3 items")
    expect(page.get_by_role("row", name="Ceiling").first).to_contain_text("by Test Owner")

    scripted = context.new_page()
    scripted.goto(page.url)
    assert faults(scripted) == []
    scripted.get_by_role("button", name="Tick all").first.click()
    expect(scripted.get_by_role("checkbox", checked=True)).not_to_have_count(0)
    assert faults(scripted) == []
    plain.close()

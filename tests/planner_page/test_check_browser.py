"""Checking a schedule in a real browser: with and without JavaScript, by keyboard, on a phone, on paper."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessible import faults, runs_off

GOOD = "7 Dec 2026  20 15 20  7 days\n15 15 20 x 7\n15/15/15 for 1 week\nstop"
FAULTY = "7 Dec 2026 20 15 20 x 7\n15 15 17 x 7\n25 15 15 x 7\n1 Feb 2027 15 10 15 10 x 14\n10 Feb 2027 10 10 10 x 7"
UNREAD = "7 Dec 2026 20 15 20 x 7\n29 Feb 2027 15 15 20 x 7\n55 mg for 2 weeks\n12,5 x 7"
BACKWARDS = "7 Dec 2026 20 15 20 x 7\n2 Nov 2026 15 15 15 x 7"


def check(page: Page, schedule: str) -> None:
    page.goto("/check/")
    page.get_by_label("Morning").fill("20 20 20")
    page.get_by_label("A step a line").fill(schedule)
    with page.expect_navigation():  # a click waits for an answer to begin, not for the page to be there
        page.get_by_role("button", name="Check it").click()


def test_walk_from_the_first_page_to_the_findings_and_back(tab: Page) -> None:
    tab.goto("/plan/")
    tab.get_by_role("link", name="Check a schedule").click()
    check(tab, FAULTY)
    expect(tab.get_by_role("heading", name="Checked: 60 mg a day to 30 mg")).to_be_visible()
    expect(tab.get_by_role("table", name="Steps as they were typed")).to_contain_text(
        "cannot be made from these products"
    )
    tab.get_by_role("link", name="See the findings").first.click()
    expect(tab.get_by_role("heading", name="Step 3: The daily dose rises from 47 to 55 mg")).to_be_visible()
    box = tab.get_by_label("A step a line")
    expect(box).to_have_value(FAULTY)
    box.fill(GOOD)
    tab.get_by_role("button", name="Check it").click()
    expect(tab.get_by_role("heading", name="Checked: 60 mg a day to stop")).to_be_visible()
    expect(tab.get_by_text("To be mended")).to_have_count(0)


def test_lines_at_fault_lead_to_the_box(tab: Page) -> None:
    check(tab, UNREAD)
    expect(tab.get_by_role("alert")).to_contain_text("Line 2: There is no 29 February 2027")
    tab.get_by_role("alert").get_by_role("link", name="Schedule").first.click()
    expect(tab.get_by_label("A step a line")).to_be_focused()
    expect(tab.get_by_label("A step a line")).to_have_value(UNREAD)
    expect(tab.get_by_label("A step a line")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("kind", ["tab", "plain_tab"], ids=["with JavaScript", "without JavaScript"])
def test_medicine_by_hand(request: pytest.FixtureRequest, kind: str) -> None:
    page: Page = request.getfixturevalue(kind)
    page.goto("/check/")
    expect(page.get_by_label("Products, one a line")).to_be_hidden()
    page.get_by_label("Medicine", exact=True).select_option(label="Another medicine, described by hand")
    expect(page.get_by_label("10 mg tablets")).to_be_hidden()
    page.get_by_label("Name", exact=True).fill("Prednisone")
    page.get_by_label("Unit of a dose").fill("mg")
    page.get_by_label("Products, one a line").fill("tablet 5 mg, halves\ntablet 1 mg")
    page.get_by_label("Morning").fill("20")
    page.get_by_label("At most", exact=True).fill("50")
    page.get_by_label("in any, days").fill("7")
    page.get_by_label("First day").fill("2026-12-07")
    page.get_by_label("A step a line").fill("17.5 mg for 2 weeks\n10 mg x 14\nstop")
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("heading", name="Checked: 20 mg a day to stop")).to_be_visible()
    expect(page.get_by_label("Products, one a line")).to_have_value("tablet 5 mg, halves\ntablet 1 mg")


def test_keyboard_alone_checks_a_schedule(tab: Page) -> None:
    tab.goto("/check/")
    tab.get_by_label("Morning").focus()
    for typed in ("20", "20", "20", ""):
        tab.keyboard.type(typed)
        tab.keyboard.press("Tab")
    expect(tab.get_by_label("First day")).to_be_focused()
    tab.keyboard.type("12072026")
    tab.get_by_label("A step a line").focus()
    tab.keyboard.type("20 15 20 7 days\nstop")
    tab.keyboard.press("Tab")
    expect(tab.get_by_label("It should end at")).to_be_focused()
    tab.get_by_role("button", name="Check it").focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Checked: 60 mg a day to stop")).to_be_visible()
    tab.locator(".why summary").first.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator(".why details").first).to_have_attribute("open", "")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_every_state_keeps_the_rules(tab: Page, width: int, scheme: str) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    tab.goto("/check/")
    tab.get_by_label("Medicine", exact=True).select_option("by-hand")
    assert faults(tab) == []
    for schedule in (GOOD, FAULTY, UNREAD, BACKWARDS):
        check(tab, schedule)
        assert faults(tab) == [], schedule
        assert not runs_off(tab), schedule


def test_result_prints_without_the_inputs(tab: Page) -> None:
    check(tab, FAULTY)
    tab.emulate_media(media="print")
    for part in (".inputs", ".how"):
        expect(tab.locator(part)).to_be_hidden()
    expect(tab.get_by_role("heading", name="Check a schedule")).to_be_visible()
    expect(tab.locator("table.steps")).to_contain_text("8 mg more")

"""A plan's page in a real browser: a check-in in a few touches, by keyboard, without JavaScript, dark and narrow."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, browser, signed_in_state, site  # noqa: F401
from tests.browser.test_accessible import faults, runs_off
from tests.browser.test_first_taper import issue_for_somebody_new
from tests.planner_page.conftest import plain_tab, tab  # noqa: F401

HOLD = "/revise/?kind=hold&days=7&check_in="


@pytest.fixture(scope="module")
def plan(browser: Browser, site: Site, signed_in_state: object) -> Iterator[str]:  # noqa: F811
    """The address of a plan whose first lower dose is today."""
    context = browser.new_context(base_url=site.address, storage_state=signed_in_state)  # type: ignore[arg-type]
    page = context.new_page()
    start = datetime.now(tz=UTC).date().isoformat()
    asked = "medicine=baclofen&products=tablet-10&morning=20&midday=20&evening=20&factors_asked=on"
    page.goto(f"/plan/?{asked}&start={start}")
    page.get_by_role("button", name="Choose patient and issue").click()
    issue_for_somebody_new(page)
    page.get_by_role("link", name="The plan", exact=True).click()
    expect(page.get_by_role("heading", name="Planned and taken")).to_be_visible()
    yield page.url
    context.close()


def test_a_hold_takes_four_touches(tab: Page, plan: str) -> None:  # noqa: F811
    tab.goto(plan)
    tab.get_by_role("radio", name="No", exact=True).check(force=True)
    tab.get_by_role("radio", name="Mild", exact=True).check(force=True)
    expect(tab.locator("#check-suggestion")).to_contain_text("hold, and speak to the prescriber")
    expect(tab.locator("#check-suggestion")).to_contain_text("Stay on 55 mg for 7 days more")
    tab.get_by_role("radio", name="Hold 7 days").check()
    tab.get_by_role("button", name="Save the check-in").click()
    tab.wait_for_url(f"**{HOLD}*")
    expect(tab.get_by_role("heading", name="Hold for some days")).to_be_visible()
    expect(tab.get_by_text("After the check-in of")).to_be_visible()


def test_without_javascript_it_takes_five(plain_tab: Page, plan: str) -> None:  # noqa: F811
    plain_tab.goto(plan)
    plain_tab.get_by_role("radio", name="No", exact=True).check(force=True)
    plain_tab.get_by_role("radio", name="Mild", exact=True).check(force=True)
    plain_tab.get_by_role("button", name="Show what follows").click()
    plain_tab.get_by_role("radio", name="Hold 7 days").check()
    plain_tab.get_by_role("button", name="Save the check-in").click()
    plain_tab.wait_for_url(f"**{HOLD}*")


def test_first_answer_replaces_everything_by_the_emergency_text(tab: Page, plan: str) -> None:  # noqa: F811
    tab.goto(plan)
    tab.get_by_role("radio", name="Severe", exact=True).check(force=True)
    expect(tab.locator("#check")).to_contain_text("Act today. In danger: call 999")
    tab.get_by_role("textbox", name="Reason").fill("Kept words")
    tab.get_by_role("radio", name="Yes", exact=True).check(force=True)
    expect(tab.get_by_role("alert", name="Emergency")).to_contain_text("Call 999 now")
    expect(tab.get_by_role("alert", name="Emergency")).to_be_in_viewport()
    expect(tab.get_by_role("radio", name="Severe", exact=True)).to_have_count(0)
    expect(tab.get_by_role("link", name="Step back")).to_have_count(0)
    expect(tab.get_by_role("link", name="Slower or faster")).to_have_count(0)
    tab.get_by_role("radio", name="No", exact=True).check(force=True)
    expect(tab.get_by_role("radio", name="Severe", exact=True)).to_be_checked()
    expect(tab.get_by_role("textbox", name="Reason")).to_have_value("Kept words")
    expect(tab.get_by_role("link", name="Slower or faster")).to_have_count(1)


def test_urgent_text_comes_into_view_once(tab: Page, plan: str) -> None:  # noqa: F811
    tab.set_viewport_size({"width": 360, "height": 700})
    tab.goto(plan)
    tab.locator("#check details.danger summary").click()
    tab.get_by_label("High fever").check()
    tab.get_by_role("radio", name="Mild", exact=True).check(force=True)
    help_text = tab.get_by_role("alert", name="Emergency")
    expect(help_text).to_contain_text("Emergency sign: call 999 now")
    expect(help_text.locator(".help-head")).to_be_in_viewport()
    tab.get_by_label("Racing heart").scroll_into_view_if_needed()
    tab.get_by_label("Racing heart").check()
    expect(tab.get_by_label("Racing heart")).to_be_in_viewport()


def test_a_check_in_by_keyboard_alone(tab: Page, plan: str) -> None:  # noqa: F811
    tab.goto(plan)
    tab.get_by_role("radio", name="No", exact=True).focus()
    tab.keyboard.press("Space")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Space")
    expect(tab.get_by_role("radio", name="Well", exact=True)).to_be_checked()
    expect(tab.locator("#check-suggestion")).to_contain_text("The taper goes on as planned.")
    expect(tab.get_by_role("radio", name="Well", exact=True)).to_be_focused()
    tab.locator("#id_note").focus()
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("radio", name="Go on as planned")).to_be_focused()
    tab.keyboard.press("Space")
    for _ in range(3):
        tab.keyboard.press("Tab")
    expect(tab.get_by_role("button", name="Save the check-in")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status").first).to_contain_text("The check-in is recorded.")
    expect(tab.get_by_role("region", name="Check-ins")).to_contain_text("Well")


def test_a_fault_is_said_in_the_form_and_leads_to_its_field(tab: Page, plan: str) -> None:  # noqa: F811
    tab.goto(plan)
    tab.get_by_role("radio", name="No", exact=True).check(force=True)
    tab.get_by_role("radio", name="Mild", exact=True).check(force=True)
    tab.get_by_role("radio", name="Go on as planned").check()
    tab.locator("#id_note").fill("Kept words")
    tab.get_by_role("button", name="Save the check-in").click()
    alert = tab.locator("#check").get_by_role("alert")
    expect(alert).to_contain_text("Say why you decide otherwise")
    expect(alert).to_be_in_viewport()
    assert faults(tab) == []
    alert.get_by_role("link", name="Reason").click()
    expect(tab.get_by_role("textbox", name="Reason")).to_be_focused()
    expect(tab.locator("#id_note")).to_have_value("Kept words")
    expect(tab.get_by_role("radio", name="Go on as planned")).to_be_checked()


def test_what_was_taken_is_noted_without_javascript(plain_tab: Page, plan: str) -> None:  # noqa: F811
    plain_tab.goto(plan)
    plain_tab.get_by_text("Note what was taken otherwise").click()
    plain_tab.get_by_label("From", exact=True).fill(datetime.now(tz=UTC).date().isoformat())
    plain_tab.get_by_label("Morning", exact=True).fill("nothing")
    plain_tab.get_by_role("button", name="Note it").click()
    expect(plain_tab.locator("#note-taken").get_by_role("alert")).to_contain_text("Give a plain number")
    plain_tab.get_by_label("Morning", exact=True).fill("10")
    plain_tab.get_by_role("button", name="Note it").click()
    expect(plain_tab.get_by_role("region", name="What it really was")).to_contain_text("45 mg a day")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_page_keeps_the_rules(tab: Page, plan: str, width: int, scheme: str) -> None:  # noqa: F811
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    tab.goto(plan)
    tab.locator("#check details.danger summary").click()
    tab.get_by_text("Note what was taken otherwise").click()
    assert faults(tab) == []
    assert not runs_off(tab)
    tab.get_by_role("radio", name="Severe", exact=True).check(force=True)
    expect(tab.locator("#check")).to_contain_text("Act today.")
    assert faults(tab) == []
    assert not runs_off(tab)
    tab.get_by_role("radio", name="Yes", exact=True).check(force=True)
    expect(tab.locator("#check")).to_contain_text("Call 999 now")
    assert faults(tab) == []
    tab.set_viewport_size({"width": 320, "height": 900})
    assert not runs_off(tab)


def test_every_control_of_the_check_in_is_large_enough(tab: Page, plan: str) -> None:  # noqa: F811
    tab.set_viewport_size({"width": 360, "height": 900})
    tab.goto(plan)
    tab.get_by_role("radio", name="Severe", exact=True).check(force=True)
    expect(tab.locator("#check-suggestion")).to_contain_text("Your decision")
    controls = tab.locator(
        "#check :is(label.tick, .segments label, button, summary, input:not([type])), .patient .acts a"
    )
    sizes = controls.evaluate_all("all => all.map(e => e.getBoundingClientRect()).map(b => [b.width, b.height])")
    shown = [size for size in sizes if size != [0, 0]]
    assert len(shown) > 20
    assert min(min(size) for size in shown) >= 24

"""The page in a real browser: while typing, without JavaScript, by keyboard, on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessible import faults, runs_off

PLAN = "/plan/?shown_for=baclofen&products=tablet-10&morning=20&midday=20&evening=20&target=0&start=2026-12-07"
TWO_STRENGTHS = PLAN.replace("morning=20", "morning=25") + "&products=tablet-5&bedtime=5"
PHASES = "10 mg every 28 days down to 30 mg%0A5 mg every 7 days"
STATES = {
    "four times, two strengths": TWO_STRENGTHS,
    "solution": PLAN + "&show=finer",
    "three years": PLAN.replace("tablet-10", "solution-1") + "&pace_cut=2&pace_of=starting&pace_every=21",
    "faults": PLAN.replace("target=0", "target=abc") + "&limit_cut=40&pace_cut=0",
    "changed by hand": PLAN + "&edits=3:days=14&edits=9:dose=morning=5,midday=5,evening=5:keep",
    "raised by hand": TWO_STRENGTHS + "&edits=3:dose=morning=25,midday=20,evening=20,bedtime=5:keep",
    "changes that do not fit": PLAN + "&edits=30:days=14&edits=31:days=14",
    "phases on some weekdays": TWO_STRENGTHS + "&change_on=mon&pace_lines=" + PHASES,
    "a phase that cannot be read": PLAN + "&pace_lines=slowly",
    "no date in time": PLAN + "&end_by=2026-12-20",
    "refused": PLAN + "&factors=pump-or-intrathecal",
    "stuck": PLAN + "&coarse=refuse",
}


def test_result_follows_the_typing(tab: Page) -> None:
    tab.goto("/plan/")
    tab.get_by_label("Morning", exact=True).press_sequentially("20 20 20")
    expect(tab.locator("#daily")).to_contain_text("60 mg a day: morning 20, midday 20, evening 20")
    expect(tab.locator("#result")).to_contain_text("Give the date of the first lower dose.")
    tab.get_by_label("First lower dose").fill("2026-12-07")
    expect(tab.get_by_role("heading", name="A: steps")).to_be_visible()
    expect(tab.get_by_role("status").filter(has_text="From 60 mg a day")).to_have_count(1)
    expect(tab.get_by_label("Morning", exact=True)).to_have_value("20 20 20")
    tab.reload()
    expect(tab.get_by_label("Midday", exact=True)).to_have_value("20")
    expect(tab.get_by_role("heading", name="A: steps")).to_be_visible()


def test_fault_is_said_at_its_field_while_typing_and_goes_again(tab: Page) -> None:
    tab.goto(PLAN)
    target = tab.get_by_label("Target")
    target.fill("1,5")
    expect(tab.locator("#error-target")).to_contain_text("such as 10 or 12.5")
    expect(tab.locator("#result")).to_contain_text("One thing to mend")
    expect(target).to_be_focused()
    expect(target).to_have_value("1,5")
    expect(tab.locator("#result table")).to_have_count(0)
    target.fill("20")
    expect(tab.locator("#error-target")).to_be_hidden()
    expect(tab.get_by_role("heading", name="Three ways from 60 mg a day to 20 mg")).to_be_visible()


def test_option_stays_shown_while_typing(tab: Page) -> None:
    tab.goto(PLAN)
    tab.get_by_role("link", name="With the 1 mg/mL solution").click()
    expect(tab.get_by_role("heading", name="B: steps")).to_be_visible()
    tab.get_by_label("Evening", exact=True).fill("10")
    expect(tab.get_by_role("heading", name="Four ways from 50 mg a day to stop")).to_be_visible()
    expect(tab.get_by_role("heading", name="B: steps")).to_be_visible()


def test_way_out_fills_the_form(tab: Page) -> None:
    tab.goto(PLAN)
    tab.get_by_role("link", name="Stay at 20 mg").click()
    expect(tab.get_by_label("Target")).to_have_value("20")
    expect(tab.get_by_role("heading", name="Three ways from 60 mg a day to 20 mg")).to_be_visible()


def test_same_by_a_button_without_javascript(plain_tab: Page) -> None:
    plain_tab.goto("/plan/")
    plain_tab.get_by_label("Morning", exact=True).fill("20 20 20")
    plain_tab.get_by_role("button", name="Work it out").click()
    expect(plain_tab.locator("#error-start")).to_contain_text("first lower dose")
    plain_tab.get_by_label("First lower dose").fill("2026-12-07")
    plain_tab.get_by_role("button", name="Work it out").click()
    expect(plain_tab.get_by_label("Evening", exact=True)).to_have_value("20")
    plain_tab.get_by_role("link", name="With the 1 mg/mL solution").click()
    expect(plain_tab.get_by_role("heading", name="B: steps")).to_be_visible()


def test_keyboard_alone_reaches_everything(tab: Page) -> None:
    tab.goto("/plan/")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to the content")).to_be_focused()
    tab.keyboard.press("Enter")
    tab.get_by_label("Morning", exact=True).focus()
    for typed in ("20", "20", "20", "", "0"):
        tab.keyboard.type(typed)
        tab.keyboard.press("Tab")
    expect(tab.get_by_label("First lower dose")).to_be_focused()
    tab.keyboard.type("12072026")
    expect(tab.get_by_role("heading", name="A: steps")).to_be_visible()
    why = tab.locator(".why summary").first
    why.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator(".why details").first).to_have_attribute("open", "")
    tab.get_by_role("link", name="With the 1 mg/mL solution").focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="B: steps")).to_be_visible()


def test_targets_are_large_enough(tab: Page) -> None:
    tab.goto(PLAN)
    small = """all => all.map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
        .filter(([_, box]) => box.width > 0 && (box.height < 24 || box.width < 24)).map(([html]) => html)"""
    inputs = "main input:not([type=checkbox], [type=hidden])"
    controls = tab.locator(f"main button, main select, main summary, {inputs}, .tick, .way")
    assert controls.count() > 20
    assert controls.evaluate_all(small) == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "dark")])
def test_every_state_keeps_the_rules(tab: Page, width: int, scheme: str) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for state, address in STATES.items():
        tab.goto(address)
        for change in tab.locator(".change summary").all()[:1]:
            change.click()
        assert faults(tab) == [], state
        assert not runs_off(tab), state


def test_failed_server_is_said_where_the_result_was(tab: Page) -> None:
    """An old result beside newer inputs would be read as theirs."""
    tab.goto(PLAN)
    page = "<html><body><main id='main'><h1>Something went wrong here</h1></main></body></html>"
    tab.route("**/?*", lambda route: route.fulfill(status=500, body=page, content_type="text/html"))
    tab.get_by_label("Evening", exact=True).fill("10")
    expect(tab.locator("#result")).to_have_text("Something went wrong here")
    tab.unroute("**/?*")
    tab.get_by_label("Evening", exact=True).fill("15")
    expect(tab.get_by_role("heading", name="Four ways from 55 mg a day to stop")).to_be_visible()


def test_live_result_keeps_the_rules(tab: Page) -> None:
    tab.goto("/plan/")
    tab.get_by_label("Morning", exact=True).fill("20 20 20")
    tab.get_by_label("First lower dose").fill("2026-12-07")
    expect(tab.get_by_role("heading", name="A: steps")).to_be_visible()
    tab.locator(".why summary").first.click()
    assert faults(tab) == []

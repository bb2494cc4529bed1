"""A step changed in a real browser: by keyboard, without JavaScript, and while something else is typed."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_accessible import faults, runs_off
from tests.planner_page.test_browser import PLAN


def row(page: Page, number: int) -> Locator:
    return page.locator(".steps").get_by_role("row").filter(has=page.get_by_role("cell", name=str(number), exact=True))


def is_in_view(place: Locator) -> bool:
    seen = place.evaluate("e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; }")
    return bool(seen)


def change_days(page: Page, number: int, days: str) -> None:
    page.locator(f"#change-{number} summary").click()
    page.get_by_label(f"Days of step {number}").fill(days)
    page.get_by_role("button", name=f"Change step {number}").click()


def test_a_step_is_changed_and_undone_by_keyboard_alone(tab: Page) -> None:
    tab.goto(PLAN)
    tab.locator("#change-2 summary").focus()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    expect(tab.locator("#change-3 summary")).to_be_focused()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    expect(tab.get_by_label("Days of step 3")).to_be_focused()
    tab.keyboard.press("Control+a")
    tab.keyboard.type("14")
    for _ in range(4):
        tab.keyboard.press("Tab")
    expect(tab.get_by_label("What follows after step 3")).to_be_focused()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(row(tab, 3)).to_contain_text("21 Dec – 3 Jan 2027")
    expect(tab.get_by_role("heading", name="By hand: step 3 is taken 2 weeks")).to_be_visible()
    assert is_in_view(tab.get_by_role("heading", name="A: steps"))
    assert tab.evaluate("scrollY") > 300
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Undo the last change")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(row(tab, 3)).to_contain_text("21–27 Dec")
    expect(tab.get_by_role("link", name="Undo the last change")).to_have_count(0)
    assert is_in_view(tab.get_by_role("heading", name="A: steps"))


def test_a_step_is_changed_and_undone_without_javascript(plain_tab: Page) -> None:
    plain_tab.goto(PLAN)
    change_days(plain_tab, 3, "14")
    expect(row(plain_tab, 3)).to_contain_text("21 Dec – 3 Jan 2027")
    change_days(plain_tab, 5, "21")
    plain_tab.get_by_label("Days per fill").evaluate("e => e.closest('details').open = true")
    plain_tab.get_by_label("Days per fill").fill("14")
    plain_tab.get_by_role("button", name="Work it out").click()
    expect(plain_tab.get_by_text("14 days a fill")).to_be_visible()
    expect(row(plain_tab, 5)).to_contain_text("11–31 Jan")
    plain_tab.get_by_role("link", name="Undo all changes by hand").click()
    expect(row(plain_tab, 5)).to_contain_text("4–10 Jan")
    expect(plain_tab.get_by_text("14 days a fill")).to_be_visible()


def test_changes_stay_while_something_else_is_typed(tab: Page) -> None:
    tab.goto(PLAN)
    change_days(tab, 3, "14")
    expect(row(tab, 3)).to_contain_text("21 Dec – 3 Jan 2027")
    tab.get_by_label("Target").fill("20")
    expect(tab.get_by_role("heading", name="from 60 mg a day to 20 mg")).to_be_visible()
    expect(row(tab, 3)).to_contain_text("21 Dec – 3 Jan 2027")
    tab.reload()
    expect(row(tab, 3)).to_contain_text("21 Dec – 3 Jan 2027")
    change_days(tab, 4, "10")
    expect(tab.get_by_role("heading", name="2 changes by hand")).to_be_visible()
    tab.get_by_label("Target").fill("10")
    expect(tab.get_by_role("heading", name="from 60 mg a day to 10 mg")).to_be_visible()
    tab.get_by_role("link", name="Undo the last change").click()
    expect(tab.get_by_label("Target")).to_have_value("10")
    expect(row(tab, 3)).to_contain_text("21 Dec – 3 Jan 2027")
    expect(row(tab, 4)).to_contain_text("4–10 Jan")


def test_a_change_that_no_longer_fits_is_said_while_typing_and_goes_again(tab: Page) -> None:
    tab.goto(f"{PLAN}&edits=9:days=14")
    target = tab.get_by_label("Target")
    target.fill("40")
    expect(tab.locator("#error-edits")).to_contain_text("Change 1 by hand cannot be made")
    expect(tab.get_by_role("link", name="Undo the last change by hand")).to_be_visible()
    target.fill("0")
    expect(tab.locator("#error-edits")).to_be_hidden()
    expect(row(tab, 9)).to_contain_text("1–14 Feb")


def test_a_fault_is_said_at_its_step_and_what_was_typed_stays(tab: Page) -> None:
    tab.goto(PLAN)
    tab.locator("#change-9 summary").click()
    tab.get_by_label("Morning, mg of step 9").fill("12,5")
    change = tab.get_by_role("button", name="Change step 9")
    change.click()
    expect(tab.locator("#morning-fault-9")).to_contain_text("Give a plain number")
    assert is_in_view(tab.locator("#morning-fault-9"))
    expect(tab.get_by_label("Morning, mg of step 9")).to_have_value("12,5")
    expect(tab.get_by_label("Morning, mg of step 9")).to_have_accessible_description(
        "Morning: Give a plain number such as 20 or 12.5: digits, with a point for decimals."
    )
    assert faults(tab) == []
    for width in (360, 320):
        tab.set_viewport_size({"width": width, "height": 900})
        assert not runs_off(tab)
    tab.get_by_label("Morning, mg of step 9").fill("10")
    change.click()
    expect(tab.get_by_role("heading", name="By hand: step 9 is morning 10, midday 5, evening 5 mg")).to_be_visible()


def test_typing_goes_on_from_a_page_with_a_fault(tab: Page) -> None:
    tab.goto(PLAN)
    change_days(tab, 3, "0")
    expect(tab.locator("#days-fault-3")).to_be_visible()
    tab.get_by_label("Target").fill("20")
    expect(tab.get_by_role("heading", name="from 60 mg a day to 20 mg")).to_be_visible()
    tab.reload()
    expect(tab.get_by_label("Target")).to_have_value("20")


def test_an_option_is_changed_from_where_it_is_shown(tab: Page) -> None:
    tab.goto(PLAN)
    tab.get_by_role("link", name="With the 1 mg/mL solution").click()
    expect(tab.get_by_role("heading", name="B: steps")).to_be_visible()
    change_days(tab, 10, "14")
    expect(tab.get_by_role("heading", name="As asked, changed by hand")).to_be_visible()
    expect(tab.get_by_role("heading", name="2 changes by hand")).to_be_visible()


def test_phases_and_a_date_are_typed_by_keyboard(tab: Page) -> None:
    tab.goto(PLAN)
    tab.get_by_text("Several phases", exact=True).focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    lines = tab.get_by_label("Several phases, one a line")
    expect(lines).to_be_focused()
    tab.keyboard.type("10 mg every 28 days down to 30 mg\n")
    tab.keyboard.type("5 % of current every 2 weeks")
    expect(tab.locator("#result")).to_contain_text(
        "Pace: 10 mg every 28 days down to 30 mg, then 5 % of the current dose every 14 days"
    )
    tab.get_by_label("Or end by").fill("2027-04-01")
    expect(tab.locator("#error-pace_lines")).to_contain_text("not both")
    lines.fill("")
    expect(tab.locator("#result")).to_contain_text("The least preferred cut that ends by 1 April 2027 is")
    expect(tab.locator("#error-pace_lines")).to_be_hidden()


def test_every_control_of_a_change_is_large_enough(tab: Page) -> None:
    tab.set_viewport_size({"width": 360, "height": 900})
    tab.goto(f"{PLAN}&edits=2:days=14&edits=3:days=14")
    tab.locator("#change-3 summary").click()
    controls = tab.locator("#change-3 :is(input:not([type=hidden]), select, button), .undo a, .change summary")
    sizes = controls.evaluate_all("all => all.map(e => e.getBoundingClientRect()).map(b => [b.width, b.height])")
    assert len(sizes) > 15
    assert min(min(size) for size in sizes) >= 24

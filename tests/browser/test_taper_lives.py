"""A taper lived through in a real browser, from the plan to its end: at each point page, papers and past agree."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import served, set_up, watched
from tests.browser.lived import Life
from tests.browser.test_first_taper import fill_in_the_taper, issue_for_somebody_new

BEGUN = date(2026, 11, 30)


@pytest.fixture
def life(browser: Browser, tmp_path: Path) -> Iterator[Life]:
    """A clinic on the day on which the story begins."""
    moved = ("-m", "tests.browser.clocked", f"{BEGUN}T09:00+00:00")
    with served(tmp_path / "data", *moved) as (site, server), watched(browser, site) as page:
        set_up(page, site)
        yield Life(page, server, BEGUN, tmp_path)


def test_taper_lives_from_its_plan_to_its_end(life: Life) -> None:
    planned_and_issued(life)
    well(life)
    mild_and_held(life)
    resumed(life)
    worse_and_stepped_back(life)
    slowed(life)
    product_changed(life)
    ended(life)


def planned_and_issued(life: Life) -> None:
    page = life.page
    page.get_by_role("link", name="Plan a taper").first.click()
    fill_in_the_taper(page)
    expect(page.locator("#result table.steps")).to_contain_text("55 mg")
    page.get_by_role("button", name="Choose patient and issue").click()
    issue_for_somebody_new(page)
    expect(page.get_by_role("heading", name="version 1")).to_be_visible()
    life.keep(1)
    life.plan = page.url
    life.look(
        state="Begins on Mon 7 Dec 2026",
        now="60 mg a day, before the first change",
        then="On Monday 7 December 2026 the dose goes down to 55 mg a day.",
        version=1,
    )


def well(life: Life) -> None:
    life.go_to(date(2026, 12, 16))
    life.check_in("Well", "Go on as planned")
    life.look(
        state="Going on",
        now="50 mg a day, day 3 of 7",
        then="On Monday 21 December 2026 the dose goes down to 45 mg a day.",
        version=1,
    )


def mild_and_held(life: Life) -> None:
    """30 mg since Monday the 11th: held a week longer, so that 25 mg comes on the 25th instead of the 18th."""
    life.go_to(date(2027, 1, 13))
    expect(life.page.get_by_role("region", name="Now and next")).to_contain_text("Monday 18 January")
    life.check_in("Mild", "Hold 7 days")
    life.issue(2, "Mild signs, day 3 of 30 mg")
    held = "On Monday 25 January 2027 the dose goes down to 25 mg a day."
    life.look(state="Held at 30 mg until Sun 24 Jan 2027", now="30 mg a day, day 3 of 14", then=held, version=2)
    life.go_to(date(2027, 1, 20))
    life.look(state="Held at 30 mg until Sun 24 Jan 2027", now="30 mg a day, day 10 of 14", then=held, version=2)


def resumed(life: Life) -> None:
    """From tomorrow; the paper of the hold is good for one day more."""
    life.check_in("Well", "Something else", reason="Well again; down from tomorrow")
    life.open()
    life.change("Go down again")
    life.fill("From", "2027-01-21")
    life.issue(3, "Well again")
    life.look(
        state="Going on",
        now="30 mg a day, day 10 of 10",
        then="On Thursday 21 January 2027 the dose goes down to 25 mg a day.",
        version=3,
    )


def worse_and_stepped_back(life: Life) -> None:
    """20 mg is 5, 5 and 10 mg. Back to 30 mg from midday on: today 5, 10 and 10 mg."""
    life.go_to(date(2027, 1, 29))
    life.look(
        state="Going on",
        now="20 mg a day, day 2 of 7",
        then="On Thursday 4 February 2027 the dose goes down to 15 mg a day.",
        version=3,
    )
    life.page.get_by_role("radio", name="Severe", exact=True).check(force=True)
    help_text = life.page.get_by_role("alert", name="Emergency")
    expect(help_text).to_contain_text("Act today. In danger: call 999")
    expect(help_text).to_contain_text("Last tolerated dose: 30 mg")
    life.check_in("Severe", "Go back to 30 mg")
    life.fill("From", "2027-01-29")
    life.page.get_by_label("First new dose of that day").select_option(label="The midday dose")
    life.settle()
    life.issue(4, "Spasms, seen today")
    life.look(
        state="Stepped back to 30 mg, until Fri 5 Feb 2027",
        now="25 mg a day, day 1 of 1",
        then="On Saturday 30 January 2027 the dose goes up to 30 mg a day.",
        version=4,
    )


def slowed(life: Life) -> None:
    """30 mg since 30 January, now for two weeks."""
    life.go_to(date(2027, 2, 3))
    life.check_in("Well", "Go on as planned")
    life.change("Slower or faster")
    life.fill("Cuts, one phase a line", "5 mg every 14 days")
    life.issue(5, "Better; slower from here on")
    life.look(
        state="Going on at another pace",
        now="30 mg a day, day 5 of 14",
        then="On Saturday 13 February 2027 the dose goes down to 25 mg a day.",
        version=5,
    )


def product_changed(life: Life) -> None:
    """The same dose from tomorrow on, of tablets of 5 mg."""
    page = life.page
    life.go_to(date(2027, 2, 24))
    life.change("Other products")
    page.get_by_label("10 mg tablets", exact=True).uncheck()
    expect(page.get_by_role("alert")).to_contain_text("Tick at least one product")
    page.get_by_label("5 mg tablets", exact=True).check()
    life.settle()
    life.issue(6, "10 mg tablets are not to be had")
    expect(page.get_by_role("region", name="Now and next")).to_contain_text("2 tablets of 5 mg instead of 1 tablet of")
    life.look(
        state="Going on",
        now="25 mg a day, day 12 of 12",
        then="On Thursday 25 February 2027 the products change; the dose stays 25 mg a day.",
        version=6,
    )
    front = life.issued[6].calendar.words[0]
    assert (
        "From Thursday 25 February 2027 do not take Baclofen 10 mg tablets any more, even if you have some left."
        in front
    )
    life.go_to(date(2027, 2, 26))
    life.look(
        state="Going on",
        now="25 mg a day, day 2 of 2",
        then="On Saturday 27 February 2027 the dose goes down to 20 mg a day.",
        version=6,
    )


def ended(life: Life) -> None:
    """The last dose was yesterday; then the plan is closed, and no paper of it holds any more."""
    page = life.page
    life.go_to(date(2027, 4, 24))
    life.look(
        state="Ended: nothing is taken from Sat 24 Apr 2027 on",
        now="",
        then="The last dose was planned for Friday 23 April 2027. Nothing is taken any more.",
        version=6,
    )
    life.check_in("Well", "Go on as planned")
    page.get_by_role("region", name="Change the plan").get_by_role("link", name="End the plan").click()
    page.get_by_label("Why").select_option(label="The patient has stopped taking it")
    page.get_by_role("button", name="End the plan").click()
    expect(page.get_by_text("Closed on Sat 24 Apr 2027").first).to_be_visible()
    for number in life.issued:
        life.holds_no_more(number, "This plan ended on 24 April 2027.")

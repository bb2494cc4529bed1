"""A plan lived through in a browser: days pass, and at each look its page, its papers and its past have to agree."""

import subprocess
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect

from planner.papers.numbers import long_date
from planner.papers.readback import CalendarRead, doses_in_calendar
from tests.browser.conftest import EMAIL, PASSWORD
from tests.browser.plan_read import (
    ONE_DAY,
    Doses,
    Screen,
    days_from,
    printed_days,
    printed_steps,
    read_screen,
    recorded_steps,
    steps_from,
)
from tests.browser.test_first_taper import answer_every_question

SIZES = ("A4", "US Letter")
SINCE = date(2026, 12, 7)  # the first lower dose of the story


@dataclass(frozen=True)
class Issued:
    """A version as it was when it was issued: its address, the day, its calendar and what that says of each day."""

    address: str
    day: date
    calendar: CalendarRead
    days: dict[date, Doses]

    @property
    def begins(self) -> date:
        return min(self.days)


@dataclass
class Life:
    """today: the server's; taken: what the patient took by the paper in hand, day by day."""

    page: Page
    server: "subprocess.Popen[str]"
    today: date
    folder: Path
    plan: str = ""
    issued: dict[int, Issued] = field(default_factory=dict)
    taken: dict[date, Doses] = field(default_factory=dict)

    # Days

    def go_to(self, day: date) -> None:
        """The patient takes what the papers say until then; the clinician signs in and opens the plan."""
        for passed in days_from(max(self.today, SINCE), day - ONE_DAY):
            self.taken[passed] = self.by_paper(passed)
        assert self.server.stdin is not None
        assert self.server.stdout is not None
        self.server.stdin.write(f"{day}T09:00+00:00\n")
        self.server.stdin.flush()
        assert self.server.stdout.readline() == "set\n"
        self.today = day
        self.open()

    def by_paper(self, day: date) -> Doses:
        """What the newest paper that says anything of a day says; after the last dose nothing."""
        newest = next((each for _, each in sorted(self.issued.items(), reverse=True) if day >= each.begins), None)
        return newest.days.get(day, {}) if newest else {}

    def open(self) -> None:
        """The plan, after signing in where the session is over."""
        self.page.goto(self.plan)
        if "/sign-in/" in self.page.url:
            self.page.get_by_label("Email").fill(EMAIL)
            self.page.get_by_label("Password").fill(PASSWORD)
            self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="Planned and taken")).to_be_visible()

    # What a clinician does

    def check_in(self, how: str, decision: str, *, reason: str = "") -> None:
        page = self.page
        page.get_by_role("radio", name="No", exact=True).check(force=True)
        page.get_by_role("radio", name=how, exact=True).check(force=True)
        page.get_by_role("radio", name=decision).check()
        page.get_by_role("textbox", name="Reason").fill(reason)
        self.settle()
        page.get_by_role("button", name="Save the check-in").click()
        expect(page.get_by_role("status").first).to_contain_text("The check-in is recorded.")

    def change(self, way: str) -> None:
        """Opens one of the ways to change the plan."""
        self.page.get_by_role("region", name="Change the plan").get_by_role("link", name=way).click()

    def fill(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=True).fill(words)
        self.settle()

    def issue(self, number: int, why: str) -> None:
        """The change is worked out, seen beside the version in force, given its reasons and issued."""
        page = self.page
        page.locator("#id_why").fill(why)
        self.settle()
        page.get_by_role("button", name="Work it out").click()
        expect(page.get_by_role("heading", name="Before and after")).to_be_visible()
        answer_every_question(page)
        page.get_by_role("button", name="Issue the new version").click()
        expect(page.get_by_role("heading", name=f"version {number}")).to_be_visible()
        self.keep(number)

    def settle(self) -> None:
        """What is typed last is left, and what the page works out from it has come."""
        self.page.keyboard.press("Tab")
        expect(self.page.locator(".htmx-request")).to_have_count(0)

    def keep(self, number: int) -> None:
        """A version just issued, from its page."""
        calendar = doses_in_calendar(self.download("A4"))
        self.issued[number] = Issued(self.page.url, self.today, calendar, printed_days(calendar))
        self.page.get_by_role("link", name="The plan", exact=True).click()
        expect(self.page.get_by_role("heading", name="Planned and taken")).to_be_visible()

    def download(self, size: str) -> bytes:
        """A calendar, from the page of its version."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=f"Download {size}").click()
        path = self.folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path.read_bytes()

    # What has to hold at each look

    def look(self, *, state: str, now: str, then: str, version: int) -> None:
        """The page says what the test says by hand; the papers of the version say what the page says; of older papers
        every page says that it holds no more; what was taken stands on the page as the papers had it.
        """
        screen = read_screen(self.page)
        assert screen.state == state
        assert screen.now.startswith(now)
        assert then in screen.then
        assert version == max(self.issued)
        assert (screen.version, screen.papers) == (f"Version {version}", f"Papers of version {version}")
        self.now_and_next_are_of_the_table(screen)
        self.past_is_as_taken(screen)
        self.papers_agree(screen, self.issued[version])
        for number in range(1, version):
            self.holds_no_more(number, self.words_for(number))
        self.open()

    def now_and_next_are_of_the_table(self, screen: Screen) -> None:
        doses = screen.days(self.today + ONE_DAY).get(self.today, {})
        assert all(f"{time.capitalize()} {amount} mg" in screen.regimen for time, (amount, _) in doses.items())
        coming = next((step.first for step in screen.steps if step.first > self.today), None)
        assert (f"{coming:%A} {coming.day} {coming:%B}" if coming else "None planned") in screen.next

    def past_is_as_taken(self, screen: Screen) -> None:
        said = {day: doses for day, doses in screen.days(self.today).items() if day < self.today}
        assert said == {day: doses for day, doses in self.taken.items() if doses}

    def papers_agree(self, screen: Screen, version: Issued) -> None:
        """Both calendars and the copy for the record, day by day and step by step."""
        ahead = {day: doses for day, doses in screen.days(max(version.days) + ONE_DAY).items() if day >= version.begins}
        self.page.goto(version.address)
        for size in SIZES:
            read = doses_in_calendar(self.download(size))
            assert printed_days(read) == ahead
            assert printed_steps(read) == steps_from(screen, version.begins)
            assert "replaces this paper" not in " ".join(read.words)
        text = self.page.get_by_label("Select all and copy into the patient’s record").input_value()
        assert recorded_steps(text) == steps_from(screen, version.begins)

    def words_for(self, number: int) -> str:
        """The newest version that has begun stands for an older one; before any has, the newest of all is to come."""
        begun = [other for other, each in self.issued.items() if other > number and each.begins <= self.today]
        if begun:
            day = self.issued[max(begun)].day
            return f"Replaced by version {max(begun)} of {long_date(day, weekday=False)}. Do not take medicine by"
        newest = max(self.issued)
        return f"From {long_date(self.issued[newest].begins, weekday=False)} version {newest} replaces this paper."

    def holds_no_more(self, number: int, words: str) -> None:
        """An older paper printed again: the same doses, under the words on every page."""
        was = self.issued[number]
        self.page.goto(was.address)
        read = doses_in_calendar(self.download("A4"))
        assert all(words in page for page in read.words)
        assert (read.days, read.steps) == (was.calendar.days, was.calendar.steps)

"""A planner started by its own command, and Debian's Chromium."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.databases import fresh_address

pytest.register_assert_rewrite("tests.browser.lived", "tests.browser.plan_read")  # so that a failure says what differs

ROOT = Path(__file__).parent.parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
EMAIL, PASSWORD = "owner@example.org", "seven quiet herons"


@dataclass(frozen=True)
class Site:
    """A running planner. set_up: the address of its one-time link."""

    address: str
    set_up: str


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its module: while Playwright runs, Django takes the whole process for asynchronous."""
    found = shutil.which("chromium")
    if found is None:
        words = "no chromium is installed (apt install chromium)"
        if os.environ.get("CI") or os.environ.get("PLANNER_REQUIRE_BROWSER") == "1":
            pytest.fail(words)
        pytest.skip(words)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("data"), str(ROOT / "manage.py"), "start") as (site, _):
        yield site


@contextmanager
def served(data: Path, *command: str) -> Iterator[tuple[Site, "subprocess.Popen[str]"]]:
    """A planner with this folder, and its process. command: what Python runs; it takes the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with fresh_address() as address:
        process = subprocess.Popen(
            [sys.executable, *command, "--port", str(port)],
            cwd=ROOT,
            env={**kept, "PLANNER_DATA": str(data), "DATABASE_URL": address, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield Site(f"http://localhost:{port}", _set_up_link(process)), process
        finally:
            process.terminate()
            process.communicate(timeout=20)


def _set_up_link(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            break
    link = re.search(r"http://\S+/set-up/\S+/", "".join(said))
    assert link, said
    return link[0]


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with watched(browser, site) as tab:
        yield tab


@contextmanager
def watched(browser: Browser, site: Site) -> Iterator[Page]:
    """A page of a fresh browser. Everything that the browser complains of fails the test."""
    context = browser.new_context(base_url=site.address, accept_downloads=True)
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(site.address) else None)
    yield tab
    context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def signed_in_state(browser: Browser, site: Site) -> object:
    """The cookies of the first person, after the set-up."""
    context = browser.new_context()
    set_up(context.new_page(), site)
    state = context.storage_state()
    context.close()
    return state


def set_up(page: Page, site: Site, country: str = "United Kingdom") -> None:
    """Fills in the one-time page, as the first person does."""
    page.goto(site.set_up)
    page.get_by_label("Name of the clinic").fill("Example Clinic")
    page.get_by_label("Country").select_option(label=country)
    page.get_by_label("Phone").fill("020 7946 0000")
    page.get_by_label("Opening hours").fill("Monday to Friday, 8 am to 6 pm")
    page.get_by_label("Out of hours").fill("111")
    page.get_by_label("Emergency number").fill("999")
    page.get_by_label("Name", exact=True).fill("Test Owner")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Set up the clinic").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.fixture
def context(browser: Browser, site: Site, signed_in_state: object) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=site.address, storage_state=signed_in_state)  # type: ignore[arg-type]
    yield made
    made.close()

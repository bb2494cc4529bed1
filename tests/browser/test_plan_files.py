"""A plan is issued, taken along and brought in for another patient, without JavaScript and held to axe's rules."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_accessible import faults, runs_off
from tests.browser.test_first_taper import answer_every_question, fill_in_the_taper


@pytest.fixture(scope="module")
def file(browser: Browser, site: Site, signed_in_state: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a plan that was issued and taken along without JavaScript."""
    plain = browser.new_context(base_url=site.address, storage_state=signed_in_state, java_script_enabled=False)  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto("/plan/")
    fill_in_the_taper(page)
    page.get_by_label("First lower dose").fill((datetime.now(tz=UTC).date() - timedelta(days=20)).isoformat())
    page.get_by_role("button", name="Work it out").click()
    page.get_by_role("button", name="Choose patient and issue").click()
    new_patient(page, "Test Patient", "TP-0001")
    answer_every_question(page)
    page.get_by_role("button", name="Issue", exact=True).click()
    page.get_by_role("link", name="The plan").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the plan").click()
    saved = tmp_path_factory.mktemp("taken") / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    plain.close()
    assert "Test Patient" not in saved.read_text()
    return saved


def new_patient(page: Page, name: str, identifier: str) -> None:
    page.get_by_role("group", name="Somebody new").get_by_label("Name").fill(name)
    page.get_by_label("Date of birth").fill("1968-03-14")
    page.get_by_label("Identifier").fill(identifier)


def choose(page: Page, file: Path) -> None:
    page.goto("/patients/")
    page.get_by_role("link", name="Bring a plan in").click()
    page.set_input_files("#id_file", file)
    page.get_by_role("button", name="Check the file").click()


def test_plan_is_brought_in_without_javascript(
    browser: Browser,
    site: Site,
    signed_in_state: object,
    context: BrowserContext,
    file: Path,
    tmp_path: Path,
) -> None:
    plain = browser.new_context(base_url=site.address, storage_state=signed_in_state, java_script_enabled=False)  # type: ignore[arg-type]
    page = plain.new_page()
    other = tmp_path / "changed.json"
    other.write_text(file.read_text().replace('"55"', '"50"', 1))
    choose(page, other)
    expect(page.get_by_role("alert")).to_contain_text("Nothing was brought in")
    expect(page.locator("#id_file_error")).to_contain_text("was changed since it was exported")
    choose(page, file)
    page.get_by_role("button", name="Bring in and issue").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a patient from the list")
    new_patient(page, "Other Patient", "OP-0001")
    page.get_by_label("Bring it in with reasons still missing").check()
    page.get_by_role("button", name="Bring in and issue").click()
    expect(page.get_by_role("status")).to_contain_text("The plan is brought in")
    page.get_by_role("link", name="Give the reason").first.click()
    answer_every_question(page)
    page.get_by_role("button", name="Keep the reasons").click()
    expect(page.get_by_role("status")).to_contain_text("The reasons are kept with the plan")
    scripted = context.new_page()
    scripted.goto(page.url)
    assert faults(scripted) == []
    plain.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_pages_of_a_file_keep_the_rules(context: BrowserContext, file: Path, width: int, scheme: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    choose(page, file)
    expect(page.get_by_role("heading", name="What is in it")).to_be_visible()
    assert faults(page) == []
    assert not runs_off(page)
    page.get_by_role("button", name="Bring in and issue").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []
    new_patient(page, "Some Patient", f"SP-{width}-{scheme}")
    page.get_by_label("Bring it in with reasons still missing").check()
    page.get_by_role("button", name="Bring in and issue").click()
    page.get_by_role("link", name="Give the reason").first.click()
    assert faults(page) == []
    assert not runs_off(page)
    page.get_by_role("button", name="Keep the reasons").click()
    assert faults(page) == []
    page.goto("/learning/")
    expect(page.get_by_role("heading", name="By share of the starting dose")).to_be_visible()
    assert faults(page) == []
    assert not runs_off(page)

"""A published pace chosen on the page: written into pace and limit, with everything else that is typed kept."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from planner.forms import PlannerForm
from planner.formulary import find_medicine, inline_medicine, load, medicine_keys
from planner.models import Clinic
from planner.taper import parse_request
from planner.taper.amounts import show
from planner.taper.medicine import Change, Limit, NamedPace, Phase
from tests.planner_page.conftest import LIVE
from tests.web.conftest import clinic, owner, page  # noqa: F401

TYPED: dict[str, Any] = {
    "shown_for": "sertraline", "medicine": "sertraline", "products": ["tablet-25", "tablet-whole-100"],
    "morning": "200", "target": "0", "start": "2026-12-07", "factors_asked": "on", "use_pace": "scotland",
}  # fmt: skip


def fields(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


@pytest.mark.parametrize("live", [True, False], ids=["while typing", "by the button"])
def test_chosen_pace_is_written_out_and_the_rest_stays(page: Client, live: bool) -> None:  # noqa: F811
    response = page.get("/plan/", TYPED, headers=LIVE if live else {})
    found = fields(response.headers["HX-Redirect" if live else "Location"])
    assert found["pace_lines"] == ["50 mg every 28 days down to 50 mg\n25 mg every 28 days"]
    assert (found["limit_cut"], found["limit_of"], found["limit_days"]) == (["50"], ["amount"], ["28"])
    assert (found["final_dose"], found["over_ceiling"]) == (["25"], ["on"])
    assert {name: found[name] for name in ("morning", "start", "factors_asked", "products")} == {
        "morning": ["200"], "start": ["2026-12-07"], "factors_asked": ["on"],
        "products": ["tablet-25", "tablet-whole-100"],
    }  # fmt: skip
    assert "use_pace" not in found


def test_the_page_then_shows_the_ladder(page: Client) -> None:  # noqa: F811
    html = page.get("/plan/", TYPED, follow=True).content.decode()
    assert "ways from 200 mg a day to stop" in html
    assert "Pace: 50 mg every 28 days down to 50 mg, then 25 mg every 28 days. Limit: 50 mg in 28 days." in html


@pytest.mark.parametrize("name", ["slowly", "cks-ladder"])
def test_a_pace_of_another_medicine_is_said_at_the_field(page: Client, name: str) -> None:  # noqa: F811
    html = page.get("/plan/", TYPED | {"use_pace": name}).content.decode()
    assert "Choose from: Scotland, standard ladder" in html


def test_another_medicine_drops_the_choice(page: Client) -> None:  # noqa: F811
    response = page.get("/plan/", TYPED | {"medicine": "diazepam"}, headers=LIVE)
    assert "use_pace" not in fields(response.headers["HX-Redirect"])


PACES = [pytest.param(key, name, id=f"{key}-{name}") for key in medicine_keys() for name in load(key).paces]


def from_the_highest_dose(key: str, country: str) -> dict[str, Any]:
    """What the page sends from the highest usual dose of a file, with the products usual in a country."""
    file = load(key)
    start = max(file.starts, key=lambda one: sum(one.regimen.values()))
    doses = {time: show(dose) for time, dose in start.regimen.items()}
    fixed = {"medicine": key, "shown_for": key, "target": "0", "start": "2026-12-07", "factors_asked": "on"}
    return {**fixed, "products": list(file.defaults_in(country)), **doses}


@pytest.mark.parametrize(("key", "name"), PACES)
def test_every_pace_is_written_out_as_its_file_has_it(clinic: Clinic, key: str, name: str) -> None:  # noqa: F811
    typed = from_the_highest_dose(key, clinic.country)
    plain, choosing = PlannerForm(typed, clinic=clinic), PlannerForm(typed | {"use_pace": name}, clinic=clinic)
    assert plain.is_valid(), plain.errors
    assert choosing.with_chosen_pace is not None
    filled = PlannerForm(choosing.with_chosen_pace, clinic=clinic)
    assert filled.is_valid(), filled.errors
    asked = parse_request(filled.request_data(), find_medicine, inline_medicine, plain.context)
    named = parse_request(plain.request_data() | {"pace": name}, find_medicine, inline_medicine, plain.context)
    assert (asked.pace, asked.limit, asked.final_dose) == (named.pace, named.limit, named.final_dose)


@pytest.mark.parametrize(("key", "name"), [("prednisolone", "gca-bristol"), ("zopiclone", "ladder")])
def test_choice_leads_to_a_schedule(page: Client, clinic: Clinic, key: str, name: str) -> None:  # noqa: F811
    typed = from_the_highest_dose(key, clinic.country) | {"use_pace": name}
    assert 'id="steps"' in page.get("/plan/", typed, follow=True).content.decode()


def test_a_pace_that_the_form_cannot_hold_is_not_offered(clinic: Clinic) -> None:  # noqa: F811
    form = PlannerForm(from_the_highest_dose("baclofen", clinic.country), clinic=clinic)
    limit = Limit(Change(load("baclofen").final_dose.daily, None), 90)
    phase = Phase(limit.cut, 91)
    assert not form.can_hold_pace(NamedPace((phase,), limit))
    assert form.can_hold_pace(NamedPace((replace(phase, down_to=limit.cut.amount), phase), limit))
    assert not form.can_hold_pace(NamedPace((replace(phase, every=90),), replace(limit, days=91)))


def test_typed_dose_and_date_survive_the_choice(tab: Page) -> None:
    tab.goto("/plan/?medicine=sertraline")
    tab.get_by_label("Morning", exact=True).fill("200")
    tab.get_by_label("First lower dose").fill("2026-12-07")
    expect(tab.get_by_role("heading", name="A: steps")).to_be_visible()
    tab.get_by_text("Published paces").click()
    tab.get_by_label("Take over a published pace").select_option(label="Scotland, standard ladder")
    expect(tab.get_by_label("Several phases, one a line")).to_have_value(
        "50 mg every 28 days down to 50 mg\n25 mg every 28 days"
    )
    expect(tab.get_by_label("Morning", exact=True)).to_have_value("200")
    expect(tab.get_by_label("First lower dose")).to_have_value("2026-12-07")

"""The published paces that the page links to: each is what the file holds, and leads to a schedule."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from planner.forms import PlannerForm
from planner.formulary import find_medicine, inline_medicine, load, medicine_keys
from planner.models import Clinic
from planner.taper import parse_request
from planner.taper.amounts import show
from planner.taper.medicine import Change, Limit, NamedPace, Phase

PACES = [pytest.param(key, name, id=f"{key}-{name}") for key in medicine_keys() for name in load(key).paces]


def typed(key: str, country: str) -> dict[str, Any]:
    """What the page sends from the highest usual dose of a file, with the products usual in a country."""
    file = load(key)
    start = max(file.starts, key=lambda one: sum(one.regimen.values()))
    doses = {time: show(dose) for time, dose in start.regimen.items()}
    fixed = {"medicine": key, "shown_for": key, "target": "0", "start": "2026-12-07", "factors_asked": "on"}
    return {**fixed, "products": list(file.defaults_in(country)), **doses}


@pytest.mark.parametrize(("key", "name"), PACES)
def test_link_puts_the_pace_of_the_file_into_the_form(clinic: Clinic, key: str, name: str) -> None:
    form = PlannerForm(typed(key, clinic.country), clinic=clinic)
    assert form.is_valid(), form.errors
    linked = PlannerForm(form.with_named_pace(name), clinic=clinic)
    assert linked.is_valid(), linked.errors
    asked = parse_request(linked.request_data(), find_medicine, inline_medicine, form.context)
    named = parse_request(form.request_data() | {"pace": name}, find_medicine, inline_medicine, form.context)
    assert (asked.pace, asked.limit, asked.final_dose) == (named.pace, named.limit, named.final_dose)


@pytest.mark.parametrize(("key", "name"), [("prednisolone", "gca-bristol"), ("zopiclone", "ladder")])
def test_link_leads_to_a_schedule(page: Client, clinic: Clinic, key: str, name: str) -> None:
    form = PlannerForm(typed(key, clinic.country), clinic=clinic)
    address = f"/?{form.with_named_pace(name).urlencode()}"
    assert (
        address.replace("&", "&amp;") in page.get(f"/?{urlencode(typed(key, clinic.country), True)}").content.decode()
    )
    assert 'id="steps"' in page.get(address).content.decode()


def test_a_pace_that_the_form_cannot_hold_is_no_link(clinic: Clinic) -> None:
    form = PlannerForm(typed("baclofen", clinic.country), clinic=clinic)
    limit = Limit(Change(load("baclofen").final_dose.daily, None), 90)
    phase = Phase(limit.cut, 91)
    assert not form.can_hold_pace(NamedPace((phase,), limit))
    assert form.can_hold_pace(NamedPace((replace(phase, down_to=limit.cut.amount), phase), limit))
    assert not form.can_hold_pace(NamedPace((replace(phase, every=90),), replace(limit, days=91)))

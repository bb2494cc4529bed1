"""Published schedules that name a medicine of the formulary, asked of its real file as well as of the inline form."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from planner.formulary import find_medicine, medicine_keys
from planner.taper import answer_json, check
from planner.taper.amounts import show
from planner.taper.medicine import Product
from tests.taper.asking import Json, ask, read
from tests.taper.test_published import CASES, daily

OF_A_FILE = {
    "citalopram-40": "citalopram",
    "sertraline-200": "sertraline",
    "paroxetine-40": "paroxetine",
    "giacta-6-month": "prednisone",
    "pmr": "prednisone",
    "prednisone-150-tablets": "prednisone",
    "lorazepam-to-diazepam-tail": "diazepam",
    "baclofen-5mg-stuck": "baclofen",
    "baclofen-1mg-stuck": "baclofen",
    "va-slower": "morphine",
}
ASKED = [name for name in OF_A_FILE if "request" in CASES[name]]
GIVEN = [name for name in OF_A_FILE if "schedule" in CASES[name]]
PACES = {
    "citalopram-40": "scotland",
    "sertraline-200": "scotland",
    "paroxetine-40": "scotland",
    "va-slower": "va-slower",
}


def inline_of(name: str) -> Json:
    case = CASES[name]
    medicine: Json = case["request"]["medicine"] if "request" in case else case["medicine"]
    return medicine


def products_like(name: str) -> list[str]:
    """The file's products of the same form and strength as the published ones, one for each."""
    file = find_medicine(OF_A_FILE[name])
    found = []
    for product in inline_of(name)["products"].values():
        alike = [own for own in file.products.values() if is_like(own, product)]
        assert alike, f"{file.name} has no {product['form']} of {product['strength']}"
        found.append(alike[0].key)
    return found


def is_like(own: Product, published: Json) -> bool:
    """Of one form and strength, and divided at least as far; the finest that the file has comes first in it."""
    same = (own.form, show(own.strength)) == (published["form"], published["strength"])
    return same and own.divides >= published.get("divides", 1)


def of_file(name: str) -> Json:
    changed = CASES[name]["request"] | {"medicine": OF_A_FILE[name], "products": products_like(name)}
    return {field: value for field, value in changed.items() if value is not None}


def test_every_case_that_names_a_medicine_of_the_formulary_is_asked_of_it() -> None:
    named = {
        name
        for name in CASES
        if any(inline_of(name)["name"].lower().split()[0].startswith(key) for key in medicine_keys())
    }
    assert named == set(OF_A_FILE)


@pytest.mark.parametrize("name", [name for name in ASKED if "daily" in CASES[name]["expect"]])
def test_daily_doses_are_as_published_with_the_file_too(name: str) -> None:
    answer = ask(of_file(name))
    expect = CASES[name]["expect"]
    assert daily(answer) == expect["daily"]
    over = [step["daily"] for step in answer["steps"] if step["over_limit"]]
    assert over == expect.get("over_limit_daily", over)
    at = {step["daily"]: step["regimen"] for step in answer["steps"]}
    assert {dose: at[dose] for dose in expect.get("regimens_at", {})} == expect.get("regimens_at", {})


@pytest.mark.parametrize("name", PACES)
def test_a_published_ladder_stands_in_the_file_by_its_name(name: str) -> None:
    """No cut, no limit and no final dose are given: the file's pace brings all of it."""
    request = of_file(name) | {"pace": PACES[name]}
    del request["limit"], request["final_dose"]
    assert daily(ask(request)) == CASES[name]["expect"]["daily"]


def test_refusal_of_a_whole_millilitre_is_the_same_with_the_file() -> None:
    """The file's solution is measured in half mL, with which there is a way on: the published one is in whole mL."""
    answer = ask(of_file("baclofen-1mg-stuck"))
    assert answer["outcome"] == "proposed" or answer["stuck_at"] != CASES["baclofen-1mg-stuck"]["expect"]["stuck_at"]


@pytest.mark.parametrize("name", GIVEN)
def test_a_published_schedule_is_counted_the_same_with_the_file(name: str) -> None:
    case, day, steps = CASES[name], date(2026, 12, 7), []
    for dose, days in case["schedule"]:
        steps.append({"start": day.isoformat(), "days": days, "regimen": {case["time"]: dose}})
        day += timedelta(days=days)
    file = find_medicine(OF_A_FILE[name])
    request = {
        "medicine": file.key, "products": products_like(name), "regimen": {case["time"]: case["schedule"][0][0]},
        "start": "2026-12-07", "max_units": "40",
    }  # fmt: skip
    answer = answer_json(check(read(request), steps))
    total = sum(
        Fraction(units) * Fraction(file.products[key].strength) for key, units in answer["supply"]["total"].items()
    )
    assert (total, sum(step["days"] for step in answer["steps"])) == (
        Fraction(case["expect"]["total"]),
        case["expect"]["days"],
    )
    assert not [f for f in answer["findings"] if f["severity"] == "block" and f["code"] != "unverified-medicine"]

"""A file whose figures contradict each other only in use is found before anybody plans with it."""

import tomllib
from typing import Any

import pytest

from planner.formulary import load, medicine_keys
from planner.formulary.loading import read_text
from planner.formulary.model import MedicineFile
from planner.formulary.shelf import FOLDER
from planner.formulary.trial import trial_faults
from tests.formulary.example import with_more


def changed(**changes: Any) -> MedicineFile:
    """The baclofen file with some figures exchanged."""
    return MedicineFile.model_validate(tomllib.loads((FOLDER / "baclofen.toml").read_text(encoding="utf-8")) | changes)


def cited(**figure: Any) -> dict[str, Any]:
    return figure | {"source": "own-proposal", "standing": "proposal"}


@pytest.mark.parametrize("key", medicine_keys())
def test_every_file_leads_somewhere_from_each_of_its_usual_doses(key: str) -> None:
    assert trial_faults(load(key)) == []


def test_a_first_cut_that_no_product_can_make_is_named_with_its_dose() -> None:
    faults = dict(trial_faults(changed(limit=cited(cut="5%", of="current", days=7))))
    words = "the smallest first cut that these products make is 5 mg, 6.3 % of the current dose; the limit is 5 % of"
    assert f"evening 20 mg, bedtime 20 mg: {words}" in faults["default_products"]


def test_a_market_whose_products_make_no_lower_dose_is_named() -> None:
    starts = load("baclofen").starts[:1]
    file = changed(default_products_by_market={"US": ["granules-20"]}).model_copy(update={"starts": starts})
    assert [path for path, _ in trial_faults(file)] == ["default_products_by_market.US"]
    assert "From morning 10 mg, midday 10 mg, evening 10 mg: products granules-20" in trial_faults(file)[0][1]


def test_a_market_whose_products_lead_down_from_some_usual_dose_is_sound() -> None:
    assert trial_faults(changed(default_products_by_market={"US": ["granules-20"]})) == []


def test_a_published_pace_that_cannot_be_used_is_named() -> None:
    phases = [{"cut": "5 mg", "every": 7, "down_to": "100%"}, {"cut": "5 mg", "every": 7, "down_to": "90 mg"}]
    pace = cited(label="Rising", phases=[*phases, {"cut": "5 mg", "every": 7}], limit={"cut": "5 mg", "days": 7})
    assert "paces.rising" in dict(trial_faults(changed(paces={"rising": pace})))


def test_the_readmes_pace_and_factor_stand_beside_its_smallest_file() -> None:
    file = read_text("examplazine.toml", with_more())
    assert (list(file.paces), [factor.key for factor in file.factors]) == (["leaflet"], ["age-65"])
    assert trial_faults(file) == []

"""Every medicine file: what it plans by itself, what its papers say, and that each figure has a source."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from planner.formulary import find_medicine, load, medicine_keys
from planner.formulary.model import MedicineFile, walk
from planner.papers import calendar_pdf
from planner.papers.model import Paper
from planner.papers.verify import verify_calendar
from planner.recheck import recheck
from planner.taper import Answer, answer_json, check
from planner.taper.amounts import show
from tests.formulary.test_patient_words import LONGEST_GRADE, grade
from tests.papers.samples import CLINIC, PATIENT, US_CLINIC
from tests.taper.asking import proposed, read

START = date(2026, 12, 7)
ASKED_FIRST = {"refuse", "block"}  # severities that let nothing be issued
STANDING = {"unverified-medicine", "unreviewed-medicine"}  # they wait for the clinic's sign-off
FROM_A_FILE = {
    "over-ceiling", "abrupt-end", "too-soon", "too-short", "above-maximum", "dose-gap", "unusual-times",
    "changes-before-closure", "faster-than-factor",
}  # fmt: skip  # findings whose bound is a figure of the medicine file
NEEDLESS = re.compile(r"\b(BID|TID|QID|taper|withdrawal|titrat|spasticity|nausea|insomnia|toxicity)", re.I)


def request(key: str, place: int, **changes: Any) -> dict[str, Any]:
    regimen = {time: show(dose) for time, dose in load(key).starts[place].regimen.items()}
    return {"medicine": key, "regimen": regimen, "start": START.isoformat(), "factors": []} | changes


STARTS = [pytest.param(key, n, id=f"{key}-{n}") for key in medicine_keys() for n in range(len(load(key).starts))]
PACES = [pytest.param(key, name, id=f"{key}-{name}") for key in medicine_keys() for name in load(key).paces]
MARKETS = [
    pytest.param(key, country, id=f"{key}-{country}")
    for key in medicine_keys()
    for country in load(key).default_products_by_market
]
KEYS = pytest.mark.parametrize("key", medicine_keys())


def sound(answer: Answer) -> None:
    """A schedule that may be issued once what asks for a reason has one, reckoned a second time."""
    assert answer.outcome == "proposed", [finding.message for finding in answer.findings]
    assert not [f.code for f in answer.findings if f.severity in ASKED_FIRST and f.code not in STANDING]
    assert not [f.code for f in answer.findings if f.code in FROM_A_FILE and f.source is None]
    assert recheck(answer_json(answer), bare_products(answer)) == []


def bare_products(answer: Answer) -> dict[str, dict[str, Any]]:
    return {
        product.key: {
            "strength": show(product.strength),
            "liquid": product.is_liquid,
            "divides": product.divides,
            "step_ml": show(product.step_ml) if product.step_ml else None,
        }
        for product in answer.request.all_products
    }


@pytest.mark.parametrize(("key", "place"), STARTS)
def test_default_request_gives_a_schedule_that_its_own_rules_accept_or_flag(key: str, place: int) -> None:
    sound(proposed(request(key, place)))


@pytest.mark.parametrize(("key", "place"), STARTS)
def test_check_says_of_the_default_schedule_what_propose_said(key: str, place: int) -> None:
    """All but what only a search can know."""
    answer = proposed(request(key, place))
    steps = answer_json(answer)["steps"]
    given = [{name: step[name] for name in ("start", "days", "regimen")} for step in steps]
    again = check(read(request(key, place)), given)
    assert [step.over_limit for step in again.steps] == [step.over_limit for step in answer.steps]
    found = {(f.code, f.step) for f in again.findings}
    assert {(f.code, f.step) for f in answer.findings if f.severity != "advise"} <= found
    assert again.supply == answer.supply


@pytest.mark.parametrize(("key", "country"), MARKETS)
def test_default_products_of_each_market_make_the_way_down(key: str, country: str) -> None:
    file = load(key)
    sound(proposed(request(key, 0, products=list(file.defaults_in(country)))))


@pytest.mark.parametrize(("key", "name"), PACES)
def test_a_published_pace_keeps_its_own_limit_wherever_products_allow(key: str, name: str) -> None:
    answer = proposed(request(key, 0, pace=name))
    sound(answer)
    assert not any(finding.code == "preferred-above-limit" for finding in answer.findings)


@KEYS
def test_first_cut_of_the_default_pace_can_be_made(key: str) -> None:
    """Were no product fine enough for it, the first step would pass the limit or be another size altogether."""
    for place in range(len(load(key).starts)):
        first = proposed(request(key, place)).steps[0]
        assert not first.over_limit, f"start {place}: {first.cut} at once"


@KEYS
@pytest.mark.parametrize("country", ["GB", "US"])
def test_calendar_is_printed_and_read_back(key: str, country: str) -> None:
    file, clinic = load(key), CLINIC if country == "GB" else US_CLINIC
    answer = proposed(request(key, 0, products=list(file.defaults_in(country))))
    size = "A4" if country == "GB" else "Letter"
    paper = Paper(
        answer, file, clinic, patient=PATIENT, version=1, issued=date(2026, 11, 27), replaces=None, page_size=size
    )
    verify_calendar(calendar_pdf(paper), answer)


@KEYS
def test_every_figure_has_standing_kind_and_a_place_to_look_it_up(key: str) -> None:
    file = load(key)
    for figure in file.figures():
        source = figure.source
        assert all((source.standing, source.kind, source.title)), figure.path
        assert source.address or source.note, figure.path
        assert figure.value_text, f"{figure.path} says nothing"


@KEYS
def test_nothing_unverified_is_called_verified_by_its_source(key: str) -> None:
    file = load(key)
    for path, cited in walk(file):
        kind = file.sources[cited.source].kind
        assert (kind == "general knowledge") == (cited.standing == "unverified"), path


@KEYS
def test_patients_words_are_short_and_plain(key: str) -> None:
    for sign in signs(load(key)):
        assert (len(sign.split()) <= 9, len(sign) <= 50, sign.endswith(".")) == (True, True, False), sign
        assert not NEEDLESS.search(sign), sign
    for sentence in sentences(load(key)):
        assert (sentence[-1], sentence[0].isupper()) == (".", True), sentence
        assert max(len(part.split()) for part in re.split(r"(?<=[.:]) ", sentence)) <= 18, sentence
        assert not NEEDLESS.search(sentence), sentence


@KEYS
def test_a_sixth_grader_can_read_the_sentences(key: str) -> None:
    patient = load(key).patient
    for words in (patient.missed_dose, patient.never_stop, patient.also):
        assert not words or grade(" ".join(words)) <= LONGEST_GRADE, " ".join(words)


@KEYS
def test_no_sign_stands_in_two_boxes(key: str) -> None:
    found = signs(load(key))
    assert len(set(found)) == len(found)


def signs(file: MedicineFile) -> list[str]:
    return [*file.patient.call_us, *file.patient.emergency, *file.patient.too_much]


def sentences(file: MedicineFile) -> list[str]:
    patient, products = file.patient, file.products.values()
    own = [phrase.says for product in products for phrase in product.missed_dose]
    looks = [product.look for product in products if product.look]
    return [*patient.missed_dose, *patient.never_stop, *patient.also, *own, *looks]


@KEYS
def test_the_engine_gets_the_figures_of_the_file(key: str) -> None:
    file, medicine = load(key), find_medicine(key)
    assert medicine.unit == file.unit
    assert tuple(medicine.products) == tuple(file.products)
    strengths: Mapping[str, Decimal] = {name: product.strength for name, product in file.products.items()}
    assert {name: product.strength for name, product in medicine.products.items()} == strengths
    assert tuple(medicine.paces) == tuple(file.paces)
    assert medicine.least_interval == (file.least_interval.days if file.least_interval else None)

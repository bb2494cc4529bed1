"""Which patient factors follow of themselves, and what they say of a faster pace."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from planner.formulary import find_medicine
from planner.taper import Context, answer_json
from planner.taper.factors import effective, factor_findings
from planner.taper.medicine import Change, Factor, Phase, Severity, Source
from planner.taper.request import Request
from planner.taper.rules_medicine import factor_pace
from planner.taper.schedule import Finding
from tests.taper.asking import Json, proposed, read
from tests.taper.test_examples import BACLOFEN, findings

START = date(2026, 12, 7)
AGED_65 = Context(born=date(1961, 12, 7))
MEDICINE = find_medicine("baclofen")
WEEKLY = [{"cut": "10%", "of": "current", "every": 7}]


def ask(**fields: Any) -> Json:
    return BACLOFEN | {"start": START.isoformat(), "factors": []} | fields


def passed(request: Request) -> list[Finding]:
    return list(factor_pace(request, []))


@pytest.mark.parametrize(
    ("days", "current", "holds"),
    [(91, "60", True), (90, "60", False), (91, "59.5", False), (3000, "300", True), (0, "60", False)],
)
def test_long_use_at_a_high_dose_follows_from_the_day_it_was_begun(days: int, current: str, holds: bool) -> None:
    """More than 90 days at 60 mg a day or more."""
    since = START - timedelta(days=days)
    keys = effective(MEDICINE, [], None, START, taking_since=since, current=Decimal(current))
    assert keys == (["long-high-use"] if holds else [])


def test_nothing_follows_from_what_is_not_known() -> None:
    assert effective(MEDICINE, None, None, START) == []
    assert effective(MEDICINE, None, None, START, current=Decimal(80)) == []
    assert effective(MEDICINE, None, None, START, taking_since=date(2020, 1, 1)) == []


def test_ticked_factors_come_first_and_none_stands_twice() -> None:
    keys = effective(
        MEDICINE, ["pregnancy", "long-high-use"], date(1950, 1, 1), START,
        taking_since=date(2020, 1, 1), current=Decimal(60),
    )  # fmt: skip
    assert keys == ["pregnancy", "long-high-use", "age-65"]


@pytest.mark.parametrize(
    ("born", "keys"),
    [
        (date(1961, 12, 7), ["age-65"]),
        (date(1961, 12, 8), []),
        (date(2008, 12, 8), ["age-12-to-17"]),
        (date(2008, 12, 7), []),
        (date(2014, 12, 8), ["under-12"]),
    ],
)
def test_age_is_counted_on_the_day_of_the_first_lower_dose(born: date, keys: list[str]) -> None:
    assert effective(MEDICINE, [], born, START) == keys


def test_every_bound_of_a_factor_has_to_be_met() -> None:
    old_and_high = factor("old-and-high", "advise", age_from=65, daily_from=Decimal(40))
    medicine = replace(MEDICINE, factors=(old_and_high,))
    met = {
        (born.year, dose): effective(medicine, [], born, START, current=Decimal(dose))
        for born in (date(1950, 1, 1), date(1990, 1, 1))
        for dose in (39, 40)
    }
    assert [key for key, keys in met.items() if keys] == [(1950, 40)]


def test_a_request_finds_the_factor_in_its_own_dates_and_dose() -> None:
    """60 mg a day, 91 days after 7 September."""
    found = [finding.code for finding in factor_findings(read(ask(taking_since="2026-09-07")))]
    assert found == ["long-high-use"]
    assert factor_findings(read(ask(taking_since="2026-09-08"))) == []


def test_a_pace_faster_than_a_factors_needs_a_reason() -> None:
    (finding,) = passed(read(ask(factors=["egfr-30-59"], pace=WEEKLY)))
    assert (finding.code, finding.severity, finding.step) == ("faster-than-factor", "acknowledge", None)
    assert finding.message == (
        "The pace is faster than the medicine file proposes for: eGFR 30 to 59. "
        "It proposes 10 % of the current dose every 14 days."
    )
    assert finding.source == MEDICINE.factor("egfr-30-59").source


def test_so_does_one_for_a_factor_that_follows_from_the_date_of_birth() -> None:
    (finding,) = passed(read(ask(pace=WEEKLY), AGED_65))
    assert "65 years or older" in finding.message
    answer = answer_json(proposed(ask(pace=WEEKLY), AGED_65))
    assert findings(answer)["faster-than-factor", None] == "acknowledge"


def test_factors_that_share_a_pace_share_the_finding() -> None:
    (finding,) = passed(read(ask(factors=["epilepsy-history"], pace=WEEKLY, taking_since="2020-01-01"), AGED_65))
    named = "Epilepsy or seizures in the past; 65 years or older; More than 3 months at 60 mg a day or more"
    assert f"proposes for: {named}. It" in finding.message


@pytest.mark.parametrize(
    ("cut", "every", "faster"),
    [
        ({"cut": "10%", "of": "current"}, 14, False),
        ({"cut": "5%", "of": "current"}, 7, False),
        ({"cut": "10.5%", "of": "current"}, 14, True),
        ({"cut": "10%", "of": "starting"}, 13, True),
        ({"cut": "6 mg"}, 14, False),  # 10 % of 60 mg
        ({"cut": "6 mg"}, 13, True),
        ({"cut": "5 mg"}, 7, True),
    ],
)
def test_paces_are_compared_in_mg_a_day_at_the_current_dose(cut: Json, every: int, faster: bool) -> None:
    request = read(ask(factors=["egfr-30-59"], pace=[cut | {"every": every}]))
    assert bool(passed(request)) is faster


def test_a_pace_left_out_is_slowed_and_needs_no_reason() -> None:
    request = read(ask(pace=None), AGED_65)
    assert request.pace == MEDICINE.factor("age-65").pace
    assert passed(request) == []


@pytest.mark.parametrize(("since", "every"), [("2026-09-07", 14), ("2026-09-08", 7)])
def test_long_use_slows_a_pace_left_out(since: str, every: int) -> None:
    request = read(ask(pace=None, taking_since=since))
    assert [phase.every for phase in request.pace] == [every]
    assert passed(request) == []


def test_a_factor_without_a_pace_says_nothing_of_it() -> None:
    assert passed(read(ask(factors=["pregnancy"], pace=WEEKLY))) == []


def test_factors_with_different_paces_are_told_apart() -> None:
    """At 60 mg a day 1 mg every 7 days is slower than 6 mg every 14 days, and that slower than 6 mg every 7."""
    phases = (Phase(Change(Decimal(1), None), 7, Decimal(20)), Phase(Change(Decimal("0.5"), None), 7))
    frail = factor("frail", "advise", pace=phases)
    medicine = replace(MEDICINE, factors=(*MEDICINE.factors, frail))
    request = replace(read(ask(pace=WEEKLY)), medicine=medicine, factors=("egfr-30-59", "frail"))
    first, second = passed(request)
    assert first.message.endswith("proposes for: eGFR 30 to 59. It proposes 10 % of the current dose every 14 days.")
    assert second.message.endswith(
        "proposes for: frail. It proposes 1 mg every 7 days down to 20 mg, then 0.5 mg every 7 days."
    )


def factor(key: str, severity: Severity, **rest: Any) -> Factor:
    return Factor(key, key, severity, "Message.", Source("proposal", "our own proposal", "Test"), **rest)

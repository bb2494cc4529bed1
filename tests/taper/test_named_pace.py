"""A published pace of a medicine file, asked for by its name."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from planner.formulary import find_medicine, inline_medicine
from planner.taper import BadInput, parse_request, propose
from planner.taper.medicine import Change, Limit, Medicine, NamedPace, Phase
from planner.taper.request import Context, Request
from tests.taper.test_examples import BACLOFEN

LADDER = NamedPace(
    (Phase(Change(Decimal(30), None), 14, Decimal(30)), Phase(Change(Decimal(10), None), 14)),
    Limit(Change(Decimal(30), None), 14),
)  # made up: 30 mg at once is over baclofen's own limit
ASKED = {name: value for name, value in BACLOFEN.items() if name not in ("pace", "limit")}


def medicine(key: str) -> Medicine:
    return replace(find_medicine(key), paces={"ladder": LADDER})


def read(context: Context | None = None, **changes: Any) -> Request:
    return parse_request(ASKED | {"pace": "ladder"} | changes, medicine, inline_medicine, context)


def daily(request: Request) -> list[str]:
    return [str(step.daily) for step in propose(request).steps]


def test_a_named_pace_brings_its_phases_and_its_own_limit() -> None:
    request = read()
    assert (request.pace, request.limit) == (LADDER.phases, LADDER.limit)
    assert daily(request) == ["30", "25", "15", "5", "0"]  # 10, 10 and 5 mg down to the final dose; the higher first


def test_a_named_pace_may_bring_its_own_final_dose() -> None:
    paces = {"ladder": replace(LADDER, final_dose=Decimal(10))}
    request = parse_request(
        ASKED | {"pace": "ladder"}, lambda key: replace(find_medicine(key), paces=paces), inline_medicine
    )
    assert daily(request) == ["30", "20", "10", "0"]
    assert "abrupt-end" in {finding.code for finding in propose(request).findings}  # the file's own is 5 mg


def test_the_clinics_limit_stands_before_that_of_a_named_pace() -> None:
    clinics = Limit(Change(Decimal(20), "current"), 7)
    assert read(Context(limit=clinics)).limit == clinics


def test_a_limit_in_the_request_stands_before_both() -> None:
    asked = read(Context(limit=Limit(Change(Decimal(20), "current"), 7)), limit={"cut": "5 mg", "days": 7})
    assert asked.limit == Limit(Change(Decimal(5), None), 7)


def test_factors_that_ask_for_a_slower_pace_are_held_against_a_named_one() -> None:
    answer = propose(read(factors=["epilepsy-history"]))
    assert "faster-than-factor" in {finding.code for finding in answer.findings}


def test_an_unknown_name_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(BadInput) as bad:
        read(pace="slowly")
    assert (bad.value.field, "ladder" in bad.value.allowed) == ("pace", True)


def test_a_name_beside_a_wished_for_date_is_refused() -> None:
    with pytest.raises(BadInput) as bad:
        read(end_by="2027-06-01")
    assert bad.value.field == "pace"


def test_a_product_that_its_label_keeps_out_of_tapers_is_refused_with_the_reason() -> None:
    kept_out = find_medicine("baclofen")
    barred = replace(kept_out.products["tablet-10"], why_not="Its label says not to taper with it.")
    products = kept_out.products | {"tablet-10": barred}
    with pytest.raises(BadInput) as bad:
        parse_request(ASKED, lambda _: replace(kept_out, products=products), inline_medicine)
    assert (bad.value.field, bad.value.allowed) == ("products", "Its label says not to taper with it.")

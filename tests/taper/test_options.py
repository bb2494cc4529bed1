"""Every option and every way out gives, to the byte, what asking for its changes gives."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from planner.taper import Answer, answer_json, options, ways_out
from planner.taper.request import Context
from tests.taper.asking import Json, proposed, read
from tests.taper.test_examples import BACLOFEN, SOLUTION_1, TABLET_10, inline

THRICE_25 = {"morning": "10", "midday": "5", "evening": "10"}
QUARTERED = {"tablet-10": TABLET_10 | {"divides": 4}, "solution-1": SOLUTION_1}
REQUESTS: dict[str, Json] = {
    "10 mg tablets": BACLOFEN,
    "20 mg tablets": BACLOFEN | {"products": ["tablet-20"]},
    "5 and 10 mg tablets": BACLOFEN | {"products": ["tablet-5", "tablet-10"]},
    "refused where the limit breaks": BACLOFEN | {"coarse": "refuse"},
    "20 mg tablets, refused": BACLOFEN | {"products": ["tablet-20"], "coarse": "refuse"},
    "to a target above zero": BACLOFEN | {"regimen": THRICE_25, "target": "10"},
    "20 mg tablets to 10 mg": BACLOFEN | {"products": ["tablet-20"], "target": "10"},
    "a final dose asked for": BACLOFEN | {"final_dose": "10"},
    "a most of pieces asked for": BACLOFEN | {"max_units": "2"},
    "more pieces now than usual": BACLOFEN | {"products": ["tablet-5"], "regimen": {"morning": "40", "evening": "35"}},
    "few fills": BACLOFEN | {"fill_days": 10, "order": ["evening", "morning", "midday"]},
    "a factor": BACLOFEN | {"factors": ["egfr-30-59"]},
    "every field null": BACLOFEN | {"final_dose": None, "max_units": None, "order": None, "coarse": None},
    "defaults of the medicine": {key: BACLOFEN[key] for key in ("medicine", "regimen", "start")},
    "an inline medicine": inline(QUARTERED, {"morning": "30", "evening": "30"}, limit={"cut": "5%", "days": 7}),
}
COUNTRIES = {"country not known": None, "GB": "GB", "CA": "CA", "US": "US"}
RESULT = ("outcome", "steps", "supply", "ends", "days", "findings", "stuck_at")


def result(answer: Answer) -> str:
    found = answer_json(answer)
    return json.dumps({key: found.get(key) for key in RESULT})


def offered(data: Json, context: Context) -> Iterator[tuple[str, Mapping[str, Any], Answer]]:
    """Every option, and every way out of it that can be chosen, with all the changes that lead to it."""
    for option in options(read(data, context)):
        yield option.key, option.changes, option.answer
        for way in ways_out(option.answer):
            yield f"{option.key} {way.kind}", {**option.changes, **way.changes}, way.answer


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("name", REQUESTS)
def test_the_changes_lead_to_what_is_shown(name: str, country: str) -> None:
    context = Context(country=COUNTRIES[country])
    found = list(offered(REQUESTS[name], context))
    assert found[0][:2] == ("A", {})
    again = {key: result(proposed({**REQUESTS[name], **changes}, context)) for key, changes, _ in found}
    assert {key: result(answer) for key, _, answer in found} == again


def kinds(data: Json, context: Context) -> set[str]:
    return {key for key, _, _ in offered(data, context)}


def test_three_ways_out_are_offered_of_each_option_where_the_limit_breaks() -> None:
    """B, with the liquid, keeps the limit; slower (C) and faster (D) tablets are as coarse as those asked for (A)."""
    ways = {f"{key} {kind}" for key in "ACD" for kind in ("finer", "hold", "stay")}
    assert kinds(BACLOFEN, Context(country="GB")) == {*"ABCD", *ways}


def test_no_way_out_is_offered_where_every_cut_keeps_the_limit() -> None:
    """B is slower, C faster."""
    assert kinds(BACLOFEN | {"products": ["tablet-10", "solution-1"]}, Context()) == set("ABC")

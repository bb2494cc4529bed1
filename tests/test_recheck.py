"""The second reckoning agrees with the engine, and sees every number that is changed."""

from copy import deepcopy

import pytest

from planner.formulary import find_medicine, inline_medicine
from planner.recheck import recheck
from planner.taper import answer_json, parse_request, propose

TABLETS = {"medicine": "baclofen", "regimen": {"morning": "20", "midday": "20", "evening": "20"}, "start": "2026-12-07"}
BOTH = TABLETS | {"products": ["tablet-10", "solution-1"]}
STAYS = TABLETS | {"regimen": {"morning": "10", "midday": "5", "evening": "10"}, "target": "10"}
HELD = BOTH | {"pace": [{"cut": "5%", "every": 2}], "fill_days": 11}
REQUESTS = {"tablets": TABLETS, "with a liquid": BOTH, "ends above zero": STAYS, "held for the window": HELD}
STRENGTHS = {"tablet-10": "10", "solution-1": "1"}


def answered(request):
    return answer_json(propose(parse_request(request, find_medicine, inline_medicine)))


@pytest.mark.parametrize("name", REQUESTS)
def test_agrees_with_the_engine(name):
    assert recheck(answered(REQUESTS[name]), STRENGTHS) == []


CHANGES = {
    "a date": lambda a: a["steps"][3].update(start="2026-12-29"),
    "a length": lambda a: a["steps"][3].update(days=8),
    "an end": lambda a: a["steps"][3].update(end="2027-01-04"),
    "a dose": lambda a: a["steps"][3]["regimen"].update(morning="20"),
    "a daily dose": lambda a: a["steps"][3].update(daily="41"),
    "a piece": lambda a: a["steps"][3]["take"]["morning"][0].update(units="2"),
    "a missing time": lambda a: a["steps"][3]["take"].pop("morning"),
    "a cut": lambda a: a["steps"][3].update(cut="6"),
    "a percent": lambda a: a["steps"][3].update(cut_of_current="11.2"),
    "a breach hidden": lambda a: a["steps"][8].update(over_limit=False),
    "a breach invented": lambda a: a["steps"][3].update(over_limit=True),
    "a fill": lambda a: a["supply"]["fills"][0]["units"].update({"tablet-10": "134"}),
    "a dispensing": lambda a: a["supply"]["fills"][0]["dispense"].update({"tablet-10": "134"}),
    "a total": lambda a: a["supply"]["total"].update({"tablet-10": "232"}),
    "a fill missing": lambda a: a["supply"]["fills"].pop(),
    "the end": lambda a: a.update(ends="2027-02-23"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_sees_a_changed_number(name):
    answer = deepcopy(answered(TABLETS))
    CHANGES[name](answer)
    assert recheck(answer, STRENGTHS)

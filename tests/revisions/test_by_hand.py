"""Changes of plans whose steps were changed by hand on the planner: what was decided there is kept."""

from typing import Any

import pytest
import time_machine

from planner.models import Patient, User, Version
from planner.revising import Decision
from planner.views.papers import InkedPapers
from tests.revisions.conftest import ISSUED, TODAY, mg, revised
from tests.web.test_services import issued

NO_MIDDAY = "6@30:dose=morning=10,midday=0,evening=15"  # as the planner's address carries it
WITH_LIQUID = "4@40:with=tablet-10,solution-1"
Typed = dict[str, Any]


def changed(owner: User, patient: Patient, typed: Typed, edit: str, decision: Decision) -> Version:
    """60 mg from 7 December, 5 mg less each week, changed by hand; then, on 13 January in its sixth step, once more."""
    with time_machine.travel(ISSUED, tick=False):
        plan = issued(owner, patient, typed | {"edits": [edit]}, papers=InkedPapers()).plan
    with time_machine.travel(TODAY, tick=False):
        return revised(owner, plan, decision)


def test_doses_shared_by_hand_stay_so(owner: User, patient: Patient, typed: Typed) -> None:
    """25 mg as 10, 0 and 15: what follows the hold is shared so, with nothing at midday."""
    version = changed(owner, patient, typed, NO_MIDDAY, Decision("hold", TODAY, days=7))
    assert version.answer["request"]["proportions"] == {"morning": "10", "midday": "0", "evening": "15"}
    assert {step["regimen"]["midday"] for step in version.answer["steps"]} == {"0"}


def test_dose_from_before_the_change_by_hand(owner: User, patient: Patient, typed: Typed) -> None:
    """40 mg was shared over three times, which 10, 0 and 15 cannot hold: what follows it is shared as it was."""
    version = changed(owner, patient, typed, NO_MIDDAY, Decision("step-back", TODAY, days=7, daily=mg("40")))
    assert not version.answer["request"].get("proportions")
    assert [step["regimen"]["midday"] for step in version.answer["steps"]][:3] == ["10", "10", "10"]


@pytest.mark.parametrize("kind", ["hold", "resume", "target"])
def test_product_that_came_in_by_hand_stays(owner: User, patient: Patient, typed: Typed, kind: str) -> None:
    version = changed(owner, patient, typed, WITH_LIQUID, Decision(kind, TODAY, days=7))
    assert version.answer["request"]["products"] == ["tablet-10", "solution-1"]


def test_other_products_replace_it(owner: User, patient: Patient, typed: Typed) -> None:
    version = changed(owner, patient, typed, WITH_LIQUID, Decision("products", TODAY, products=["tablet-10"]))
    assert version.answer["request"]["products"] == ["tablet-10"]

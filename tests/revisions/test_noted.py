"""Changes after doses that were noted as taken otherwise, worked by hand."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from planner.course import course_of
from planner.models import Plan, TakenOtherwise, User
from planner.papers import doses_in_calendar
from planner.revising import Decision
from planner.taper import BadInput
from tests.revisions.conftest import fresh, mg, revised, steps

D = date


def noted(by: User, plan: Plan, first: date, last: date | None, *doses: str, hours: int = -1) -> None:
    """hours: from now to when it was written."""
    regimen = dict(zip(("morning", "midday", "evening"), doses, strict=False))
    at = timezone.now() + timedelta(hours=hours)
    TakenOtherwise.objects.create(plan=plan, by=by, at=at, first=first, last=last, regimen=regimen)


def before(version: Any) -> dict[str, str]:
    found: dict[str, str] = version.answer["request"]["regimen"]
    return found


def test_note_that_goes_on_ends_where_a_version_begins_on_its_first_day(owner: User, plan: Plan, today: date) -> None:
    """Noted in the morning of the 13th as taken from that day on; a paper of the same day says otherwise."""
    noted(owner, plan, today, None, "5", "5", "5")
    revised(owner, plan, Decision("step-back", today, days=7, daily=mg("35")))
    assert [span.daily for span in course_of(fresh(plan)) if span.covers(today)] == [mg("35")]
    assert not any(span.otherwise for span in course_of(fresh(plan)))


def test_more_than_before_the_taper_can_be_held_and_lowered(owner: User, plan: Plan, today: date) -> None:
    """75 mg since the 10th, though the taper began from 60: 5 mg are still 8.3 % of the starting dose."""
    noted(owner, plan, D(2027, 1, 10), None, "25", "25", "25")
    version = revised(owner, plan, Decision("hold", today, days=7))
    assert (version.answer["request"]["starting"], steps(version)[0][0]) == ("60", "75")
    assert [step["cut_of_starting"] for step in version.answer["steps"][1:3]] == ["8.3", "8.3"]


def test_more_at_a_time_than_ever_planned_does_not_bind_the_next_change(owner: User, plan: Plan, today: date) -> None:
    """A version that shares doses as at the beginning, 20, 20, 20, then 30 mg noted at one time."""
    revised(owner, plan, Decision("hold", today, days=7))
    noted(owner, plan, today, None, "30", "0", "0", hours=1)
    version = revised(owner, plan, Decision("hold", D(2027, 1, 14), days=7))
    assert before(version) == {"morning": "30", "midday": "0", "evening": "0"}
    assert steps(version)[0][0] == "30"


def test_patient_who_has_taken_nothing_goes_back_to_a_dose(owner: User, plan: Plan, today: date) -> None:
    noted(owner, plan, D(2027, 1, 12), None, "0", "0", "0")
    version = revised(owner, plan, Decision("step-back", today, days=7, daily=mg("30")))
    assert steps(version)[:2] == [("30", "2027-01-13", 7), ("25", "2027-01-20", 7)]
    assert "stepped-back" in version.reasons
    first = doses_in_calendar(bytes(version.papers.get(page_size="A4").pdf)).steps[0]
    assert first.daily.amount == 30


@pytest.mark.parametrize("kind", ["hold", "wait", "resume", "pace", "products", "target", "stay"])
def test_nothing_is_no_dose_to_hold(owner: User, plan: Plan, today: date, kind: str) -> None:
    noted(owner, plan, D(2027, 1, 12), None, "0", "0", "0")
    with pytest.raises(BadInput, match="Nothing is taken just before that") as bad:
        revised(owner, plan, Decision(kind, today, products=["tablet-10"]))
    assert bad.value.field == "begins"
    assert fresh(plan).current.number == 1


def test_less_than_the_target_is_at_the_target(owner: User, plan: Plan, today: date) -> None:
    """30 mg for good, of which 20 are taken: other products make what is taken, and nothing is left to hold."""
    revised(owner, plan, Decision("stay", today))
    noted(owner, plan, today, None, "10", "0", "10", hours=1)
    with pytest.raises(BadInput, match="at its target"):
        revised(owner, plan, Decision("hold", D(2027, 1, 14)))
    version = revised(owner, plan, Decision("products", D(2027, 1, 14), products=["tablet-5"]))
    assert (steps(version), version.answer["request"]["target"]) == ([("20", "2027-01-14", 28)], "20")


def test_two_changes_after_a_time_was_left_out_share_by_what_was_taken(owner: User, plan: Plan, today: date) -> None:
    """10, 0 and 10 mg since the 12th: the midday dose stays away, in the second change after it too."""
    noted(owner, plan, D(2027, 1, 12), None, "10", "0", "10")
    first = revised(owner, plan, Decision("hold", today, days=7))
    assert not first.answer["request"].get("proportions")
    second = revised(owner, plan, Decision("resume", D(2027, 1, 15)))
    assert second.answer["request"]["proportions"] == {"morning": "10", "midday": "0", "evening": "10"}
    assert {step["regimen"].get("midday", "0") for step in second.answer["steps"]} == {"0"}


def test_dose_gone_back_to_from_one_noted_is_shared_as_the_plan_did(owner: User, plan: Plan, today: date) -> None:
    noted(owner, plan, D(2027, 1, 12), None, "10", "0", "10")
    version = revised(owner, plan, Decision("step-back", today, days=7, daily=mg("35")))
    assert version.answer["request"]["proportions"] == {"morning": "20", "midday": "20", "evening": "20"}
    assert version.answer["steps"][1]["regimen"] == {"morning": "10", "midday": "10", "evening": "10"}

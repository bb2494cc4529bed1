"""A running plan that is planned anew on the planner's page: what was taken counts in the limit's window."""

from datetime import date
from typing import Any

from planner.models import Plan, User
from planner.views.papers import InkedPapers
from tests.revisions.conftest import fresh, steps
from tests.web.test_services import issued


def test_cuts_already_taken_count_in_the_window(owner: User, plan: Plan, typed: dict[str, Any], today: date) -> None:
    """30 mg since the 11th: the next cut waits until the 35 mg before it has left the window of 7 days."""
    asked = {**typed, "morning": "10", "midday": "10", "evening": "10", "start": "2027-01-14"}
    version = issued(owner, plan.patient, asked, submission="anew", papers=InkedPapers())
    assert (version.plan, version.number, version.kind) == (plan, 2, "again")
    assert steps(version)[:2] == [("30", "2027-01-13", 5), ("25", "2027-01-18", 7)]
    assert version.answer["request"]["starting"] == "60"
    assert version.answer["request"]["history"][-1] == {
        "start": "2027-01-11", "days": 2, "regimen": {"morning": "10", "midday": "10", "evening": "10"},
    }  # fmt: skip


def test_same_form_sent_twice_is_one_version(owner: User, plan: Plan, typed: dict[str, Any], today: date) -> None:
    asked = {**typed, "morning": "10", "midday": "10", "evening": "10", "start": "2027-01-18"}
    first = issued(owner, plan.patient, asked, submission="anew")
    again = issued(owner, plan.patient, asked, submission="anew")
    assert (first, fresh(plan).versions.count()) == (again, 2)


def test_dose_that_the_new_products_cannot_make_is_no_error(
    owner: User, plan: Plan, typed: dict[str, Any], today: date
) -> None:
    """10, 5 and 15 mg, and half of a 20 mg tablet is 10: what is taken until the first lower dose is as before."""
    asked = {**typed, "products": ["tablet-20"], "morning": "10", "midday": "5", "evening": "15", "start": "2027-01-18"}
    version = issued(owner, plan.patient, asked, submission="anew")
    assert (steps(version)[0][:2], "lead" in version.answer["request"]) == (("20", "2027-01-18"), False)

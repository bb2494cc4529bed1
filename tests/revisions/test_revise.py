"""Each kind of change, worked by hand on baclofen 60 mg with 10 mg tablets."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import time_machine

from planner.course import course_of
from planner.models import AuditRow, Due, Plan, User, Version
from planner.papers import doses_in_calendar
from planner.revising import Decision
from planner.services import Refused, end_plan
from planner.taper import BadInput
from tests.revisions.conftest import fresh, hand, mg, revised, steps

D = date


def test_example_stands_at_30_mg_on_13_january(plan: Plan, today: date) -> None:
    assert [(span.daily, span.first.isoformat()) for span in course_of(fresh(plan), today)] == [
        (mg("55"), "2026-12-07"), (mg("50"), "2026-12-14"), (mg("45"), "2026-12-21"), (mg("40"), "2026-12-28"),
        (mg("35"), "2027-01-04"), (mg("30"), "2027-01-11"),
    ]  # fmt: skip


def test_hold_shifts_every_later_change(owner: User, plan: Plan, today: date) -> None:
    version = revised(owner, plan, Decision("hold", today, days=7))
    assert steps(version) == [
        ("30", "2027-01-13", 12), ("25", "2027-01-25", 7), ("20", "2027-02-01", 7), ("15", "2027-02-08", 7),
        ("10", "2027-02-15", 7), ("5", "2027-02-22", 7), ("0", "2027-03-01", 0),
    ]  # fmt: skip
    assert (version.kind, version.summary, version.held_until) == ("hold", "30 mg held 7 days", D(2027, 1, 24))
    assert version.answer["steps"][1]["regimen"] == {"morning": "10", "midday": "5", "evening": "10"}
    plan = fresh(plan)
    assert (plan.current, plan.is_held(today), plan.ends) == (version, True, D(2027, 3, 1))
    assert not plan.is_held(D(2027, 1, 25))


def test_percent_of_starting_keeps_its_meaning(owner: User, plan: Plan, today: date) -> None:
    version = revised(owner, plan, Decision("hold", today, days=7))
    assert version.answer["request"]["starting"] == "60"
    assert [step["cut_of_starting"] for step in version.answer["steps"][1:]] == ["8.3"] * 6


def test_what_was_taken_stays_as_it_was(owner: User, plan: Plan, today: date) -> None:
    before = course_of(fresh(plan), today)
    revised(owner, plan, Decision("hold", today, days=7))
    after = course_of(fresh(plan), today)
    assert [(s.first, s.last, s.regimen) for s in after] == [(s.first, s.last, s.regimen) for s in before]


def test_tablets_in_hand_count_for_the_new_fill(owner: User, plan: Plan, today: date) -> None:
    """Two fills, 133 + 77, less 7 x (5.5 + 5 + 4.5 + 4 + 3.5) + 2 x 3 = 163.5 taken: 46.5 in hand."""
    assert hand(plan, today) == {"tablet-10": "46.5"}
    version = revised(owner, plan, Decision("hold", today, days=7, on_hand=hand(plan, today)))
    first, *_ = version.answer["supply"]["fills"]
    assert (first["start"], first["end"]) == ("2027-01-13", "2027-02-09")
    assert first["units"] == {"tablet-10": "70.5"}  # 12 x 3 + 7 x 2.5 + 7 x 2 + 2 x 1.5
    assert first["dispense"] == {"tablet-10": "24"}


def test_hold_from_tomorrow_where_tomorrow_is_no_change(owner: User, plan: Plan, today: date) -> None:
    version = revised(owner, plan, Decision("hold", D(2027, 1, 14), days=3))
    assert steps(version)[:2] == [("30", "2027-01-14", 7), ("25", "2027-01-21", 7)]


def test_hold_on_the_day_of_a_change_before_its_first_dose(owner: User, plan: Plan, today: date) -> None:
    """The 18th would bring 25 mg: held from its first dose, it is 30 mg for as many days."""
    version = revised(owner, plan, Decision("hold", D(2027, 1, 18), days=5))
    assert steps(version)[:2] == [("30", "2027-01-18", 5), ("25", "2027-01-23", 7)]


def test_hold_on_the_day_of_a_change_after_its_first_dose(owner: User, plan: Plan, today: date) -> None:
    version = revised(owner, plan, Decision("hold", D(2027, 1, 18), from_time="midday", days=5))
    assert steps(version)[:2] == [("25", "2027-01-18", 12), ("20", "2027-01-30", 7)]


def test_held_until_further_notice_and_resumed(owner: User, plan: Plan, today: date) -> None:
    version = revised(owner, plan, Decision("wait", today, days=14))
    assert (steps(version), version.ends) == ([("30", "2027-01-13", 14)], None)
    assert fresh(plan).is_held(D(2028, 1, 1))
    resumed = revised(owner, plan, Decision("resume", D(2027, 2, 3)))
    assert steps(resumed)[:2] == [("25", "2027-02-03", 7), ("20", "2027-02-10", 7)]
    held = [s for s in course_of(fresh(plan)) if s.daily == 30]
    assert (held[0].first, held[-1].last) == (D(2027, 1, 11), D(2027, 2, 2))


def test_step_back_from_the_midday_dose_on(owner: User, plan: Plan, today: date) -> None:
    """35 mg is 10, 10, 15: on the 13th the morning's 10 was taken, the evening's 15 is new."""
    version = revised(owner, plan, Decision("step-back", today, from_time="midday", days=14, daily=mg("35")))
    assert steps(version)[:3] == [("35", "2027-01-13", 14), ("30", "2027-01-27", 7), ("25", "2027-02-03", 7)]
    assert version.answer["steps"][0]["regimen"] == {"morning": "10", "midday": "10", "evening": "15"}
    assert "stepped-back" in version.reasons


def test_step_back_in_the_middle_of_a_day_has_a_day_of_its_own(owner: User, plan: Plan, today: date) -> None:
    """50 mg is 15, 15, 20; of the 13th the morning was taken as 10: 10, 15, 20, then 14 days of 50."""
    version = revised(owner, plan, Decision("step-back", today, from_time="midday", days=14, daily=mg("50")))
    assert steps(version)[:2] == [("45", "2027-01-13", 1), ("50", "2027-01-14", 14)]
    assert version.answer["steps"][0]["regimen"] == {"morning": "10", "midday": "15", "evening": "20"}


def test_slower_counts_from_the_step_in_force(owner: User, plan: Plan, today: date) -> None:
    pace = [{"cut": "10%", "of": "starting", "every": 14}]
    version = revised(owner, plan, Decision("pace", today, pace=pace))
    assert steps(version)[:3] == [("30", "2027-01-13", 12), ("25", "2027-01-25", 14), ("20", "2027-02-08", 14)]


def test_other_products_that_make_the_dose(owner: User, plan: Plan, today: date) -> None:
    version = revised(owner, plan, Decision("products", today, products=["tablet-5"]))
    assert steps(version)[:2] == [("30", "2027-01-13", 5), ("25", "2027-01-18", 7)]
    assert version.answer["steps"][0]["take"]["morning"] == [{"product": "tablet-5", "units": "2"}]
    assert "new-product" not in [f["code"] for f in version.answer["findings"]]


def test_other_products_that_cannot_make_the_dose_begin_with_the_next_lower_one(owner: User, plan: Plan) -> None:
    """35 mg is 10, 10, 15, and half of a 20 mg tablet is 10. Three days after 40 mg the limit's 7 days still hold it:
    40 to 30 is 25 %. On the seventh it may begin.
    """
    with time_machine.travel(D(2027, 1, 6), tick=False):
        with pytest.raises(BadInput, match="before 11 January 2027") as bad:
            revised(owner, plan, Decision("products", D(2027, 1, 7), products=["tablet-20"]))
        assert bad.value.field == "products"
        version = revised(owner, plan, Decision("products", D(2027, 1, 11), products=["tablet-20"]))
    assert steps(version)[0][:2] == ("30", "2027-01-11")


def test_products_that_cannot_make_the_dose_change_nothing_that_was_taken_that_day(
    owner: User, plan: Plan, today: date
) -> None:
    """35 mg is 10, 10, 15; on the 11th 30 mg is 10, 10, 10. Of the 10th the morning's dose was taken."""
    with time_machine.travel(D(2027, 1, 10), tick=False):
        with pytest.raises(BadInput, match="Begin with the first dose of a day") as bad:
            revised(owner, plan, Decision("products", D(2027, 1, 10), from_time="midday", products=["tablet-20"]))
        assert bad.value.field == "from_time"


def test_products_that_cannot_make_a_dose_that_is_held_do_not_end_the_hold(owner: User, plan: Plan) -> None:
    with time_machine.travel(D(2027, 1, 6), tick=False):
        revised(owner, plan, Decision("wait", D(2027, 1, 6)))
    with time_machine.travel(D(2027, 1, 20), tick=False):
        with pytest.raises(BadInput, match="the dose that is held") as bad:
            revised(owner, plan, Decision("products", D(2027, 1, 20), products=["tablet-20"]))
        assert bad.value.field == "products"
        assert fresh(plan).is_held(D(2027, 1, 20))


def test_resuming_too_soon_after_a_cut_holds_the_dose_until_the_limit_lets_the_next_one_in(
    owner: User, plan: Plan, today: date
) -> None:
    """30 mg began on the 11th: 35 to 25 within 7 days would be 28.6 %."""
    version = revised(owner, plan, Decision("resume", today))
    assert steps(version)[:2] == [("30", "2027-01-13", 5), ("25", "2027-01-18", 7)]


def test_another_target_and_staying(owner: User, plan: Plan, today: date) -> None:
    version = revised(owner, plan, Decision("target", today, target="15"))
    assert steps(version)[-1] == ("15", "2027-02-01", 7)
    assert fresh(plan).ends is None
    stays = revised(owner, plan, Decision("stay", today))
    assert (steps(stays), stays.answer["request"]["target"]) == ([("30", "2027-01-13", 28)], "30")


def test_hold_on_the_day_of_the_stop_keeps_the_last_dose(owner: User, plan: Plan, today: date) -> None:
    version = revised(owner, plan, Decision("hold", D(2027, 2, 22), days=7))
    assert steps(version) == [("5", "2027-02-22", 7), ("0", "2027-03-01", 0)]


@pytest.mark.parametrize("kind", ["hold", "wait", "resume", "pace"])
def test_plan_at_its_target_has_nothing_to_hold(owner: User, plan: Plan, today: date, kind: str) -> None:
    revised(owner, plan, Decision("stay", today))
    with pytest.raises(BadInput, match="at its target"):
        revised(owner, plan, Decision(kind, today, pace=[{"cut": "5 mg", "every": 7}]))


def test_plan_at_its_target_gets_other_products_and_stays(owner: User, plan: Plan, today: date) -> None:
    revised(owner, plan, Decision("stay", today))
    version = revised(owner, plan, Decision("products", today, products=["tablet-5"]))
    assert (steps(version), version.answer["request"]["target"]) == ([("30", "2027-01-13", 28)], "30")
    down = revised(owner, plan, Decision("target", D(2027, 1, 20), target="0"))
    assert steps(down)[0] == ("25", "2027-01-20", 7)


def test_other_products_do_not_end_a_hold(owner: User, plan: Plan, today: date) -> None:
    revised(owner, plan, Decision("wait", today, days=14))
    version = revised(owner, plan, Decision("products", today, products=["tablet-5"]))
    assert (version.ends, fresh(plan).is_held(D(2028, 1, 1))) == (None, True)
    resumed = revised(owner, plan, Decision("resume", D(2027, 1, 20)))
    assert (steps(resumed)[0], fresh(plan).is_held(D(2027, 1, 20))) == (("25", "2027-01-20", 7), False)
    revised(owner, plan, Decision("hold", D(2027, 1, 20), days=7))
    version = revised(owner, plan, Decision("products", D(2027, 1, 21), products=["tablet-10"]))
    assert version.held_until == D(2027, 1, 26)


def test_version_that_only_begins_later_has_handed_out_nothing(owner: User, plan: Plan, today: date) -> None:
    revised(owner, plan, Decision("hold", D(2027, 1, 20), days=7, on_hand={"tablet-10": "10"}))
    assert hand(plan, D(2027, 1, 15)) == {"tablet-10": "40.5"}  # 46.5 on the 13th, less 2 x 3


def test_papers_say_what_the_version_says(owner: User, plan: Plan, today: date) -> None:
    version = revised(owner, plan, Decision("step-back", D(2027, 1, 14), days=7, daily=mg("40")))
    for paper in version.papers.all():
        read = doses_in_calendar(bytes(paper.pdf))
        assert [step.daily.amount for step in read.steps[:3]] == [mg("40"), mg("35"), mg("30")]
        assert "From Thursday 14 January 2027 this paper replaces version 1" in " ".join(read.words[:2])
        assert "you take 40 mg a day: more than before" in " ".join(read.words[:2])


def test_what_it_asks_of_the_clinic_takes_the_place_of_what_was_asked(owner: User, plan: Plan, today: date) -> None:
    revised(owner, plan, Decision("hold", today, days=7))
    dues = {(due.kind, due.day) for due in Due.objects.filter(plan=plan)}
    assert ("hold-ends", D(2027, 1, 24)) in dues
    assert ("change", D(2027, 1, 25)) in dues
    assert ("last-dose", D(2027, 2, 28)) in dues
    assert ("change", D(2027, 1, 18)) not in dues


def test_same_form_twice_issues_one_version(owner: User, plan: Plan, today: date) -> None:
    """The second one is made from the page that the first one was sent from."""
    decision = Decision("hold", today, days=7)
    first = revised(owner, plan, decision, submission="once")
    again = revised(owner, plan, decision, submission="once", based_on=first.pk - 1, shown="old")
    assert (again, Version.objects.filter(plan=plan).count()) == (first, 2)
    with pytest.raises(Refused, match="already"):
        revised(owner, plan, decision, submission="once", why="Another reason")
    with pytest.raises(Refused, match="already"):
        revised(owner, plan, decision, submission="once", reasons=dict.fromkeys(first.reasons, "Other words"))


@pytest.mark.parametrize(
    ("first", "changed"),
    [
        (Decision("hold", D(2027, 1, 13), days=7), {"days": 14}),
        (Decision("wait", D(2027, 1, 13), days=7), {"days": 14}),
        (Decision("step-back", D(2027, 1, 14), days=7, daily=mg("35")), {"daily": mg("40")}),
        (Decision("pace", D(2027, 1, 13), pace=[{"cut": "5 mg", "every": 7}]), {"pace": [{"cut": "5 mg", "every": 9}]}),
        (Decision("products", D(2027, 1, 13), products=["tablet-5"]), {"products": ["tablet-10", "tablet-5"]}),
        (Decision("target", D(2027, 1, 13), target="15"), {"target": "10"}),
        (Decision("stay", D(2027, 1, 13)), {"on_hand": {"tablet-10": "30"}}),
        (
            Decision("pace", D(2027, 1, 13), pace=[{"cut": "5 mg", "every": 7}], next_cut=D(2027, 1, 25)),
            {"next_cut": D(2027, 2, 8)},
        ),
    ],
)
def test_same_form_with_anything_else_in_it_is_no_second_sending(
    owner: User, plan: Plan, today: date, first: Decision, changed: dict[str, Any]
) -> None:
    made = revised(owner, plan, first, submission="once")
    assert revised(owner, plan, first, submission="once") == made
    with pytest.raises(Refused, match="already"):
        revised(owner, plan, replace(first, **changed), submission="once")


def test_version_that_was_replaced_meanwhile_is_refused_with_what_changed(owner: User, plan: Plan, today: date) -> None:
    old = fresh(plan).current_id
    revised(owner, plan, Decision("hold", today, days=7))
    with pytest.raises(Refused) as refused:
        revised(owner, plan, Decision("hold", today, days=3), based_on=old, submission="late")
    assert (
        "Version 2 was issued by Test Owner on 13 January 2027: 30 mg held 7 days." in refused.value.errors["based_on"]
    )
    assert Version.objects.filter(plan=plan).count() == 2


@pytest.mark.parametrize(
    ("decision", "field"),
    [
        (Decision("hold", D(2027, 1, 12)), "begins"),
        (Decision("hold", D(2027, 4, 14)), "begins"),
        (Decision("hold", D(2027, 2, 23)), "begins"),
        (Decision("hold", D(2027, 2, 22), from_time="midday"), "begins"),
        (Decision("hold", D(2027, 1, 13), days=0), "days"),
        (Decision("hold", D(2027, 1, 13), days=1000), "days"),
        (Decision("hold", D(2027, 1, 13), from_time="noon"), "from_time"),
        (Decision("step-back", D(2027, 1, 13), daily=mg("42")), "daily"),
        (Decision("step-back", D(2027, 1, 13), daily=mg("25")), "daily"),
        (Decision("step-back", D(2027, 1, 13)), "daily"),
        (Decision("resume", D(2027, 1, 13), next_cut=D(2027, 1, 12)), "next_cut"),
        (Decision("target", D(2027, 1, 13), target="30"), "target"),
        (Decision("products", D(2027, 1, 13), products=["tablet-7"]), "products"),
    ],
)
def test_decision_that_cannot_be_is_named(owner: User, plan: Plan, today: date, decision: Decision, field: str) -> None:
    with pytest.raises(BadInput) as bad:
        revised(owner, plan, decision)
    assert bad.value.field == field
    assert Version.objects.filter(plan=plan).count() == 1


def test_stranger_changes_nothing(owner: User, stranger: User, plan: Plan, today: date) -> None:
    with pytest.raises(Refused, match="another clinic"):
        revised(owner, plan, Decision("hold", today, days=7), by=stranger)
    with pytest.raises(Refused, match="another clinic"):
        end_plan(by=stranger, plan=plan, based_on=plan.current_id, on=today, reason="stopped", note="")


def test_end_closes_the_plan_and_its_tasks(owner: User, plan: Plan, today: date) -> None:
    made = end_plan(by=owner, plan=plan, based_on=fresh(plan).current_id, on=today, reason="elsewhere", note="Moved")
    assert not fresh(plan).is_running(today)
    assert not Due.objects.filter(plan=plan).exists()
    assert "Moved" not in str(list(AuditRow.objects.values()))
    assert end_plan(by=owner, plan=plan, based_on=0, on=today, reason="elsewhere", note="Moved") == made
    with pytest.raises(BadInput, match="ended"):
        revised(owner, plan, Decision("hold", today, days=7))


def test_nothing_is_kept_where_a_paper_fails(owner: User, plan: Plan, today: date) -> None:
    from tests.web.test_services import TornPapers, kept

    before = kept()
    with pytest.raises(Refused):
        revised(owner, plan, Decision("hold", today, days=7), papers=TornPapers())
    assert kept() == before
    assert fresh(plan).current.number == 1


@pytest.mark.parametrize("kind", ["hold", "wait", "products", "pace", "target"])
def test_step_back_still_to_come_is_not_undone_by_a_change_before_it(
    owner: User, plan: Plan, today: date, kind: str
) -> None:
    """From midday of the 13th back to 50 mg, so that the 13th is a day of 45; a change of the 14th would hold those."""
    revised(owner, plan, Decision("step-back", today, from_time="midday", days=14, daily=mg("50")))
    pace = [{"cut": "10%", "of": "current", "every": 14}]
    asked = Decision(kind, D(2027, 1, 14), days=7, products=["tablet-5"], pace=pace)
    with pytest.raises(BadInput, match="goes up on 14 January 2027, by version 2") as bad:
        revised(owner, plan, asked)
    assert bad.value.field == "begins"
    made = revised(owner, plan, replace(asked, begins=D(2027, 1, 15)))
    assert steps(made)[0][:2] == ("50", "2027-01-15")


def test_hold_still_to_come_is_not_undone_by_other_products(owner: User, plan: Plan, today: date) -> None:
    revised(owner, plan, Decision("wait", D(2027, 1, 26), days=14))
    with pytest.raises(BadInput, match="A hold begins on 26 January 2027"):
        revised(owner, plan, Decision("products", D(2027, 1, 14), products=["tablet-5"]))

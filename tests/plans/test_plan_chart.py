"""The drawing of planned and taken: lines, holds, rises and signs where the days and doses lie."""

import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine

from planner.models import Plan, User
from planner.revising import Decision
from planner.services import end_plan, note_taken
from planner.views.plan_chart import Drawn, PlanChart, phone_plan, wide_plan
from planner.views.plan_course import course, replaced_spans
from tests.plans.conftest import fresh, recorded
from tests.revisions.conftest import mg, revised

D = date
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def drawn(plan: Plan, today: date, *, due: tuple[date, ...] = ()) -> Drawn:
    plan = fresh(plan)
    old, spans = replaced_spans(plan)
    stop = D(2027, 2, 22) if old else None
    return Drawn(course(plan), spans, stop, list(plan.check_ins.all()), due, today, "mg", lambda amount: f"{amount:f}")


def wide(plan: Plan, today: date) -> PlanChart:
    return wide_plan(drawn(plan, today))


def words(chart: PlanChart) -> list[str]:
    return [text.words for text in chart.texts]


def test_taken_ends_where_planned_begins(plan: Plan, today: date) -> None:
    """From 7 December to 22 February 77 days, 6 more at each side; 712 wide for 89 days: 8 a day, 60 mg on 206."""
    chart = wide(plan, today)
    assert chart.before == "M72 40.0H120.0"
    assert chart.taken.startswith("M120.0 40.0V57.2H176.0V74.3H232.0")
    assert chart.taken.endswith("V143.0H416.0")
    assert chart.ahead.startswith("M416.0 143.0V143.0H456.0V160.2H512.0")
    assert chart.today == "M416.0 18V246"
    assert chart.stop == ("736.0", "246.0")
    assert chart.ahead.endswith("V246.0H784.0")


def test_cuts_over_the_limit_are_marked_and_counted(plan: Plan, today: date) -> None:
    chart = wide(plan, today)
    assert (len(chart.drops), len(chart.marks)) == (3, 3)
    assert "3 cuts over, with reason" in words(chart)
    assert "3 cuts over" in words(phone_plan(drawn(plan, today)))


def test_hold_has_its_bracket_and_the_version_before_its_dotted_line(owner: User, plan: Plan, today: date) -> None:
    """30 mg would have ended on 18 January: the bracket is over 7 of the 98 days from 30 November to 8 March."""
    revised(owner, plan, Decision("hold", today, days=7))
    chart = wide(plan, today)
    (bracket,) = chart.brackets
    left, _, _, right, _ = (Decimal(found) for found in NUMBER.findall(bracket))
    assert abs((right - left) - Decimal(712) * 7 / 98) < Decimal("0.2")
    assert "held 7 days" in words(chart)
    assert chart.old


def test_hold_without_an_end_is_open_to_the_right(owner: User, plan: Plan, today: date) -> None:
    revised(owner, plan, Decision("wait", today, days=14))
    chart = wide(plan, today)
    assert chart.brackets[0].endswith("H784.0")
    assert "held until further notice" in words(chart)
    assert chart.stop is None


def test_dose_gone_back_to_is_a_rise(owner: User, plan: Plan, today: date) -> None:
    revised(owner, plan, Decision("step-back", D(2027, 1, 14), days=7, daily=mg("40")))
    chart = wide(plan, today)
    assert len(chart.rises) == 1
    assert "back to 40 mg" in words(chart)


def test_day_that_has_begun_at_the_lower_dose_rises_without_a_label(owner: User, plan: Plan, today: date) -> None:
    revised(owner, plan, Decision("step-back", today, from_time="midday", days=7, daily=mg("40")))
    chart = wide(plan, today)
    assert len(chart.rises) == 2
    assert [said for said in words(chart) if " to " in said] == ["back to 40 mg"]


def test_days_taken_otherwise_are_drawn_and_are_no_rise(owner: User, plan: Plan, today: date) -> None:
    first, last = D(2027, 1, 5), D(2027, 1, 6)
    note_taken(by=owner, plan=plan, first=first, last=last, regimen={"morning": mg("20")}, note="", after=0)
    chart = wide(plan, today)
    assert "V177.3H" in chart.taken  # 20 mg
    assert chart.rises == ()


def test_a_day_has_the_sign_of_its_weightiest_check_in(owner: User, plan: Plan, today: date) -> None:
    recorded(owner, plan, "severe", "emergency")
    recorded(owner, plan, "well")
    recorded(owner, plan, "mild", "hold", day=D(2027, 1, 12))
    signs = wide_plan(drawn(plan, today, due=(D(2027, 1, 13), D(2027, 2, 2)))).signs
    assert [sign.symbol for sign in signs] == ["c-mild", "s-over", "c-due"]


def test_nothing_is_ahead_of_a_closed_plan(owner: User, plan: Plan, today: date) -> None:
    end_plan(by=owner, plan=plan, based_on=fresh(plan).current_id, on=today, reason="elsewhere", note="")
    chart = wide(plan, today)
    assert (chart.ahead, chart.stop) == ("", None)
    assert "Today" in words(chart)


def test_nothing_is_taken_of_one_that_has_not_begun(plan: Plan) -> None:
    with time_machine.travel(D(2026, 11, 26), tick=False):
        chart = wide(plan, D(2026, 11, 26))
    assert chart.taken == ""
    assert "V57" in chart.ahead
    assert "Today, 60 mg" in words(chart)


@pytest.mark.parametrize("day", [D(2026, 11, 26), D(2026, 12, 7), D(2027, 1, 13), D(2027, 2, 22), D(2029, 1, 1)])
def test_nothing_lies_outside_the_drawing(plan: Plan, day: date) -> None:
    for chart in (wide_plan(drawn(plan, day)), phone_plan(drawn(plan, day))):
        for path in (chart.before, chart.taken, chart.ahead):
            sides = [Decimal(found) for found in re.findall(r"[MH](-?\d+(?:\.\d+)?)", path)]
            assert all(0 <= side <= chart.width for side in sides)
        assert all(0 <= Decimal(text.x) <= chart.width for text in chart.texts)

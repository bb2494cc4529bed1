"""What was really taken: noted by day, shown as taken, and counted by the next change."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from planner.course import amounts, at, course_of
from planner.models import AuditRow, Plan, TakenOtherwise, User
from planner.revising import Decision
from planner.services import Refused, end_plan, last_note, note_taken
from planner.standing import standing
from tests.plans.conftest import address, fresh, shown
from tests.revisions.conftest import mg, revised, steps

D = date
NOTED = {
    "first": "2027-01-12", "last": "", "morning": "10", "midday": "", "evening": "10", "bedtime": "",
    "note": "Midday left out",
}  # fmt: skip


def send(page: Client, plan: Plan, **changes: str) -> Any:
    """From a page that was opened just now."""
    return page.post(address(plan, "taken/"), NOTED | {"after": str(last_note(plan))} | changes)


def daily(plan: Plan, day: date) -> str:
    found = at(course_of(fresh(plan)), day)
    assert found
    return f"{found.daily:f}{' otherwise' if found.otherwise else ''}"


def test_note_is_kept_and_shown_as_taken(page: Client, owner: User, plan: Plan) -> None:
    assert send(page, plan)["Location"] == address(plan)
    made = TakenOtherwise.objects.get()
    assert (made.first, made.last, made.by) == (D(2027, 1, 12), None, owner)
    assert made.regimen == {"morning": "10", "evening": "10"}
    assert [daily(plan, D(2027, 1, day)) for day in (11, 12, 13)] == ["30", "20 otherwise", "20 otherwise"]
    html = shown(page.get(address(plan)))
    assert "From Tue 12 Jan 2027 on: 20 mg a day (morning 10 mg, evening 10 mg). Midday left out" in html
    assert "Taken otherwise than planned." in html
    assert "30 mg from 11 Jan, 20 mg from 12 Jan" in html


def test_old_page_does_not_undo_a_correction(page: Client, plan: Plan) -> None:
    """30 mg noted by a slip, then 10; the first page sent once more, by the browser's way back."""
    seen = {"after": "0", "last": "", "midday": "", "evening": ""}
    assert send(page, plan, **seen, morning="30", note="Slip").status_code == 302
    assert send(page, plan, morning="10", midday="", evening="", note="Corrected").status_code == 302
    answer = send(page, plan, **seen, morning="30", note="Slip")
    assert answer.status_code == 422
    assert "Something was noted meanwhile" in shown(answer)
    assert 'value="30"' in answer.content.decode()
    assert daily(plan, D(2027, 1, 13)) == "10 otherwise"
    assert TakenOtherwise.objects.count() == 2


def test_times_are_read_in_the_order_of_the_day_however_a_database_keeps_them() -> None:
    assert list(amounts({"evening": "5", "bedtime": "0", "morning": "10"})) == ["morning", "evening", "bedtime"]


def test_row_in_the_audit_trail_holds_no_words(page: Client, plan: Plan) -> None:
    send(page, plan)
    row = AuditRow.objects.get(action="noted as taken")
    assert row.detail == {"plan": plan.pk, "first": "2027-01-12", "last": None}


def test_some_days_and_then_as_planned(page: Client, plan: Plan) -> None:
    send(page, plan, first="2027-01-05", last="2027-01-06")
    assert [daily(plan, D(2027, 1, day)) for day in (4, 5, 6, 7)] == ["35", "20 otherwise", "20 otherwise", "35"]
    html = shown(page.get(address(plan)))
    assert "From Tue 5 Jan 2027 to Wed 6 Jan 2027: 20 mg a day" in html
    assert "Taken otherwise than planned." not in html


def test_next_change_starts_from_the_dose_in_fact_taken(page: Client, owner: User, plan: Plan) -> None:
    """20 mg in fact, held a week from tomorrow: the next lower dose is 15 mg, with no rise to 30."""
    send(page, plan, morning="5", midday="5")
    assert standing(fresh(plan), D(2027, 1, 14)).daily == mg("20")
    version = revised(owner, plan, Decision("hold", D(2027, 1, 14), days=7))
    assert steps(version)[0][0] == "20"
    assert version.answer["steps"][1]["daily"] == "15"


def test_from_a_lower_dose_taken_today_the_planned_one_is_a_way_up(page: Client, plan: Plan) -> None:
    """20 mg in fact until today; from tomorrow 30 mg again."""
    send(page, plan, last="2027-01-13")
    assert "On Thursday 14 January 2027 the dose goes up to 30 mg a day." in shown(page.get(address(plan)))


def test_note_that_goes_on_ends_where_the_next_version_begins(page: Client, owner: User, plan: Plan) -> None:
    send(page, plan)
    with time_machine.travel(datetime(2027, 1, 13, 12, tzinfo=UTC), tick=False):
        revised(owner, plan, Decision("step-back", D(2027, 1, 14), days=7, daily=mg("30")))
    days = [daily(plan, D(2027, 1, day)) for day in (11, 12, 13, 14, 20)]
    assert days == ["30", "20 otherwise", "20 otherwise", "30", "30"]


def test_of_two_notes_about_a_day_the_later_counts(page: Client, plan: Plan) -> None:
    send(page, plan)
    send(page, plan, last="2027-01-13", evening="5")
    assert daily(plan, D(2027, 1, 12)) == "15 otherwise"


def test_dose_need_not_be_makeable_and_may_be_nothing(page: Client, plan: Plan) -> None:
    assert send(page, plan, morning="7.5", evening="0").status_code == 302
    assert daily(plan, D(2027, 1, 13)) == "7.5 otherwise"


def test_sent_twice_it_is_noted_once(page: Client, plan: Plan) -> None:
    """From one page; the second sending knows of no note either."""
    for _ in range(2):
        assert send(page, plan, after="0").status_code == 302
    assert TakenOtherwise.objects.count() == 1


def test_same_noted_once_more_after_a_change_counts_anew(page: Client, owner: User, plan: Plan) -> None:
    """20 mg since the 12th, then back to 35 from the 13th; and it is 20 mg again all the same."""
    assert send(page, plan).status_code == 302
    with time_machine.travel(datetime(2027, 1, 13, 1, tzinfo=UTC), tick=False):
        revised(owner, plan, Decision("step-back", D(2027, 1, 13), days=7, daily=mg("35")))
    assert daily(plan, D(2027, 1, 13)) == "35"
    with time_machine.travel(datetime(2027, 1, 13, 2, tzinfo=UTC), tick=False):
        assert send(page, plan).status_code == 302
    assert daily(plan, D(2027, 1, 13)) == "20 otherwise"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"first": "2027-01-14"}, "Give a day of the plan from 7 December 2026 to 13 January 2027."),
        ({"first": "2026-12-06"}, "Give a day of the plan from 7 December 2026 to 13 January 2027."),
        ({"first": ""}, "Give a date as year-month-day"),
        ({"last": "2027-01-14"}, "Give a day from the first one to 13 January 2027"),
        ({"last": "2027-01-11"}, "Give a day from the first one to 13 January 2027"),
        ({"last": "soon"}, "Give a date as year-month-day"),
        ({"morning": "ten"}, "Give a plain number such as 20 or 12.5"),
        ({"morning": "-5"}, "Give a plain number such as 20 or 12.5"),
        ({"morning": "", "evening": ""}, "Give the dose at one time at least"),
        ({"morning": "5000"}, "is taken for a slip of the pen"),
        ({"note": "x" * 501}, "Give at most 500 characters."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    page: Client, plan: Plan, changes: dict[str, str], message: str
) -> None:
    answer = send(page, plan, **changes)
    assert answer.status_code == 422
    assert message in shown(answer)
    assert '<details class="panel add-below" id="note-taken" open>' in shown(answer)
    kept = {name: text for name, text in (NOTED | changes).items() if text and name != "note"}
    assert all(f'name="{name}" value="{text}"' in shown(answer) for name, text in kept.items())
    assert not TakenOtherwise.objects.exists()


def test_nothing_was_taken_of_a_plan_that_has_not_begun(page: Client, owner: User, plan: Plan) -> None:
    with (
        time_machine.travel(D(2026, 12, 1), tick=False),
        pytest.raises(Refused, match="The first dose of this plan is on 7 December 2026"),
    ):
        note_taken(
            by=owner, plan=plan, first=D(2026, 12, 1), last=None, regimen={"morning": mg("10")}, note="", after=0
        )


def test_closed_plan_takes_no_note(page: Client, owner: User, plan: Plan) -> None:
    end_plan(by=owner, plan=plan, based_on=fresh(plan).current_id, on=D(2027, 1, 13), reason="stopped", note="")
    answer = send(page, plan)
    assert answer.status_code == 422
    assert "This plan has ended: what was taken after it is not a part of it." in shown(answer)
    assert "Midday left out" in shown(answer)
    assert not TakenOtherwise.objects.exists()


def test_colleague_may_and_a_stranger_may_not(colleague: Client, client: Client, stranger: User, plan: Plan) -> None:
    assert send(colleague, plan).status_code == 302
    client.force_login(stranger)
    assert send(client, plan, first="2027-01-05").status_code == 404
    with pytest.raises(Refused, match="another clinic"):
        note_taken(
            by=stranger, plan=plan, first=D(2027, 1, 5), last=None, regimen={"morning": mg("10")}, note="", after=0
        )
    assert TakenOtherwise.objects.count() == 1


def test_opened_by_its_address_it_leads_to_the_plan(page: Client, plan: Plan) -> None:
    assert page.get(address(plan, "taken/"))["Location"] == address(plan)

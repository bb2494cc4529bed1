"""Recording a check-in: what is kept, what is refused in words, and where the decision leads."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from planner.models import AuditRow, CheckIn, Due, Plan, User
from planner.revising import Decision
from planner.services import Refused, end_plan
from tests.plans.conftest import address, fresh, recorded, shown
from tests.revisions.conftest import revised
from tests.web.filled import fields_of

D = date
SEIZURE = "A fit (seizure), or you pass out"
LIVE = {"HX-Request": "true"}


def send(page: Client, plan: Plan, sent: dict[str, Any], **changes: Any) -> Any:
    return page.post(address(plan, "check-in/"), sent | changes)


def test_hold_is_kept_and_leads_to_the_change(page: Client, owner: User, plan: Plan, sent: dict[str, Any]) -> None:
    answer = send(page, plan, sent, signs=["You cannot sleep", "Sweating"], missed="2", note=" Calls tomorrow ")
    made = CheckIn.objects.get()
    assert answer["Location"] == f"{address(plan, 'revise/')}?kind=hold&days=7&check_in={made.pk}"
    assert (made.day, made.how, made.signs) == (D(2027, 1, 13), "mild", ["You cannot sleep", "Sweating"])
    assert (made.missed, made.note, made.daily, made.suggested) == (2, "Calls tomorrow", "30", "hold")
    assert (made.by, made.version_id, made.too_much, made.emergency) == (owner, fresh(plan).current_id, False, False)
    assert page.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("changes", "leads_to"),
    [
        ({"how": "well", "decision": "go-on"}, "/plans/{}/"),
        ({"how": "moderate", "decision": "step-back"}, "/plans/{}/revise/?kind=step-back&daily=35&check_in={}"),
        ({"decision": "slow-down", "reason": "Wishes it"}, "/plans/{}/revise/?kind=pace&check_in={}"),
        ({"decision": "other", "reason": "Shortage"}, "/plans/{}/revise/?check_in={}"),
        ({"how": "severe", "decision": "emergency"}, "/plans/{}/"),
        ({"too_much": "yes", "how": "", "decision": ""}, "/plans/{}/"),
    ],
    ids=["go on", "step back", "slower", "other", "emergency", "too much"],
)
def test_decision_leads_on(
    page: Client, plan: Plan, sent: dict[str, Any], changes: dict[str, str], leads_to: str
) -> None:
    answer = send(page, plan, sent, **changes)
    assert answer.status_code == 302, shown(answer)
    assert answer["Location"] == leads_to.format(plan.pk, CheckIn.objects.get().pk)


def test_audit_row_holds_ids_and_codes_only(page: Client, plan: Plan, sent: dict[str, Any]) -> None:
    send(page, plan, sent, note="Sleeps badly", signs=["Sweating"], decision="go-on", reason="Wishes to go on")
    row = AuditRow.objects.get(action="checked in")
    assert row.detail == {
        "plan": plan.pk, "suggested": "hold", "decision": "go-on", "too_much": False, "how": "mild", "emergency": False,
    }  # fmt: skip


def test_check_ins_due_up_to_the_day_after_are_done(owner: User, plan: Plan, today: date) -> None:
    """Due on 8, 15 December, 2, 9, 16 and 23 February."""
    due = Due.objects.filter(plan=plan, kind=Due.CHECK_IN)
    days = list(due.values_list("day", flat=True))
    assert days[:2] == [D(2026, 12, 8), D(2026, 12, 15)]
    recorded(owner, plan, "well", day=D(2026, 12, 14))
    assert [each.done for each in due] == [True, True, False, False, False, False]
    assert not Due.objects.filter(plan=plan, done=True).exclude(kind=Due.CHECK_IN).exists()


def test_check_in_two_days_before_one_that_is_due_leaves_it(owner: User, plan: Plan, today: date) -> None:
    recorded(owner, plan, "well", day=D(2026, 12, 13))
    assert [each.done for each in Due.objects.filter(plan=plan, kind=Due.CHECK_IN)][:2] == [True, False]


def test_sent_twice_it_is_recorded_once(page: Client, plan: Plan, sent: dict[str, Any]) -> None:
    first, second = send(page, plan, sent), send(page, plan, sent)
    assert first["Location"] == second["Location"]
    assert CheckIn.objects.count() == 1
    changed = send(page, plan, sent, how="moderate")
    assert changed.status_code == 422
    assert "A check-in was recorded from this page already." in shown(changed)
    assert send(page, plan, sent, reason="Other words").status_code == 422


def test_sent_twice_after_the_plan_was_changed_it_is_still_the_first(
    page: Client, owner: User, plan: Plan, sent: dict[str, Any]
) -> None:
    first = send(page, plan, sent)
    revised(owner, plan, Decision("hold", D(2027, 1, 13), days=7))
    assert send(page, plan, sent)["Location"] == first["Location"]


def test_version_replaced_meanwhile_is_said_and_nothing_typed_is_lost(
    page: Client, owner: User, plan: Plan, sent: dict[str, Any]
) -> None:
    revised(owner, plan, Decision("hold", D(2027, 1, 13), days=7))
    answer = send(page, plan, sent, note="Sleeps badly", signs=["Sweating"], reason="Mild signs")
    html = shown(answer)
    assert answer.status_code == 422
    assert "Version 2 was issued by Test Owner on 13 January 2027: 30 mg held 7 days." in html
    assert not CheckIn.objects.exists()
    again = fields_of(answer, "too_much")
    assert {name: again[name] for name in ("how", "signs", "note", "reason", "decision", "days")} == {
        "how": "mild", "signs": ["Sweating"], "note": "Sleeps badly", "reason": "Mild signs", "decision": "hold",
        "days": "7",
    }  # fmt: skip
    assert send(page, plan, again).status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"day": "2027-01-14"}, "Give a day from the plan’s issue, 26 November 2026, to today, 13 January 2027."),
        ({"day": "2026-11-25"}, "Give a day from the plan’s issue, 26 November 2026, to today, 13 January 2027."),
        ({"day": "13/1"}, "Give a date as year-month-day"),
        ({"too_much": ""}, "Answer this first"),
        ({"too_much": "perhaps"}, "Answer this first"),
        ({"how": ""}, "Choose how the patient is."),
        ({"how": "fine"}, "Choose how the patient is."),
        ({"signs": ["Green spots"]}, "Tick signs of the list"),
        ({"danger": ["Sweating"]}, "Tick signs of the list"),
        ({"missed": "-1"}, "Give a whole number from 0 to 99."),
        ({"missed": "many"}, "Give a whole number from 0 to 99."),
        ({"decision": ""}, "Choose what follows."),
        ({"decision": "double-it"}, "Choose what follows from the list."),
        ({"decision": "step-back"}, "With these answers it is one of: Hold, Go on as planned"),
        ({"decision": "emergency"}, "With these answers it is one of: Hold, Go on as planned"),
        ({"days": "0"}, "Give a whole number of days from 1 to 365."),
        ({"days": "1000"}, "Give a whole number of days from 1 to 365."),
        ({"days": ""}, "Give a whole number of days from 1 to 365."),
        ({"decision": "go-on"}, "Say why you decide otherwise, with at least 3 letters."),
        ({"decision": "go-on", "reason": "…"}, "Say why you decide otherwise, with at least 3 letters."),
        ({"note": "x" * 1001}, "Give at most 1,000 characters."),
        ({"reason": "x" * 501}, "Give at most 500 characters."),
        ({"submission": ""}, "was not complete"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    page: Client, plan: Plan, sent: dict[str, Any], changes: dict[str, Any], words: str
) -> None:
    answer = send(page, plan, {**sent, "note": "Kept words", **changes})
    assert answer.status_code == 422
    assert words in shown(answer)
    assert ("Kept words" in shown(answer)) is ("note" not in changes)
    assert not CheckIn.objects.exists()


def test_days_are_not_asked_for_where_nothing_is_held(page: Client, plan: Plan, sent: dict[str, Any]) -> None:
    assert send(page, plan, sent, how="well", decision="go-on", days="0").status_code == 302


def test_too_much_is_recorded_whatever_else_was_typed(page: Client, plan: Plan, sent: dict[str, Any]) -> None:
    typed = {"how": "severe", "signs": ["Sweating"], "missed": "x", "decision": "step-back", "days": "0"}
    assert send(page, plan, sent, too_much="yes", **typed).status_code == 302
    made = CheckIn.objects.get()
    assert (made.too_much, made.how, made.signs, made.decision) == (True, "", [], "emergency")
    assert made.suggested == "emergency"


def test_emergency_text_stays_first_until_a_later_check_in_says_otherwise(
    page: Client, owner: User, plan: Plan, today: date
) -> None:
    recorded(owner, plan, "severe", "emergency", signs=[SEIZURE])
    html = shown(page.get(address(plan)))
    assert html.index("Emergency sign: call 999 now") < html.index("<h1>")
    assert "Emergency number now; tell the hospital that baclofen is being lowered" in html
    recorded(owner, plan, "well", day=D(2027, 1, 12))
    assert "Emergency sign: call" in shown(page.get(address(plan)))
    recorded(owner, plan, "well")
    assert "Emergency sign: call" not in shown(page.get(address(plan)))


def test_after_too_much_the_page_offers_no_step_back_and_no_pace(
    page: Client, owner: User, plan: Plan, today: date
) -> None:
    recorded(owner, plan, "", "emergency")
    html = shown(page.get(address(plan)))
    assert "Call 999 now" in html
    assert "kind=hold" in html
    assert "kind=step-back" not in html
    assert "kind=pace" not in html


def test_after_too_much_a_change_offers_them_no_more_and_another_check_in_does(
    page: Client, owner: User, plan: Plan, today: date
) -> None:
    recorded(owner, plan, "", "emergency")
    html = shown(page.get(address(plan, "revise/")))
    assert "kind=hold" in html
    assert not re.search("kind=(step-back|pace|resume)", html)
    assert "may have had too much" in html
    for kind in ("step-back", "pace"):
        answer = shown(page.get(address(plan, "revise/"), {"kind": kind}))
        assert "Nothing was issued yet" in answer
        assert "No step back and no other pace until another says how the patient is" in answer
    recorded(owner, plan, "well")
    assert "kind=step-back" in shown(page.get(address(plan, "revise/")))
    assert "Nothing was issued yet" not in shown(page.get(address(plan, "revise/"), {"kind": "step-back"}))


def test_emergency_sign_outweighs_well(page: Client, plan: Plan, sent: dict[str, Any]) -> None:
    answer = send(page, plan, sent, how="well", decision="go-on", danger=[SEIZURE])
    assert answer.status_code == 422
    assert "Emergency sign: call 999 now" in shown(answer)
    assert send(page, plan, sent, how="well", decision="emergency", danger=[SEIZURE]).status_code == 302
    assert CheckIn.objects.get().emergency


# While the answers are given


def test_answers_bring_what_follows_and_only_that(page: Client, plan: Plan, sent: dict[str, Any]) -> None:
    headers = LIVE | {"HX-Target": "check-suggestion"}
    html = shown(page.post(address(plan, "check-in/"), sent | {"how": "moderate"}, headers=headers))
    assert html.startswith('<div id="check-suggestion"')
    assert "Go back to 35 mg" in html
    assert "<html" not in html
    assert not CheckIn.objects.exists()


def test_first_answer_puts_the_emergency_text_in_the_place_of_the_rest(
    page: Client, plan: Plan, sent: dict[str, Any]
) -> None:
    headers = LIVE | {"HX-Target": "check-rest"}
    answer = page.post(address(plan, "check-in/"), sent | {"too_much": "yes"}, headers=headers)
    assert shown(answer).startswith('<div id="check-rest"')
    assert "Call 999 now" in shown(answer)
    assert "How is the patient?" not in shown(answer)
    assert answer["HX-Reswap"] == "outerHTML show:#check:top"
    assert page.post(address(plan, "check-in/"), sent | {"open": "1"}, headers=headers).status_code == 204
    back = shown(page.post(address(plan, "check-in/"), sent | {"note": "Kept words"}, headers=headers))
    assert "How is the patient?" in back
    assert "Kept words" in back


def test_answer_after_a_first_one_of_yes_still_shows_the_emergency_text(
    page: Client, plan: Plan, sent: dict[str, Any]
) -> None:
    headers = LIVE | {"HX-Target": "check-suggestion"}
    answer = page.post(address(plan, "check-in/"), sent | {"too_much": "yes", "open": "1"}, headers=headers)
    assert answer["HX-Retarget"] == "#check-rest"
    assert "Call 999 now" in shown(answer)


def test_opened_by_its_address_it_leads_to_the_plan(page: Client, plan: Plan) -> None:
    assert page.get(address(plan, "check-in/"))["Location"] == address(plan)


# Who may


def test_colleague_records_one(colleague: Client, plan: Plan, sent: dict[str, Any]) -> None:
    assert send(colleague, plan, sent).status_code == 302
    assert CheckIn.objects.get().by.name == "Test Colleague"


def test_stranger_records_none(client: Client, stranger: User, plan: Plan, sent: dict[str, Any]) -> None:
    client.force_login(stranger)
    assert send(client, plan, sent).status_code == 404
    with pytest.raises(Refused, match="another clinic"):
        recorded(stranger, plan, "well")
    assert not CheckIn.objects.exists()


def test_closed_plan_takes_none(page: Client, owner: User, plan: Plan, sent: dict[str, Any]) -> None:
    end_plan(by=owner, plan=plan, based_on=fresh(plan).current_id, on=D(2027, 1, 13), reason="elsewhere", note="")
    answer = send(page, plan, sent)
    assert answer.status_code == 422
    assert not CheckIn.objects.exists()
    with pytest.raises(Refused, match="closed on 13 January 2027"):
        recorded(owner, plan, "well")


def test_after_the_stop_one_is_still_recorded(owner: User, plan: Plan) -> None:
    with time_machine.travel(D(2027, 2, 24), tick=False):
        made = recorded(owner, plan, "well")
    assert (made.daily, made.day - D(2027, 2, 22)) == ("0", timedelta(days=2))

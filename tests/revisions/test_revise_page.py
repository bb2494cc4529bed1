"""The page on which a running plan is changed: before and after, refused in words, nothing typed lost."""

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from planner.models import AuditRow, Due, Plan, User, Version
from planner.papers.pdftext import pages_of
from planner.revising import Decision
from tests.revisions.conftest import fresh, revised
from tests.revisions.test_noted import noted
from tests.web.filled import fields_of

BAND = re.compile(r"From \d+ \w+ \d+ version \d+ replaces this paper\.|Replaced by version \d+ of \d+ \w+ \d+\.")
HOLD = {"kind": "hold", "begins": "2027-01-13", "days": "7", "why": "Mild signs, day 3"}


def address(plan: Plan) -> str:
    return f"/plans/{plan.pk}/revise/"


def looked(page: Client, plan: Plan, **changes: str) -> dict[str, Any]:
    """What the page would send back after a look at the change."""
    return fields_of(page.post(address(plan), {**HOLD, "based_on": str(fresh(plan).current_id), **changes}))


def test_every_way_is_offered_and_resuming_only_when_held(page: Client, owner: User, plan: Plan, today: date) -> None:
    shown = page.get(address(plan)).content.decode()
    assert all(f"kind={kind}" in shown for kind in ("hold", "wait", "step-back", "pace", "products", "target", "stay"))
    assert "kind=resume" not in shown
    revised(owner, plan, Decision("wait", today))
    assert "kind=resume" in page.get(address(plan)).content.decode()


@pytest.mark.parametrize("kind", ["hold", "wait", "step-back", "pace", "products", "target", "stay"])
def test_each_way_opens_with_what_is_usual_worked_out(page: Client, plan: Plan, today: date, kind: str) -> None:
    shown = page.get(f"{address(plan)}?kind={kind}")
    assert shown.status_code == 200
    if kind != "target":  # the target now is no change, yet it can be issued
        assert "Before and after" in shown.content.decode()


def test_before_and_after_stand_side_by_side(page: Client, plan: Plan, today: date) -> None:
    shown = " ".join(page.get(f"{address(plan)}?kind=hold&days=7").content.decode().split())
    assert "Stop on Mon 1 Mar 2027, 7 days later" in shown
    row = shown[shown.index("Mon 18 Jan 2027") :][:220]
    assert "25 mg" in row
    assert "30 mg" in row


def test_change_is_issued_with_the_reasons_kept_before(page: Client, plan: Plan, today: date) -> None:
    sent = fields_of(page.get(f"{address(plan)}?kind=hold&days=7"))
    answer = page.post(address(plan), {**sent, "why": "Mild signs, day 3", "act": "issue"})
    version = fresh(plan).current
    assert answer.status_code == 302
    assert (version.number, version.kind, version.why) == (2, "hold", "Mild signs, day 3")
    assert set(version.reasons.values()) == {"Weekly visits from here on"}
    assert AuditRow.objects.filter(action="issued", target=version.pk).exists()


def test_without_a_reason_nothing_is_issued_and_nothing_typed_is_lost(page: Client, plan: Plan, today: date) -> None:
    sent = fields_of(page.get(f"{address(plan)}?kind=hold&days=7"))
    answer = page.post(address(plan), {**sent, "days": "9", "why": "", "act": "issue"})
    assert answer.status_code == 422
    assert fields_of(answer)["days"] == "9"
    assert "Say why" in answer.content.decode()
    assert fresh(plan).current.number == 1


def test_change_that_was_not_looked_at_is_shown_before_it_is_issued(page: Client, plan: Plan, today: date) -> None:
    sent = fields_of(page.get(f"{address(plan)}?kind=hold&days=7"))
    answer = page.post(address(plan), {**sent, "days": "9", "why": "Mild signs", "act": "issue"})
    assert "has changed since you saw it" in answer.content.decode()
    again = page.post(address(plan), {**fields_of(answer), "act": "issue"})
    assert again.status_code == 302


def test_page_of_a_version_that_was_replaced_meanwhile_keeps_what_was_typed(
    page: Client, owner: User, plan: Plan, today: date
) -> None:
    sent = fields_of(page.get(f"{address(plan)}?kind=hold&days=7"))
    revised(owner, plan, Decision("wait", today))
    answer = page.post(address(plan), {**sent, "why": "Mild signs", "act": "issue"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Version 2 was issued by Test Owner" in shown
    assert "30 mg held until further notice" in shown
    assert fields_of(answer)["why"] == "Mild signs"
    assert fields_of(answer)["based_on"] == str(fresh(plan).current_id)
    assert fresh(plan).current.number == 2


def test_sent_twice_it_is_issued_once(page: Client, plan: Plan, today: date) -> None:
    sent = {**fields_of(page.get(f"{address(plan)}?kind=hold&days=7")), "why": "Mild signs", "act": "issue"}
    first, second = page.post(address(plan), sent), page.post(address(plan), sent)
    assert first.url == second.url
    assert Version.objects.filter(plan=plan).count() == 2


def test_new_calendar_is_seen_before_it_is_issued(page: Client, plan: Plan, today: date) -> None:
    sent = fields_of(page.get(f"{address(plan)}?kind=hold&days=7"))
    pdf = page.post(address(plan), {**sent, "act": "paper"}).content
    for words in pages_of(pdf):
        assert "Not issued" in " ".join(word.text for word in words)
    assert fresh(plan).current.number == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"begins": "2027-01-12"}, "begins"),
        ({"begins": "13/1/2027"}, "begins"),
        ({"begins": ""}, "begins"),
        ({"days": "0"}, "days"),
        ({"days": "1000"}, "days"),
        ({"days": ""}, "days"),
        ({"begins": "2027-01-18"}, "from_time"),
        ({"from_time": "noon"}, "from_time"),
        ({"kind": "step-back", "daily": "42", "from_time": "first"}, "daily"),
        ({"kind": "step-back", "daily": "35"}, "from_time"),
        ({"kind": "pace", "pace": "faster"}, "pace"),
        ({"kind": "pace", "pace": ""}, "pace"),
        ({"kind": "target", "target": "30"}, "target"),
        ({"kind": "target", "target": "-1"}, "target"),
        ({"kind": "products"}, "products"),
    ],
)
def test_bad_input_is_said_at_its_field(
    page: Client, plan: Plan, today: date, changes: dict[str, str], field: str
) -> None:
    answer = page.post(address(plan), {**HOLD, **changes})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_what_is_in_hand_is_that_of_the_day_in_the_address(page: Client, plan: Plan, today: date) -> None:
    """46.5 tablets on the 13th; on the 25th 5 x 3 and 7 x 2.5 less."""
    assert "have the patient count" not in page.get(f"{address(plan)}?kind=hold").content.decode()
    held = [
        fields_of(page.get(f"{address(plan)}?kind=hold{day}"))["hand-tablet-10"] for day in ("", "&begins=2027-01-25")
    ]
    assert held == ["46.5", "14"]


def test_days_taken_otherwise_leave_the_stock_unsure_and_the_page_says_so(
    page: Client, owner: User, plan: Plan, today: date
) -> None:
    noted(owner, plan, date(2027, 1, 12), None, "20", "20", "20")
    assert "have the patient count" in page.get(f"{address(plan)}?kind=hold").content.decode()


def test_dose_missed_yesterday_is_not_made_the_one_to_hold_without_a_word(
    page: Client, owner: User, plan: Plan, today: date
) -> None:
    """10 mg on the 12th alone, of a plan at 30: held from the 13th it would be 10, from the 14th 30."""
    noted(owner, plan, date(2027, 1, 12), date(2027, 1, 12), "10", "0", "0")
    told = "This goes on from 10 mg, which was noted for the day before; the plan itself says 30 mg on 13 January 2027."
    first = {**HOLD, "from_time": "first", "act": "look"}
    answer = page.post(address(plan), first).content.decode()
    assert f"{told} To go on from the plan’s dose, begin on 14 January 2027." in answer
    assert "This goes on from" not in page.post(address(plan), {**first, "begins": "2027-01-14"}).content.decode()
    assert "This goes on from" not in page.post(address(plan), {**first, "from_time": "midday"}).content.decode()


def test_plan_closed_meanwhile_keeps_what_was_written(page: Client, plan: Plan, today: date) -> None:
    sent = {**fields_of(page.get(f"{address(plan)}?kind=hold&days=7")), "why": "Mild signs at home", "act": "issue"}
    end = {"on": "2027-01-13", "reason": "elsewhere", "note": "", "based_on": str(fresh(plan).current_id)}
    assert page.post(f"/plans/{plan.pk}/end/", end).status_code == 302
    answer = page.post(address(plan), sent)
    assert answer.status_code == 422
    assert "Mild signs at home" in answer.content.decode()
    assert "Nothing was issued" in answer.content.decode()


@pytest.mark.parametrize("begins", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar_are_refused_at_their_field(
    page: Client, plan: Plan, today: date, begins: str
) -> None:
    for kind in ("hold", "step-back", "products"):
        answer = page.get(address(plan), {"kind": kind, "begins": begins})
        assert answer.status_code == 200
        filled = {**HOLD, "kind": kind, "begins": begins, "daily": "35", "from_time": "first", "products": "tablet-5"}
        assert 'id="id_begins_error"' in page.post(address(plan), filled).content.decode()


def test_unknown_kind_offers_the_ways(page: Client, plan: Plan, today: date) -> None:
    assert "End the plan" in page.get(f"{address(plan)}?kind=fly").content.decode()


def test_ended_plan_is_not_changed(page: Client, owner: User, plan: Plan, today: date) -> None:
    sent = {"on": "2027-01-13", "reason": "elsewhere", "note": "", "based_on": str(fresh(plan).current_id)}
    assert page.post(f"/plans/{plan.pk}/end/", sent).status_code == 302
    assert "This plan has ended" in page.get(f"{address(plan)}?kind=hold").content.decode()
    assert page.post(f"/plans/{plan.pk}/end/", {**sent, "reason": "died"}).status_code == 422


def test_plan_after_its_stop_is_closed_so_that_it_asks_for_no_check_in(client: Client, owner: User, plan: Plan) -> None:
    """The stop was on 22 February; its check-ins after that are open."""
    with time_machine.travel(date(2027, 3, 10), tick=False):
        client.force_login(owner)
        assert "Close the plan" in client.get(f"/plans/{plan.pk}/").content.decode()
        assert 'value="2027-02-22"' in client.get(f"/plans/{plan.pk}/end/").content.decode()
        sent = {"on": "2027-02-23", "reason": "elsewhere", "note": "", "based_on": str(fresh(plan).current_id)}
        answer = client.post(f"/plans/{plan.pk}/end/", sent)
        assert "on which the plan ran: up to 22 February 2027." in answer.content.decode()
        assert client.post(f"/plans/{plan.pk}/end/", {**sent, "on": "2027-02-22"}).status_code == 302
        assert not Due.objects.filter(plan=plan).exists()
        assert "Close the plan" not in client.get(f"/plans/{plan.pk}/").content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"on": "2027-01-14"}, "on which the plan ran"),
        ({"on": "2026-11-25"}, "on which the plan ran"),
        ({"reason": ""}, "required"),
        ({"based_on": "0"}, "Version 1 was issued"),
    ],
)
def test_end_is_refused_in_words(page: Client, plan: Plan, today: date, changes: dict[str, str], words: str) -> None:
    sent = {"on": "2027-01-13", "reason": "elsewhere", "based_on": str(fresh(plan).current_id), **changes}
    answer = page.post(f"/plans/{plan.pk}/end/", sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert fresh(plan).closed_on is None


def test_old_calendar_says_on_every_page_that_it_is_replaced(
    page: Client, owner: User, version: Version, today: date
) -> None:
    before = page.get(f"/versions/{version.pk}/calendar-A4.pdf").content
    assert before == bytes(version.papers.get(page_size="A4").pdf)
    revised(owner, version.plan, Decision("hold", today, days=7))
    for words in pages_of(page.get(f"/versions/{version.pk}/calendar-A4.pdf").content):
        assert "Replaced by version 2 of 13 January 2027." in " ".join(word.text for word in words)


def bands(page: Client, version: Version) -> set[str]:
    """What stands in the band over the first and the last page of a version's calendar."""
    pdf = page.get(f"/versions/{version.pk}/calendar-A4.pdf").content
    read = [" ".join(word.text for word in words) for words in pages_of(pdf)]
    return {BAND.findall(words)[0] for words in (read[0], read[-1])}


def test_calendar_of_other_products_says_which_are_not_taken_any_more(
    page: Client, owner: User, version: Version, today: date
) -> None:
    told = "do not take Baclofen 10 mg tablets any more, even if you have some left."
    decision = Decision("products", date(2027, 1, 14), products=("tablet-5",))
    sent = {"kind": "products", "begins": "2027-01-14", "from_time": "first", "products": ["tablet-5"], "act": "paper"}
    preview = page.post(address(version.plan), sent).content
    issued = page.get(f"/versions/{revised(owner, version.plan, decision).pk}/calendar-A4.pdf").content
    assert all(told in " ".join(word.text for word in pages_of(pdf)[0]) for pdf in (preview, issued))
    first = page.get(f"/versions/{version.pk}/calendar-A4.pdf").content
    assert told not in " ".join(word.text for words in pages_of(first) for word in words)


def test_paper_replaced_from_tomorrow_holds_today_and_the_one_before_it_does_not(
    page: Client, owner: User, version: Version, today: date
) -> None:
    """Held today, down again from tomorrow: the first paper was replaced by the hold."""
    second = revised(owner, version.plan, Decision("hold", today, days=7))
    revised(owner, version.plan, Decision("resume", date(2027, 1, 14)))
    assert bands(page, second) == {"From 14 January 2027 version 3 replaces this paper."}
    assert "From 14 January 2027 version 3 replaces" in page.get(f"/versions/{second.pk}/").content.decode()
    by_the_hold = "Replaced by version 2 of 13 January 2027."
    assert bands(page, version) == {by_the_hold}
    assert by_the_hold in page.get(f"/versions/{version.pk}/").content.decode()


def test_of_two_versions_to_come_the_first_replaces_the_paper_in_force(
    page: Client, owner: User, version: Version, today: date
) -> None:
    revised(owner, version.plan, Decision("hold", date(2027, 1, 15), days=7))
    revised(owner, version.plan, Decision("resume", date(2027, 1, 20)))
    assert bands(page, version) == {"From 15 January 2027 version 2 replaces this paper."}


def test_fault_while_typing_is_an_outcome_of_its_own(page: Client, plan: Plan, today: date) -> None:
    """With 422 the whole page would be put in its place."""
    sent = {**HOLD, "kind": "products", "based_on": str(fresh(plan).current_id)}
    answer = page.post(address(plan), sent, headers={"HX-Request": "true", "HX-Target": "outcome"})
    assert answer.status_code == 200
    assert '<a href="#id_products">' in answer.content.decode()
    assert 'id="id_products"' in answer.content.decode()


def test_reason_kept_before_and_chosen_again_stands_once(page: Client, plan: Plan, today: date) -> None:
    sent = {**fields_of(page.get(f"{address(plan)}?kind=hold&days=7")), "why": "Mild signs", "act": "issue"}
    usual = "No finer product can be had or used; closer contact from here on"
    page.post(address(plan), {**sent, "usual-over-limit": usual, "reason-over-limit": f"{usual}; by telephone"})
    assert fresh(plan).current.reasons["over-limit"] == f"{usual}; by telephone"


def test_colleague_may_and_stranger_finds_nothing(
    client: Client, colleague: User, stranger: User, plan: Plan, today: date
) -> None:
    client.force_login(colleague)
    assert client.get(f"{address(plan)}?kind=hold").status_code == 200
    client.force_login(stranger)
    for path in (address(plan), f"{address(plan)}?kind=hold", f"/plans/{plan.pk}/end/"):
        assert client.get(path).status_code == 404
        assert client.post(path, HOLD).status_code == 404
    client.logout()
    assert client.get(address(plan)).status_code == 302


@pytest.mark.parametrize("token", ["", "\x00", "<b>", "x" * 65])
def test_form_with_a_token_of_no_page_of_ours_issues_nothing(page: Client, plan: Plan, today: date, token: str) -> None:
    sent = fields_of(page.get(f"{address(plan)}?kind=hold&days=7"))
    answer = page.post(address(plan), {**sent, "why": "Mild signs", "act": "issue", "submission": token})
    assert answer.status_code == 422
    assert "This page cannot be sent as it is" in answer.content.decode()
    assert fields_of(answer)["submission"] not in ("", token)
    assert fresh(plan).current.number == 1

"""The first page: who needs the clinic today and this week, in order of weight, and nobody else's patients."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planner.context import NewPatient
from planner.models import Due, Patient, Plan, User
from planner.revising import Decision
from planner.services import add_colleague, add_patient, end_plan, save_clinic
from tests.plans.conftest import recorded
from tests.revisions.conftest import fresh, revised
from tests.web.conftest import CLINIC
from tests.web.test_services import issued

ISSUED = date(2026, 11, 26)
Begin = Callable[..., Plan]


@pytest.fixture
def begin(owner: User, patient: Patient, typed: dict[str, Any]) -> Begin:
    """Issues a plan of baclofen from 60 mg, 5 mg less every week from a day on, as a rule for the one patient."""

    def made(start: str = "2026-12-07", whose: Any = None) -> Plan:
        with time_machine.travel(ISSUED, tick=False):
            whose = whose or patient
            return issued(owner, whose, {**typed, "start": start}, submission=f"{whose.identifier} {start}").plan

    return made


def look(user: User, day: str) -> str:
    """The page on a day, its words with single spaces."""
    with time_machine.travel(date.fromisoformat(day), tick=False):
        client = Client()
        client.force_login(user)
        response = client.get("/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def words(page: str) -> str:
    """What is read, without the marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def part(page: str, title: str) -> str:
    """A section of the page; empty where it is not there."""
    found = re.search(
        rf'<section aria-labelledby="part-\d"><div class="head-line"><h2[^>]*>{title}<.*?</section>', page
    )
    return found[0] if found else ""


def week(page: str) -> list[str]:
    return [words(day) for day in re.findall(r"<li[^>]*>(<b>.*?)</li>", page)]


# Each kind, by a worked example


def test_missed_check_in_stands_first_until_one_is_recorded(owner: User, begin: Begin) -> None:
    plan = begin("2027-01-08")
    shown = look(owner, "2027-01-13")
    told = "Check-in missed It was due on Monday. Baclofen went from 60 to 55 mg a day on Friday. Record check-in"
    assert told in words(part(shown, "First"))
    assert f'href="/plans/{plan.pk}/#check"' in part(shown, "First")
    assert "3 check-ins missed" not in shown
    late = words(part(look(owner, "2027-03-03"), "First"))
    assert (
        "2 check-ins missed The last was due on Mon 18 Jan. Baclofen went from 55 to 50 mg a day on Fri 15 Jan." in late
    )
    with time_machine.travel(date(2027, 1, 13), tick=False):
        recorded(owner, plan, "well")
    after = look(owner, "2027-01-13")
    assert part(after, "First") == ""
    assert "Nobody needs you today. One patient later this week." in words(after)


def test_hold_until_further_notice_is_decided_on_its_day_and_after_it(owner: User, begin: Begin) -> None:
    plan = begin()
    with time_machine.travel(date(2027, 1, 13), tick=False):
        recorded(owner, plan, "well")
        revised(owner, plan, Decision("wait", date(2027, 1, 13), days=7))
    held = "Baclofen has been held at 30 mg a day since 13 Jan."
    assert f"Tue 19 Jan Test Patient TP-0001 Hold to decide. {held}" in words(
        part(look(owner, "2027-01-18"), "Later this week")
    )
    now = look(owner, "2027-01-19")
    assert f"Hold to decide today {held} What comes next is not decided. Decide" in words(part(now, "First"))
    assert f'href="/plans/{plan.pk}/revise/"' in part(now, "First")
    assert part(now, "Today") == ""
    assert f"Hold not decided {held} What comes next was to be decided yesterday." in words(look(owner, "2027-01-20"))
    assert "was to be decided on Tue 19 Jan." in words(part(look(owner, "2027-03-20"), "First"))


def test_supply_is_told_three_days_before_it_ends(owner: User, begin: Begin) -> None:
    plan = begin()
    with time_machine.travel(date(2026, 12, 16), tick=False):
        recorded(owner, plan, "well")
    before, first = look(owner, "2026-12-30"), look(owner, "2026-12-31")
    told = "Baclofen, 40 mg a day by then. More is needed from Monday."
    assert part(before, "First") == ""
    assert f"Sun 3 Jan Test Patient TP-0001 Supply ends. {told}" in words(part(before, "Later this week"))
    assert f"Supply ends Sunday {told} Open plan" in words(part(first, "First"))
    assert part(first, "Later this week") == ""
    assert "Supply ends today Baclofen, 40 mg a day by then. More is needed from tomorrow." in words(
        look(owner, "2027-01-03")
    )


def test_reasons_still_to_give(owner: User, begin: Begin) -> None:
    plan = begin()
    for _ in range(2):
        Due.objects.create(clinic=owner.clinic, plan=plan, day=date(2026, 12, 1), kind=Due.REASON)
    shown = look(owner, "2026-12-02")
    assert "Reasons to give Baclofen. 2 findings still need a reason. Give reasons" in words(part(shown, "First"))
    assert week(shown)[2] == "Today, 2 2 reasons to give"
    assert reverse("acknowledge", args=[plan.current_id]) in part(shown, "First")


def test_check_in_and_change_of_the_day(owner: User, begin: Begin) -> None:
    begin()
    change, check_in = look(owner, "2026-12-07"), look(owner, "2026-12-08")
    told = "Dose change. Baclofen, 60 to 55 mg a day: 8.3 % of current. Open plan"
    assert told in words(part(change, "Today"))
    later = "Tue 8 Dec Test Patient TP-0001 Check-in, day 2. Baclofen goes from 60 to 55 mg a day today."
    assert later in words(part(change, "Later this week"))
    told = "Check-in, day 2. Baclofen went from 60 to 55 mg a day yesterday. Record check-in"
    assert told in words(part(check_in, "Today"))


def test_rise_is_told_as_one(owner: User, begin: Begin) -> None:
    plan = begin()
    with time_machine.travel(date(2027, 1, 12), tick=False):
        recorded(owner, plan, "moderate", decision="step-back", reason="Rigid since the cut")
        revised(owner, plan, Decision("step-back", date(2027, 1, 13), days=7, daily=Decimal("35")))
    told = words(part(look(owner, "2027-01-13"), "Today"))
    assert "Dose change. Baclofen, up from 30 to 35 mg a day." in told
    assert "Hold ends. Baclofen, 35 mg a day since 13 Jan, then the plan goes on." in words(look(owner, "2027-01-19"))


def test_last_dose_and_the_check_in_after_the_stop(owner: User, begin: Begin) -> None:
    plan = begin()
    with time_machine.travel(date(2027, 2, 15), tick=False):
        recorded(owner, plan, "well")
    assert "Last dose. Baclofen, 5 mg a day, then stop on Monday." in words(
        part(look(owner, "2027-02-17"), "Later this week")
    )
    assert "Last dose. Baclofen, 5 mg a day, then stop tomorrow." in words(part(look(owner, "2027-02-21"), "Today"))
    after = words(part(look(owner, "2027-02-25"), "First"))
    assert "Check-in missed It was due on Tuesday. Baclofen stopped on Monday." in after


def test_timed_hold_ends_today(owner: User, begin: Begin) -> None:
    plan = begin()
    with time_machine.travel(date(2027, 1, 13), tick=False):
        recorded(owner, plan, "mild", decision="hold")
        revised(owner, plan, Decision("hold", date(2027, 1, 13), days=7))
    shown = look(owner, "2027-01-24")
    told = "Hold ends. Baclofen, 30 mg a day since 13 Jan, then the plan goes on. Open plan"
    assert told in words(part(shown, "Today"))
    assert part(shown, "First") == ""


# The whole of it


def test_sentence_on_top_counts_patients_once(owner: User, begin: Begin) -> None:
    others = [NewPatient(f"Test Patient {name}", date(1970, 1, 1), f"TP-1{name}") for name in "BCDE"]
    begin("2027-01-08")
    begin("2027-01-08", others[0])
    begin("2027-01-13", others[1])
    begin("2027-01-14", others[2])
    begin("2027-02-15", others[3])
    shown = look(owner, "2027-01-13")
    assert "Three patients need you today. Start with the first two. One more this week." in words(shown)
    assert "5 running tapers: 5 going on" in words(shown)
    assert "Nothing else is due before Monday 18 January. All patients" in words(shown)


def test_two_plans_of_one_patient_are_one_patient_and_two_rows(owner: User, begin: Begin, patient: Patient) -> None:
    begin("2027-01-08")
    copied(begin("2027-01-08"), patient)
    shown = look(owner, "2027-01-13")
    assert "One patient needs you today." in words(shown)
    assert part(shown, "First").count("<tr>") == 3


def test_several_things_of_one_plan_are_one_row(owner: User, begin: Begin) -> None:
    begin()
    shown = look(owner, "2027-01-01")
    first = part(shown, "First")
    assert first.count('scope="row"') == 1
    assert "2 check-ins missed" in first
    assert "Supply ends Sunday" in first
    assert first.count('class="button"') == 1
    assert "Record check-in" in first


def test_week_says_what_was_missed_what_is_left_and_when_it_is_closed(owner: User, begin: Begin) -> None:
    plan = begin("2027-01-11")
    assert week(look(owner, "2027-01-13")) == [
        "Mon 11 All done", "Tue 12 1 check-in missed", "Today, 13 Nothing due", "Thu 14 Nothing due",
        "Fri 15 Nothing due", "Sat 16 Closed", "Sun 17 Closed",
    ]  # fmt: skip
    with time_machine.travel(date(2027, 1, 12), tick=False):
        recorded(owner, plan, "well")
    assert week(look(owner, "2027-01-12"))[1] == "Today, 12 All done"
    assert week(look(owner, "2027-02-21"))[6] == "Today, 21 Closed"
    assert week(look(owner, "2027-03-28"))[6] == "Today, 28 Closed 1 last dose"


def test_week_begins_where_the_clinics_country_begins_it(owner: User, begin: Begin) -> None:
    begin()
    save_clinic(by=owner, clinic=CLINIC.__class__(**{**vars(CLINIC), "country": "US"}))
    owner.refresh_from_db()
    assert week(look(User.objects.get(pk=owner.pk), "2027-01-13"))[0].startswith("Sun 10")


def test_held_and_ending_are_counted_once(owner: User, begin: Begin) -> None:
    plan = begin()
    assert "1 running taper: 1 ending" in words(look(owner, "2027-02-17"))
    with time_machine.travel(date(2027, 2, 17), tick=False):
        recorded(owner, plan, "well")
        revised(owner, plan, Decision("wait", date(2027, 2, 17), days=7))
    assert "1 running taper: 1 held" in words(look(owner, "2027-02-17"))


def test_nothing_to_do_says_until_when(owner: User, begin: Begin) -> None:
    begin()
    shown = words(look(owner, "2026-11-27"))
    assert "Nobody needs you today or later this week." in shown
    assert "Nothing else is due before Monday 7 December." in shown


def test_closed_plan_asks_for_nothing(owner: User, begin: Begin) -> None:
    plan = fresh(begin())
    with time_machine.travel(date(2027, 1, 13), tick=False):
        end_plan(by=owner, plan=plan, based_on=plan.current_id, on=date(2027, 1, 13), reason="elsewhere", note="")
    shown = words(look(owner, "2027-01-13"))
    assert "No running taper Nobody needs you today or later this week." in shown
    assert "Nothing else is planned." in shown


def test_first_day_says_what_to_do_next(owner: User) -> None:
    shown = look(owner, "2027-01-13")
    assert "No plan yet." in shown
    for address in ("/plan/", "/formulary/", "/settings/"):
        assert f'<a class="way" href="{address}">' in shown


# Whose, and how many


def test_colleague_sees_the_same_and_a_stranger_nobody(owner: User, stranger: User, begin: Begin) -> None:
    begin("2027-01-08")
    colleague, _ = add_colleague(by=owner, name="Test Colleague", email="colleague@example.org")
    assert part(look(colleague, "2027-01-13"), "First") == part(look(owner, "2027-01-13"), "First") != ""
    others = look(stranger, "2027-01-13")
    assert "Test Patient" not in others
    assert "No plan yet." in others


def test_nobody_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/")["Location"].startswith("/sign-in/")


def test_no_address_names_a_patient(owner: User, begin: Begin) -> None:
    begin("2027-01-08")
    addresses = re.findall(r'(?:href|action)="([^"]*)"', look(owner, "2027-01-13"))
    assert not [address for address in addresses if "Patient" in address or "TP-" in address]


def copied(plan: Plan, patient: Patient) -> Plan:
    """Another plan that asks for the same."""
    dues = list(plan.dues.all())
    made: Plan = Plan.objects.get(pk=plan.pk)
    made.pk, made.patient = None, patient
    made.save()
    Due.objects.bulk_create(
        Due(clinic_id=due.clinic_id, plan=made, day=due.day, kind=due.kind, facts=due.facts, done=due.done)
        for due in dues
    )
    return made


def crowd(owner: User, plan: Plan, count: int) -> None:
    """So many plans more, of a patient each."""
    for _ in range(count):
        number = Patient.objects.count()
        patient = add_patient(by=owner, patient=NewPatient("Test Patient", date(1970, 1, 1), f"TP-2{number}"))
        copied(plan, patient)


@pytest.mark.parametrize(
    ("day", "title", "show", "more"),
    [
        ("2027-01-20", "First", "check-in-due", "at least 40 more"),  # two check-ins of each: more than are counted
        ("2027-01-08", "Today", "changing", "40 more"),
        ("2027-01-06", "Later this week", "changing", "40 more"),
    ],
)
def test_sixty_plans_are_20_rows_and_a_way_to_the_rest(
    owner: User, begin: Begin, day: str, title: str, show: str, more: str
) -> None:
    crowd(owner, begin("2027-01-08"), 59)
    shown = part(look(owner, day), title)
    assert shown.count('scope="row"') == 20
    assert f'<a href="/patients/?show={show}">and {more}</a>' in shown


def test_more_running_tapers_than_are_counted_are_told_as_such(
    owner: User, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.views.today.MOST_RUNNING", 5)
    plan = begin("2027-01-08")
    crowd(owner, plan, 4)
    assert "5 running tapers: 5 going on" in words(look(owner, "2027-01-08"))
    crowd(owner, plan, 1)
    assert "More than 5 running tapers" in words(look(owner, "2027-01-08"))


def test_sixty_plans_cost_as_many_queries_as_five(owner: User, begin: Begin) -> None:
    plan = begin("2027-01-08")
    for day in ("2027-01-08", "2027-01-13"):
        look(owner, day)  # the medicine files are read once
    counts = []
    for more in (4, 55):
        crowd(owner, plan, more)
        for day in ("2027-01-08", "2027-01-13"):
            with CaptureQueriesContext(connection) as queries:
                look(owner, day)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_rows_of_a_day_name_it_once(owner: User, begin: Begin) -> None:
    crowd(owner, begin("2027-01-08"), 1)
    later = part(look(owner, "2027-01-06"), "Later this week")
    assert later.count('<td class="day-name">Fri 8 Jan</td>') == 1
    assert later.count('<span class="hidden-words">Fri 8 Jan</span>') == 1


def test_days_far_away_are_told_with_their_date(owner: User, begin: Begin) -> None:
    begin()
    shown = words(look(owner, (date(2026, 12, 7) + timedelta(days=400)).isoformat()))
    assert "It was due on Tue 23 Feb 2027. Baclofen stopped on Mon 22 Feb 2027." in shown

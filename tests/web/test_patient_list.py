"""The patients' list: each plan's dose and what comes next, what it is narrowed to, and how somebody is found."""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from planner.context import NewPatient
from planner.models import Due, Patient, Plan, User
from planner.patient_search import terms_of
from planner.revising import Decision
from planner.services import add_colleague, add_patient, end_plan, fill_practice
from tests.plans.conftest import recorded
from tests.revisions.conftest import fresh, revised
from tests.web.test_services import issued

ISSUED = date(2026, 11, 26)
TODAY = date(2027, 1, 13)  # a Wednesday; of a plan from 7 December the third day of 30 mg
STATES = ("check-in-due", "changing", "held", "over-limit", "ending", "ended", "running")
Begin = Callable[..., Plan]


@pytest.fixture
def begin(owner: User, typed: dict[str, Any]) -> Begin:
    """Issues a plan of baclofen from 60 mg, 5 mg less every week from a day on, for somebody new."""

    def made(name: str, start: str = "2026-12-07", **changes: Any) -> Plan:
        number = Patient.objects.count() + 1
        with time_machine.travel(ISSUED, tick=False):
            whose = add_patient(by=owner, patient=NewPatient(name, date(1968, 3, 14), f"TP-{number:04}"))
            return issued(owner, whose, {**typed, "start": start, **changes}, submission=f"{number}").plan

    return made


def look(user: User, show: str = "", find: str | None = None, day: date = TODAY, **more: str) -> str:
    """The page on a day, searched by post where there is something to find; its words with single spaces."""
    with time_machine.travel(day, tick=False):
        client = Client()
        client.force_login(user)
        asked = {name: value for name, value in {"show": show, **more}.items() if value}
        if find is None:
            response = client.get("/patients/", asked)
        else:
            response = client.post("/patients/find/", asked | {"q": find})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def names(page: str) -> list[str]:
    """Who is on the page, in order."""
    body = page.partition("<tbody")[2]
    return re.findall(r'href="/patients/\d+/">([^<]+)<', body)


def row(page: str, name: str) -> str:
    """What is read in somebody's first row."""
    found = next(part for part in re.findall(r"<tr role.*?</tr>", page) if f">{name}<" in part)
    return " ".join(re.sub(r"<[^>]*>", " ", found).split())


def record_all(owner: User, plan: Plan, day: date) -> None:
    with time_machine.travel(day, tick=False):
        recorded(owner, plan, "well", submission=f"check-in of {plan.pk}")


# A row


def test_row_says_dose_state_next_change_and_check_in(owner: User, begin: Begin) -> None:
    plan = begin("Test Patient A")
    record_all(owner, plan, TODAY)
    said = row(look(owner), "Test Patient A").replace("\N{NO-BREAK SPACE}", " ")
    assert "TP-0001" in said
    assert "14 Mar 1968" in said
    assert "Baclofen, oral" in said
    assert "30 mg a day" in said
    assert "Going on" in said
    assert "Mon 18 Jan 2027: to 25 mg" in said
    assert f'href="/plans/{plan.pk}/"' in look(owner)


def test_dose_of_a_change_decided_ahead_is_the_one_in_force_today(owner: User, begin: Begin) -> None:
    """A hold from the 27th: until then the plan before it goes down, to 25 mg on the 18th and 20 mg on the 25th."""
    plan = begin("Test Patient A")
    with time_machine.travel(TODAY, tick=False):
        revised(owner, plan, Decision("hold", date(2027, 1, 27), days=14))
    said = row(look(owner, day=date(2027, 1, 20)), "Test Patient A").replace("\N{NO-BREAK SPACE}", " ")
    assert "25 mg a day" in said
    assert "Mon 25 Jan 2027: to 20 mg" in said
    dues = Due.objects.filter(plan=plan, kind=Due.CHANGE, day__in=(date(2027, 1, 18), date(2027, 1, 25)))
    assert dues.count() == 2


def test_missed_check_in_is_marked_by_word_and_sign(owner: User, begin: Begin) -> None:
    begin("Test Patient A", "2027-01-08")
    page = look(owner)
    assert "Missed Mon 11 Jan 2027" in row(page, "Test Patient A")
    assert '<use href="#s-over"/></svg>Missed' in page


def test_patient_without_a_plan_is_in_the_list(owner: User, patient: Patient) -> None:
    assert "No plan yet." in row(look(owner), patient.name)


# Each filter, by a worked example


def each(owner: User, begin: Begin) -> None:
    """One patient in each state on 13 January 2027."""
    going, held, ended = begin("Going"), begin("Held"), begin("Ended")
    begin("Missed", "2027-01-08")
    begin("Later", "2027-03-01")
    ending = begin("Ending", "2026-11-27", morning="5", midday="5", evening="5")
    with time_machine.travel(TODAY, tick=False):
        for plan in (going, held, ended, ending):
            recorded(owner, plan, "well", submission=f"check-in of {plan.pk}")
        revised(owner, held, Decision("hold", TODAY, days=28))
        kept = fresh(ended)
        end_plan(by=owner, plan=kept, based_on=kept.current_id, on=TODAY, reason="elsewhere", note="")


def test_filters_leave_the_right_ones(owner: User, begin: Begin) -> None:
    each(owner, begin)
    found = {show: names(look(owner, show)) for show in ("", *STATES)}
    assert found[""] == ["Ended", "Ending", "Going", "Held", "Later", "Missed"]
    assert found["check-in-due"] == ["Missed"]
    assert found["changing"] == ["Missed"]
    assert found["held"] == ["Held"]
    assert "Ended" in found["ended"]
    assert "Ended" not in found["running"]
    assert {"Going", "Held", "Later", "Missed"} <= set(found["running"])
    assert set(found["running"]) | set(found["ended"]) == set(found[""])
    assert not set(found["running"]) & set(found["ended"])


def test_held_plan_leaves_the_filter_when_its_hold_is_over(owner: User, begin: Begin) -> None:
    plan = begin("Held")
    with time_machine.travel(TODAY, tick=False):
        recorded(owner, plan, "well", submission=f"check-in of {plan.pk}")
        revised(owner, plan, Decision("hold", TODAY, days=7))
    last = fresh(plan).held_until
    assert names(look(owner, "held", day=last)) == ["Held"]
    assert names(look(owner, "held", day=last.fromordinal(last.toordinal() + 1))) == []


def test_ending_are_those_that_stop_within_fourteen_days(owner: User, begin: Begin) -> None:
    begin("Stops on 22 February")
    assert names(look(owner, "ending", day=date(2027, 2, 7))) == []
    assert names(look(owner, "ending", day=date(2027, 2, 8))) == ["Stops on 22 February"]
    assert names(look(owner, "ending", day=date(2027, 2, 22))) == ["Stops on 22 February"]
    assert names(look(owner, "ended", day=date(2027, 2, 23))) == ["Stops on 22 February"]


def test_over_the_limit_are_those_whose_cut_is_to_come(owner: User, begin: Begin) -> None:
    plan = begin("Over")
    last = fresh(plan).last_over
    assert last is not None
    assert names(look(owner, "over-limit", day=last)) == ["Over"]
    assert names(look(owner, "over-limit", day=last.fromordinal(last.toordinal() + 1))) == []


@pytest.mark.parametrize("show", STATES)
def test_empty_filter_says_so(owner: User, patient: Patient, show: str) -> None:
    page = look(owner, show)
    assert names(page) == []
    assert '<p class="verdict">No' in page


def test_unknown_filter_is_404(page: Client) -> None:
    assert page.get("/patients/?show=nothing").status_code == 404


# Finding


def people(owner: User) -> None:
    for name, born, identifier in (
        ("Zoë Example-Sample", date(1968, 3, 14), "TP-0001"),
        ("Ada Example", date(1980, 4, 3), "TP-0002"),
        ("Ben Sample", date(1968, 4, 3), "14/03/1968"),
    ):
        add_patient(by=owner, patient=NewPatient(name, born, identifier))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("zoe", ["Zoë Example-Sample"]),
        ("ZOË", ["Zoë Example-Sample"]),
        ("exam", ["Ada Example", "Zoë Example-Sample"]),
        ("sam exa", ["Zoë Example-Sample"]),
        ("xample", []),
        ("tp-0002", ["Ada Example"]),
        ("TP0001", ["Zoë Example-Sample"]),
        ("ada 0001", []),
        ("14/03/1968", ["Ben Sample", "Zoë Example-Sample"]),
        ("14.3.1968", ["Zoë Example-Sample"]),
        ("1968-03-14", ["Zoë Example-Sample"]),
        ("14 March 1968", ["Zoë Example-Sample"]),
        ("march 14, 1968", ["Zoë Example-Sample"]),
        ("3/4/1968 ben", ["Ben Sample"]),
        ("1968", ["Ben Sample", "Zoë Example-Sample"]),
        ("'; %\\", ["Ada Example", "Ben Sample", "Zoë Example-Sample"]),
    ],
)
def test_beginnings_of_all_words_find_somebody(owner: User, words: str, found: list[str]) -> None:
    people(owner)
    assert names(look(owner, find=words)) == found


@pytest.mark.parametrize(
    ("country", "days"),
    [("GB", {"19680403"}), ("US", {"19680304"}), ("CA", {"19680403", "19680304"})],
)
def test_date_is_read_as_the_country_writes_it(country: str, days: set[str]) -> None:
    (term,) = terms_of("3/4/1968", country)
    assert set(term) == {*days, "341968"}


def test_date_that_can_be_read_one_way_only_is_read_so() -> None:
    assert terms_of("14/3/1968", "US") == terms_of("14/3/1968", "GB")
    assert terms_of("31/31/1968", "GB") == [("31",), ("1968",)]


def test_filter_and_search_hold_together(owner: User, begin: Begin) -> None:
    each(owner, begin)
    assert names(look(owner, "running", find="going")) == ["Going"]
    assert names(look(owner, "held", find="going")) == []
    assert "Nobody among “Held” is found" in look(owner, "held", find="going")


def test_what_is_searched_for_is_in_no_address(owner: User) -> None:
    people(owner)
    page = look(owner, find="example")
    assert names(page) == ["Ada Example", "Zoë Example-Sample"]
    addresses = re.findall(r'(?:href|action|hx-post|formaction)="([^"]*)"', page)
    assert not [address for address in addresses if "xample" in address or "q=" in address]
    assert 'value="example"' in page


def test_search_without_javascript_is_a_whole_page_and_live_a_part(owner: User, page: Client) -> None:
    people(owner)
    assert b"<html" in page.post("/patients/find/", {"q": "ada"}).content
    live = page.post("/patients/find/", {"q": "ada"}, headers={"HX-Request": "true", "HX-Target": "found"})
    assert b"<html" not in live.content
    assert names(live.content.decode()) == ["Ada Example"]


def test_address_of_the_search_alone_leads_to_the_list(page: Client) -> None:
    assert page.get("/patients/find/?q=ada")["Location"] == "/patients/"


def test_search_from_elsewhere_is_refused(owner: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    assert strict.post("/patients/find/", {"q": "ada"}).status_code == 403


def test_no_log_line_names_anybody(owner: User, caplog: pytest.LogCaptureFixture) -> None:
    people(owner)
    with caplog.at_level(logging.DEBUG):
        look(owner, find="zoe 14/03/1968")
    said = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert not [line for line in said if "zoe" in line.lower() or "1968" in line]


@pytest.mark.parametrize("words", ["x" * 5000, "a " * 500, "\0", "\N{GRINNING FACE}", "0/0/0000", "99/99/9999"])
def test_odd_words_find_nobody_and_break_nothing(owner: User, words: str) -> None:
    people(owner)
    assert look(owner, find=words)


# Pages


def crowd(owner: User, count: int) -> None:
    for number in range(count):
        name = f"Patient {number // 2:03}"  # two of each name: the identifier decides
        add_patient(by=owner, patient=NewPatient(name, date(1970, 1, 1), f"X-{number:03}"))


def addresses(page: str) -> Mapping[str, str]:
    """The ways to the pages beside this one."""
    found = re.findall(r'<a class="button" href="(/patients/\?[^"]*)">((?:Next|First) page|Page before)</a>', page)
    return {words: address for address, words in found}


def test_pages_forward_and_back_hold_everybody_once(owner: User, page: Client) -> None:
    crowd(owner, 120)
    seen, at = [], "/patients/"
    while at:
        shown = page.get(at).content.decode()
        seen.append(re.findall(r"X-\d{3}", shown.partition("<tbody")[2]))
        last, at = at, addresses(shown).get("Next page", "")
    assert [len(part) for part in seen] == [50, 50, 20]
    assert [number for part in seen for number in part] == [f"X-{number:03}" for number in range(120)]
    back = page.get(addresses(page.get(last).content.decode())["Page before"]).content.decode()
    assert re.findall(r"X-\d{3}", back.partition("<tbody")[2]) == seen[1]


def test_pages_of_a_search_are_posted(owner: User) -> None:
    crowd(owner, 60)
    first = look(owner, find="patient")
    after = re.search(r'name="after" value="(\d+)">Next page', first)
    assert after
    assert len(names(first)) == 50
    assert len(names(look(owner, find="patient", after=after[1]))) == 10


@pytest.mark.parametrize("number", ["0", "x", "9" * 30, "-1"])
def test_page_beside_nobody_is_404(page: Client, number: str) -> None:
    assert page.get(f"/patients/?after={number}").status_code == 404


def test_stranger_cannot_begin_a_page_beside_our_patient(owner: User, stranger: User, client: Client) -> None:
    crowd(owner, 1)
    client.force_login(stranger)
    assert client.get(f"/patients/?after={Patient.objects.get().pk}").status_code == 404


# Whose, and how many


def test_colleague_sees_the_same_and_a_stranger_nobody(owner: User, stranger: User, begin: Begin) -> None:
    each(owner, begin)
    colleague, _ = add_colleague(by=owner, name="Test Colleague", email="colleague@example.org")
    for show in ("", *STATES):
        assert names(look(colleague, show)) == names(look(owner, show))
        assert names(look(stranger, show)) == []
    assert names(look(colleague, find="going")) == ["Going"]
    assert names(look(stranger, find="going")) == []
    assert "TP-" not in look(stranger)


def test_nobody_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/patients/")["Location"].startswith("/sign-in/")
    assert client.post("/patients/find/", {"q": "a"})["Location"].startswith("/sign-in/")


def test_two_hundred_plans_cost_as_many_queries_as_ten(owner: User) -> None:
    def cost(**asked: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            look(owner, day=date.today(), **asked)  # noqa: DTZ011
        return len(queries)

    asked: list[dict[str, Any]] = [
        {},
        {"show": "running"},
        {"find": "practice"},
        {"show": "running", "find": "practice"},
    ]
    fill_practice(by=owner, count=10, weeks=4)
    look(owner, day=date.today())  # noqa: DTZ011  # the medicine files are read once
    few = [cost(**one) for one in asked]
    fill_practice(by=owner, count=190, weeks=4, force=True)
    assert [cost(**one) for one in asked] == few

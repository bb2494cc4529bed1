"""When somebody answers the phone: what is saved, who may, and which days come of it. Holidays are worked by hand."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import holidays
import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from planner import closures
from planner.closures import closures_of, has_holidays, holidays_between, holidays_of, regions_of
from planner.context import context_for
from planner.models import AuditRow, Clinic, ClosingDay, User
from planner.services import (
    Opening,
    Refused,
    add_closing_days,
    add_colleague,
    remove_closing_days,
    save_clinic,
    save_opening,
)
from tests.web.test_services import clinic_with, issued

WEEK = (0, 1, 2, 3, 4)
USUAL = Opening(WEEK, closed_on_holidays=True, region="", check_ins="usual")
TYPED = {"weekdays": ["0", "1", "2", "3", "4"], "closed_on_holidays": "on", "region": "", "check_ins": "usual"}


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(date(2026, 11, 23), tick=False):
        yield


def words(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def days(text: str) -> set[date]:
    """Dates of one year from "2026: 01-01 04-03"."""
    year, _, rest = text.partition(": ")
    return {date.fromisoformat(f"{year}-{day}") for day in rest.split()}


# Public holidays

# The days off as the two governments publish them, with the days themselves where a substitute is given.
GB_SHARED = ["2026: 01-01 04-03 05-04 05-25 12-25 12-26 12-28", "2027: 01-01 03-26 05-03 05-31 12-25 12-26 12-27 12-28"]
ENGLAND_BESIDES = ["2026: 04-06 08-31", "2027: 03-29 08-30"]
# Scotland had 15 June 2026 once, for the World Cup.
SCOTLAND_BESIDES = ["2026: 01-02 06-15 08-03 11-30", "2027: 01-02 01-04 08-02 11-30"]
US_SHARED = [
    "2026: 01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25",
    "2027: 01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31",
]


@pytest.mark.parametrize(
    ("country", "region", "worked"),
    [
        ("GB", "", GB_SHARED),
        ("GB", "ENG", [*GB_SHARED, *ENGLAND_BESIDES]),
        ("GB", "SCT", [*GB_SHARED, *SCOTLAND_BESIDES]),
        ("US", "", US_SHARED),
    ],
)
@pytest.mark.parametrize("year", [2026, 2027])
def test_public_holidays_as_worked_by_hand(country: str, region: str, worked: list[str], year: int) -> None:
    found = holidays_of(country, region, year)
    assert found is not None
    expected = set().union(*(days(text) for text in worked if text.startswith(str(year))))
    assert {day for day, _ in found} == expected


def test_country_that_the_library_lacks_has_no_holidays(owner: User) -> None:
    clinic = Clinic(country="XX", open_weekdays="01234")
    assert not has_holidays("XX")
    assert regions_of("XX") == {}
    assert holidays_of("XX", "", 2026) is None
    assert holidays_between(clinic, date(2026, 1, 1), date(2027, 12, 31)) == []


def test_region_that_is_none_gives_what_the_country_shares() -> None:
    assert holidays_of("GB", "CA", 2026) == holidays_of("GB", "", 2026)


def test_fault_in_the_library_breaks_nothing(
    page: Client, clinic: Clinic, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise KeyError("no such year")

    monkeypatch.setattr(holidays.HolidayBase, "_populate", fail)
    closures.holidays_of.cache_clear()
    assert context_for(clinic, medicine="baclofen").closures is not None
    assert page.get("/plan/", typed).status_code == page.get("/settings/").status_code == 200
    closures.holidays_of.cache_clear()


def test_every_country_of_the_planner_has_holidays() -> None:
    for code, _ in Clinic._meta.get_field("country").choices or ():
        assert has_holidays(code)
        assert holidays_of(code, "", 2027)


# A clinic's closed days


def test_clinic_closes_on_weekends_and_holidays_until_it_says_otherwise(clinic: Clinic) -> None:
    found = closures_of(clinic, date(2026, 12, 1), date(2027, 1, 31))
    assert found.weekdays == {5, 6}
    assert found.days == days("2026: 12-25 12-26 12-28") | days("2027: 01-01")


def test_own_closing_days_count_within_the_span(owner: User, clinic: Clinic) -> None:
    add_closing_days(by=owner, first=date(2026, 12, 29), last=date(2027, 1, 2), name="Break")
    save_opening(by=owner, opening=Opening(WEEK, False, "", "usual"))
    clinic.refresh_from_db()
    assert closures_of(clinic, date(2026, 12, 31), date(2027, 1, 1)).days == days("2026: 12-31") | days("2027: 01-01")
    assert closures_of(clinic, date(2027, 1, 3), date(2027, 1, 9)).days == frozenset()


def test_clinic_that_opens_on_holidays_has_none(owner: User, clinic: Clinic) -> None:
    save_opening(by=owner, opening=Opening((0, 1, 2, 3, 4, 5), False, "", "every"))
    clinic.refresh_from_db()
    context = context_for(clinic, medicine="baclofen")
    assert context.closures == closures_of(clinic, date(2026, 1, 1), date(2026, 12, 31))
    assert (context.closures.weekdays, context.closures.days, context.check_ins) == ({6}, frozenset(), "every")


def test_context_knows_the_years_that_a_taper_may_reach(clinic: Clinic) -> None:
    found = context_for(clinic, medicine="baclofen").closures
    assert found is not None
    assert all(date(year, 12, 25) in found.days for year in range(2021, 2042))


def test_another_clinics_closing_days_do_not_count(owner: User, stranger: User) -> None:
    add_closing_days(by=stranger, first=date(2026, 12, 9), last=date(2026, 12, 9), name="Training")
    found = context_for(owner.clinic, medicine="baclofen").closures
    assert found is not None
    assert not found.shut(date(2026, 12, 9))


# Services


def test_opening_is_saved_with_what_it_was(owner: User) -> None:
    save_opening(by=owner, opening=Opening((2, 0, 0), False, "SCT", "every"))
    clinic = Clinic.objects.get(pk=owner.clinic_id)
    assert (clinic.open_weekdays, clinic.holiday_region, clinic.check_ins) == ("02", "SCT", "every")
    row = AuditRow.objects.last()
    assert row is not None
    assert (row.by, row.action, row.target) == (owner, "changed opening", clinic.pk)
    assert (row.detail["before"]["open_weekdays"], row.detail["after"]["open_weekdays"]) == ("01234", "02")


@pytest.mark.parametrize(
    ("opening", "field"),
    [
        (Opening((), True, "", "usual"), "weekdays"),
        (Opening((7,), True, "", "usual"), "weekdays"),
        (Opening(WEEK, True, "CA", "usual"), "region"),
        (Opening(WEEK, True, "", "never"), "check_ins"),
    ],
    ids=["always closed", "no weekday", "a US state in GB", "unknown check-ins"],
)
def test_opening_that_cannot_be_is_refused_at_its_field(owner: User, opening: Opening, field: str) -> None:
    before = AuditRow.objects.count()
    with pytest.raises(Refused) as refused:
        save_opening(by=owner, opening=opening)
    assert list(refused.value.errors) == [field]
    assert AuditRow.objects.count() == before
    assert Clinic.objects.get(pk=owner.clinic_id).open_weekdays == "01234"


def test_region_goes_when_the_clinic_moves_to_another_country(owner: User) -> None:
    save_clinic(by=owner, clinic=clinic_with(country="US"))
    save_opening(by=owner, opening=Opening(WEEK, True, "WA", "usual"))
    save_clinic(by=owner, clinic=clinic_with(country="US", phone="555 0100"))
    assert Clinic.objects.get(pk=owner.clinic_id).holiday_region == "WA"
    save_clinic(by=owner, clinic=clinic_with(country="AU"))
    assert Clinic.objects.get(pk=owner.clinic_id).holiday_region == ""


def test_closing_days_are_added_and_removed_with_their_rows(owner: User) -> None:
    made = add_closing_days(by=owner, first=date(2026, 12, 24), last=date(2026, 12, 31), name=" Christmas break ")
    assert str(made) == "Christmas break, 2026-12-24 to 2026-12-31"
    key = made.pk
    remove_closing_days(by=owner, closing=made)
    assert not ClosingDay.objects.exists()
    rows = AuditRow.objects.filter(kind="closingday")
    assert [(row.action, row.target, row.detail["first"]) for row in rows] == [
        ("added", key, "2026-12-24"),
        ("removed", key, "2026-12-24"),
    ]


@pytest.mark.parametrize(
    ("first", "last", "name", "field"),
    [
        (date(2026, 12, 24), date(2026, 12, 23), "Break", "last"),
        (date(2026, 12, 24), date(2027, 12, 29), "Break", "last"),
        (date(2026, 11, 1), date(2026, 11, 22), "Break", "last"),
        (date(2037, 1, 1), date(2037, 1, 1), "Break", "first"),
        (date(2026, 12, 24), date(2026, 12, 24), "  ", "name"),
        (date(2026, 12, 24), date(2026, 12, 24), "x" * 101, "name"),
    ],
    ids=["backwards", "371 days", "over", "far away", "no name", "long name"],
)
def test_closing_days_that_cannot_be_are_refused(owner: User, first: date, last: date, name: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        add_closing_days(by=owner, first=first, last=last, name=name)
    assert list(refused.value.errors) == [field]
    assert not ClosingDay.objects.exists()


def test_370_days_and_today_are_taken(owner: User) -> None:
    assert add_closing_days(by=owner, first=date(2026, 12, 24), last=date(2027, 12, 28), name="Works").pk
    assert add_closing_days(by=owner, first=date(2026, 11, 23), last=date(2026, 11, 23), name="Works").pk


def test_same_closing_days_twice_are_refused(owner: User, stranger: User) -> None:
    add_closing_days(by=owner, first=date(2026, 12, 24), last=date(2026, 12, 24), name="Break")
    with pytest.raises(Refused, match="already"):
        add_closing_days(by=owner, first=date(2026, 12, 24), last=date(2026, 12, 24), name="Break")
    assert add_closing_days(by=stranger, first=date(2026, 12, 24), last=date(2026, 12, 24), name="Break").pk


def test_colleague_removes_a_stranger_does_not(owner: User, stranger: User) -> None:
    made = add_closing_days(by=owner, first=date(2026, 12, 24), last=date(2026, 12, 24), name="Break")
    with pytest.raises(Refused, match="another clinic"):
        remove_closing_days(by=stranger, closing=made)
    colleague, _ = add_colleague(by=owner, name="Test Colleague", email="colleague@example.org")
    remove_closing_days(by=colleague, closing=made)
    assert not ClosingDay.objects.exists()


def test_database_keeps_the_order_of_the_days_too(clinic: Clinic) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosingDay.objects.create(clinic=clinic, first=date(2026, 12, 24), last=date(2026, 12, 23), name="Break")


# The page


def test_settings_show_the_week_and_the_holidays_to_verify(page: Client) -> None:
    said = words(page.get("/settings/"))
    assert "When somebody answers the phone" in said
    assert "United Kingdom: please verify" in said
    assert "Fri 25 Dec 2026 Christmas Day" in said
    assert "Mon 28 Dec 2026 Boxing Day (observed)" in said


def test_opening_is_changed_on_the_page(page: Client, clinic: Clinic) -> None:
    sent = {**TYPED, "weekdays": ["1", "2"], "region": "SCT", "check_ins": "every"}
    assert page.post(reverse("change_opening"), sent)["Location"] == "/settings/"
    clinic.refresh_from_db()
    assert (clinic.open_weekdays, clinic.holiday_region, clinic.check_ins) == ("12", "SCT", "every")
    html = page.get("/settings/").content.decode()
    assert re.findall(r'name="weekdays" value="(\d)"[^>]* checked', html) == ["1", "2"]
    assert "United Kingdom, Scotland: please verify" in words(page.get("/settings/"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weekdays": []}, "Tick at least one day"),
        ({"weekdays": ["9"]}, "Tick at least one day"),
        ({"region": "CA"}, "Choose a region from the list"),
        ({"check_ins": "never"}, "Choose from the list when a check-in is planned"),
    ],
)
def test_wrong_opening_is_said_at_its_field(page: Client, clinic: Clinic, change: dict[str, Any], said: str) -> None:
    response = page.post(reverse("change_opening"), TYPED | change)
    assert response.status_code == 422
    assert words(response).count(said) == 2
    html = response.content.decode()
    anchor = re.search(r'<li><a href="#(id_\w+)">', html)
    assert anchor
    assert f'id="{anchor[1]}"' in html


def test_closing_days_are_added_and_removed_on_the_page(page: Client) -> None:
    sent = {"name": "<b>Break</b>", "first": "2026-12-24", "last": "2026-12-31"}
    assert page.post(reverse("add_closing"), sent)["Location"] == "/settings/"
    response = page.get("/settings/")
    assert "&lt;b&gt;Break&lt;/b&gt;" in response.content.decode()
    assert "Thu 24 Dec 2026 to Thu 31 Dec 2026" in words(response)
    assert page.post(reverse("remove_closing", args=[ClosingDay.objects.get().pk]))["Location"] == "/settings/"
    assert "None to come." in words(page.get("/settings/"))


def test_single_closing_day_needs_no_last(page: Client) -> None:
    page.post(reverse("add_closing"), {"name": "Training", "first": "2026-12-09", "last": ""})
    assert ClosingDay.objects.get().last == date(2026, 12, 9)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"last": "2026-12-23"}, "before the first"),
        ({"last": "2027-12-29"}, "at most 370 days"),
        ({"first": "2026-02-30"}, "such as 2026-12-24"),
        ({"name": ""}, "Say what for"),
        ({"first": "", "name": ""}, "such as 2026-12-24"),
    ],
)
def test_wrong_closing_days_keep_what_was_typed(page: Client, change: dict[str, str], said: str) -> None:
    sent = {"name": "Long break", "first": "2026-12-24", "last": "2026-12-31"} | change
    response = page.post(reverse("add_closing"), sent)
    assert response.status_code == 422
    assert said in words(response)
    for value in filter(None, sent.values()):
        assert f'value="{value}"' in response.content.decode()


def test_stranger_sees_and_removes_nothing(client: Client, owner: User, stranger: User) -> None:
    made = add_closing_days(by=owner, first=date(2026, 12, 24), last=date(2026, 12, 24), name="Our break")
    client.force_login(stranger)
    assert "Our break" not in words(client.get("/settings/"))
    assert client.post(reverse("remove_closing", args=[made.pk])).status_code == 404
    assert ClosingDay.objects.exists()


@pytest.mark.parametrize("name", ["change_opening", "add_closing"])
def test_nobody_changes_anything(client: Client, owner: User, name: str) -> None:
    rows = AuditRow.objects.count()
    response = client.post(reverse(name), {**TYPED, "name": "x", "first": "2026-12-24"})
    assert response["Location"].startswith("/sign-in/")
    assert AuditRow.objects.count() == rows


def test_colleague_changes_the_same_clinic(client: Client, owner: User, clinic: Clinic) -> None:
    colleague, _ = add_colleague(by=owner, name="Test Colleague", email="colleague@example.org")
    client.force_login(colleague)
    client.post(reverse("change_opening"), TYPED | {"weekdays": ["3"]})
    clinic.refresh_from_db()
    assert clinic.open_weekdays == "3"


def test_page_says_where_no_holidays_are_known(page: Client, clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    Clinic.objects.update(country="XX")
    said = words(page.get("/settings/"))
    assert "none known" in said
    assert "Add them as closing days" in said


# The planner and the record


def test_planner_says_which_changes_meet_closed_days(page: Client, typed: dict[str, Any]) -> None:
    said = words(page.get("/plan/", typed))
    assert (
        "The cut on Monday 28 December 2026 falls on a closed day of the clinic: 28 December 2026 "
        "The first signs of withdrawal come 6 to 48 hours after a change."
    ) in said
    fridays = words(page.get("/plan/", typed | {"start": "2026-12-04"}))
    assert (
        "12 changes fall on or shortly before closed days "
        "The cut on Friday 4 December 2026 falls shortly before closed days of the clinic: 5 and 6 December 2026. "
        "The cut on Friday 11 December 2026"
    ) in fridays
    shown = fridays.split("12 changes fall")[1].split("To know")[0]
    assert shown.count("6 to 48 hours after a change") == 1


def test_planner_lists_the_check_ins_by_reason(page: Client, typed: dict[str, Any]) -> None:
    said = words(page.get("/plan/", typed))
    assert (
        "Check-ins, 1 to 3 days after a change 6 after the first cuts Tue 8 Dec 2026 Tue 15 Dec 2026 after cuts over "
        "the limit Tue 2 Feb 2027 Tue 9 Feb 2027 Tue 16 Feb 2027 after the stop Tue 23 Feb 2027"
    ) in said


def test_planner_marks_check_ins_that_closed_days_move(page: Client, owner: User, typed: dict[str, Any]) -> None:
    said = words(page.get("/plan/", typed | {"start": "2026-12-24"}))
    assert "Thu 24 Dec 2026 before the clinic closes: agree whom the patient calls" in said
    said = words(page.get("/plan/", typed | {"start": "2026-12-25"}))
    assert "Sat 26 Dec 2026 the clinic is closed that day: arrange a call" in said


def test_every_cut_has_a_check_in_where_the_clinic_so_asks(page: Client, owner: User, typed: dict[str, Any]) -> None:
    save_opening(by=owner, opening=Opening(WEEK, True, "", "every"))
    said = words(page.get("/plan/", typed))
    assert "Check-ins, 1 to 3 days after a change 12" in said
    assert "after the other cuts Tue 22 Dec 2026 Tue 29 Dec 2026" in said


def test_record_of_a_version_has_its_check_ins(owner: User, patient: Any, typed: dict[str, Any]) -> None:
    from planner.views.papers import InkedPapers

    version = issued(owner, patient, typed, papers=InkedPapers())
    assert "- Tuesday 23 February 2027: step 12, the stop\n" in version.record


def test_closing_day_added_after_the_plan_was_seen_is_shown_first(
    owner: User, patient: Any, typed: dict[str, Any]
) -> None:
    from planner.issuing import make_draft
    from tests.web.test_services import request_data

    seen = make_draft(owner.clinic, patient, request_data(owner.clinic, typed)).digest
    add_closing_days(by=owner, first=date(2026, 12, 8), last=date(2026, 12, 8), name="Training")
    with pytest.raises(Refused, match="changed since you saw it"):
        issued(owner, patient, typed, shown=seen)


def test_a_closing_day_is_drawn_and_told(page: Client, owner: User, typed: dict[str, Any]) -> None:
    add_closing_days(by=owner, first=date(2026, 12, 9), last=date(2026, 12, 9) + timedelta(days=1), name="Training")
    html = page.get("/plan/", typed).content.decode()
    assert html.count('class="hatch-edge"') == 1 + 2 * 3
    assert "Closed beside the usual week: 9 and 10 December 2026, 25 to 28 December 2026, 1 to 3 January 2027." in html

"""The medicines' pages: the list with its search, every figure with its source, and signing there."""

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planner.formulary import load, medicine_keys
from planner.models import SignOff, User
from planner.services import add_colleague, sign_off
from planner.views import medicine_page
from tests.formulary.changed import changed
from tests.web.signing import UNVERIFIED, items, put_in_place, sign_everything, waiting, waits

LIST = "/formulary/"
PAGE = "/formulary/baclofen/"
PLAN = "/plan/?medicine=baclofen&products=tablet-10&morning=20&midday=20&evening=20&start=2026-12-07&factors_asked=on"


def text(response: Any) -> str:
    """What the page says, without its tags."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode())))


def shown(response: Any) -> str:
    """What the page sends back: each waiting item with its digest."""
    found = re.search(r'name="shown" value="([^"]*)"', response.content.decode())
    assert found
    return found[1]


def ticked(response: Any) -> list[str]:
    return re.findall(r'name="tick" value="([^"]+)" checked', response.content.decode())


@pytest.fixture
def theirs(owner: User) -> Client:
    """A colleague's browser."""
    colleague, _ = add_colleague(by=owner, name="Test Colleague", email="colleague@example.org")
    client = Client()
    client.force_login(colleague)
    return client


@pytest.fixture
def strange(stranger: User) -> Client:
    client = Client()
    client.force_login(stranger)
    return client


def state(browser: Client) -> str:
    """What the list says of baclofen's review."""
    found = re.search(f'<a href="{PAGE}">.*?</tr>', browser.get(LIST).content.decode(), re.S)
    assert found
    return re.sub(r"<[^>]+>", "", found[0].split("<td")[-1].partition(">")[2]).strip()


# The list


def test_list_says_how_far_each_review_is(page: Client, theirs: Client, strange: Client, owner: User) -> None:
    for browser in (page, theirs):
        assert state(browser) == f"Waiting: {waits()}"
    sign_everything(owner)
    for browser in (page, theirs):
        assert state(browser) == "Signed off"
    assert state(strange) == f"Waiting: {waits()}"


@pytest.mark.parametrize("words", ["baclo", "ORAL", "oral baclofen", "M03BX01", "1292", "m03bx", "lioresal"])
def test_search_finds_a_medicine_by_name_key_and_code(page: Client, words: str) -> None:
    assert PAGE in page.get(LIST, {"q": words}).content.decode()


@pytest.mark.parametrize("words", ["aspirin", "baclofen diazepam", "Z99"])
def test_search_leaves_out_what_does_not_match(page: Client, words: str) -> None:
    response = page.get(LIST, {"q": words})
    assert PAGE not in response.content.decode()
    assert "No medicine matches" in text(response)
    assert f'value="{words}"' in response.content.decode()


def test_review_state_filters_the_list(page: Client, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> list[str]:
        states = ("waiting", "blocked", "signed")
        return [state for state in states if PAGE in page.get(LIST, {"state": state}).content.decode()]

    assert found() == ["waiting"]
    with monkeypatch.context() as other:
        put_in_place(changed(UNVERIFIED), other)
        assert found() == ["blocked"]
        assert state(page) == f"Blocked until signed off: {waits()}"
    sign_everything(owner)
    assert found() == ["signed"]


def test_class_narrows_the_list(page: Client) -> None:
    content = page.get(LIST, {"group": "Benzodiazepines"}).content.decode()
    assert PAGE not in content
    assert "/formulary/diazepam/" in content
    assert page.get(LIST, {"group": "Herbs"}).status_code == 422


def test_unknown_state_is_said_at_the_field(page: Client) -> None:
    response = page.get(LIST, {"q": "baclofen", "state": "perhaps"})
    assert response.status_code == 422
    assert "Choose from the list how far the review is." in text(response)
    assert 'value="baclofen"' in response.content.decode()


# A medicine's page


def test_page_holds_every_figure_once_with_standing_and_kind(page: Client) -> None:
    content = page.get(PAGE).content.decode()
    rows = re.findall(r"<tr role=\"row\"><th role=\"rowheader\".*?</tr>", content, re.S)
    assert len(rows) == len(items())
    told = [html.unescape(re.sub(r"<[^>]+>", "", row)) for row in rows]
    for item in items():
        both = f"{item.source.standing.capitalize()}{item.source.kind}"
        assert any(item.value in row and both in row and item.source.title in row for row in told), item.path


@pytest.mark.parametrize("key", medicine_keys())
def test_every_part_of_a_file_has_its_group(page: Client, key: str) -> None:
    said = text(page.get(f"/formulary/{key}/"))
    assert "Other figures" not in said
    assert said.count("Not established:") >= bool(load(key).not_established)


def test_what_has_no_source_is_said(page: Client) -> None:
    said = text(page.get("/formulary/morphine/"))
    assert "Not established: no source was found for “Shortest total”." in said
    assert "Not established: no source was found for “Most a day”." in said


def test_where_sources_differ_each_side_stands_with_what_was_taken(page: Client) -> None:
    said = text(page.get("/formulary/morphine/"))
    assert re.search("CDC, 2022 ?About 10 %.*VA/DoD, 2017 ?5 to 20 %.*Taken here", said)


def test_a_part_that_no_group_names_is_shown_last(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    known = tuple(group for group in medicine_page.GROUPS if group[0] != "codes")
    monkeypatch.setattr(medicine_page, "GROUPS", known)
    said = text(page.get(PAGE))
    assert "Other figures" in said
    assert "M03BX01" in said


def test_addresses_are_links_that_tell_nothing_of_this_page(page: Client) -> None:
    links = re.findall(r'<a href="https?://[^>]*>', page.get(PAGE).content.decode())
    assert len(links) > 100
    assert all('rel="noreferrer"' in link for link in links)


def test_unknown_medicine_is_404(page: Client) -> None:
    assert page.get("/formulary/nothing/").status_code == 404
    assert page.post("/formulary/nothing/", {"tick": "pace"}).status_code == 404


def test_pages_cost_the_same_queries_signed_or_not(page: Client, owner: User) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            page.get(address)
        return len(found)

    addresses = (LIST, PAGE)
    before = [queries(address) for address in addresses]
    sign_everything(owner)
    assert [queries(address) for address in addresses] == before
    assert queries(PAGE) <= queries(reverse("patients")) + 1


# Signing there


def test_ticked_items_are_signed_and_named(page: Client, theirs: Client, strange: Client, owner: User) -> None:
    response = page.post(PAGE, {"tick": ["ceiling", "pace"], "shown": shown(page.get(PAGE))}, follow=True)
    assert response.redirect_chain[0][0] == f"{PAGE}#review"
    assert "Signed off: 2 items." in text(response)
    assert {row.place for row in SignOff.objects.all()} == {"ceiling", "pace"}
    on = SignOff.objects.all()[0].on
    for browser in (page, theirs):
        assert f"by Test Owner on {on.day} {on:%b %Y}" in text(browser.get(PAGE))
    assert "Test Owner" not in text(strange.get(PAGE))


def test_signing_everything_is_said_at_the_top(page: Client, owner: User) -> None:
    sign_everything(owner)
    on = SignOff.objects.all()[0].on
    content = text(page.get(PAGE))
    assert f"Signed off by Test Owner on {on.day} {on:%b %Y}, all {len(waiting())} items" in content
    assert "Sign off ticked items" not in content


def test_tick_all_ticks_a_group_and_signs_nothing(page: Client) -> None:
    sent = {"tick": ["ceiling"], "tick_all": "doses", "shown": shown(page.get(PAGE))}
    response = page.post(PAGE, sent)
    assert response.status_code == 200
    doses = {"maximums.US", "maximums.GB", "maximums.CA", "maximums.HK", "plausible_daily", "longest_gap", "hours"}
    assert set(ticked(response)) == {"ceiling", "nervous_system", *doses}
    assert not SignOff.objects.exists()


def test_nothing_ticked_is_said(page: Client) -> None:
    response = page.post(PAGE, {"shown": shown(page.get(PAGE))})
    assert response.status_code == 422
    assert "Tick at least one item to sign off." in text(response)


def test_a_stale_page_is_refused_and_keeps_the_other_ticks(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = {"tick": ["ceiling", "pace"], "shown": shown(page.get(PAGE))}
    put_in_place(changed(('cut = "25%"', 'cut = "24%"')), monkeypatch)
    response = page.post(PAGE, sent)
    assert response.status_code == 422
    assert "An item says something else since you opened the page: “Ceiling”." in text(response)
    assert ticked(response) == ["pace"]
    assert not SignOff.objects.exists()


def test_a_tick_that_the_page_did_not_show_is_refused(page: Client) -> None:
    assert page.post(PAGE, {"tick": ["ceiling"]}).status_code == 422
    assert not SignOff.objects.exists()


def test_what_changed_stands_beside_what_was_signed(page: Client, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_everything(owner)
    put_in_place(changed(('cut = "25%"', 'cut = "24%"')), monkeypatch)
    said = text(page.get(PAGE))
    assert "1 item changed since it was signed off: Ceiling." in said
    assert "has changed since. It said: “25 % of the current dose in 7 days." in said
    assert "24 % of the current dose in 7 days" in said


def test_a_stranger_signs_for_the_own_clinic_alone(page: Client, strange: Client, stranger: User) -> None:
    strange.post(PAGE, {"tick": ["ceiling"], "shown": shown(strange.get(PAGE))})
    assert SignOff.objects.get().clinic == stranger.clinic
    assert f"Waiting: {waits()}" in text(page.get(PAGE))


def test_nobody_signs_nothing(client: Client, owner: User) -> None:
    assert client.post(PAGE, {"tick": ["ceiling"]})["Location"].startswith("/sign-in/")
    assert not SignOff.objects.exists()


# Where the planner speaks of it


def test_planner_and_issue_lead_to_what_waits(page: Client, owner: User, typed: dict[str, Any]) -> None:
    sign_off(by=owner, medicine="baclofen", items=waiting("ceiling"))
    pages = [lambda: page.get(PLAN), lambda: page.post(reverse("issue"), typed)]
    for ask in pages:
        content = ask().content.decode()
        assert f'href="{PAGE}"' in content
        assert f"Waiting: {waits(len(waiting()) - 1)}" in content
    sign_everything(owner)
    for ask in pages:
        assert f'href="{PAGE}"' not in ask().content.decode()


def test_check_page_leads_to_what_waits(page: Client, owner: User) -> None:
    sent = {
        "medicine": "baclofen",
        "products": ["tablet-10"],
        "morning": "20",
        "midday": "20",
        "evening": "20",
        "schedule": "7 Dec 2026 20 15 20 7 days\n20 10 20 7 days",
        "target": "50",
    }
    assert f'href="{PAGE}"' in page.post(reverse("check"), sent).content.decode()
    sign_everything(owner)
    response = page.post(reverse("check"), sent)
    assert "Checked:" in text(response)
    assert f'href="{PAGE}"' not in response.content.decode()


def test_a_blocked_issue_leads_to_what_waits(
    page: Client, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(changed(UNVERIFIED), monkeypatch)
    content = page.post(reverse("issue"), typed).content.decode()
    assert "This cannot be issued" in content
    assert f"Blocked until signed off: {waits()}" in content
    assert f'href="{PAGE}"' in content


def test_settings_of_a_medicine_and_its_page_lead_to_each_other(page: Client) -> None:
    own = reverse("medicine_defaults", args=["baclofen"])
    assert own in page.get(PAGE).content.decode()
    assert PAGE in page.get(own).content.decode()
    assert load("baclofen").name in text(page.get(own))

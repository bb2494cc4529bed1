"""Every option and every way out, followed as a link, shows exactly what it promised."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from planner.models import Clinic
from planner.services import Opening, save_opening
from tests.planner_page.conftest import Ask
from tests.planner_page.test_page import dailies, errors, words

pytestmark = pytest.mark.usefixtures("today")


PHASES = "10 mg every 14 days down to 30 mg\n10 % of current every 7 days"
FOUR_TIMES = {"morning": "20", "midday": "10", "evening": "20", "bedtime": "10"}
ASKED: dict[str, dict[str, Any]] = {
    "as usual": {},
    "two strengths, four times": {"products": ["tablet-5", "tablet-10"], **FOUR_TIMES},
    "to 20 mg": {"target": "20"},
    "of starting, in mg": {"pace_cut": "5", "pace_of": "amount", "pace_every": "10"},
    "several phases": {"pace_lines": PHASES},
    "a date to end by": {"end_by": "2027-04-01"},
    "no date in time": {"end_by": "2026-12-20"},
    "longer holds": {"coarse": "stretch"},
    "refused where the limit breaks": {"coarse": "refuse"},
    "one time after the other": {"shape": "one-time-first"},
    "weekdays": {"change_on": ["tue", "wed"]},
    "a factor": {"factors": ["egfr-30-59"], "factors_asked": None},
    "a factor and a pace": {"factors": ["egfr-30-59"], "factors_asked": None, "pace_cut": "15", "pace_every": "5"},
    "a limit in mg": {"over_ceiling": "on", "limit_cut": "5", "limit_of": "amount", "limit_days": "14"},
    "changed by hand": {"edits": ["2:days=21", "4:dose=morning=10,midday=10,evening=10"]},
    "changed by hand, the rest kept": {"edits": ["3:days=10:keep"]},
    "from another product on": {"edits": ["8:with=tablet-10,solution-1", "10:days=14"]},
    "long gaps": {"pace_every": "60"},
}


def options(html: str) -> dict[str, str]:
    """Letter and address of each option."""
    found = re.findall(r'<a href="([^"]+)#result"[^>]*><span class="letter">([A-D])</span>', html)
    return {letter: unescape(address) for address, letter in found}


def ways(html: str) -> list[tuple[str, str, str]]:
    """Address, title and words of each way out."""
    found = re.findall(r'<a class="way" href="([^"]+)"><b>(.*?)</b><span>(.*?)</span>', html)
    return [(unescape(address), unescape(title), unescape(said)) for address, title, said in found]


def card(html: str, letter: str) -> str:
    """What an option's card says, without its letter and title."""
    found = re.search(rf'<span class="letter">{letter}</span>.*?(<dl class="facts">.*?)</dl>', html, re.DOTALL)
    assert found, letter
    return words(found[1])


def plan(html: str) -> str:
    """The address of the plan that a step is changed in: of the option that is shown, with everything typed."""
    found = re.search(r'name="plan" value="([^"]*)"', html)
    assert found
    return unescape(found[1])


def facts(html: str) -> list[str]:
    """Dates, doses and cuts of every step."""
    rows = re.findall(r'<tr role="row"(?! class="why).*?</tr>', html.split('id="steps"')[-1], re.DOTALL)
    return [words(row) for row in rows]


@pytest.mark.parametrize("name", ASKED)
def test_an_option_is_the_plan_that_is_sent_on(asked: Ask, page: Client, name: str) -> None:
    first = asked(**ASKED[name])
    assert errors(first) == {}
    for letter, address in options(first).items():
        shown = page.get(address).content.decode()
        if "No schedule" in card(first, letter) or not facts(shown):
            continue
        again = page.get(f"/plan/?{plan(shown)}").content.decode()
        assert errors(again) == {}
        assert facts(again) == facts(shown), letter
        assert card(again, "A") == card(first, letter)


@pytest.mark.parametrize("name", ASKED)
def test_a_way_out_leads_to_what_it_promises(asked: Ask, page: Client, name: str) -> None:
    first = asked(**ASKED[name])
    shown = [page.get(address).content.decode() for address in options(first).values()]
    for address, title, said in [way for html in shown for way in ways(html)]:
        html = page.get(address).content.decode()
        told = words(html)
        assert errors(html) == {}, title
        for kept in re.findall(r"The last dose is on (\d+ \w{3})\w* (\d{4})", said):
            assert re.search(rf"Last dose \w{{3}} {kept[0]} {kept[1]}", told), (title, said)
        for kept in re.findall(r"(?:Reached|On the target from) (\d+ \w{3})\w* (\d{4})", said):
            assert re.search(rf"On the target \w{{3}} {kept[0]} {kept[1]}", told), (title, said)
        counted = re.search(r"(\d+|One) cuts? (?:is|are) (?:still )?over the limit", said)
        over = int(counted[1].replace("One", "1")) if counted else None
        if "Every cut is" in said:
            over = 0
        if over is not None:
            assert f"Over the limit {f'{over} cut' if over else 'none'}" in card(html, "A"), (title, said)


def test_each_kind_of_way_is_met(asked: Ask) -> None:
    """So that the promise above is not tried on nothing."""
    titles = {title for name in ASKED for _, title, _ in ways(asked(**ASKED[name]))}
    for begin in ("Add the", "Hold", "Stay at", "Show the cuts", "End by"):
        assert any(title.startswith(begin) for title in titles), begin


def test_twice_as_long_is_not_offered_where_the_form_could_not_hold_it(asked: Ask) -> None:
    assert "Slower, 90 days each" in words(asked(pace_every="45"))
    assert "Slower" not in words(asked(pace_every="46"))


def test_changes_by_hand_that_another_option_drops_are_named(asked: Ask) -> None:
    html = words(asked(edits=["3:days=14"]))
    assert "A As asked, changed by hand" in html
    assert html.count("Without the changes by hand.") == 2


def test_undo_stands_only_beside_what_was_changed(asked: Ask) -> None:
    """The slower option has no changes by hand that could be taken back."""
    assert "Undo the last change" in asked(edits=["3:days=14"])
    assert "Undo the last change" not in asked(edits=["3:days=14"], show="slower")


@pytest.mark.parametrize(
    ("start", "titles"),
    [
        ("2026-12-07", ["Take 45 mg 1 week longer"]),
        ("2026-12-10", ["Change only on Monday, Tuesday and Wednesday"]),
    ],
)
def test_calm_ways_lead_to_what_they_promise(
    asked: Ask, page: Client, clinic: Clinic, start: str, titles: list[str]
) -> None:
    weekdays = Opening(weekdays=(0, 1, 2, 3, 4), closed_on_holidays=True, region="", check_ins="usual")
    save_opening(by=clinic.users.get(), opening=weekdays)
    first = asked(start=start)
    found = {title: (address, said) for address, title, said in ways(first)}
    calm = [title for title in found if title.startswith(("Take", "Change only on"))]
    assert calm == titles
    for title in calm:
        address, said = found[title]
        html = page.get(address).content.decode()
        last = re.search(r"The last dose is on (\d+ \w{3})\w* (\d{4})", said)
        assert last
        assert re.search(rf"Last dose \w{{3}} {last[1]} {last[2]}", words(html)), (title, said)
        if "No change meets closed days" in said:
            assert "closed day" not in words(html).split("Findings")[-1].split("Supply")[0]


def test_address_of_an_option_keeps_everything_typed(asked: Ask) -> None:
    html = asked(pace_lines=PHASES, change_on=["tue"], fill_days="14")
    for address in options(html).values():
        kept = parse_qs(urlsplit(address).query)
        assert (kept["pace_lines"], kept["change_on"], kept["fill_days"]) == ([PHASES], ["tue"], ["14"])


def test_what_is_shown_stays_shown_while_another_field_changes(asked: Ask) -> None:
    assert dailies(asked(show="faster", fill_days="14")) == dailies(asked(show="faster")) != dailies(asked())
    assert "C: steps" in words(asked(live=True, show="slower", fill_days="14"))


def test_an_end_later_than_the_date_asked_for_is_said(asked: Ask) -> None:
    """The solution makes the steps smaller, and more of them: they no longer end by the date."""
    html = words(asked(end_by="2027-04-01"))
    assert re.search(r"\d+ weeks longer than A\. It ends later than 1 April 2027\.", html)
    said = words(asked(end_by="2027-04-01", edits=["2:days=60"]))
    assert "With these changes it ends on 16 April 2027, not by 1 April 2027" in said
    assert "The least preferred cut" not in said


def test_pace_that_was_found_for_a_date_is_named(asked: Ask) -> None:
    html = asked(end_by="2027-04-01", products="solution-1")
    found = re.findall(r"A preferred cut of (.*?) ends by 1 April 2027", html)[0]
    assert f"Pace: {found}." in words(html)


def test_ways_out_stand_beside_what_they_help_with(asked: Ask) -> None:
    """A date that is kept needs no way out."""
    html = asked(end_by="2027-04-01")
    assert len({title for _, title, _ in ways(html)}) == len(ways(html))

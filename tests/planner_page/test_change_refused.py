"""A change of a step that cannot be made: said where it was typed, or where it no longer fits, with nothing lost."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.planner_page.changing import Steps, made
from tests.planner_page.conftest import Ask
from tests.planner_page.test_links import facts, plan
from tests.planner_page.test_page import dailies, errors, words

pytestmark = pytest.mark.usefixtures("today")

FORTY = [f"{1 + n % 11}:days={7 + n % 3}" for n in range(40)]


@pytest.fixture
def steps(page: Client) -> Steps:
    return Steps(page)


CANNOT: dict[str, tuple[dict[str, str], str, str]] = {
    "nothing changed": ({}, "fault", "Nothing was changed"),
    "nothing changed but the words": ({"morning": "15.0", "rest": "keep"}, "fault", "Nothing was changed"),
    "a dose left out": ({"midday": ""}, "midday-fault", "Give the dose: 0 where none is taken"),
    "nothing taken": ({"morning": "0", "midday": "0", "evening": "0"}, "fault", "Give a dose above 0"),
    "no days": ({"days": "0"}, "days-fault", "Days: Give a whole number of days, from 1 to 3,653."),
    "days in words": ({"days": "a week"}, "days-fault", "whole number of days"),
    "no days typed": ({"days": ""}, "days-fault", "whole number of days"),
    "half a day": ({"days": "7.5"}, "days-fault", "whole number of days"),
    "foreign digits": ({"days": "٧"}, "days-fault", "whole number of days"),
    "very many days": ({"days": "3654"}, "days-fault", "whole number of days"),
    "longer than the page shows": ({"days": "3000"}, "fault", "at most 400 steps in 5 years"),
    "a dose with a unit": ({"morning": "15 mg"}, "morning-fault", "Morning: Give a plain number"),
    "a decimal comma": ({"evening": "12,5"}, "evening-fault", "Evening: Give a plain number"),
    "a negative dose": ({"evening": "-5"}, "evening-fault", "Evening: Give a plain number"),
    "more pieces than can be counted": ({"midday": "9999999"}, "midday-fault", "Midday:"),
    "markup": ({"morning": "<b>x</b>"}, "morning-fault", "plain number"),
}


@pytest.mark.parametrize(("typed_in", "place", "said"), CANNOT.values(), ids=CANNOT.keys())
def test_what_cannot_be_is_said_at_the_step(
    asked: Ask, steps: Steps, typed_in: dict[str, str], place: str, said: str
) -> None:
    response = steps.send(asked(), 3, **typed_in)
    html = response.content.decode()
    assert response.status_code == 422
    found = re.search(rf'<p class="error"[^>]* id="(?:midday-|morning-|evening-)?{place}-3">(.*?)</p>', html)
    assert found, errors(html)
    assert said in words(found[1])
    assert re.search(r'<details class="change" id="change-3" open>', html)
    assert len(re.findall(r'class="change"[^>]* open', html)) == 1
    boxes = {name: unescape(value) for name, value in steps.boxes(html, 3).items()}
    stood = {"days": "7", "morning": "15", "midday": "15", "evening": "15", "rest": "again"}
    assert boxes == stood | typed_in
    assert "<b>x</b>" not in html
    assert dailies(html) == dailies(asked())


def test_every_fault_is_said_at_once(asked: Ask, steps: Steps) -> None:
    html = steps.send(asked(), 3, days="x", morning="y", rest="keep").content.decode()
    assert len(re.findall(r'id="(?:days-fault|morning-fault)-3"', html)) == 2
    assert steps.boxes(html, 3)["rest"] == "keep"


def test_a_change_after_which_no_way_leads_down_is_said(asked: Ask, steps: Steps) -> None:
    """Below the target nothing can be proposed anew; kept, the rest would rise."""
    said = words(steps.send(asked(target="20"), 3, morning="5", midday="5", evening="5").content.decode())
    assert "This is below the target, 20 mg a day. Change the target, or keep the rest." in said


def test_a_last_step_that_would_miss_the_target_is_said(asked: Ask, steps: Steps) -> None:
    last = {"morning": "5", "midday": "5", "evening": "5", "rest": "keep"}
    said = words(steps.send(asked(target="20"), 8, **last).content.decode())
    assert "The last step is the target, 20 mg a day. Change the target instead." in said


def test_one_change_more_than_are_kept_is_said(asked: Ask, steps: Steps) -> None:
    html = asked(edits=FORTY)
    assert errors(html) == {}
    response = steps.send(html, 3, days="30")
    assert response.status_code == 422
    assert "At most 40 changes by hand can be kept." in response.content.decode()
    assert made(steps.undo(html)) == FORTY[:-1]


@pytest.mark.parametrize("number", ["12", "13", "0", "-3", "x", "", "99999999999999"])
def test_a_step_that_is_not_there_leads_back_unchanged(page: Client, asked: Ask, number: str) -> None:
    """Step 12 is the stop."""
    sent = {"plan": plan(asked()), "step": number, "days": "9"}
    html = page.post("/change-step/", sent, follow=True).content.decode()
    assert "Nothing was changed: the plan has no such step any more." in html
    assert facts(html) == facts(asked())
    assert made(html) == []


@pytest.mark.parametrize("typed_plan", ["", "x", "%ff=%zz&&&=", "target=abc&morning=20", "edits=x&morning=20"])
def test_garbage_for_a_plan_leads_to_the_planner(page: Client, typed_plan: str) -> None:
    response = page.post("/change-step/", {"plan": typed_plan, "step": "3", "days": "9"}, follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[0][0].startswith("/plan/?")


def test_a_long_plan_is_not_cut(asked: Ask, steps: Steps) -> None:
    """The last of what was typed would be lost without a word."""
    html = steps.change(asked(edits=FORTY[:39], pace_lines="", fill_days="14"), 11, days="30")
    assert made(html) == [*FORTY[:39], "11:days=30"]


def test_a_rise_is_shown_and_cannot_be_issued(asked: Ask, steps: Steps, page: Client) -> None:
    html = steps.change(asked(), 3, morning="20", midday="20", evening="20", rest="keep")
    said = words(html)
    assert dailies(html)[:4] == ["55", "50", "60", "40"]
    assert "Cannot be issued until this is mended" in said
    assert "This cannot be issued" in said
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html.split('class="issue"')[1])
    issue = page.post("/issue/", {name: [v for n, v in hidden if n == name] for name, _ in hidden})
    assert "This cannot be issued" in issue.content.decode()
    assert 'name="submission"' not in issue.content.decode()


def test_a_dose_of_a_product_that_comes_in_only_later_cannot_be_issued(asked: Ask) -> None:
    """Tablets of 10 mg until step 8, the solution after it: 7 mg at step 3 cannot be made."""
    html = asked(edits=["8:with=tablet-10,solution-1", "3:dose=morning=15,midday=15,evening=7:keep"])
    assert "7 mg in the evening cannot be made from the products in use then" in words(html)
    assert "This cannot be issued" in words(html)


def test_a_step_without_a_dose_is_no_change_by_address(asked: Ask) -> None:
    said = errors(asked(edits=["3:dose=morning=0,midday=0,evening=0:keep"]))
    assert "Give a dose above 0 at one time at least" in said["edits"]


# A change that no longer fits


@pytest.mark.parametrize("live", [False, True], ids=["page", "live"])
def test_a_change_that_no_longer_fits_is_said_and_can_be_taken_back(asked: Ask, steps: Steps, live: bool) -> None:
    """Step 9 is there from 60 mg, not from 15 mg; nothing that was typed is lost."""
    now = {"morning": "5", "midday": "5", "evening": "5"}
    html = asked(edits=["1:days=14", "9:days=14"], fill_days="14", live=live, **now)
    (said,) = [words(found) for name, found in errors(html).items() if name == "edits"]
    assert said.startswith("Change 2 by hand cannot be made. The schedule has 2 steps")
    assert dailies(html) == []
    found = re.search(r'href="([^"]+)#steps">Undo the last change by hand<', html)
    assert found
    kept = parse_qs(urlsplit(unescape(found[1])).query)
    assert (kept["edits"], kept["fill_days"], kept["morning"]) == (["1:days=14"], ["14"], ["5"])
    assert dailies(steps.load(unescape(found[1]))) == dailies(asked(**now))
    assert "Undo all changes by hand" in html
    if not live:
        assert made(html) == ["1:days=14", "9:days=14"]


def test_its_message_goes_once_it_fits_again(asked: Ask) -> None:
    assert '<p class="error" id="error-edits" hx-swap-oob="true"></p>' in asked(edits=["9:days=14"], live=True)


def test_garbage_between_changes_can_be_taken_back(asked: Ask, steps: Steps) -> None:
    html = asked(edits=["1:days=14", "x", "3:days=14"])
    assert "cannot be read" in errors(html)["edits"]
    assert 'href="#id_edits"' not in html
    assert made(steps.undo(html, "Undo all changes by hand")) == []

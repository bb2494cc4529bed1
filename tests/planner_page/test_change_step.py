"""A step changed where it stands: what it leads to, what is said where it cannot be, and the way back."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from planner.models import User
from planner.services import add_colleague
from tests.planner_page.conftest import Ask
from tests.planner_page.test_form import TODAY
from tests.planner_page.test_links import card, facts, plan
from tests.planner_page.test_page import dailies, errors, words

THREE = ("morning", "midday", "evening")
FORTY = [f"{1 + n % 11}:days={7 + n % 3}" for n in range(40)]


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield


class Steps:
    """The planner's page, whose steps are changed as a browser would."""

    def __init__(self, page: Client) -> None:
        self.page = page

    def send(self, html: str, number: int, **changes: str) -> HttpResponse:
        """Sends the boxes of a step as they stand, some of them changed: days, morning, midday, evening, rest."""
        boxes = self.boxes(html, number) | changes
        doses = {f"dose-{time}": boxes[time] for time in THREE if time in boxes}
        sent = {"plan": plan(html), "step": str(number), "days": boxes["days"], "rest": boxes["rest"], **doses}
        return self.page.post("/change-step/", sent)

    def change(self, html: str, number: int, **changes: str) -> str:
        """The page to which the change leads."""
        response = self.send(html, number, **changes)
        assert response.status_code == 302, words(response.content.decode())[:600]
        assert response["Location"].endswith("#steps")
        return self.load(response["Location"])

    def load(self, address: str) -> str:
        response = self.page.get(address.partition("#")[0])
        assert response.status_code == 200
        return str(response.content.decode())

    def undo(self, html: str, name: str = "Undo the last change") -> str:
        found = re.search(rf'href="([^"]+)#steps">{name}<', html)
        assert found
        return self.load(unescape(found[1]))

    @staticmethod
    def boxes(html: str, number: int) -> dict[str, str]:
        form = re.search(rf'id="change-{number}".*?</form>', html, re.DOTALL)
        assert form
        values = dict(re.findall(rf'<input id="(\w+)-{number}"[^>]*? value="([^"]*)"', form[0]))
        return values | {"rest": "keep" if 'value="keep" selected' in form[0] else "again"}


@pytest.fixture
def steps(page: Client) -> Steps:
    return Steps(page)


def made(html: str) -> list[str]:
    """The changes by hand that the form of the inputs carries."""
    inputs = html.split('id="planner-form"')[1].split("</form>")[0]
    found = re.findall(r'<input type="hidden" name="edits" value="([^"]+)"', inputs)
    return [re.sub(r"^(\d+)@[0-9.]+:", r"\1:", text) for text in found]


def test_a_change_carries_the_dose_at_which_it_was_made(asked: Ask, steps: Steps) -> None:
    html = steps.change(asked(), 3, days="14")
    assert 'name="edits" value="3@45:days=14"' in html
    said = errors(asked(edits=["3@45:days=14"], morning="30"))
    assert "This change was made at 45 mg a day; step 3 is " in said["edits"]


def days(html: str) -> list[int]:
    """The days of every step with a dose, as its boxes show them."""
    return [int(found) for found in re.findall(r'<input id="days-\d+" name="days" value="(\d+)"', html)]


def without_token(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


# What a change leads to


def test_boxes_show_what_stands(asked: Ask) -> None:
    assert Steps.boxes(asked(), 3) == {
        "days": "7", "morning": "15", "midday": "15", "evening": "15", "rest": "again",
    }  # fmt: skip


def test_stop_has_nothing_to_change(asked: Ask) -> None:
    assert asked().count('class="change"') == 11


def test_more_days_move_what_follows(asked: Ask, steps: Steps) -> None:
    """45 mg from 21 December for 14 days instead of 7: all that follows is a week later."""
    html = steps.change(asked(), 3, days="14")
    assert made(html) == ["3:days=14"]
    assert days(html) == [7, 7, 14, *[7] * 8]
    assert dailies(html) == dailies(asked())
    assert "Last dose Sun 28 Feb 2027" in words(html)
    assert "By hand: step 3 is taken 2 weeks. What follows is proposed anew." in words(html).replace(" .", ".")


def test_fewer_days_with_the_rest_kept(asked: Ask, steps: Steps) -> None:
    html = steps.change(asked(), 3, days="5", rest="keep")
    assert made(html) == ["3:days=5:keep"]
    assert days(html) == [7, 7, 5, *[7] * 8]
    assert dailies(html) == dailies(asked())
    assert "Last dose Fri 19 Feb 2027" in words(html)


def test_other_doses_and_what_follows_proposed_anew(asked: Ask, steps: Steps) -> None:
    html = steps.change(asked(), 3, evening="20", midday="10")
    assert made(html) == ["3:dose=morning=15,midday=10,evening=20"]
    assert steps.boxes(html, 3) == {"days": "7", "morning": "15", "midday": "10", "evening": "20", "rest": "again"}
    assert dailies(html)[:3] == ["55", "50", "45"]
    assert dailies(html)[-1] == "0"


def test_other_doses_with_the_rest_kept(asked: Ask, steps: Steps) -> None:
    """40 mg instead of 45 mg at step 3: step 4 is 40 mg as before, and no cut."""
    html = steps.change(asked(), 3, morning="10", rest="keep")
    assert made(html) == ["3:dose=morning=10,midday=15,evening=15:keep"]
    assert dailies(html)[:5] == ["55", "50", "40", "40", "35"]


def test_doses_and_days_at_once(asked: Ask, steps: Steps) -> None:
    html = steps.change(asked(), 3, morning="10", midday="15", evening="15", days="21")
    assert made(html) == ["3:dose=morning=10,midday=15,evening=15", "3:days=21"]
    assert steps.boxes(html, 3) == {"days": "21", "morning": "10", "midday": "15", "evening": "15", "rest": "again"}


def test_days_made_longer_by_hand_stay_when_only_the_doses_change(asked: Ask, steps: Steps) -> None:
    """The box says 21 days: new doses alone would make it 7 again."""
    html = steps.change(steps.change(asked(), 3, days="21"), 3, midday="10", evening="20")
    assert steps.boxes(html, 3)["days"] == "21"
    assert (steps.boxes(html, 3)["midday"], steps.boxes(html, 3)["evening"]) == ("10", "20")



def test_two_changes_of_different_steps(asked: Ask, steps: Steps) -> None:
    html = steps.change(steps.change(asked(), 2, days="14"), 5, days="21")
    assert made(html) == ["2:days=14", "5:days=21"]
    assert days(html) == [7, 14, 7, 7, 21, *[7] * 6]
    assert "2 changes by hand" in words(html)


def test_other_inputs_keep_the_changes(asked: Ask) -> None:
    html = asked(edits=["3:days=14"], fill_days="14", live=True)
    assert days(html)[2] == 14
    assert 'name="edits" value="3:days=14"' in html


def test_everything_typed_is_kept(asked: Ask, steps: Steps) -> None:
    html = steps.change(asked(limit_cut="15", change_on=["mon", "tue"], fill_days="14"), 3, days="14")
    assert 'value="15"' in html
    assert len(re.findall(r'name="change_on" value="\w+"[^>]* checked', html)) == 2
    assert "14 days a fill" in words(html)


# An option that is shown


@pytest.mark.parametrize(("kind", "letter"), [("finer", "B"), ("slower", "C"), ("faster", "D")])
def test_another_option_is_changed_as_it_is_shown(asked: Ask, steps: Steps, kind: str, letter: str) -> None:
    shown = asked(show=kind)
    longer = days(shown)[1] + 7
    html = steps.change(shown, 2, days=str(longer), rest="keep")
    assert days(html) == [days(shown)[0], longer, *days(shown)[2:]]
    assert dailies(html) == dailies(shown)
    again = steps.undo(html)
    assert facts(again) == facts(shown)
    assert card(again, "A") == card(asked(), letter)


def test_a_finer_product_stays_where_it_was_brought_in(asked: Ask, steps: Steps) -> None:
    html = steps.change(asked(show="finer"), 10, days="14")
    assert made(html) == ["6:with=tablet-10,solution-1", "10:days=14"]
    assert "27 mL" in card(html, "A")


# What cannot be


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
    assert response.redirect_chain[0][0].startswith("/?")


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


# The way back


def test_undo_gives_the_page_before_to_the_byte(asked: Ask, steps: Steps) -> None:
    before = steps.load(f"/?{plan(asked())}")
    once = steps.change(before, 3, days="14")
    twice = steps.change(once, 5, morning="5", rest="keep")
    assert without_token(steps.undo(twice)) == without_token(once)
    assert without_token(steps.undo(steps.undo(twice))) == without_token(before)
    assert without_token(steps.undo(twice, "Undo all changes by hand")) == without_token(before)


def test_doses_and_days_at_once_are_taken_back_one_by_one(asked: Ask, steps: Steps) -> None:
    html = steps.change(asked(), 3, morning="10", days="21")
    assert len(made(html)) == 2
    assert len(made(steps.undo(html))) == 1


def test_undo_of_a_single_change_offers_no_undo_of_all(asked: Ask) -> None:
    assert "Undo all" not in asked(edits=["3:days=14"])
    assert "Undo the last" not in asked()


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


# Who may


def test_nobody_changes_a_step_without_signing_in(client: Client, db: None) -> None:
    response = client.post("/change-step/", {"plan": "", "step": "1"})
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")


def test_opened_by_its_address_it_is_no_page(page: Client) -> None:
    assert page.get("/change-step/").status_code == 405


def test_a_colleague_changes_the_same_plan(client: Client, owner: User, asked: Ask) -> None:
    typed_plan = plan(asked())
    colleague, _ = add_colleague(by=owner, name="Test Colleague", email="colleague@example.org")
    client.force_login(colleague)
    sent = {"plan": typed_plan, "step": "3", "days": "14", "rest": "keep"}
    doses = {"dose-morning": "15", "dose-midday": "15", "dose-evening": "15"}
    assert "edits=3%4045%3Adays%3D14%3Akeep" in client.post("/change-step/", sent | doses)["Location"]


def test_a_stranger_plans_with_their_own_clinics_figures(client: Client, stranger: User, asked: Ask) -> None:
    """The plan in the address holds no patient; nothing of another clinic comes with it."""
    typed_plan = plan(asked())
    client.force_login(stranger)
    sent = {"plan": typed_plan, "step": "3", "days": "14", "dose-morning": "15", "dose-midday": "15"}
    assert client.post("/change-step/", sent | {"dose-evening": "15"}).status_code == 302


# What is said of a changed plan is true


def test_no_cut_that_was_given_by_hand_is_called_the_smallest(asked: Ask) -> None:
    """45 mg to 30 mg is a cut of a third; 40 mg could be made."""
    html = words(asked(edits=["4:dose=morning=10,midday=10,evening=10:keep"]))
    assert "From 45 mg the next dose down is 30 mg" not in html
    assert "30 mg is the nearest lower dose" not in html
    assert "30 mg is 6 mg over the limit of 20 % of the current dose in 7 days" in html


def test_weekdays_that_a_change_by_hand_leaves_are_said_together(asked: Ask) -> None:
    html = words(asked(change_on=["mon"], edits=["3:days=9:keep"]))
    assert "9 changes fall on other weekdays than were wished for" in html
    assert "The change on 30 December 2026 is on a Wednesday" in html


def test_days_given_by_hand_before_a_cut_over_the_limit_are_called_so(asked: Ask) -> None:
    html = words(asked(edits=["8:days=21"]))
    assert "20 mg for 21 days. One step longer by hand." in html
    assert "is clear" not in html


def test_each_step_names_the_products_that_it_is_made_from(asked: Ask) -> None:
    rows = re.findall(r"<dt>What the products make</dt><dd>(.*?)</dd>", asked(show="finer"))
    assert rows[0] == "5 mg: half of one 10 mg tablet."
    assert rows[8].startswith(("0.5 mg: 0.5 mL of 1 mg/mL solution", "0.5 mg: the step"))

"""A step changed where it stands: what it leads to, what is said where it cannot be, and the way back."""

import re

import pytest
from django.test import Client

from planner.models import User
from planner.services import add_colleague
from tests.planner_page.changing import Steps, days, made, without_token
from tests.planner_page.conftest import Ask
from tests.planner_page.test_links import card, facts, plan
from tests.planner_page.test_page import dailies, errors, words

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def steps(page: Client) -> Steps:
    return Steps(page)


# What a change leads to


def test_a_change_carries_the_dose_at_which_it_was_made(asked: Ask, steps: Steps) -> None:
    html = steps.change(asked(), 3, days="14")
    assert 'name="edits" value="3@45:days=14"' in html
    said = errors(asked(edits=["3@45:days=14"], morning="30"))
    assert "This change was made at 45 mg a day; step 3 is " in said["edits"]


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


# The way back


def test_undo_gives_the_page_before_to_the_byte(asked: Ask, steps: Steps) -> None:
    before = steps.load(f"/plan/?{plan(asked())}")
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

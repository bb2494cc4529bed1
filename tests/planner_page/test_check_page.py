"""The page that checks a schedule: what is typed, what is found in it, what is said of what cannot be read."""

import json
import re
from collections.abc import Callable
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from planner.models import AuditRow, Clinic, User
from planner.services import add_colleague, save_medicine_defaults
from planner.views.check import MOST_BYTES
from tests.planner_page.test_page import dailies, errors, words

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parent.parent / "cases/published.json").read_text(encoding="utf-8"))
    if "schedule" in case
}
USUAL = "7 Dec 2026  20 15 20  7 days\n15 15 20 x 7\n15/15/15 for 1 week\n15 10 15 for 2 weeks"
FAULTY = (
    "2026-12-07 20 15 20 x 7\n15 15 17 x 7\n25 15 15 x 7\n1 Feb 2027 15 10 15 10 x 14\n10 Feb 2027 10 10 10 x 7\nstop"
)
TYPED = {"medicine": "baclofen", "shown_for": "baclofen", "products": ["tablet-10"], "target": "0"}
NOW = {"morning": "20", "midday": "20", "evening": "20"}
BY_HAND = {
    "medicine": "by-hand",
    "shown_for": "baclofen",
    "name": "Prednisone",
    "unit": "mg",
    "product_lines": "tablet 5 mg, halves\ntablet 1 mg",
    "morning": "20",
    "target": "0",
    "limit_cut": "50",
    "limit_of": "current",
    "limit_days": "7",
}
Check = Callable[..., Any]


@pytest.fixture
def checked(page: Client) -> Check:
    """The page's answer to a schedule, with some fields changed; None leaves a field out."""

    def check(schedule: str = USUAL, fields: dict[str, Any] | None = None, **changes: Any) -> Any:
        typed = (TYPED | NOW if fields is None else fields) | {"schedule": schedule} | changes
        return page.post("/check/", {name: value for name, value in typed.items() if value is not None})

    return check


def html(response: Any) -> str:
    return str(response.content.decode())


def codes(response: Any) -> dict[str, str]:
    return {finding.code: finding.severity for finding in response.context["answer"].findings}


def line_errors(response: Any, name: str = "schedule") -> str:
    """Everything said below one of the boxes with lines."""
    return words(html(response).split(f'id="error-{name}">')[1].split("</p>")[0])


# Who sees it


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_sees_it_without_signing_in(client: Client, db: None, method: str) -> None:
    assert getattr(client, method)("/check/")["Location"].startswith("/sign-in/")


def test_colleague_and_stranger_check_as_the_owner_does(owner: User, stranger: User) -> None:
    """No patient is asked for, so that it is the same for everybody."""
    colleague, _ = add_colleague(by=owner, name="Test Colleague", email="colleague@example.org")
    for person in (owner, colleague, stranger):
        theirs = Client()
        theirs.force_login(person)
        response = theirs.post("/check/", TYPED | NOW | {"schedule": USUAL})
        assert dailies(html(response)) == ["55", "50", "45", "40"]


def test_page_needs_its_own_form(owner: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    assert strict.post("/check/", TYPED).status_code == 403


def test_nothing_is_kept(checked: Check) -> None:
    before = AuditRow.objects.count()
    checked()
    assert AuditRow.objects.count() == before


# What it shows


def test_empty_page_says_how_to_write_a_step(page: Client) -> None:
    response = page.get("/check/")
    assert "How to write a step" in html(response)
    assert errors(html(response)) == {}
    assert 'aria-current="page">Check a schedule</a>' in html(response)


def test_examples_on_the_page_are_read(page: Client, checked: Check) -> None:
    three, once = (
        unescape(text) for text in re.findall(r'<pre class="written">(.*?)</pre>', html(page.get("/check/")), re.S)
    )
    assert dailies(html(checked(three))) == ["55", "50", "45", "0"]
    assert dailies(html(checked(once, midday="", evening=""))) == ["60", "50", "40", "0"]


def test_schedule_is_laid_out_as_it_was_typed(checked: Check) -> None:
    response = checked()
    said = words(html(response))
    assert response.status_code == 200
    assert "Checked: 60 mg a day to 40 mg" in said
    assert "4 steps from Mon 7 Dec 2026 to Sun 10 Jan 2027" in said
    assert "5 ÷ 60 = 8.3 % of starting" in said
    assert "In all 161" in said  # 5.5 and 5 and 4.5 tablets for 7 days each, 4 for 14
    assert "wished for" not in said
    assert "Choose patient and issue" not in said
    assert "Step 4: The schedule ends at 40 mg a day, not at the target of 0 mg" in said


def test_typed_text_stays_as_it_was(checked: Check) -> None:
    assert f"{USUAL}</textarea>" in html(checked())


def test_faulty_schedule_is_answered_with_every_fault(checked: Check) -> None:
    response = checked(FAULTY)
    said = words(html(response))
    assert {"not-makeable", "dose-rises", "time-rises", "gap", "overlap"} <= codes(response).keys()
    assert "Step 2: 17 mg in the evening cannot be made from these products" in said
    assert "Step 3: The daily dose rises from 47 to 55 mg" in said
    assert "Step 4: 35 days from 28 December 2026 on are missing" in said
    assert "Step 5: 5 days from 10 February 2027 on are given twice" in said
    assert "Doses that cannot be made are not counted." in said
    assert "Days that are given twice are counted twice." in said


def test_rise_says_more_and_never_minus(checked: Check) -> None:
    row = words(html(checked(FAULTY))).split("21–27 Dec")[1].split("Why?")[0]
    assert "8 mg more 17.0 % more 13.3 % more" in row
    assert "raised" in row
    said = words(html(checked(FAULTY)))
    assert "The daily dose rises by 8 mg to 55 mg: the limit is on cuts." in said
    assert not re.search(r"[-−]\d", said.split("Steps")[1].split("Findings")[0].replace("− ", ""))


def test_rise_from_nothing_has_no_percentage(checked: Check) -> None:
    row = words(html(checked("2026-12-07 0 7 days\n5 5 5 x 7"))).split("14–20 Dec")[1].split("Why?")[0]
    assert "15 mg more from nothing 25.0 % more" in row


def test_rise_above_the_dose_of_now_lies_inside_the_chart(checked: Check) -> None:
    chart = checked("2026-12-07 20 20 40 x 7\n20 20 20 x 7").context["chart"]
    heights = [Fraction(height) for height in re.findall(r"V([\d.]+)", chart.line)]
    assert all(0 <= height <= chart.height for height in heights)
    assert heights[0] < heights[1]


def test_line_of_the_chart_is_broken_where_days_are_missing(checked: Check) -> None:
    assert checked("2026-12-07 20 15 20 x 7\n2026-12-21 15 15 20 x 7").context["chart"].line.count("M") == 2
    assert checked().context["chart"].line.count("M") == 1


def test_dose_that_cannot_be_made_is_said_in_its_row(checked: Check) -> None:
    row = words(html(checked("2026-12-07 20 15 17 x 7"))).split("7–13 Dec 2026")[1].split("Why?")[0]
    assert "17 mg , lowered, cannot be made from these products" in row


def test_time_that_is_new_has_its_column(checked: Check) -> None:
    response = checked("2026-12-07 20 15 15 5 x 7")
    assert response.context["times"] == ["morning", "midday", "evening", "bedtime"]
    assert codes(response)["time-rises"] == "block"


def test_steps_that_run_back_in_time_are_not_drawn(checked: Check) -> None:
    response = checked("2026-12-07 20 15 20 x 7\n2026-11-02 15 15 20 x 7\n15 15 15 x 7")
    assert "Not drawn: a step begins before the step in front of it." in words(html(response))
    assert codes(response)["overlap"] == "block"


def test_copy_for_the_record_says_that_it_was_checked(checked: Check) -> None:
    record = checked("2026-12-07 20 15 20 x 7\n20 20 20 x 7\nstop").context["record"]
    assert record.startswith("Checked schedule: Baclofen, oral\nNot issued.")
    assert "rise 5 mg, 9.1% of current, 8.3% of starting" in record


def test_no_record_of_a_dose_that_cannot_be_made(checked: Check) -> None:
    assert checked(FAULTY).context["record"] == ""


def test_clinics_own_limit_holds(checked: Check, clinic: Clinic) -> None:
    assert "over-limit" not in codes(checked())
    own = {"cut": "5%", "of": "current", "days": 7}
    save_medicine_defaults(by=clinic.users.get(), medicine="baclofen", pace=[], limit=own)
    response = checked()
    assert "Held against a limit of 5 % of the current dose in 7 days" in words(html(response))
    assert "over-limit" in codes(response)


def test_first_step_may_equal_the_dose_of_now(checked: Check) -> None:
    response = checked("20 20 20 x 7\n20 15 20 x 7", first_day="2026-12-07")
    assert dailies(html(response)) == ["60", "55"]


def test_thousand_steps_are_shown(checked: Check) -> None:
    response = checked("20 20 20 x 1\n" * 1000, first_day="2026-12-07")
    assert len(response.context["rows"]) == 1000


# A medicine described by hand


def test_medicine_described_by_hand_is_checked(checked: Check) -> None:
    response = checked("7 Dec 2026 17.5 x 7\n15 x 7\n5 x 7\nstop", BY_HAND)
    said = words(html(response))
    assert dailies(html(response)) == ["17.5", "15", "5", "0"]
    assert codes(response)["unverified-medicine"] == "acknowledge"
    assert "Prednisone was described by hand" in said
    assert "over-limit" in codes(response)
    assert "5 mg tablets" in said
    assert "Check-ins none: when signs are worst is not known" in said


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"name": ""}, "name", "Give the medicine’s name."),
        ({"name": "A\nB"}, "name", "Give the medicine's name"),
        ({"unit": ""}, "unit", "Give the unit in letters"),
        ({"unit": "mg/mL"}, "unit", "Give the unit in letters"),
        ({"unit": "µg"}, "unit", "Give the unit in letters"),
        ({"limit_cut": ""}, "limit_cut", "Give the largest cut"),
        ({"limit_days": ""}, "limit_days", "Give its days"),
        ({"limit_cut": "101"}, "limit_cut", "at most 100"),
    ],
)
def test_what_a_medicine_by_hand_lacks_is_said_at_its_field(
    checked: Check, change: dict[str, str], field: str, said: str
) -> None:
    response = checked("7 Dec 2026 15 x 7", BY_HAND | change)
    assert response.status_code == 422
    found = errors(html(response))
    assert found.keys() == {field}
    assert said in found[field]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "Give at least one product, one a line."),
        ("tablet 5 mg\ntablet 0 mg", "Line 2: A strength of 0 holds nothing: give a strength above 0."),
        ("tablet 100 mg", "The smallest dose they make, 100 mg, is above the current dose."),
    ],
)
def test_products_by_hand_are_named_by_their_line(checked: Check, lines: str, said: str) -> None:
    response = checked("7 Dec 2026 15 x 7", BY_HAND | {"product_lines": lines})
    assert said in line_errors(response, "product_lines")
    assert "answer" not in response.context


# What cannot be read


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"products": None}, "products"),
        ({"products": ["tablet-3"]}, "products"),
        ({"medicine": "nonsense"}, "medicine"),
        ({"morning": "", "midday": "", "evening": ""}, "morning"),
        ({"morning": "1,5"}, "morning"),
        ({"morning": "300"}, "morning"),
        ({"target": ""}, "target"),
        ({"target": "60"}, "target"),
        ({"limit_cut": "0"}, "limit_cut"),
        ({"limit_of": "starting"}, "limit_cut"),
        ({"limit_days": "x"}, "limit_days"),
        ({"final_dose": "0"}, "final_dose"),
        ({"max_units": "41"}, "max_units"),
        ({"first_day": "2027-02-29"}, "first_day"),
        ({"first_day": "9999-12-31"}, "first_day"),
        ({"first_day": "2026-12-08"}, "first_day"),
    ],
)
def test_fault_is_said_at_its_field_and_keeps_everything_typed(
    checked: Check, change: dict[str, Any], field: str
) -> None:
    response = checked(USUAL, TYPED | NOW | change)
    assert response.status_code == 422
    assert errors(html(response)).keys() == {field}
    assert USUAL in unescape(html(response)).replace("\r\n", "\n")
    assert dailies(html(response)) == []


def test_every_line_at_fault_is_named(checked: Check) -> None:
    text = "7 Dec 2026 20 15 20 x 7\n29 Feb 2027 15 15 20 x 7\n15 15 15 x 7\n12,5 x 7"
    response = checked(text)
    said = line_errors(response)
    assert "Line 2: There is no 29 February 2027: February 2027 has 28 days." in said
    assert "Line 4: Leave out commas" in said
    assert "2 things to mend before the schedule can be checked" in words(html(response))
    assert text in unescape(html(response)).replace("\r\n", "\n")


def test_dose_that_nobody_could_take_is_named_by_its_line(checked: Check) -> None:
    said = line_errors(checked("7 Dec 2026 20 15 20 x 7\n\n5000 15 20 x 7"))
    assert said == "Line 3: 5000 cannot be used. It takes more than 40 pieces at one time."


def test_ten_thousand_steps_are_named_at_the_field(checked: Check) -> None:
    response = checked("5 x 1\n" * 10_000)
    assert response.status_code == 422
    assert line_errors(response) == "10,000 lines: give at most 1,000 steps, one a line."


def test_more_than_can_be_read_is_said_before_it_is_read(checked: Check) -> None:
    response = checked("7 Dec 2026 20 15 20 7 days\n" * 10_000)
    assert response.status_code == 413
    assert "Give at most 1,000 steps, one a line." in line_errors(response)
    assert MOST_BYTES < 256 * 1024


def test_markup_that_was_typed_is_only_text(checked: Check) -> None:
    assert "<b>x</b>" not in html(checked("<b>x</b> x 7", name="<b>x</b>"))


def test_products_of_another_medicine_are_left_behind(checked: Check) -> None:
    response = checked(USUAL, TYPED | NOW | {"shown_for": "another", "products": ["tablet-3"]})
    assert [product.key for product in response.context["answer"].request.products] == ["tablet-10"]


# Schedules that others published


def product_line(product: dict[str, Any]) -> str:
    assert product["form"] == "tablet"
    return f"tablet {product['strength']} mg" + {1: "", 2: ", halves", 4: ", quarters"}[product["divides"]]


@pytest.mark.parametrize("name", CASES)
def test_published_schedule_has_its_published_total(checked: Check, name: str) -> None:
    case = CASES[name]
    products = case["medicine"]["products"]
    fields = BY_HAND | {
        "morning": "",
        case["time"]: case["schedule"][0][0],
        "name": case["medicine"]["name"],
        "product_lines": "\n".join(product_line(product) for product in products.values()),
        "limit_cut": "100",
        "first_day": "2026-12-07",
    }
    text = "\n".join(f"{dose} mg for {days} days" for dose, days in case["schedule"])
    response = checked(text, fields)
    rows = re.search(r'<tr><th scope="row" colspan="2"><b>In all</b></th>(.*?)</tr>', html(response))
    assert rows is not None
    units = [Fraction(number.replace(",", "")) for number in re.findall(r"<b>([\d.,]+)</b>", rows[1])]
    strengths = [Fraction(total.product.strength) for total in response.context["fills"][0]]
    assert sum(each * strength for each, strength in zip(units, strengths, strict=True)) == Fraction(
        case["expect"]["total"]
    )
    assert sum(row.step.days for row in response.context["rows"]) == case["expect"]["days"]

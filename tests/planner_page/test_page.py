"""The page and its live result: one view, the same words."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from planner.forms import PlannerForm
from planner.models import AuditRow, Clinic, Patient, UnkeptPrint
from planner.services import save_medicine_defaults
from tests.planner_page.conftest import LIVE, Ask

pytestmark = pytest.mark.usefixtures("today")

USUAL_DAILY = ["55", "50", "45", "40", "35", "30", "25", "20", "15", "10", "5", "0"]


def dailies(html: str) -> list[str]:
    return re.findall(r'<span class="real">([\d.,]+) mg</span>', html)


def errors(html: str) -> dict[str, str]:
    found = re.findall(r'<p class="error" id="error-(\w+)"[^>]*><svg.*?</svg><span>(.*?)</span>', html)
    return {name: unescape(words) for name, words in found}


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def ways(html: str) -> dict[str, dict[str, list[str]]]:
    """Title and fields of each way out."""
    found = re.findall(r'<a class="way" href="([^"]+)"><b>(.*?)</b>', html)
    return {title: parse_qs(urlsplit(unescape(address)).query) for address, title in found}


def test_nobody_sees_it_without_signing_in(client: Client, db: None) -> None:
    assert client.get("/plan/").status_code == 302


def test_empty_page_says_what_is_needed(page: Client, db: None) -> None:
    html = page.get("/plan/").content.decode()
    assert "What is needed for a schedule" in html
    assert errors(html) == {}
    assert 'placeholder="10"' in html
    assert 'placeholder="20"' in html


def test_usual_taper_is_laid_out(asked: Ask) -> None:
    html = asked()
    assert dailies(html) == USUAL_DAILY
    said = words(html)
    assert "Four ways from 60 mg a day to stop" in said
    assert "Last dose Sun 21 Feb 2027" in said
    assert "Lasts 77 days" in said
    assert "Cuts 11, then stop" in said
    assert "Supply 231 tablets" in said
    assert "3 cuts are over the limit of 20 % of the current dose in 7 days" in said


def test_wished_for_dose_stands_beside_the_real_one(asked: Ask) -> None:
    first = words(asked()).split("7–13 Dec 2026")[1].split("Why?")[0]
    assert first.strip().startswith("55 mg wished for 54 mg")
    assert "5 mg wished for 6 mg 8.3 % wished for 10.0 % 8.3 % wished for 10.0 %" in first


def test_each_step_has_its_sum(asked: Ask) -> None:
    html = asked()
    assert "5 ÷ 20 = 25.0 % of current" in html
    assert html.count("<dt>The sum</dt>") == len(USUAL_DAILY)


def test_sources_stand_with_their_standing(asked: Ask) -> None:
    said = words(asked())
    assert "Verified : web page of a treatment centre, Baclofen withdrawal guide" in said
    assert "Proposal" in said


def test_ways_out_lead_to_what_they_promise(asked: Ask, page: Client) -> None:
    found = ways(asked())
    assert found["Add the 1 mg/mL solution after 30 mg a day"]["edits"] == ["6@30:with=tablet-10,solution-1"]
    stay = found["Stay at 20 mg"]
    assert stay["target"] == ["20"]
    again = page.get("/plan/", stay).content.decode()
    assert dailies(again) == ["55", "50", "45", "40", "35", "30", "25", "20"]
    assert "over the limit of" not in words(again)


def test_other_option_is_shown_on_demand(asked: Ask) -> None:
    html = asked(show="finer")
    assert "B: steps" in words(html)
    assert "Every cut is within the limit" in words(html)
    assert dailies(html)[-2:] == ["5", "0"]


def test_shown_option_is_what_is_sent_on(asked: Ask) -> None:
    hidden = re.findall(r'<input type="hidden" name="edits" value="([^"]+)">', asked(show="finer"))
    assert hidden == ["6@30:with=tablet-10,solution-1"]


def test_live_result_is_a_part_of_the_page(asked: Ask) -> None:
    whole, part = asked(), asked(live=True)
    assert "<html" not in part
    assert dailies(part) == dailies(whole)
    slots = re.findall(r'id="(error-\w+|daily|status)"[^>]*hx-swap-oob', part)
    assert len(slots) > 20
    assert [slot for slot in slots if f'id="{slot}"' not in whole] == []


def test_live_result_never_replaces_an_input(asked: Ask) -> None:
    part = asked(live=True, target="abc")
    visible = re.findall(r"<(?:input|select|textarea)\b[^>]*>", part)
    assert [tag for tag in visible if 'type="hidden"' not in tag] == []


def test_unfinished_typing_is_no_mistake_yet(asked: Ask) -> None:
    part = asked(live=True, start="")
    assert errors(part) == {}
    assert "Still needed" in part
    assert "Give the date of the first lower dose." in part


def test_unfinished_page_says_so_at_the_field(asked: Ask) -> None:
    assert errors(asked(start="")) == {"start": "Give the date of the first lower dose."}


def test_fault_keeps_everything_typed(asked: Ask) -> None:
    html = asked(target="abc", pace_cut="7.5", factors_asked=None, factors=["egfr-30-59"], midday="12.5")
    assert errors(html).keys() == {"target"}
    assert re.search(r'<input[^>]*name="target"[^>]*value="abc"|<input[^>]*value="abc"[^>]*name="target"', html)
    assert 'value="7.5"' in html
    assert 'value="12.5"' in html
    assert re.search(r'value="egfr-30-59"[^>]* checked', html)
    assert 'aria-invalid="true"' in html
    assert '<a href="#id_target">Target</a>' in html
    assert dailies(html) == []


def test_markup_that_was_typed_is_only_text(asked: Ask) -> None:
    assert "<b>x</b>" not in asked(target="<b>x</b>")


def test_numbers_in_the_first_box_fill_the_others(asked: Ask) -> None:
    html = asked(morning="20 20 20", midday="", evening="")
    assert dailies(html) == USUAL_DAILY
    assert re.search(r'name="midday" value="20"', html)


def test_refused_factor_makes_no_schedule(asked: Ask) -> None:
    html = asked(factors_asked=None, factors=["pump-or-intrathecal"])
    assert dailies(html) == []
    assert "No schedule is made" in html
    assert "Call the team that runs the pump" in html
    assert "Choose patient and issue" not in html


def test_stuck_says_where_and_leads_on(asked: Ask) -> None:
    html = asked(coarse="refuse")
    assert dailies(html) == []
    assert "Stuck at 20 mg a day" in words(html)
    assert ways(html).keys() == {"Add the 1 mg/mL solution", "Stay at 20 mg", "Show the cuts and give a reason"}


def test_target_that_cannot_be_made_names_the_nearest(asked: Ask) -> None:
    assert "5 mg and 10 mg" in errors(asked(target="7"))["target"]


def test_start_in_the_past_is_said(asked: Ask) -> None:
    html = asked(start="2026-11-02")
    assert html.count("<h3>The first lower dose is in the past") == 1
    assert dailies(html) == USUAL_DAILY


def test_target_above_zero_is_reached_not_stopped(asked: Ask) -> None:
    said = words(asked(target="20"))
    assert "On the target Mon 25 Jan 2027" in said
    assert "then stop" not in said


def test_clinics_own_limit_holds_at_once(asked: Ask, clinic: Clinic) -> None:
    own = {"cut": "10%", "of": "current", "days": 7}
    save_medicine_defaults(by=clinic.users.get(), medicine="baclofen", pace=[], limit=own)
    assert "the clinic’s own, 10 % of the current dose in 7 days" in words(asked())


def test_factors_slow_what_is_proposed(asked: Ask) -> None:
    plain, slower = asked(), asked(factors_asked=None, factors=["egfr-30-59"])
    lasts = [int(re.findall(r"Lasts (\d+) days", words(html))[0]) for html in (plain, slower)]
    assert lasts[1] > lasts[0]


def test_products_of_the_clinics_country_come_first(page: Client, clinic: Clinic) -> None:
    near = page.get("/plan/").content.decode().split("<details>")[0]
    assert set(re.findall(r'name="products" value="([^"]+)"', near)) == {"tablet-5", "tablet-10", "solution-1"}


def test_no_inline_script_or_style(asked: Ask) -> None:
    html = asked()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)


def test_answer_differs_by_what_asks_for_it(page: Client, typed: dict[str, Any]) -> None:
    assert "HX-Target" in page.get("/plan/", typed, headers=LIVE)["Vary"]


def test_another_medicine_loads_its_own_page(page: Client, typed: dict[str, Any]) -> None:
    """Its products and factors stand in the inputs, which the live result leaves alone."""
    response = page.get("/plan/", typed | {"shown_for": "another"}, headers=LIVE)
    assert response["HX-Redirect"].startswith("/plan/?medicine=baclofen&shown_for=baclofen&products=tablet-10")


# Papers of a plan that is not kept


def test_post_becomes_an_address_that_can_be_kept(page: Client, typed: dict[str, Any]) -> None:
    response = page.post("/plan/", typed)
    assert response.status_code == 302
    assert dailies(page.get(response["Location"]).content.decode()) == USUAL_DAILY


def test_preview_is_a_calendar(page: Client, typed: dict[str, Any]) -> None:
    response = page.post("/calendar-preview/", typed)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


@pytest.mark.parametrize("address", ["/calendar-preview/", "/print/"])
@pytest.mark.parametrize("changes", [{"target": "abc"}, {"target": "7"}, {"start": ""}])
def test_paper_of_a_faulty_plan_leads_back_to_its_fields(
    page: Client, typed: dict[str, Any], address: str, changes: dict[str, str]
) -> None:
    response = page.post(address, typed | changes, follow=True)
    assert errors(response.content.decode()) != {}


@pytest.mark.parametrize("address", ["/plan/", "/calendar-preview/", "/print/"])
@pytest.mark.parametrize("value", ["1" * 80_000, "\N{GRINNING FACE}" * 10_000])
@pytest.mark.parametrize("names", [["target"], ["products"], ["pace_of", "start", "morning"]])
def test_very_long_value_leads_back_to_its_field(
    page: Client, typed: dict[str, Any], address: str, value: str, names: list[str]
) -> None:
    response = page.post(address, typed | dict.fromkeys(names, value), follow=True)
    assert response.status_code == 200
    assert errors(response.content.decode()).keys() == set(names)


def test_every_field_may_be_too_long(page: Client, typed: dict[str, Any]) -> None:
    long = dict.fromkeys(PlannerForm.base_fields, "\N{GRINNING FACE}" * 500)
    many = {"products": [f"no-{n}" * 5 for n in range(200)]}
    response = page.post("/calendar-preview/", typed | long | many)
    assert response.status_code == 302
    assert page.get(response["Location"]).status_code == 200


def test_schedule_that_is_too_long_to_read_is_said_at_its_field(asked: Ask) -> None:
    fine = {"products": ["tablet-10", "solution-1"], "pace_of": "starting"}
    for typed, field in (
        ({"pace_cut": "4", "pace_every": "90"}, "pace_cut"),
        ({"pace_cut": "0.4", "limit_cut": "3", "limit_days": "30"}, "limit_cut"),
    ):
        html = asked(**fine, **typed)
        assert errors(html).keys() == {field}
        assert "at most 400 steps in 5 years" in errors(html)[field]
        assert dailies(html) == []


def test_pace_that_never_ends_is_said_at_its_field(asked: Ask) -> None:
    found = errors(asked(products="solution-1", pace_cut="0.1", pace_every="90"))
    assert found == {"pace_cut": "With this pace the taper takes 27 years. Give larger cuts, or fewer days."}


def test_coarse_tablets_answer_even_a_pace_of_a_tenth_of_a_percent(asked: Ask) -> None:
    assert dailies(asked(pace_cut="0.1")) == USUAL_DAILY


def test_refused_plan_has_no_preview(page: Client, typed: dict[str, Any]) -> None:
    del typed["factors_asked"]
    response = page.post("/calendar-preview/", typed | {"factors": "withdrawal-now"}, follow=True)
    assert "The calendar cannot be drawn" in response.content.decode()


def answered(asked_for: Any) -> dict[str, str]:
    """What the page of reasons sends beside them."""
    (shown,) = re.findall(r'name="shown" value="([0-9a-f]{64})"', asked_for.content.decode())
    return {"answered": "1", "shown": shown}


def test_print_asks_for_every_reason_first(page: Client, typed: dict[str, Any]) -> None:
    asked_for = page.post("/print/", typed)
    assert asked_for.status_code == 200
    codes = set(re.findall(r'name="reason-([\w-]+)"', asked_for.content.decode()))
    assert "over-limit" in codes
    refused = page.post("/print/", typed | {"answered": "1"})
    assert refused.status_code == 422
    assert "Nothing is printed yet" in refused.content.decode()
    reasons = {f"reason-{code}": "Weighed with the patient" for code in codes}
    printed = page.post("/print/", typed | answered(asked_for) | reasons)
    assert printed["Content-Type"] == "application/pdf"
    assert not Patient.objects.exists()
    (row,) = AuditRow.objects.filter(action="printed, not kept")
    kept = UnkeptPrint.objects.get(pk=row.target)
    assert (row.kind, row.detail) == ("unkeptprint", {"medicine": "baclofen", "reasons": sorted(codes)})
    assert (kept.by, kept.reasons["over-limit"]) == (row.by, "Weighed with the patient")


def test_print_of_a_plan_that_changed_since_it_was_seen_is_refused(
    page: Client, clinic: Clinic, typed: dict[str, Any]
) -> None:
    asked_for = page.post("/print/", typed)
    codes = re.findall(r'name="reason-([\w-]+)"', asked_for.content.decode())
    limit = {"cut": "15%", "of": "current", "days": 7}
    save_medicine_defaults(by=clinic.users.get(), medicine="baclofen", pace=[], limit=limit)
    reasons = {f"reason-{code}": "Weighed with the patient" for code in codes}
    refused = page.post("/print/", typed | answered(asked_for) | reasons)
    assert refused.status_code == 422
    assert "has changed since you saw it" in refused.content.decode()
    assert not AuditRow.objects.filter(action="printed, not kept").exists()
    assert answered(refused) != answered(asked_for)


def test_print_waits_for_the_factors(page: Client, typed: dict[str, Any]) -> None:
    del typed["factors_asked"]
    html = page.post("/print/", typed).content.decode()
    assert "This cannot be printed for use" in html
    assert "Print the calendar" not in html

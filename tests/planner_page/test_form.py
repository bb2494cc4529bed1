"""What is typed, and the request that it makes."""

from typing import Any

import pytest

from planner.forms import PlannerForm, field_of
from planner.models import Clinic
from planner.services import save_medicine_defaults

pytestmark = pytest.mark.usefixtures("today")


def request_of(clinic: Clinic, typed: dict[str, Any]) -> dict[str, Any]:
    form = PlannerForm(typed, clinic=clinic)
    assert form.is_valid(), form.errors
    return form.request_data()


def messages_of(clinic: Clinic, typed: dict[str, Any]) -> dict[str, str]:
    form = PlannerForm(typed, clinic=clinic)
    assert form.engine_request() is None
    return dict(form.faults())


def test_three_numbers_and_a_date_are_enough(clinic: Clinic) -> None:
    form = PlannerForm({"morning": "20", "midday": "20", "evening": "20", "start": "2026-12-07"}, clinic=clinic)
    request = form.engine_request()
    assert request is not None
    assert request.current == 60
    assert request.target == 0
    assert [product.key for product in request.products] == ["tablet-10"]


def test_empty_pace_and_limit_stay_out_of_the_request(clinic: Clinic, typed: dict[str, Any]) -> None:
    found = request_of(clinic, typed)
    assert not {"pace", "limit", "final_dose", "max_units", "fill_days", "order"} & found.keys()


@pytest.mark.parametrize(
    ("typed_in", "regimen"),
    [
        ("20 20 20", {"morning": "20", "midday": "20", "evening": "20"}),
        ("  20  10  5  2.5 ", {"morning": "20", "midday": "10", "evening": "5", "bedtime": "2.5"}),
        ("20 0 15", {"morning": "20", "evening": "15"}),
    ],
)
def test_first_box_fills_the_times(
    clinic: Clinic, typed: dict[str, Any], typed_in: str, regimen: dict[str, str]
) -> None:
    typed |= {"morning": typed_in, "midday": "", "evening": "0", "bedtime": ""}
    assert request_of(clinic, typed)["regimen"] == regimen


def test_first_box_never_overrules_another_box(clinic: Clinic, typed: dict[str, Any]) -> None:
    assert messages_of(clinic, typed | {"morning": "20 20 20"}).keys() == {"morning"}


@pytest.mark.parametrize(
    ("ticked", "factors"),
    [({"factors_asked": "on"}, []), ({}, None), ({"factors": ["egfr-30-59"]}, ["egfr-30-59"])],
    ids=["asked, none apply", "not asked", "one applies"],
)
def test_not_asked_differs_from_none_apply(
    clinic: Clinic, typed: dict[str, Any], ticked: dict[str, Any], factors: list[str] | None
) -> None:
    del typed["factors_asked"]
    assert request_of(clinic, typed | ticked)["factors"] == factors


@pytest.mark.parametrize(
    ("fields", "pace"),
    [
        ({"pace_cut": "5", "pace_of": "current"}, [{"cut": "5%", "of": "current", "every": 7}]),
        ({"pace_cut": "5", "pace_of": "starting", "pace_every": "14"}, [{"cut": "5%", "of": "starting", "every": 14}]),
        ({"pace_cut": "2.5", "pace_of": "amount", "pace_every": "10"}, [{"cut": "2.5 mg", "every": 10}]),
        ({"pace_every": "14"}, [{"cut": "10%", "of": "current", "every": 14}]),
    ],
)
def test_gaps_of_a_typed_pace_take_the_default(
    clinic: Clinic, typed: dict[str, Any], fields: dict[str, str], pace: list[dict[str, Any]]
) -> None:
    assert request_of(clinic, typed | fields)["pace"] == pace


def test_clinics_own_limit_fills_the_gaps(clinic: Clinic, typed: dict[str, Any]) -> None:
    own = {"cut": "15%", "of": "current", "days": 14}
    save_medicine_defaults(by=clinic.users.get(), medicine="baclofen", pace=[], limit=own)
    form = PlannerForm(typed, clinic=clinic)
    assert form.fields["limit_cut"].widget.attrs["placeholder"] == "15"
    assert request_of(clinic, typed | {"limit_cut": "10"})["limit"] == {"cut": "10%", "of": "current", "days": 14}


BAD = {
    "letters": ({"target": "abc"}, "target", "number of at least 0"),
    "comma": ({"target": "1,5"}, "target", "12.5"),
    "exponent": ({"target": "1e9"}, "target", "number of at least 0"),
    "negative target": ({"target": "-5"}, "target", "at least 0"),
    "empty target": ({"target": ""}, "target", "0 to stop"),
    "target above current": ({"target": "60"}, "target", "below the current 60 mg"),
    "dose with a unit": ({"morning": "20 mg"}, "morning", "without a unit"),
    "foreign digits": ({"morning": "٢٠"}, "morning", "such as 20"),
    "nothing taken": ({"morning": "0", "midday": "", "evening": "0"}, "morning", "above 0"),
    "implausible": ({"morning": "300"}, "morning", "300 mg"),
    "five times": ({"morning": "5 5 5 5 5", "midday": "", "evening": ""}, "morning", "one number"),
    "no date": ({"start": ""}, "start", "first lower dose"),
    "date in letters": ({"start": "soon"}, "start", "2026-12-07"),
    "six years on": ({"start": "2032-12-07"}, "start", "within 5 years"),
    "six years ago": ({"start": "2020-11-20"}, "start", "within 5 years"),
    "no cut": ({"pace_cut": "0"}, "pace_cut", "above 0"),
    "basis without a cut": ({"pace_of": "starting"}, "pace_cut", "counted this way"),
    "over 100 %": ({"pace_cut": "101"}, "pace_cut", "at most 100"),
    "no days": ({"pace_every": "0"}, "pace_every", "1 to 90"),
    "too many days between cuts": ({"pace_every": "91"}, "pace_every", "1 to 90"),
    "too long a window": ({"limit_days": "91"}, "limit_days", "1 to 90"),
    "unknown basis of the pace": ({"pace_of": "x"}, "pace_of", "% of current"),
    "unknown basis of the limit": ({"limit_of": "x"}, "limit_of", "% of starting"),
    "half days": ({"pace_every": "3.5"}, "pace_every", "whole number of days"),
    "limit above the ceiling": ({"limit_cut": "30"}, "limit_cut", "at most 25 %"),
    "limit in too few days": ({"limit_days": "3"}, "limit_cut", "at most 25 %"),
    "limit of 0": ({"limit_cut": "0"}, "limit_cut", "above 0"),
    "no product": ({"products": []}, "products", "at least one product"),
    "unknown product": ({"products": ["tablet-7"]}, "products", "10 mg tablets"),
    "both sides of the factors": ({"factors": ["egfr-30-59"]}, "factors", "untick one side"),
    "final dose of 0": ({"final_dose": "0"}, "final_dose", "above 0"),
    "pieces in thirds": ({"max_units": "0.3"}, "max_units", "quarters"),
    "fill of 0 days": ({"fill_days": "0"}, "fill_days", "1 to 365"),
    "unknown time": ({"first_lowered": "noon"}, "first_lowered", "Morning"),
    "unknown medicine": ({"medicine": "nothing"}, "medicine", "Baclofen"),
}


@pytest.mark.parametrize(("changes", "field", "allowed"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_said_at_its_field(
    clinic: Clinic, typed: dict[str, Any], changes: dict[str, Any], field: str, allowed: str
) -> None:
    found = messages_of(clinic, {**typed, "shown_for": "baclofen", **changes})
    assert found.keys() == {field}
    assert allowed in found[field]


def test_ceiling_may_be_passed_for_one_plan(clinic: Clinic, typed: dict[str, Any]) -> None:
    form = PlannerForm(typed | {"limit_cut": "30", "over_ceiling": "on"}, clinic=clinic)
    assert form.is_valid()
    assert form.request_data()["limit"] == {"cut": "30%", "of": "current", "days": 7}


def test_start_in_the_past_is_taken(clinic: Clinic, typed: dict[str, Any]) -> None:
    form = PlannerForm(typed | {"start": "2026-11-01"}, clinic=clinic)
    assert form.engine_request() is not None


def test_only_empty_fields_count_as_missing(clinic: Clinic, typed: dict[str, Any]) -> None:
    form = PlannerForm(typed | {"start": "", "target": "x"}, clinic=clinic)
    assert form.missing().keys() == {"start"}


def test_another_medicine_takes_its_own_products(clinic: Clinic, typed: dict[str, Any]) -> None:
    form = PlannerForm(typed | {"shown_for": "another", "products": ["x-1"], "factors": ["y"]}, clinic=clinic)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["products"] == ["tablet-10"]


def test_factors_of_another_medicine_are_asked_anew(clinic: Clinic, typed: dict[str, Any]) -> None:
    assert request_of(clinic, typed | {"shown_for": "another", "factors_asked": "on"})["factors"] is None


@pytest.mark.parametrize("value", ["20" + " " * 60 + "x", "0" * 60, "1" * 60, " " * 60 + "x" * 60])
def test_what_is_too_long_stays_wrong_when_it_is_sent_on(clinic: Clinic, typed: dict[str, Any], value: str) -> None:
    again = PlannerForm(PlannerForm(typed | {"midday": value}, clinic=clinic).changed(), clinic=clinic)
    assert again.faults()[0][0] == "midday"


def test_spaces_around_a_value_are_not_sent_on(clinic: Clinic, typed: dict[str, Any]) -> None:
    assert PlannerForm(typed | {"midday": " " * 60 + "15"}, clinic=clinic).changed()["midday"] == "15"


def test_hidden_fields_make_the_same_request(clinic: Clinic, typed: dict[str, Any]) -> None:
    form = PlannerForm(typed | {"limit_cut": "15", "fill_days": "14"}, clinic=clinic)
    again = PlannerForm(form.changed(), clinic=clinic)
    assert again.is_valid()
    assert again.request_data() == request_of(clinic, typed | {"limit_cut": "15", "fill_days": "14"})


def test_hidden_fields_escape_what_was_typed(clinic: Clinic, typed: dict[str, Any]) -> None:
    form = PlannerForm(typed | {"target": '"><script>'}, clinic=clinic)
    assert "<script>" not in form.hidden_fields_html


@pytest.mark.parametrize(
    ("engine_field", "field"),
    [
        ("regimen.midday", "midday"),
        ("regimen", "morning"),
        ("pace.0.cut", "pace_cut"),
        ("pace.1.every", "pace_every"),
        ("pace", "pace_cut"),
        ("limit.days", "limit_days"),
        ("order", "first_lowered"),
        ("products", "products"),
        ("history", None),
    ],
)
def test_every_engine_field_has_its_place(engine_field: str, field: str | None) -> None:
    assert field_of(engine_field) == field

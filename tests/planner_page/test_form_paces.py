"""Several phases, a date to end by, days for changes, one time after the other, changes by hand: what is asked for."""

from typing import Any

import pytest

from planner.forms import PlannerForm
from planner.forms.edit_texts import MOST_EDITS
from planner.models import Clinic
from tests.planner_page.test_form import messages_of, request_of

pytestmark = pytest.mark.usefixtures("today")

PHASES = "10 mg every 28 days down to 30 mg\n5 % of current every 2 weeks"


MAKES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "several phases": (
        {"pace_lines": PHASES},
        {
            "pace": [
                {"cut": "10 mg", "every": 28, "down_to": "30 mg"},
                {"cut": "5%", "of": "current", "every": 14},
            ]
        },
    ),
    "a date to end by": ({"end_by": "2027-06-01"}, {"end_by": "2027-06-01", "pace": [{"of": "current"}]}),
    "a date to end by, of starting, in 14 days": (
        {"end_by": "2027-06-01", "pace_of": "starting", "pace_every": "14"},
        {"end_by": "2027-06-01", "pace": [{"of": "starting", "every": 14}]},
    ),
    "longer holds": ({"coarse": "stretch"}, {"coarse": "stretch"}),
    "weekdays": ({"change_on": ["mon", "thu"]}, {"change_on": ["mon", "thu"]}),
    "one time after the other": ({"shape": "one-time-first"}, {"shape": "one-time-first"}),
    "changes by hand": (
        {"edits": ["3:days=14", "5:dose=morning=10,evening=15:keep"]},
        {
            "edits": [
                {"step": 3, "rest": "again", "days": 14},
                {"step": 5, "rest": "keep", "regimen": {"morning": "10", "evening": "15"}},
            ]
        },
    ),
}


@pytest.mark.parametrize(("fields", "made"), MAKES.values(), ids=MAKES.keys())
def test_each_field_makes_its_part_of_the_request(
    clinic: Clinic, typed: dict[str, Any], fields: dict[str, Any], made: dict[str, Any]
) -> None:
    plain, found = request_of(clinic, typed), request_of(clinic, typed | fields)
    assert found == plain | made


@pytest.mark.parametrize("fields", [fields for fields, _ in MAKES.values()], ids=MAKES.keys())
def test_what_each_field_holds_is_sent_on(clinic: Clinic, typed: dict[str, Any], fields: dict[str, Any]) -> None:
    form = PlannerForm(typed | fields, clinic=clinic)
    again = PlannerForm(form.changed(), clinic=clinic)
    assert form.engine_request() == again.engine_request() is not None
    assert again.changed() == form.changed()


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "a cut and a date": ({"pace_cut": "10", "end_by": "2027-06-01"}, "end_by", "not both"),
    "phases and a cut": ({"pace_cut": "10", "pace_lines": PHASES}, "pace_lines", "not both"),
    "phases and days": ({"pace_every": "14", "pace_lines": PHASES}, "pace_lines", "not both"),
    "phases and a date": ({"end_by": "2027-06-01", "pace_lines": PHASES}, "pace_lines", "not both"),
    "an amount and a date": ({"pace_of": "amount", "end_by": "2027-06-01"}, "pace_of", "in percent"),
    "a date in words": ({"end_by": "in June"}, "end_by", "2027-06-01"),
    "a date before the start": ({"end_by": "2026-12-01"}, "end_by", "from the first lower dose on"),
    "a line that cannot be read": ({"pace_lines": "slowly"}, "pace_lines", "Line 1 cannot be read"),
    "a number that is none": ({"pace_lines": "1.2.3 mg every 7 days"}, "pace_lines", "Phase 1: Give a plain number"),
    "a cut of 0": ({"pace_lines": "0 mg every 7 days"}, "pace_lines", "Phase 1: Give a cut above 0"),
    "over 100 %": ({"pace_lines": "101 % every 7 days"}, "pace_lines", "Phase 1: Give at most 100%"),
    "an end to the last phase": (
        {"pace_lines": "5 mg every 7 days down to 20 mg"}, "pace_lines", "Phase 1: The last phase goes on to the end",
    ),
    "no end to the first phase": (
        {"pace_lines": "5 mg every 7 days\n5 mg every 14 days"}, "pace_lines", "Phase 1: Every phase but the last",
    ),
    "phases that do not go down": (
        {"pace_lines": "5 mg every 7 days down to 20 mg\n5 mg every 7 days down to 30 mg\n5 mg every 7 days"},
        "pace_lines", "Phase 2: Give a dose below the phase before it",
    ),
    "too many phases": ({"pace_lines": "5 mg every 7 days down to 9 mg\n" * 21}, "pace_lines", ""),
    "more letters than a pace has": ({"pace_lines": "5 mg every 7 days\n" * 60}, "pace_lines", "at most 600"),
    "no weekday": ({"change_on": ["noday"]}, "change_on", "Mon, Tue"),
    "unknown shape": ({"shape": "round"}, "shape", "All times in turn"),
    "unknown way with coarse cuts": ({"coarse": "x"}, "coarse", "Hold the dose longer"),
    "garbage for a change": ({"edits": ["x"]}, "edits", "cannot be read"),
    "a time that is not taken": (
        {"edits": ["3:dose=bedtime=5"]}, "edits", "Change 1 by hand cannot be made. The regimen's times are",
    ),
    "a second change to an unknown product": (
        {"edits": ["3:days=14", "4:with=tablet-7"]}, "edits", "Change 2 by hand cannot be made. Give one or more of",
    ),
    "too many changes": ({"edits": ["3:days=14"] * (MOST_EDITS + 1)}, "edits", "At most 40"),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "field", "words"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_is_said_at_its_field(
    clinic: Clinic, typed: dict[str, Any], fields: dict[str, Any], field: str, words: str
) -> None:
    found = messages_of(clinic, {**typed, "shown_for": "baclofen", **fields})
    assert found.keys() == {field}
    assert words in found[field]


@pytest.mark.parametrize("fields", [fields for fields, _, _ in BAD.values()], ids=BAD.keys())
def test_what_cannot_be_stays_wrong_when_it_is_sent_on(
    clinic: Clinic, typed: dict[str, Any], fields: dict[str, Any]
) -> None:
    form = PlannerForm({**typed, "shown_for": "baclofen", **fields}, clinic=clinic)
    assert PlannerForm(form.changed(), clinic=clinic).engine_request() is None


def test_another_medicine_drops_the_changes_by_hand(clinic: Clinic, typed: dict[str, Any]) -> None:
    found = request_of(clinic, typed | {"shown_for": "another", "edits": ["3:days=14"]})
    assert "edits" not in found


def test_phases_of_a_request_fill_the_lines(clinic: Clinic, typed: dict[str, Any]) -> None:
    form = PlannerForm(typed | {"pace_cut": "5", "pace_every": "7"}, clinic=clinic)
    phases = [{"cut": "10 mg", "every": 28, "down_to": "30 mg"}, {"cut": "5%", "of": "starting", "every": 14}]
    changed = form.with_changes({"pace": phases})
    assert changed["pace_lines"] == "10 mg every 28 days down to 30 mg\n5% of starting every 14 days"
    assert not {"pace_cut", "pace_of", "pace_every"} & {name for name, values in changed.lists() if values}
    assert PlannerForm(form.with_changes({"pace": phases[1:]}), clinic=clinic)["pace_lines"].value() in (None, "")


def test_every_choice_fits_into_an_address(clinic: Clinic, typed: dict[str, Any]) -> None:
    """An address of over 16,384 letters is led to by no redirect."""
    longest = "999:dose=" + ",".join(f"{time}=1234567.12345678" for time in ("morning", "midday", "evening", "bedtime"))
    full = {"pace_lines": "%" * 700, "edits": [f"{longest}:keep"] * 60, "factors": ["\N{GRINNING FACE}" * 90] * 90}
    assert len(PlannerForm({**typed, **full}, clinic=clinic).changed().urlencode()) < 12_000

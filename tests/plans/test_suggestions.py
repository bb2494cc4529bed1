"""What follows from a check-in, worked by hand from the rules of each medicine's file."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from planner.models import Patient, Plan, User
from planner.services import keep_medicine_file
from planner.shelves import file_behind
from planner.suggestions import Report, Suggestion, daily_on, suggest, usual_days
from planner.taper.amounts import show
from tests.formulary.example import example
from tests.plans.conftest import address, fresh, plan_with, recorded, shown

D = date
SEIZURE = "A fit (seizure), or you pass out"


def suggestion(plan: Plan, how: str, *, emergency: bool = False, too_much: bool = False, on: date | None = None) -> Any:
    day = on or D(2027, 1, 13)
    plan = fresh(plan)
    file = file_behind(plan.clinic, plan.medicine)
    return suggest(plan, file, Report(day, too_much, how, (), emergency), day)


def says(found: Suggestion) -> tuple[str, str, tuple[str, ...], str | None]:
    back = show(found.back.daily) if found.back else None
    return found.urgency, found.leads_to, found.proposed, back


@pytest.fixture
def lived(owner: User, plan: Plan) -> Plan:
    """Baclofen: well at 40 mg on 30 December, mild at 35 mg on 7 January; 30 mg from 11 January."""
    for day, how, decision in ((D(2026, 12, 30), "well", "go-on"), (D(2027, 1, 7), "mild", "hold")):
        with time_machine.travel(day, tick=False):
            recorded(owner, plan, how, decision)
    return plan


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("well", ("", "go-on", ("go-on",), None)),
        ("mild", ("", "hold", ("hold",), None)),
        ("moderate", ("", "step-back", ("step-back",), "40")),
        ("severe", ("urgent", "reinstate", ("step-back",), "40")),
    ],
)
def test_baclofen(lived: Plan, today: date, how: str, expected: Any) -> None:
    """No rule for well and mild; moderate: our proposal; severe: Romito 2021, give it again."""
    assert says(suggestion(lived, how)) == expected


def test_baclofen_emergency_sign_calls_for_help_and_offers_no_step_back(lived: Plan, today: date) -> None:
    found = suggestion(lived, "severe", emergency=True)
    assert says(found) == ("emergency", "call", ("emergency",), None)
    assert found.offered == ("emergency", "hold", "go-on", "slow-down", "other")
    assert show(found.tolerated.daily) == "40"


def test_too_much_offers_nothing_but_help(lived: Plan, today: date) -> None:
    found = suggestion(lived, "", too_much=True)
    assert (found.urgency, found.offered, found.back, found.tolerated) == ("too-much", ("emergency",), None, None)
    assert found.rules == ()


def test_step_back_without_a_check_in_that_said_well_is_to_the_dose_before(plan: Plan, today: date) -> None:
    found = suggestion(plan, "moderate")
    assert (show(found.back.daily), found.back.was_well) == ("35", False)


def test_step_back_goes_past_a_dose_at_which_the_patient_was_not_well(lived: Plan, today: date) -> None:
    found = suggestion(lived, "moderate")
    assert (show(found.back.daily), found.back.was_well) == ("40", True)
    assert {time: show(dose) for time, dose in found.back.regimen.items()} == {
        "morning": "15", "midday": "10", "evening": "15",
    }  # fmt: skip


def test_nothing_to_go_back_to_before_the_first_cut_is_a_hold(plan: Plan) -> None:
    found = suggestion(plan, "moderate", on=D(2026, 12, 1))
    assert (found.back, found.proposed) == (None, ("hold",))
    assert "step-back" not in found.offered


def test_after_the_stop_nothing_is_held_and_the_last_doses_are_named(lived: Plan) -> None:
    found = suggestion(lived, "severe", on=D(2027, 2, 24))
    assert (found.proposed, found.offered) == (("emergency",), ("emergency", "go-on", "other"))
    assert suggestion(lived, "mild", on=D(2027, 2, 24)).proposed == ("other",)
    assert (show(found.tolerated.daily), found.tolerated.was_well) == ("40", True)
    assert show(daily_on(fresh(lived), D(2027, 2, 22))) == "0"
    assert show(daily_on(fresh(lived), D(2027, 2, 21))) == "5"


def taper(owner: User, patient: Patient, medicine: str, **regimen: str) -> Plan:
    return plan_with(owner, patient, {"medicine": medicine, "regimen": regimen})


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("mild", ("", "hold", ("hold",))),
        ("moderate", ("", "step-back", ("step-back",))),
        ("severe", ("urgent", "step-back", ("step-back",))),
    ],
)
def test_prednisolone(owner: User, patient: Patient, how: str, expected: Any) -> None:
    """ESE and ES 2024: back to the last dose that was tolerated. Nothing is said of mild signs."""
    plan = taper(owner, patient, "prednisolone", morning="20")
    found = suggestion(plan, how)
    assert (found.urgency, found.leads_to, found.proposed) == expected
    assert (found.back is not None) == (how != "mild")


@pytest.mark.parametrize(
    ("how", "emergency", "leads_to", "proposed"),
    [
        ("mild", False, "hold", "hold"),
        ("moderate", False, "hold", "hold"),
        ("severe", False, "call", "emergency"),
        ("severe", True, "call", "emergency"),
    ],
)
def test_morphine_never_offers_a_step_back(
    owner: User, patient: Patient, how: str, emergency: bool, leads_to: str, proposed: str
) -> None:
    """Tolerance is lost: its file has no rule that leads back, and none for an emergency sign."""
    plan = taper(owner, patient, "morphine", morning="60", evening="60")
    found = suggestion(plan, how, emergency=emergency)
    assert (found.leads_to, found.proposed[0], found.back) == (leads_to, proposed, None)
    assert "step-back" not in found.offered


def test_diazepam_offers_a_step_back_for_severe_signs_alone(owner: User, patient: Patient) -> None:
    """ASAM's patient guide names it; for moderate signs a pause, for mild ones smaller cuts."""
    plan = taper(owner, patient, "diazepam", morning="10", bedtime="10")
    found = [suggestion(plan, how) for how in ("mild", "moderate", "severe")]
    assert [each.proposed for each in found] == [("slow-down",), ("hold",), ("step-back",)]
    assert [each.back is not None for each in found] == [False, False, True]


def test_zolpidem_has_no_rule_that_leads_back(owner: User, patient: Patient) -> None:
    plan = taper(owner, patient, "zolpidem", bedtime="10")
    assert all("step-back" not in suggestion(plan, how).offered for how in ("mild", "moderate", "severe"))


def test_severe_without_a_rule_is_held_and_urgent(owner: User, patient: Patient) -> None:
    plan = taper(owner, patient, "gabapentin", morning="600", midday="600", evening="600")
    assert says(suggestion(plan, "severe", on=D(2026, 12, 9))) == ("urgent", "hold", ("hold",), None)


@pytest.fixture
def without_rules(owner: User, patient: Patient) -> Plan:
    """A clinic's own medicine, whose file says that what follows a check-in is not established."""
    keep_medicine_file(by=owner, name="examplazine.toml", data=example().encode())
    return taper(owner, patient, "examplazine", morning="30", evening="30")


@pytest.mark.parametrize(("how", "proposed"), [("well", "go-on"), ("mild", "hold"), ("moderate", "hold")])
def test_file_without_rules_holds(without_rules: Plan, how: str, proposed: str) -> None:
    found = suggestion(without_rules, how)
    assert (found.rules, found.proposed, found.back) == ((), (proposed,), None)


def test_rules_of_one_answer_are_all_shown_the_weightiest_first(owner: User, patient: Patient) -> None:
    rule = '[[after_check_in]]\nanswer = "mild"\nleads_to = "{}"\nabout = "A"\nsays = "{}"\nsource = "ours"\n'
    rules = "".join(
        rule.format(*each) + 'standing = "proposal"\n' for each in (("slow-down", "Slower."), ("hold", "Hold."))
    )
    text = example().replace('"after_check_in", ', "").replace("[sources.ours]", f"{rules}\n[sources.ours]")
    keep_medicine_file(by=owner, name="examplazine.toml", data=text.encode())
    found = suggestion(taper(owner, patient, "examplazine", morning="30", evening="30"), "mild")
    assert [each.says for each in found.rules] == ["Hold.", "Slower."]
    assert found.proposed == ("hold", "slow-down")
    assert not found.needs_reason("slow-down", "mild")
    assert found.needs_reason("go-on", "mild")


@pytest.mark.parametrize(
    ("decision", "how", "needed"),
    [
        ("go-on", "well", False),
        ("hold", "well", True),
        ("hold", "mild", False),
        ("go-on", "mild", True),
        ("step-back", "severe", False),
        ("hold", "severe", True),
        ("emergency", "severe", False),
    ],
)
def test_reason_is_asked_for_what_the_rule_does_not_propose(
    lived: Plan, today: date, decision: str, how: str, needed: bool
) -> None:
    assert suggestion(lived, how).needs_reason(decision, how) is needed


def test_usual_days_are_those_of_the_pace(plan: Plan, owner: User, patient: Patient, today: date) -> None:
    assert usual_days(fresh(plan), today) == 7
    slow = plan_with(
        owner,
        patient,
        {"medicine": "prednisolone", "regimen": {"morning": "20"}, "pace": [
            {"cut": "5 mg", "every": 14, "down_to": "10 mg"}, {"cut": "1 mg", "every": 28}]},
    )  # fmt: skip
    assert usual_days(fresh(slow), D(2026, 12, 8)) == 14
    assert show(daily_on(fresh(slow), D(2027, 1, 13))) == "9"
    assert usual_days(fresh(slow), D(2027, 1, 13)) == 28


# As the page says it


def look(page: Client, plan: Plan, **answers: Any) -> str:
    """The page after "Show what follows"."""
    sent = {"based_on": str(fresh(plan).current_id), "too_much": "no", "missed": "0", "day": "2027-01-13", "look": "1"}
    return shown(page.post(address(plan, "check-in/"), sent | answers))


def test_hold_says_its_days(page: Client, lived: Plan) -> None:
    """30 mg since 11 January, the next change on the 18th; held 7 days, everything after it moves by a week."""
    html = look(page, lived, how="mild")
    assert "The medicine’s file has no rule for this answer: hold, and speak to the prescriber." in html
    assert (
        "Stay on 30 mg for 7 days more, to Sun 24 Jan 2027. Next change Mon 25 Jan 2027. "
        "Stop Mon 1 Mar 2027, not Mon 22 Feb 2027."
    ) in html
    assert "Stop Mon 8 Mar 2027, not Mon 22 Feb 2027." in look(page, lived, how="mild", days="14")


def test_step_back_says_its_days_its_source_and_that_it_is_not_signed_off(page: Client, lived: Plan) -> None:
    """40 mg for 7 days from tomorrow, then 35, 30, 25, 20, 15, 10, 5 for 7 days each: the stop is 56 days on."""
    html = look(page, lived, how="moderate")
    assert "Go back to the last dose that was tolerated, stay there, and plan the rest more slowly." in html
    assert "Not signed off yet." in html
    assert (
        "40 mg a day from Thu 14 Jan 2027 to Wed 20 Jan 2027. Next change Thu 21 Jan 2027. "
        "Stop Thu 11 Mar 2027, not Mon 22 Feb 2027."
    ) in html
    assert 'value="step-back"' in html


def test_severe_stands_first_and_names_the_last_tolerated_dose(page: Client, lived: Plan) -> None:
    html = look(page, lived, how="severe")
    assert html.index("In danger: call 999") < html.index("How is the patient?")
    assert "Stop reducing, give baclofen again and have the patient seen today" in html
    assert "Last tolerated dose: 40 mg a day (morning 15 mg, midday 10 mg, evening 15 mg)" in html
    assert "Verified" in html[html.index("Stop reducing") :]


def test_no_check_in_said_well_is_said(page: Client, plan: Plan) -> None:
    html = look(page, plan, how="moderate")
    assert "Go back to 35 mg" in html
    assert "no check-in said well there" in html


def test_too_much_leaves_no_other_way(page: Client, lived: Plan) -> None:
    html = look(page, lived, too_much="yes", how="mild", reason="Kept")
    assert "Very sleepy, floppy or breathing slowly can mean too much baclofen" in html
    assert "Hard to wake" in html
    assert SEIZURE in html
    for gone in ('value="step-back"', "kind=step-back", "kind=pace", "Last tolerated dose", "How is the patient?"):
        assert gone not in html
    for kept in ('name="how" value="mild"', 'name="reason" value="Kept"'):
        assert kept in html


def test_well_goes_on(page: Client, lived: Plan) -> None:
    html = look(page, lived, how="well")
    assert "Next change Mon 18 Jan 2027, to 25 mg a day. Stop Mon 22 Feb 2027." in html

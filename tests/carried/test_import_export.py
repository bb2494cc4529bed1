"""A plan leaves one clinic as a file and goes on in another."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from planner.course import course_of
from planner.issuing import make_draft
from planner.later_reasons import open_questions
from planner.models import Acknowledgement, AuditRow, CheckIn, Due, Paper, Patient, Plan, TakenOtherwise, User, Version
from planner.papers import doses_in_calendar
from planner.plan_files import Chosen, bring, brought_draft
from planner.revising import Decision
from planner.services import (
    Refused,
    acknowledge,
    end_plan,
    export_plan,
    import_plan,
    issue_version,
    note_taken,
    save_medicine_defaults,
)
from planner.standing import earlier_doses, standing
from tests.carried.conftest import BOTH, NOBODY, REASON, exported, imported
from tests.carried.test_plans_csv import read
from tests.revisions.conftest import fresh, revised
from tests.web.test_services import PlainPapers, TornPapers, issued

ROWS = (Patient, Plan, Version, Paper, CheckIn, TakenOtherwise, Due, AuditRow)


def rows() -> list[int]:
    return [model.objects.count() for model in ROWS]


def days_of(plan: Plan) -> list[Any]:
    """What is taken from day to day, whichever version says so."""
    found: list[Any] = []
    for span in course_of(fresh(plan)):
        if found and found[-1][2] == span.regimen:
            found[-1] = (found[-1][0], span.last, span.regimen)
        else:
            found.append((span.first, span.last, span.regimen))
    return found


# Taking along


def test_file_names_nobody_unless_that_is_chosen(owner: User, lived: Plan) -> None:
    plain = exported(lived, owner, Chosen()).decode()
    for named in ("Test Patient", "1968-03-14", "TP-0001", "Test Owner", "Example Clinic", "Sleeps badly", "Forgot",
                  "As agreed", "Mild signs, day 3", "Weekly visits from here on"):  # fmt: skip
        assert named not in plain
    full = exported(lived, owner).decode()
    for named in ("Test Patient", "1968-03-14", "TP-0001", "Sleeps badly", "As agreed", "Forgot"):
        assert named in full


def test_specialist_is_a_name_and_leaves_only_where_chosen(owner: User, lived: Plan) -> None:
    codes = [question.code for question in open_questions(lived.current)] or ["over-limit"]
    Acknowledgement.objects.create(
        plan=lived, version=lived.current, by=owner, reasons={codes[0]: "Asked"}, specialists={codes[0]: "Dr Else"}
    )
    plain, full = (json.loads(exported(lived, owner, chosen))["content"]["versions"][1] for chosen in (Chosen(), BOTH))
    assert (plain["specialists"], full["specialists"]) == ({codes[0]: ""}, {codes[0]: "Dr Else"})
    assert set(plain["reasons"]) == set(full["reasons"])


def test_file_without_what_was_typed_is_brought_in(owner: User, stranger: User, lived: Plan) -> None:
    made = imported(stranger, exported(lived, owner, Chosen()))
    old = made.plan.versions.get(number=2)
    assert (old.why, set(old.reasons.values()), set(made.reasons.values())) == ("", {""}, {REASON})
    assert set(old.reasons) == set(lived.current.reasons)


def test_file_holds_versions_contacts_and_notes(owner: User, lived: Plan) -> None:
    content = json.loads(exported(lived, owner))["content"]
    assert [(one["number"], one["kind"], one["check_in"]) for one in content["versions"]] == [
        (1, "first", None), (2, "hold", 1),
    ]  # fmt: skip
    assert content["versions"][1]["answer"] == lived.current.answer
    assert [(one["day"], one["how"], one["decision"]) for one in content["check_ins"]] == [
        ("2027-01-13", "mild", "hold")
    ]
    assert [(one["first"], one["last"]) for one in content["taken_otherwise"]] == [("2027-01-11", "2027-01-12")]
    assert content["medicine"]["products"] == {
        "tablet-10": {"form": "tablet", "strength": "10", "divides": 2, "step_ml": None}
    }


def test_export_is_noted_without_a_name(owner: User, lived: Plan) -> None:
    exported(lived, owner, Chosen(patient=True))
    row = AuditRow.objects.get(action="exported")
    assert (row.by, row.kind, row.target, row.patient) == (owner, "plan", lived.pk, lived.patient_id)
    assert row.detail == {"what": "plan", "patient": True, "notes": False}


def test_stranger_exports_nothing(stranger: User, lived: Plan) -> None:
    with pytest.raises(Refused, match="another clinic"):
        export_plan(by=stranger, plan=lived, chosen=Chosen())


# Bringing in


def test_round_trip_gives_the_same_schedule(owner: User, stranger: User, lived: Plan) -> None:
    made = imported(stranger, exported(lived, owner))
    assert (made.number, made.kind, made.is_current, made.elsewhere) == (3, "import", True, False)
    for part in ("steps", "supply", "ends", "days", "request"):
        assert made.answer[part] == lived.current.answer[part], part
    assert days_of(made.plan) == days_of(lived)
    assert (made.plan.clinic, made.plan.patient.name) == (stranger.clinic, "Other Patient")
    assert (made.plan.ends, made.plan.held_until) == (lived.ends, lived.held_until)


def test_versions_before_are_kept_as_they_came(owner: User, stranger: User, lived: Plan, today: date) -> None:
    made = imported(stranger, exported(lived, owner))
    for kept, original in zip(made.plan.versions.filter(elsewhere=True), lived.versions.all(), strict=True):
        for field in (
            "number", "kind", "summary", "why", "begins", "held_until", "answer", "reasons", "specialists",
            "engine_version", "medicine_version", "medicine_hash", "issued_at", "issued_on", "ends",
        ):  # fmt: skip
            assert getattr(kept, field) == getattr(original, field), field
        assert (kept.issued_by, kept.papers.count()) == (stranger, 0)
        assert "brought in from a file on 13 January 2027" in kept.record
    hold = made.plan.versions.get(number=2)
    assert (hold.check_in.how, hold.check_in.note, hold.check_in.by) == ("mild", "Sleeps badly", stranger)
    assert made.plan.taken_otherwise.get().note == "Forgot"


def test_papers_are_drawn_for_this_clinic_and_replace_the_old_one(owner: User, stranger: User, lived: Plan) -> None:
    made = imported(stranger, exported(lived, owner))
    assert {paper.page_size for paper in made.papers.all()} == {"A4", "Letter"}
    for paper in made.papers.all():
        read = doses_in_calendar(bytes(paper.pdf))
        assert [str(step.daily.amount) for step in read.steps[:2]] == ["35", "30"]
        words = " ".join(" ".join(read.words).split())
        assert "This paper replaces version 2 of 13 January 2027." in words
        assert "Other Patient" in words
        assert "Test Patient" not in words


def test_findings_are_those_of_this_clinic_with_its_own_reasons(owner: User, stranger: User, lived: Plan) -> None:
    made = imported(stranger, exported(lived, owner))
    assert set(made.reasons) >= {"over-limit", "over-ceiling", "unreviewed-medicine"}
    assert set(made.reasons.values()) == {REASON}


def test_rows_of_the_trail_hold_codes_alone(owner: User, stranger: User, lived: Plan) -> None:
    made = imported(stranger, exported(lived, owner))
    row = AuditRow.objects.get(action="imported")
    assert (row.clinic, row.by, row.target, row.patient) == (
        stranger.clinic, stranger, made.plan_id, made.plan.patient_id,
    )  # fmt: skip
    assert row.detail == {"versions": 2, "open": []}
    assert AuditRow.objects.filter(action="issued", target=made.pk).exists()


def test_nothing_of_before_today_is_asked_of_this_clinic(owner: User, stranger: User, lived: Plan, today: date) -> None:
    made = imported(stranger, exported(lived, owner))
    dues = list(Due.objects.filter(plan=made.plan))
    assert min(due.day for due in dues) >= today
    assert "change" in {due.kind for due in dues}
    assert "reason" not in {due.kind for due in dues}
    early = [due for due in dues if due.kind == "check-in" and due.day <= date(2027, 1, 14)]
    assert all(due.done for due in early)


def test_same_form_twice_brings_it_in_once(owner: User, stranger: User, lived: Plan) -> None:
    data = exported(lived, owner)
    first = imported(stranger, data)
    before = rows()
    assert imported(stranger, data, patient=first.plan.patient) == first
    with pytest.raises(Refused, match="already"):
        imported(stranger, data, patient=first.plan.patient, reasons=dict.fromkeys(first.reasons, "Other words"))
    assert rows() == before


def test_running_plan_of_the_medicine_stands_in_the_way(owner: User, stranger: User, lived: Plan) -> None:
    data = exported(lived, owner)
    first = imported(stranger, data)
    before = rows()
    with pytest.raises(Refused) as refused:
        imported(stranger, data, patient=first.plan.patient, submission="other")
    assert "This patient has a running plan of Baclofen, oral." in refused.value.errors["patient"]
    assert rows() == before


def test_patient_of_another_clinic_is_refused(owner: User, stranger: User, lived: Plan) -> None:
    with pytest.raises(Refused, match="another clinic"):
        imported(stranger, exported(lived, owner), patient=lived.patient)


def test_tampered_file_is_refused_at_the_file_and_nothing_is_kept(owner: User, stranger: User, lived: Plan) -> None:
    data = exported(lived, owner)
    draft = brought_draft(stranger.clinic, NOBODY, bring(stranger.clinic, data))
    before = rows()
    with pytest.raises(Refused) as refused:
        import_plan(
            by=stranger, data=data.replace(b'"55"', b'"50"', 1), patient=NOBODY, reasons={}, specialists={},
            keep_open=True, papers=None, submission="x", shown=draft.digest,
        )  # fmt: skip
    assert set(refused.value.errors) == {"file"}
    assert rows() == before


def test_paper_that_fails_keeps_nothing(owner: User, stranger: User, lived: Plan) -> None:
    data = exported(lived, owner)
    before = rows()
    with pytest.raises(Refused, match="doses differ"):
        imported(stranger, data, papers=TornPapers())
    assert rows() == before


def test_other_answer_than_the_one_shown_is_refused(owner: User, stranger: User, lived: Plan) -> None:
    with pytest.raises(Refused, match="has changed since you saw it"):
        imported(stranger, exported(lived, owner), shown="another")


# Reasons that are still open


def test_reasons_of_the_file_do_not_count(owner: User, stranger: User, lived: Plan) -> None:
    with pytest.raises(Refused) as refused:
        imported(stranger, exported(lived, owner), reasons={})
    assert "reason-over-limit" in refused.value.errors


def test_reasons_may_stay_open_and_are_asked_for_today(owner: User, stranger: User, lived: Plan, today: date) -> None:
    made = imported(stranger, exported(lived, owner), keep_open=True, reasons={"over-limit": REASON})
    assert made.reasons == {"over-limit": REASON}
    due = Due.objects.get(plan=made.plan, kind=Due.REASON)
    left = [question.code for question in open_questions(made)]
    assert (due.day, due.facts["codes"]) == (today, sorted(left))
    assert "over-limit" not in left
    assert "over-ceiling" in left
    acknowledge(by=stranger, version=made, reasons=dict.fromkeys(left, "Spoke with them"), specialists={})
    assert not Due.objects.filter(plan=made.plan, kind=Due.REASON).exists()
    assert open_questions(Version.objects.get(pk=made.pk)) == ()
    row = AuditRow.objects.get(action="acknowledged")
    assert row.detail == {"plan": made.plan_id, "number": 3, "reasons": sorted(left)}


def test_a_reason_without_letters_is_refused_even_where_others_stay_open(
    owner: User, stranger: User, lived: Plan
) -> None:
    with pytest.raises(Refused) as refused:
        imported(stranger, exported(lived, owner), keep_open=True, reasons={"over-limit": "..."})
    assert list(refused.value.errors) == ["reason-over-limit"]


def test_reasons_are_given_once_whole_and_by_the_own_clinic(owner: User, stranger: User, lived: Plan) -> None:
    made = imported(stranger, exported(lived, owner), keep_open=True, reasons={})
    left = [question.code for question in open_questions(made)]
    given = dict.fromkeys(left, "Spoke with them")
    with pytest.raises(Refused, match="another clinic"):
        acknowledge(by=owner, version=made, reasons=given, specialists={})
    with pytest.raises(Refused) as refused:
        acknowledge(by=stranger, version=made, reasons=given | {left[0]: ""}, specialists={})
    assert list(refused.value.errors) == [f"reason-{left[0]}"]
    row = acknowledge(by=stranger, version=made, reasons=given, specialists={})
    assert acknowledge(by=stranger, version=made, reasons=given, specialists={}) == row
    with pytest.raises(Refused, match="has its reason already"):
        acknowledge(by=stranger, version=made, reasons=dict.fromkeys(left, "Something else"), specialists={})
    with pytest.raises(Refused, match="is replaced"):
        acknowledge(by=stranger, version=made.plan.versions.get(number=2), reasons=given, specialists={})


def test_reasons_given_later_travel_on(owner: User, stranger: User, lived: Plan) -> None:
    made = imported(stranger, exported(lived, owner), keep_open=True, reasons={})
    left = [question.code for question in open_questions(made)]
    acknowledge(by=stranger, version=made, reasons=dict.fromkeys(left, "Spoke with them"), specialists={})
    content = json.loads(exported(made.plan, stranger))["content"]
    assert content["versions"][2]["reasons"] == dict.fromkeys(sorted(left), "Spoke with them")


# Plans that lived


CHANGES = [
    [Decision("hold", date(2027, 1, 13), days=5)],
    [Decision("wait", date(2027, 1, 13), days=14)],
    [Decision("wait", date(2027, 1, 13), days=14), Decision("resume", date(2027, 1, 14))],
    [Decision("step-back", date(2027, 1, 13), from_time="midday", days=14, daily=Decimal(50))],
    [Decision("pace", date(2027, 1, 13), pace=[{"cut": "10%", "of": "starting", "every": 14}])],
    [Decision("products", date(2027, 1, 14), products=["tablet-5"], on_hand={"tablet-10": "3.5"})],
    [Decision("target", date(2027, 1, 13), target="15")],
    [Decision("stay", date(2027, 1, 13))],
    [Decision("hold", date(2027, 2, 3), days=7)],
    [
        Decision("hold", date(2027, 1, 18), from_time="midday", days=5),
        Decision("target", date(2027, 1, 20), target="10"),
    ],
]


@pytest.mark.parametrize("decisions", CHANGES, ids=lambda found: "-".join(one.kind for one in found))
def test_every_change_survives_the_way(
    owner: User, stranger: User, plan: Plan, today: date, decisions: list[Decision]
) -> None:
    for decision in decisions:
        revised(owner, plan, decision)
    made = imported(stranger, exported(plan, owner))
    assert made.answer["steps"] == fresh(plan).current.answer["steps"]
    assert days_of(made.plan) == days_of(plan)
    for field in ("ends", "held_from", "held_until", "last_over"):
        assert getattr(fresh(made.plan), field) == getattr(fresh(plan), field), field
    assert fresh(made.plan).is_held(today) == fresh(plan).is_held(today)
    again = imported(owner, exported(made.plan, stranger), submission="back")
    assert again.answer["steps"] == made.answer["steps"]


def test_changes_before_a_version_that_only_begins_later_are_asked_for(
    owner: User, stranger: User, there: Any, plan: Plan, today: date
) -> None:
    """Held from 3 February on; until then 25 and 20 mg come by the version before."""
    revised(owner, plan, Decision("hold", date(2027, 2, 3), days=7))
    made = imported(stranger, exported(plan, owner))
    changes = Due.objects.filter(plan=made.plan, kind=Due.CHANGE).order_by("day")
    assert [(due.day, due.facts["daily"]) for due in changes[:4]] == [
        (date(2027, 1, 18), "25"), (date(2027, 1, 25), "20"), (date(2027, 2, 1), "15"), (date(2027, 2, 15), "10"),
    ]  # fmt: skip
    kept = Due.objects.filter(plan=plan, day__gte=today).order_by("day", "kind").values_list("day", "kind", "facts")
    brought = Due.objects.filter(plan=made.plan).order_by("day", "kind").values_list("day", "kind", "facts")
    assert list(brought) == list(kept)
    (row,) = read(there)
    assert (row["dose now"], row["next change"], row["next dose"]) == ("30", "2027-01-18", "25")


def test_brought_in_plan_is_changed_as_it_would_have_been(owner: User, stranger: User, lived: Plan) -> None:
    made = imported(stranger, exported(lived, owner))
    decision = Decision("pace", date(2027, 1, 30), pace=[{"cut": "10%", "of": "starting", "every": 14}])
    here, there = revised(stranger, made.plan, decision), revised(owner, lived, decision)
    for part in ("request", "steps", "supply", "ends"):
        assert here.answer[part] == there.answer[part], part


def test_brought_in_plan_may_go_back_to_the_same_doses(owner: User, stranger: User, lived: Plan) -> None:
    """The dose from which the whole taper began among them, 60 mg."""
    made = imported(stranger, exported(lived, owner))
    offered = [
        [dose.daily for dose in earlier_doses(fresh(one), standing(fresh(one), date(2027, 1, 30)))]
        for one in (made.plan, lived)
    ]
    assert offered[0] == offered[1]
    assert offered[0][-1] == Decimal(60)


def test_changed_after_it_was_brought_in_it_can_travel_on(owner: User, stranger: User, lived: Plan) -> None:
    made = imported(stranger, exported(lived, owner))
    decision = Decision("pace", date(2027, 1, 30), pace=[{"cut": "10%", "of": "starting", "every": 14}])
    changed_here = revised(stranger, made.plan, decision)
    back = imported(owner, exported(fresh(made.plan), stranger), submission="back")
    assert back.answer["steps"] == changed_here.answer["steps"]


def test_plan_made_anew_while_it_ran_survives_the_way(
    owner: User, stranger: User, plan: Plan, today: date, typed: dict[str, Any]
) -> None:
    issued(owner, plan.patient, {**typed, "morning": "10", "midday": "10", "evening": "10", "start": "2027-01-25"},
           submission="again")  # fmt: skip
    made = imported(stranger, exported(plan, owner))
    assert [one.kind for one in made.plan.versions.all()] == ["first", "again", "import"]
    assert days_of(made.plan) == days_of(plan)


def test_what_is_still_taken_otherwise_goes_on(owner: User, stranger: User, plan: Plan, today: date) -> None:
    taken = {"morning": Decimal(10), "midday": Decimal(10), "evening": Decimal(15)}
    note_taken(by=owner, plan=plan, first=date(2027, 1, 12), last=None, regimen=taken, note="", after=0)
    made = imported(stranger, exported(plan, owner))
    for where in (plan, made.plan):
        assert standing(fresh(where), date(2027, 1, 20)).daily == Decimal(35)


@pytest.mark.parametrize(
    "changes",
    [
        {"products": ["tablet-10", "solution-1"]},
        {"target": "20"},
        {"coarse": "stretch"},
        {"end_by": "2027-04-01", "pace": ""},
        {"bedtime": "10"},
    ],
    ids=str,
)
def test_plans_of_other_kinds_survive_the_way(
    owner: User, stranger: User, patient: Patient, typed: dict[str, Any], changes: dict[str, Any]
) -> None:
    with time_machine.travel(date(2026, 11, 26), tick=False):
        version = issued(owner, patient, typed | changes)
        made = imported(stranger, exported(version.plan, owner))
    assert made.answer["steps"] == version.answer["steps"]
    assert made.answer["supply"] == version.answer["supply"]


EDITS = [
    [{"step": 3, "days": 14, "rest": "keep"}],
    [{"step": 2, "regimen": {"morning": "15", "midday": "15", "evening": "20"}}],
    [{"step": 4, "products": ["tablet-5"]}],
    [{"step": 4, "products": ["tablet-5"]}, {"step": 2, "days": 10}],
    [{"step": 4, "products": ["tablet-5"]}, {"step": 2, "regimen": {"morning": "15", "midday": "15", "evening": "20"}}],
    [{"step": 2, "products": ["tablet-5"]}, {"step": 5, "products": ["tablet-10"]}],
]


@pytest.mark.parametrize("edits", EDITS, ids=lambda edits: "-".join("".join(edit) for edit in edits))
def test_steps_changed_by_hand_survive_the_way(owner: User, stranger: User, patient: Patient, edits: list[Any]) -> None:
    data = {
        "medicine": "baclofen", "products": ["tablet-10"], "start": "2026-12-07", "factors": [], "edits": edits,
        "regimen": {"morning": "20", "midday": "20", "evening": "20"},
    }  # fmt: skip
    with time_machine.travel(date(2026, 11, 26), tick=False):
        draft = make_draft(owner.clinic, patient, data)
        version = issue_version(
            by=owner, patient=patient, request_data=data, reasons=dict.fromkeys(draft.codes, REASON), specialists={},
            papers=PlainPapers(), submission="edited", shown=draft.digest,
        )  # fmt: skip
        made = imported(stranger, exported(version.plan, owner))
    assert made.answer["steps"] == version.answer["steps"]


def test_plan_keeps_its_own_limit_and_cuts(owner: User, stranger: User, lived: Plan) -> None:
    save_medicine_defaults(
        by=stranger, medicine="baclofen", pace=[{"cut": "5%", "of": "starting", "every": 14}],
        limit={"cut": "10%", "of": "current", "days": 14},
    )  # fmt: skip
    made = imported(stranger, exported(lived, owner))
    assert made.answer["request"]["limit"] == lived.current.answer["request"]["limit"]
    assert made.answer["steps"] == lived.current.answer["steps"]


def test_closed_plan_can_be_taken_along_but_not_brought_in(
    owner: User, stranger: User, lived: Plan, today: date
) -> None:
    end_plan(by=owner, plan=lived, based_on=lived.current_id, on=today, reason="elsewhere", note="Moved to Leeds")
    data = exported(lived, owner, Chosen())
    assert json.loads(data)["content"]["end"] == {"on": "2027-01-13", "reason": "elsewhere", "note": ""}
    with pytest.raises(Exception, match=r"closed on 13 January 2027\. Only a running plan"):
        bring(stranger.clinic, data)

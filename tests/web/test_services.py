"""Writes: atomic, with an audit row, refused in words."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from planner.context import NewPatient, context_for
from planner.forms import PlannerForm
from planner.issuing import make_draft
from planner.models import AuditRow, Clinic, OneTimeLink, Paper, Patient, Plan, User, Version
from planner.papers import PaperError
from planner.services import (
    ClinicDetails,
    Issue,
    Refused,
    add_colleague,
    add_patient,
    find_link,
    issue_version,
    make_password_link,
    make_set_up_link,
    save_clinic,
    save_medicine_defaults,
    set_password,
    set_up_clinic,
)
from planner.views.papers import InkedPapers
from tests.web.conftest import CLINIC, PASSWORD

ELSE = NewPatient("Test Patient B", date(1980, 1, 2), "TP-0002")


class PlainPapers:
    """Papers that say what they were made from."""

    def calendar(self, issue: Issue, page_size: str) -> bytes:
        return f"{page_size} {issue.number} {issue.replaces} {issue.patient.identifier}".encode()

    def record(self, issue: Issue) -> str:
        return f"version {issue.number}"


class TornPapers(PlainPapers):
    """Papers whose Letter calendar cannot be made."""

    def calendar(self, issue: Issue, page_size: str) -> bytes:
        if page_size == "Letter":
            raise Refused({"": "The doses differ."})
        return super().calendar(issue, page_size)


def request_data(clinic: Clinic, typed: dict[str, Any]) -> dict[str, Any]:
    form = PlannerForm(typed, clinic=clinic)
    assert form.is_valid(), form.errors
    return form.request_data()


def issued(by: User, patient: Any, typed: dict[str, Any], **changes: Any) -> Version:
    """A version with a reason for every question, as the page would issue it."""
    data = request_data(by.clinic, typed)
    draft = make_draft(by.clinic, patient, data)
    given: dict[str, Any] = {
        "by": by,
        "patient": patient,
        "request_data": data,
        "reasons": dict.fromkeys(draft.codes, "Weekly visits from here on"),
        "specialists": dict.fromkeys(draft.specialist_codes, "Consultant"),
        "papers": PlainPapers(),
        "submission": "first",
        "shown": draft.digest,
    }
    return issue_version(**{**given, **changes})


def kept() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Patient, Plan, Version, Paper, AuditRow))


# Set-up and links


def test_set_up_makes_clinic_person_and_audit_row(owner: User) -> None:
    row = AuditRow.objects.get()
    assert owner.check_password(PASSWORD)
    assert owner.clinic.name == "Example Clinic"
    assert (row.by, row.action, row.kind, row.target) == (owner, "set up", "clinic", owner.clinic.pk)


def test_set_up_link_is_kept_only_as_a_hash(db: None) -> None:
    token = make_set_up_link()
    assert token not in str(OneTimeLink.objects.values())
    assert find_link(OneTimeLink.SET_UP, token)


def test_set_up_link_works_once(owner: User) -> None:
    assert not OneTimeLink.objects.exists()
    with pytest.raises(Refused, match="set up already"):
        make_set_up_link()


def test_set_up_link_ends_after_a_day(db: None) -> None:
    token = make_set_up_link()
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="not good any more"):
        set_up_clinic(token=token, clinic=CLINIC, name="A", email="a@example.org", password=PASSWORD)
    assert not Clinic.objects.exists()


def test_a_new_set_up_link_voids_the_one_before(db: None) -> None:
    earlier, later = make_set_up_link(), make_set_up_link()
    assert find_link(OneTimeLink.SET_UP, earlier) is None
    assert find_link(OneTimeLink.SET_UP, later)


def test_weak_password_leaves_the_set_up_link_good(db: None) -> None:
    token = make_set_up_link()
    with pytest.raises(Refused) as refused:
        set_up_clinic(token=token, clinic=CLINIC, name="A", email="a@example.org", password="password1234")
    assert "too common" in refused.value.errors["password"]
    assert find_link(OneTimeLink.SET_UP, token)
    assert not User.objects.exists()


def test_colleague_sets_a_password_by_a_link_that_works_once(owner: User) -> None:
    colleague, token = add_colleague(by=owner, name="Test Colleague", email="Colleague@Example.org")
    assert not colleague.has_usable_password()
    set_password(token=token, password="eight loud swallows")
    colleague.refresh_from_db()
    assert colleague.check_password("eight loud swallows")
    assert (colleague.clinic, colleague.email) == (owner.clinic, "colleague@example.org")
    with pytest.raises(Refused, match="not good any more"):
        set_password(token=token, password="nine loud swallows")


def test_an_address_signs_in_one_person_only(owner: User) -> None:
    with pytest.raises(Refused, match="already"):
        add_colleague(by=owner, name="Twin", email="OWNER@example.org")


def test_password_link_for_another_clinics_person_is_refused(owner: User, stranger: User) -> None:
    with pytest.raises(Refused, match="another clinic"):
        make_password_link(by=owner, user=stranger)


def test_password_link_made_on_the_machine_says_so(owner: User) -> None:
    make_password_link(by=owner, user=owner)
    make_password_link(by=owner, user=owner, on_the_machine=True)
    rows = AuditRow.objects.filter(action="made password link")
    assert [row.detail for row in rows] == [{}, {"made": "on-the-machine"}]


# The clinic


def clinic_with(**changes: str) -> ClinicDetails:
    return replace(CLINIC, **changes)


def test_saving_the_clinic_names_the_details_that_changed_and_keeps_the_codes(owner: User) -> None:
    save_clinic(by=owner, clinic=clinic_with(phone="020 7946 0999", country="IE"))
    row = AuditRow.objects.last()
    assert row is not None
    assert row.detail == {
        "fields": ["country", "phone"],
        "before": {"country": "GB", "page_size": "A4", "holiday_region": ""},
        "after": {"country": "IE", "page_size": "A4", "holiday_region": ""},
    }


@pytest.mark.parametrize(
    ("limit", "field"),
    [
        ({"cut": "26%", "of": "current", "days": 7}, "limit_cut"),
        ({"cut": "0%", "of": "current", "days": 7}, "limit_cut"),
        ({"cut": "ten", "of": "current", "days": 7}, "limit_cut"),
        ({"cut": "10%", "of": "current", "days": 3}, "limit_days"),
        ({"cut": "10%", "of": "starting", "days": 7}, "limit_of"),
        ({"cut": "5 mg", "days": 7}, "limit_of"),
    ],
    ids=["above the ceiling", "zero", "letters", "fewer days than the ceiling", "of starting", "an amount"],
)
def test_limit_that_could_pass_the_ceiling_is_refused(owner: User, limit: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        save_medicine_defaults(by=owner, medicine="baclofen", pace=[], limit=limit)
    assert list(refused.value.errors) == [field]
    assert context_for(owner.clinic, medicine="baclofen").limit is None


def test_clinics_own_pace_and_limit_are_used_at_once(owner: User, typed: dict[str, Any]) -> None:
    pace = [{"cut": "5%", "of": "current", "every": 14}]
    save_medicine_defaults(by=owner, medicine="baclofen", pace=pace, limit={"cut": "10%", "of": "current", "days": 7})
    request = make_draft(owner.clinic, None, request_data(owner.clinic, typed)).answer.request
    assert request is not None
    assert (request.limit.cut.amount, request.pace[0].cut.amount, request.pace[0].every) == (10, 5, 14)


def test_one_clinics_limit_is_not_anothers(owner: User, stranger: User) -> None:
    save_medicine_defaults(by=owner, medicine="baclofen", pace=[], limit={"cut": "10%", "of": "current", "days": 7})
    assert context_for(stranger.clinic, medicine="baclofen").limit is None


# Patients


@pytest.mark.parametrize("born", [date(1800, 1, 1), date(2190, 1, 1)], ids=["too long ago", "to come"])
def test_impossible_date_of_birth_is_refused(owner: User, born: date) -> None:
    with pytest.raises(Refused) as refused:
        add_patient(by=owner, patient=NewPatient("A", born, "1"))
    assert "born" in refused.value.errors


def test_identifier_names_one_patient_in_a_clinic(owner: User, patient: Patient, stranger: User) -> None:
    with pytest.raises(Refused) as refused:
        add_patient(by=owner, patient=NewPatient("Somebody", date(1990, 1, 1), "tp-0001"))
    assert "identifier" in refused.value.errors
    assert add_patient(by=stranger, patient=NewPatient("Somebody", date(1990, 1, 1), "TP-0001")).pk


# Issuing


def test_issued_version_keeps_the_answer_reasons_and_papers(
    owner: User, patient: Patient, typed: dict[str, Any]
) -> None:
    version = issued(owner, patient, typed)
    assert version.number == 1
    assert version.answer["ends"] == "2027-02-22"
    assert version.answer["supply"]["total"] == {"tablet-10": "231"}
    assert version.reasons["over-limit"] == "Weekly visits from here on"
    assert [bytes(p.pdf) for p in version.papers.order_by("page_size")] == [
        b"A4 1 None TP-0001",
        b"Letter 1 None TP-0001",
    ]
    row = AuditRow.objects.last()
    assert row is not None
    assert (row.action, row.kind, row.target) == ("issued", "version", version.pk)


def test_audit_rows_never_hold_a_patients_name(owner: User, typed: dict[str, Any]) -> None:
    issued(owner, ELSE, typed)
    assert ELSE.name not in str(list(AuditRow.objects.values()))


def test_missing_reason_keeps_nothing(owner: User, typed: dict[str, Any]) -> None:
    before = kept()
    with pytest.raises(Refused) as refused:
        issued(owner, ELSE, typed, reasons={"over-limit": "  "})
    assert "reason-over-limit" in refused.value.errors
    assert kept() == before


def test_paper_that_fails_keeps_nothing(owner: User, typed: dict[str, Any]) -> None:
    before = kept()
    with pytest.raises(Refused, match="doses differ"):
        issued(owner, ELSE, typed, papers=TornPapers())
    assert kept() == before


def test_factors_not_asked_block_the_issue_whatever_the_reason(
    owner: User, patient: Patient, typed: dict[str, Any]
) -> None:
    del typed["factors_asked"]
    with pytest.raises(Refused, match="not asked"):
        issued(owner, patient, typed)
    assert not Version.objects.exists()


def test_specialist_has_to_be_named(owner: User, patient: Patient, typed: dict[str, Any]) -> None:
    del typed["factors_asked"]
    typed["factors"] = ["pregnancy"]
    with pytest.raises(Refused) as refused:
        issued(owner, patient, typed, specialists={})
    assert list(refused.value.errors) == ["specialist-pregnancy"]
    assert issued(owner, patient, typed).specialists == {"pregnancy": "Consultant"}


def test_age_from_the_date_of_birth_needs_its_reason(owner: User, typed: dict[str, Any]) -> None:
    young = add_patient(by=owner, patient=NewPatient("Test Patient C", date(2012, 5, 5), "TP-0003"))
    draft = make_draft(owner.clinic, young, request_data(owner.clinic, typed))
    assert any(question.specialist for question in draft.questions)


def test_double_submission_makes_one_version(owner: User, patient: Patient, typed: dict[str, Any]) -> None:
    assert issued(owner, patient, typed) == issued(owner, patient, typed)
    assert Version.objects.count() == 1


def test_same_form_with_another_patient_is_refused(owner: User, patient: Patient, typed: dict[str, Any]) -> None:
    issued(owner, patient, typed)
    with pytest.raises(Refused, match="already"):
        issued(owner, ELSE, typed)


def test_answer_other_than_the_one_shown_is_refused(owner: User, patient: Patient, typed: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="changed since you saw it"):
        issued(owner, patient, typed, shown="0" * 64)


def test_another_issue_of_the_medicine_replaces_the_version(
    owner: User, patient: Patient, typed: dict[str, Any]
) -> None:
    first = issued(owner, patient, typed)
    second = issued(owner, patient, {**typed, "start": "2026-12-14"}, submission="second")
    assert (second.plan, second.number) == (first.plan, 2)
    assert f"({first.number}, {first.issued_on!r})" in bytes(second.papers.get(page_size="A4").pdf).decode()
    first.plan.refresh_from_db()
    assert [first.is_current, second.is_current] == [False, True]


def test_ended_plan_is_followed_by_a_new_one(
    owner: User, patient: Patient, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = issued(owner, patient, typed)
    monkeypatch.setattr(timezone, "localdate", lambda: first.ends + timedelta(days=1))
    second = issued(owner, patient, {**typed, "start": "2027-06-07"}, submission="second")
    assert second.plan != first.plan
    assert second.number == 1


# Ends above zero: 30 mg a day to 15 mg, from 7 December 2026
def to_15(typed: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**typed, "morning": "10", "midday": "10", "evening": "10", "target": "15", **changes}


def on_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: day)


def test_version_that_ends_above_zero_runs_until_it_is_replaced(
    owner: User, patient: Patient, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = issued(owner, patient, to_15(typed))
    on_day(monkeypatch, first.ends + timedelta(days=100))
    assert context_for(owner.clinic, medicine="another", patient=patient).second_taper
    later = {**typed, "morning": "5", "midday": "5", "evening": "5", "start": "2027-06-07"}
    second = issued(owner, patient, later, submission="second")
    assert (second.plan, second.number) == (first.plan, 2)


def test_dose_in_force_comes_from_the_running_version(
    owner: User, patient: Patient, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    version = issued(owner, patient, to_15(typed))
    steps = [(date.fromisoformat(step["start"]), Decimal(step["daily"])) for step in version.answer["steps"]]
    days = [(steps[0][0] - timedelta(days=1), Decimal(30)), *steps, (steps[1][0] - timedelta(days=1), steps[0][1])]
    for day, daily in [*days, (version.ends + timedelta(days=400), Decimal(15))]:
        on_day(monkeypatch, day)
        context = context_for(owner.clinic, medicine="baclofen", patient=patient)
        assert (context.in_force, context.asked_on) == (daily, day)
    assert context_for(owner.clinic, medicine="another", patient=patient).in_force is None
    assert context_for(owner.clinic, medicine="baclofen", patient=ELSE).in_force is None


def test_going_back_above_the_running_dose_needs_its_reason(
    owner: User, patient: Patient, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = issued(owner, patient, to_15(typed))
    on_day(monkeypatch, first.ends)
    draft = make_draft(owner.clinic, patient, request_data(owner.clinic, to_15(typed, start="2027-06-07")))
    assert "stepped-back" in draft.codes
    assert draft.replaces == (1, first.issued_on)


def test_what_is_replaced_is_part_of_what_was_seen(owner: User, patient: Patient, typed: dict[str, Any]) -> None:
    seen = make_draft(owner.clinic, patient, request_data(owner.clinic, typed)).digest
    issued(owner, patient, typed)
    with pytest.raises(Refused, match="changed since you saw it"):
        issued(owner, patient, typed, submission="second", shown=seen)


def test_taper_without_a_day_of_doses_is_refused(owner: User, typed: dict[str, Any]) -> None:
    before = kept()
    at_once = {**typed, "morning": "5", "midday": "0", "evening": "0"}
    with pytest.raises(Refused, match="no calendar to print"):
        issued(owner, ELSE, at_once, papers=InkedPapers())
    assert kept() == before


def test_record_that_cannot_be_written_is_refused(
    owner: User, patient: Patient, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> str:
        raise PaperError("There is no schedule to print.")

    monkeypatch.setattr("planner.views.papers.record_text", fail)
    with pytest.raises(Refused, match="Nothing was issued"):
        issued(owner, patient, typed, papers=InkedPapers())


@pytest.mark.parametrize(("field", "named"), [("name", "Test \u05d0"), ("identifier", "TP \u05d0")])
def test_patient_whom_the_font_cannot_name_is_refused_at_the_field(
    owner: User, typed: dict[str, Any], field: str, named: str
) -> None:
    with pytest.raises(Refused) as refused:
        issued(owner, replace(ELSE, **{field: named}), typed, papers=InkedPapers())
    assert list(refused.value.errors) == [field]
    assert not Patient.objects.exists()


def test_two_clinics_may_send_the_same_submission(
    owner: User, stranger: User, patient: Patient, typed: dict[str, Any]
) -> None:
    first, second = issued(owner, patient, typed), issued(stranger, ELSE, typed)
    assert first != second
    assert second.plan.patient.clinic == stranger.clinic


@pytest.mark.parametrize(
    "changes",
    [
        {"patient": replace(ELSE, name="Somebody Else")},
        {"patient": replace(ELSE, born=date(1981, 1, 2))},
        {"patient": replace(ELSE, identifier="TP-9")},
        {"reasons": {"over-limit": "Another reason"}},
        {"specialists": {"pregnancy": "Somebody else"}},
    ],
    ids=["name", "born", "identifier", "reasons", "specialists"],
)
def test_same_form_with_anything_else_in_it_is_refused(
    owner: User, typed: dict[str, Any], changes: dict[str, Any]
) -> None:
    del typed["factors_asked"]
    typed["factors"] = ["pregnancy"]
    made = issued(owner, ELSE, typed)
    for key in ("reasons", "specialists"):
        changes = {**changes, key: getattr(made, key) | changes.get(key, {})}
    assert issued(owner, ELSE, typed, reasons=made.reasons, specialists=made.specialists) == made
    with pytest.raises(Refused, match="already"):
        issued(owner, changes.pop("patient", ELSE), typed, **changes)
    assert Version.objects.count() == 1


@pytest.mark.parametrize("reason", [".", "\u200b\u200b\u200b", "ok", "123"])
def test_reason_has_three_letters(owner: User, patient: Patient, typed: dict[str, Any], reason: str) -> None:
    codes = make_draft(owner.clinic, patient, request_data(owner.clinic, typed)).codes
    with pytest.raises(Refused) as refused:
        issued(owner, patient, typed, reasons=dict.fromkeys(codes, reason))
    assert set(refused.value.errors) == {f"reason-{code}" for code in codes}
    assert issued(owner, patient, typed, reasons=dict.fromkeys(codes, "öде")).pk


def test_another_clinics_patient_is_refused(stranger: User, patient: Patient, typed: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="another clinic"):
        issued(stranger, patient, typed)


@pytest.mark.parametrize("model", [Version, Paper, AuditRow])
def test_what_was_issued_is_never_changed_or_deleted(
    owner: User, patient: Patient, typed: dict[str, Any], model: Any
) -> None:
    issued(owner, patient, typed)
    row = model.objects.first()
    for change in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(pk=1)):
        with pytest.raises(TypeError):
            change()


def test_second_taper_is_known_from_the_running_plans(owner: User, patient: Patient, typed: dict[str, Any]) -> None:
    issued(owner, patient, typed)
    assert context_for(owner.clinic, medicine="another", patient=patient).second_taper
    assert not context_for(owner.clinic, medicine="baclofen", patient=patient).second_taper

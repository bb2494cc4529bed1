"""Signing a medicine file off: item by item, for the clinic, and what it lifts."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planner.context import context_for
from planner.formulary import load
from planner.issuing import make_draft
from planner.models import AuditRow, Patient, SignOff, User
from planner.services import Refused, add_colleague, sign_off
from planner.sign_offs import review, review_state, review_states
from tests.formulary.changed import changed
from tests.web.signing import UNVERIFIED, items, put_in_place, sign_everything, waiting
from tests.web.test_services import issued, request_data

CEILING = ('cut = "25%"', 'cut = "24%"')


@pytest.fixture
def colleague(owner: User) -> User:
    return add_colleague(by=owner, name="Test Colleague", email="colleague@example.org")[0]


def test_signing_keeps_who_signed_what_of_which_version(owner: User) -> None:
    assert sign_off(by=owner, medicine="baclofen", items=waiting("ceiling")) == 1
    row = SignOff.objects.get()
    assert (row.clinic, row.by, row.medicine, row.place) == (owner.clinic, owner, "baclofen", "ceiling")
    assert row.says.startswith(
        "25 % of the current dose in 7 days. Proposal, our own proposal: Proposal of this planner."
    )
    assert row.file_version == load("baclofen").version


def test_one_audit_row_names_every_item(owner: User) -> None:
    sign_off(by=owner, medicine="baclofen", items=waiting("ceiling", "pace"))
    row = AuditRow.objects.latest("pk")
    assert (row.action, row.by, row.detail["medicine"]) == ("signed off", owner, "baclofen")
    signed = [SignOff.objects.get(place=place).digest for place in ("pace", "ceiling")]
    assert row.detail["items"] == signed


def test_nothing_ticked_is_refused(owner: User) -> None:
    with pytest.raises(Refused, match="Tick at least one item"):
        sign_off(by=owner, medicine="baclofen", items=[])


@pytest.mark.parametrize(
    "stale", [("ceiling", "0" * 64), ("ceiling", ""), ("gone.with.the.wind", "0" * 64)], ids=["digest", "empty", "gone"]
)
def test_an_item_that_says_something_else_by_now_is_refused_with_all_the_others(
    owner: User, stale: tuple[str, str]
) -> None:
    rows = AuditRow.objects.count()
    with pytest.raises(Refused, match="something else since you opened the page"):
        sign_off(by=owner, medicine="baclofen", items=[*waiting("pace"), stale])
    assert not SignOff.objects.exists()
    assert AuditRow.objects.count() == rows


def test_an_item_that_needs_no_sign_off_is_refused(owner: User) -> None:
    item = next(item for item in items() if not item.needs)
    with pytest.raises(Refused):
        sign_off(by=owner, medicine="baclofen", items=[(item.path, item.digest)])


def test_a_page_from_before_the_file_changed_is_refused(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = waiting("ceiling")
    put_in_place(changed(CEILING), monkeypatch)
    with pytest.raises(Refused, match="An item says something else since you opened the page: “Ceiling”"):
        sign_off(by=owner, medicine="baclofen", items=seen)


def test_where_the_audit_row_fails_nothing_is_signed(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("planner.services.signing.audit", fail)
    with pytest.raises(RuntimeError):
        sign_everything(owner)
    assert not SignOff.objects.exists()


def test_what_is_signed_already_keeps_its_first_name(owner: User, colleague: User) -> None:
    sign_off(by=owner, medicine="baclofen", items=waiting("ceiling"))
    rows = AuditRow.objects.count()
    assert sign_off(by=colleague, medicine="baclofen", items=waiting("ceiling")) == 0
    assert AuditRow.objects.count() == rows
    assert sign_off(by=colleague, medicine="baclofen", items=waiting("ceiling", "pace")) == 1
    assert SignOff.objects.get(place="ceiling").by == owner


def test_a_sign_off_is_never_changed_or_deleted(owner: User) -> None:
    sign_off(by=owner, medicine="baclofen", items=waiting("ceiling"))
    row = SignOff.objects.get()
    for change in (row.save, row.delete, SignOff.objects.all().delete, lambda: SignOff.objects.update(says="")):
        with pytest.raises(TypeError):
            change()


# What counts as signed off


def test_all_but_one_item_is_not_signed_off(owner: User) -> None:
    sign_off(by=owner, medicine="baclofen", items=waiting()[1:])
    assert not context_for(owner.clinic, medicine="baclofen").signed_off
    sign_off(by=owner, medicine="baclofen", items=waiting()[:1])
    assert context_for(owner.clinic, medicine="baclofen").signed_off
    assert not context_for(owner.clinic, medicine="another").signed_off


def test_two_people_of_a_clinic_sign_together(owner: User, colleague: User) -> None:
    half = len(waiting()) // 2
    sign_off(by=owner, medicine="baclofen", items=waiting()[:half])
    sign_off(by=colleague, medicine="baclofen", items=waiting()[half:])
    assert review_state(owner.clinic, "baclofen").kind == "signed"


def test_another_clinics_sign_off_never_counts(owner: User, stranger: User) -> None:
    sign_everything(stranger)
    assert not context_for(owner.clinic, medicine="baclofen").signed_off
    assert review_state(owner.clinic, "baclofen").kind == "waiting"
    assert {state.kind for _, state in review_states(owner.clinic)} == {"waiting"}
    assert not review(owner.clinic, "baclofen").signed
    sign_everything(owner)
    assert context_for(owner.clinic, medicine="baclofen").signed_off


def test_a_changed_file_asks_again_for_what_changed(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_everything(owner)
    put_in_place(changed(CEILING), monkeypatch)
    assert not context_for(owner.clinic, medicine="baclofen").signed_off
    [row] = [row for row in review(owner.clinic, "baclofen").rows if row.waits]
    assert row.item.place == "ceiling"
    assert row.earlier is not None
    assert row.earlier.by == owner
    assert row.earlier.says.startswith("25 % of the current dose in 7 days.")
    sign_off(by=owner, medicine="baclofen", items=waiting("ceiling"))
    assert context_for(owner.clinic, medicine="baclofen").signed_off


def test_another_standing_of_the_same_figure_asks_again_and_says_so(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_everything(owner)
    put_in_place(changed(UNVERIFIED), monkeypatch)
    [row] = [row for row in review(owner.clinic, "baclofen").rows if row.waits]
    assert row.earlier is not None
    assert row.item.says.startswith("100 mg a day. Unverified, drug reference page")
    assert row.earlier.says.startswith("100 mg a day. Second-hand, drug reference page")


def test_a_file_that_comes_back_is_signed_already(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_everything(owner)
    with monkeypatch.context() as other:
        put_in_place(changed(CEILING), other)
        sign_everything(owner)
    assert review_state(owner.clinic, "baclofen").kind == "signed"


# What it lifts


def test_a_reason_is_not_asked_for_any_more(owner: User, patient: Patient, typed: dict[str, Any]) -> None:
    data = request_data(owner.clinic, typed)
    seen = make_draft(owner.clinic, patient, data)
    assert "unreviewed-medicine" in seen.codes
    sign_everything(owner)
    assert "unreviewed-medicine" not in make_draft(owner.clinic, patient, data).codes
    with pytest.raises(Refused, match="changed since you saw it"):
        issued(owner, patient, typed, shown=seen.digest)
    assert "unreviewed-medicine" not in issued(owner, patient, typed).reasons


def test_a_block_is_lifted(
    owner: User, stranger: User, patient: Patient, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(changed(UNVERIFIED), monkeypatch)
    sign_everything(stranger)
    assert review_state(owner.clinic, "baclofen").kind == "blocked"
    with pytest.raises(Refused, match="not been signed off"):
        issued(owner, patient, typed)
    sign_everything(owner)
    assert issued(owner, patient, typed).pk


# What it costs


def test_two_queries_whatever_the_number_of_items(owner: User) -> None:
    sign_everything(owner)
    for ask in (
        lambda: review(owner.clinic, "baclofen").signed,
        lambda: review_state(owner.clinic, "baclofen"),
        lambda: review_states(owner.clinic),
    ):
        with CaptureQueriesContext(connection) as queries:
            ask()
        assert len(queries) == 2  # the clinic's own files, and its sign-offs


def test_the_planners_context_costs_two_queries_more(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with CaptureQueriesContext(connection) as queries:
        context_for(owner.clinic, medicine="baclofen")
    monkeypatch.setattr("planner.context.is_signed_off", lambda *_: False)
    with CaptureQueriesContext(connection) as without:
        context_for(owner.clinic, medicine="baclofen")
    assert len(queries) == len(without) + 2

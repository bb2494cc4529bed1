"""The command that fills a database to measure with."""

from collections.abc import Iterator
from datetime import date
from io import StringIO
from itertools import pairwise

import pytest
import time_machine
from django.core.management import call_command

from planner.agenda import state_of
from planner.course import course_of
from planner.models import AuditRow, Due, LearnedCut, Paper, Patient, Plan, User, Version
from planner.services import Refused, fill_practice
from planner.services.learning import learn
from planner.services.practice_patterns import OF_A_CUT
from tests.web.conftest import clinic, owner, patient, stranger  # noqa: F401

TODAY = date(2027, 1, 13)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def filled(count: int, *options: str) -> str:
    said = StringIO()
    call_command("fill_plans", str(count), *options, stdout=said)
    return said.getvalue()


def test_practice_plans_are_whole(owner: User) -> None:  # noqa: F811
    assert "200 practice patients" in filled(200)
    assert Patient.objects.filter(clinic=owner.clinic, name__startswith="Practice Patient ").count() == 200
    for plan in Plan.objects.prefetch_related("versions", "taken_otherwise"):
        versions = list(plan.versions.all())
        assert plan.current == versions[-1]
        assert [version.number for version in versions] == list(range(1, len(versions) + 1))
        assert plan.ends == state_of(plan.current.answer, None).ends
        spans = course_of(plan)
        assert all(before.last and (after.first - before.last).days == 1 for before, after in pairwise(spans))
    assert not Due.objects.filter(plan__closed_on__isnull=False).exists()
    assert not Paper.objects.exists()
    assert AuditRow.objects.filter(action="filled", by=owner).count() == 1


def test_their_cuts_are_those_that_are_learned_from(owner: User) -> None:  # noqa: F811
    filled(60)
    kept = cuts_kept()
    assert len(kept) > 60
    for plan in Plan.objects.all():
        learn(plan)
    assert cuts_kept() == kept


def cuts_kept() -> list[tuple[object, ...]]:
    return list(LearnedCut.objects.order_by("plan", "day").values_list("plan", *OF_A_CUT))


def test_they_are_of_many_kinds(owner: User) -> None:  # noqa: F811
    filled(400)
    plans = Plan.objects.all()
    assert 0 < plans.running(TODAY).count() < plans.ended(TODAY).count()
    assert plans.filter(closed_on__isnull=False).exists()
    assert Due.objects.missed(TODAY).exists()
    assert len(set(plans.values_list("medicine", flat=True))) > 5
    assert set(Version.objects.values_list("kind", flat=True)) > {"first"}


def test_same_seed_gives_the_same_plans(owner: User, stranger: User) -> None:  # noqa: F811
    kept = []
    for by in (owner, stranger):
        fill_practice(by=by, count=30, seed=7)
        kept.append(list(Plan.for_user(by).order_by("pk").values_list("medicine", "ends", "held_from", "closed_on")))
    assert kept[0] == kept[1]


def test_clinic_with_patients_is_left_alone_unless_forced(owner: User, patient: Patient) -> None:  # noqa: F811
    with pytest.raises(SystemExit):
        filled(5)
    assert Patient.objects.count() == 1
    filled(5, "--force")
    filled(5, "--force")
    assert Patient.objects.count() == 11


def test_install_without_a_clinic_says_what_to_do(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        filled(5)
    assert "set it up" in capsys.readouterr().err


@pytest.mark.parametrize("count", [0, -1, 1_000_001])
def test_number_out_of_bounds_is_refused(owner: User, count: int) -> None:  # noqa: F811
    with pytest.raises(Refused, match="from 1 to 1,000,000"):
        fill_practice(by=owner, count=count)

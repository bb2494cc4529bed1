"""After which cuts a clinic's tapers were held, stepped back or slowed, worked by hand on the example."""

import csv
import importlib
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from planner.context import NewPatient
from planner.learning import Counted, by_dose, by_tenth, width_for
from planner.models import AuditRow, LearnedCut, Plan, User
from planner.revising import Decision
from planner.services import add_patient, end_plan
from planner.views.learning import Cell
from tests.carried.conftest import exported, imported
from tests.revisions.conftest import fresh, revised
from tests.web.test_own_medicines import words
from tests.web.test_services import issued

ADDRESS, EXPORT = "/learning/", "/learning/counts.csv"


def learned(plan: Plan, **columns: Any) -> list[str]:
    """The doses to which cuts with these columns led."""
    return [f"{cut.daily.normalize():f}" for cut in LearnedCut.objects.filter(plan=plan, **columns).order_by("day")]


def test_cuts_of_the_example_with_their_bands(plan: Plan) -> None:
    """5 mg a week: 8.3, 9.1 and 10 % of the dose before are up to 10 %; 11.1, 12.5 and 14.3 up to 15; 16.7 and 20 up
    to 20; 25 % up to 25; 33.3 and 50 % are over 25. Of 60 mg, 55 is in the tenth tenth and 30 in the fifth.
    """
    rows = LearnedCut.objects.filter(plan=plan).order_by("day").values_list("daily", "tenth", "weekly")
    assert [(int(daily), tenth, weekly) for daily, tenth, weekly in rows] == [
        (55, 10, 2), (50, 9, 2), (45, 8, 2), (40, 7, 3), (35, 6, 3), (30, 5, 3),
        (25, 5, 4), (20, 4, 4), (15, 3, 5), (10, 2, 6), (5, 1, 6),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "column", "dose"),
    [
        (Decision("hold", date(2027, 1, 13), days=7), "held", "30"),
        (Decision("wait", date(2027, 1, 13), days=7), "held", "30"),
        (Decision("hold", date(2027, 1, 18), days=7), "held", "30"),
        (Decision("hold", date(2027, 1, 18), from_time="midday", days=7), "held", "25"),
        (Decision("hold", date(2027, 1, 20), days=7), "held", "25"),
        (Decision("step-back", date(2027, 1, 13), from_time="midday", days=7, daily=Decimal(40)), "stepped_back", "30"),
        (Decision("pace", date(2027, 1, 13), pace=[{"cut": "10%", "of": "starting", "every": 14}]), "slowed", "30"),
    ],
    ids=lambda value: getattr(value, "kind", value),
)
def test_what_was_decided_stands_at_the_dose_that_was_taken(
    owner: User, plan: Plan, today: date, decision: Decision, column: str, dose: str
) -> None:
    revised(owner, plan, decision)
    assert learned(plan, **{column: True}) == [dose]
    others = {"held", "stepped_back", "slowed"} - {column}
    assert all(learned(plan, **{other: True}) == [] for other in others)


def test_other_changes_are_none_of_the_three(owner: User, plan: Plan, today: date) -> None:
    revised(owner, plan, Decision("target", today, target="15"))
    revised(owner, plan, Decision("products", date(2027, 1, 14), products=["tablet-5"]))
    faster = [{"cut": "20%", "of": "current", "every": 7}]
    revised(owner, plan, Decision("pace", date(2027, 1, 15), pace=faster))
    assert [learned(plan, **{column: True}) for column in ("held", "stepped_back", "slowed")] == [[], [], []]


def test_hold_before_the_first_cut_belongs_to_none(owner: User, plan: Plan) -> None:
    with time_machine.travel(date(2026, 12, 1), tick=False):
        revised(owner, plan, Decision("hold", date(2026, 12, 2), days=7))
    assert learned(plan, held=True) == []
    assert learned(plan)[0] == "55"


def test_cut_taken_a_second_time_counts_twice(owner: User, plan: Plan, today: date) -> None:
    revised(owner, plan, Decision("step-back", today, from_time="midday", days=7, daily=Decimal(40)))
    assert learned(plan).count("35") == 2


def test_pace_of_a_cut_is_as_it_was_planned_before_a_hold_on_its_day(owner: User, plan: Plan, today: date) -> None:
    revised(owner, plan, Decision("hold", date(2027, 1, 18), from_time="midday", days=60))
    assert LearnedCut.objects.get(plan=plan, daily=25).weekly == 4  # 16.7 % in 7 days, not in 67


def test_closed_plan_counts_what_was_taken(owner: User, plan: Plan, today: date) -> None:
    end_plan(by=owner, plan=plan, based_on=fresh(plan).current_id, on=today, reason="stopped", note="")
    assert learned(plan) == ["55", "50", "45", "40", "35", "30"]


def test_what_happened_elsewhere_does_not_count(owner: User, stranger: User, lived: Plan, today: date) -> None:
    made = imported(stranger, exported(lived, owner)).plan
    assert learned(made) == ["30", "25", "20", "15", "10", "5"]  # from 35 mg, held until 24 January
    assert learned(made, held=True) == []
    revised(stranger, made, Decision("hold", date(2027, 1, 26), days=7))
    assert learned(made, held=True) == ["30"]


def test_migration_learns_of_plans_from_before(owner: User, plan: Plan, today: date) -> None:
    revised(owner, plan, Decision("hold", today, days=7))
    fields = ("day", "daily", "tenth", "weekly", "held", "stepped_back", "slowed")
    before = list(LearnedCut.objects.order_by("day").values(*fields))
    LearnedCut.objects.all().delete()
    importlib.import_module("planner.migrations.0011_learn").learn(apps, None)
    assert list(LearnedCut.objects.order_by("day").values(*fields)) == before


# Counting


def row(daily: str, tenth: int, weekly: int, *counts: int) -> dict[str, Any]:
    names = ("cuts", "held", "stepped_back", "slowed")
    return {"daily": Decimal(daily), "tenth": tenth, "weekly": weekly, **dict(zip(names, counts, strict=True))}


def test_bands_add_up() -> None:
    rows = [row("55", 10, 2, 7, 3, 1, 0), row("54", 10, 2, 2, 0, 0, 1), row("54", 9, 3, 1, 0, 0, 0)]
    assert by_tenth(rows) == {(10, 2): Counted(9, 3, 1, 1), (9, 3): Counted(1, 0, 0, 0)}
    assert by_dose(rows, Decimal(10)) == {(6, 2): Counted(9, 3, 1, 1), (6, 3): Counted(1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("most", "width"),
    [("55", "10"), ("50", "5"), ("7.5", "1"), ("1", "0.1"), ("0.6", "0.1"), ("3600", "500"), ("200", "20")],
)
def test_width_of_a_band_is_a_round_number(most: str, width: str) -> None:
    assert width_for(Decimal(most)) == Decimal(width)


@pytest.mark.parametrize(
    ("times", "cuts", "share"), [(3, 7, None), (3, 9, None), (3, 10, 30), (1, 40, 3), (10, 10, 100)]
)
def test_share_of_few_cuts_is_not_given(times: int, cuts: int, share: int | None) -> None:
    assert Cell(times, cuts).share == share


# The page


def test_page_says_counts_and_what_they_cannot_tell(page: Client, owner: User, plan: Plan, today: date) -> None:
    revised(owner, plan, Decision("hold", today, days=7))
    said = words(page.get(ADDRESS))
    assert "Of 6 cuts: 1 held, 0 stepped back, 0 slowed down." in said
    assert "40 to 50 % 10 to 15 % 1 1 of 1 cut none none" in said
    assert "20 to 30 mg 10 to 15 % 1 1 of 1 cut none none" in said
    assert "They do not say why." in said
    assert "Test Patient" not in said


def test_days_to_come_do_not_count(page: Client, plan: Plan) -> None:
    with time_machine.travel(date(2026, 12, 15), tick=False):
        assert "Of 2 cuts: 0 held" in words(page.get(ADDRESS))


def test_page_without_a_cut_says_so(client: Client, stranger: User, plan: Plan, today: date) -> None:
    client.force_login(stranger)
    assert "No cut was taken yet." in words(client.get(ADDRESS))
    assert b"".join(client.get(EXPORT).streaming_content).count(b"\n") == 1  # type: ignore[attr-defined]


def test_colleague_sees_the_same(client: Client, page: Client, colleague: User, plan: Plan) -> None:
    before = words(page.get(ADDRESS))
    client.force_login(colleague)
    assert words(client.get(ADDRESS)) == before


def test_medicine_is_chosen_by_its_key(page: Client, plan: Plan) -> None:
    for asked in ("?medicine=baclofen", "?medicine=unknown", "?medicine="):
        assert "Of 6 cuts" in words(page.get(ADDRESS + asked))


def test_csv_holds_both_tables_and_is_noted(page: Client, owner: User, plan: Plan, today: date) -> None:
    revised(owner, plan, Decision("hold", today, days=7))
    response: Any = page.get(EXPORT)
    found = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert ["baclofen", "40", "50", "percent of the starting dose", "10", "15", "1", "1", "0", "0"] in found
    assert ["baclofen", "20", "30", "mg a day", "10", "15", "1", "1", "0", "0"] in found
    assert AuditRow.objects.get(action="exported").detail == {"what": "learning"}


def test_queries_do_not_grow_with_the_tapers(page: Client, owner: User, plan: Plan, typed: dict[str, Any]) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page.get(ADDRESS)
        return len(queries)

    before = count()
    for number in range(3):
        who = add_patient(by=owner, patient=NewPatient(f"P {number}", date(1968, 3, 14), f"P-{number}"))
        issued(owner, who, typed | {"start": "2027-01-13"}, submission=f"s{number}")
    assert "Of 9 cuts" in words(page.get(ADDRESS))
    assert count() == before


def test_patients_page_leads_to_it(page: Client) -> None:
    assert ADDRESS in page.get("/patients/").content.decode()

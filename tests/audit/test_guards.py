"""What is frozen is refused by the database itself, whatever asks it, and after every migration."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands import flush
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from planner.guards import TRIGGERS, frozen_tables, standing
from planner.models import (
    Acknowledgement,
    AuditRow,
    CheckIn,
    Clinic,
    ClinicFile,
    Paper,
    Patient,
    Plan,
    PlanEnd,
    SignOff,
    TakenOtherwise,
    UnkeptPrint,
    User,
    Version,
)  # fmt: skip
from tests.databases import ON_POSTGRESQL, fresh_connection

FROZEN = sorted(frozen_tables())


def wanted(tables: set[str]) -> set[str]:
    return {f"{table}{ending}" for table in tables for ending in TRIGGERS[connection.vendor]}


@pytest.fixture
def rows(version: Version) -> dict[str, int]:
    """A row of every frozen kind: numbers by table. A kind that is new has to be added here."""
    by = version.issued_by
    own = {"clinic": by.clinic, "by": by}
    ClinicFile.objects.create(**own, key="mine", version=1, text="x")
    SignOff.objects.create(**own, medicine="baclofen", place="pace", digest="0", says="x", file_version=1)
    UnkeptPrint.objects.create(**own, request={}, reasons={}, specialists={})
    of_plan = {"plan": version.plan, "by": by}
    day = version.issued_on
    CheckIn.objects.create(
        **of_plan, version=version, day=day, too_much=False, how="well", daily="60", decision="go-on"
    )
    TakenOtherwise.objects.create(**of_plan, first=day, regimen={"morning": "20"})
    PlanEnd.objects.create(**of_plan, on=day, reason="stopped")
    Acknowledgement.objects.create(**of_plan, version=version, reasons={})
    kinds: tuple[Any, ...] = (
        Acknowledgement, AuditRow, CheckIn, ClinicFile, Paper, PlanEnd, SignOff, TakenOtherwise, UnkeptPrint, Version,
    )  # fmt: skip
    return {model._meta.db_table: model.objects.first().pk for model in kinds}


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_frozen_kind_is_tried(rows: dict[str, int]) -> None:
    assert sorted(rows) == FROZEN


@pytest.mark.parametrize("table", FROZEN)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET id = id WHERE id = {pk}",
        "UPDATE {table} SET id = id",
        "DELETE FROM {table} WHERE id = {pk}",
        "DELETE FROM {table}",
    ],
)
def test_change_and_deletion_are_refused_by_the_database(rows: dict[str, int], table: str, statement: str) -> None:
    with pytest.raises(IntegrityError, match=f"{table} rows are never changed or deleted"):
        execute(statement.format(table=table, pk=rows[table]))
    execute(f"SELECT 1 / (SELECT COUNT(*) FROM {table} WHERE id = {rows[table]})")


@pytest.mark.parametrize("table", FROZEN)
@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite knows no TRUNCATE")
def test_truncation_is_refused_by_the_database(rows: dict[str, int], table: str) -> None:
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.skipif(ON_POSTGRESQL, reason="PostgreSQL knows no REPLACE")
def test_replacement_is_refused_by_the_database(version: Version) -> None:
    columns = ", ".join(field.column for field in SignOff._meta.fields)
    by = version.issued_by
    SignOff.objects.create(
        clinic=by.clinic, by=by, medicine="baclofen", place="pace", digest="0", says="x", file_version=1
    )
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        execute(f"INSERT OR REPLACE INTO planner_signoff ({columns}) SELECT {columns} FROM planner_signoff")


def test_insertion_that_updates_on_conflict_is_refused(version: Version) -> None:
    again = f"INSERT INTO planner_version SELECT * FROM planner_version WHERE id = {version.pk}"
    more = " ON CONFLICT (id) DO UPDATE SET number = 9"
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        execute(again + more)


def test_rows_of_other_kinds_can_be_changed(patient: Patient) -> None:
    assert Patient.objects.filter(pk=patient.pk).update(name="Test Patient B") == 1
    assert Plan.objects.update(closed_on=None) == 0
    assert Clinic.objects.update(phone="020 7946 0001") == User.objects.update(name="Test Owner B") == 1


def test_triggers_stand_after_every_migration(tmp_path: Path, django_db_blocker: Any) -> None:
    """From nothing to the last, as an update of an old planner goes; the table rebuilds of SQLite are among them."""
    with django_db_blocker.unblock(), fresh_connection(tmp_path) as fresh:
        loader = MigrationLoader(fresh)
        plan = loader.graph.forwards_plan(loader.graph.leaf_nodes("planner")[0])
        names = [name for app, name in plan if app == "planner"]
        assert len(names) >= 5
        for name in names:
            call_command("migrate", "planner", name, database="fresh", verbosity=0, interactive=False)
            there = frozen_tables() & set(fresh.introspection.table_names())
            assert there, name
            assert wanted(there) <= standing(fresh), name
        assert there == set(FROZEN)


def test_trigger_that_was_taken_away_is_made_again_at_the_next_start(db: None) -> None:
    name = sorted(wanted({"planner_paper"}))[0]
    execute(f"DROP TRIGGER {name}" + (" ON planner_paper" if ON_POSTGRESQL else ""))
    assert name not in standing(connection)
    call_command("migrate", verbosity=0, interactive=False)
    assert wanted(set(FROZEN)) <= standing(connection)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite knows no disabled trigger")
def test_trigger_that_was_disabled_is_made_again_at_the_next_start(db: None) -> None:
    execute("ALTER TABLE planner_paper DISABLE TRIGGER USER")
    assert not wanted({"planner_paper"}) & standing(connection)
    call_command("migrate", verbosity=0, interactive=False)
    assert wanted(set(FROZEN)) <= standing(connection)


@pytest.mark.django_db(transaction=True)
def test_planners_own_flush_is_refused_and_the_tests_flush_guards_again(version: Version) -> None:
    with pytest.raises(CommandError, match="couldn't be flushed"):
        call_command(flush.Command(), verbosity=0, interactive=False)
    assert Version.objects.get() == version
    call_command("flush", verbosity=0, interactive=False)
    assert not Version.objects.exists()
    assert wanted(set(FROZEN)) <= standing(connection)

"""Triggers by which the database itself refuses to change or delete what is frozen, whoever asks it to."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from planner.models import Frozen

# By database: each trigger's name after its table's, and how it is made. A trigger that changes needs another name.
TRIGGERS = {
    "sqlite": {
        "_is_not_changed": """CREATE TRIGGER {name} BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} rows are never changed or deleted'); END""",
        "_is_not_deleted": """CREATE TRIGGER {name} BEFORE DELETE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} rows are never changed or deleted'); END""",
    },
    "postgresql": {
        "_is_kept": """CREATE OR REPLACE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_to_change()""",
        "_is_not_emptied": """CREATE OR REPLACE TRIGGER {name} BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change()""",
    },
}
BEFORE = {
    "sqlite": "SELECT 1",
    "postgresql": """CREATE OR REPLACE FUNCTION refuse_to_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE '% rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$""",
}
STANDING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """SELECT tgname FROM pg_trigger
        WHERE NOT tgisinternal AND tgenabled <> 'D' AND pg_table_is_visible(tgrelid)""",
}


def frozen_tables() -> set[str]:
    return {model._meta.db_table for model in apps.get_models() if issubclass(model, Frozen)}


def guard(connection: BaseDatabaseWrapper) -> None:
    """Makes the triggers that a frozen table lacks; takes no lock where none is lacking."""
    lacking = dict(_lacking(connection))
    if not lacking:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(BEFORE[connection.vendor])
        for statement in lacking.values():
            cursor.execute(statement)


def standing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the triggers that the database obeys."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def _lacking(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    """Names and statements; none for a table that there is not, as halfway through the migrations."""
    there, made = set(connection.introspection.table_names()), standing(connection)
    for table in sorted(frozen_tables() & there):
        for ending, statement in TRIGGERS[connection.vendor].items():
            if (name := f"{table}{ending}") not in made:
                yield name, statement.format(name=name, table=table)


@receiver(post_migrate, dispatch_uid="guard_frozen_tables")
def guard_frozen_tables(*, using: str, **_: Any) -> None:
    """After every migration: one that rebuilds a table on SQLite drops its triggers without a word."""
    guard(connections[using])

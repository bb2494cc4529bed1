"""Empties the tests' database between tests that see each other's commits; the planner's own has no such way."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from planner.guards import frozen_tables, guard, standing


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        made = standing(connection)
        with connection.cursor() as cursor:
            for table in frozen_tables():
                for name in (name for name in made if name.startswith(f"{table}_is_")):
                    on = f" ON {table}" if connection.vendor == "postgresql" else ""
                    cursor.execute(f"DROP TRIGGER {name}{on}")
        super().handle(**options)
        guard(connection)

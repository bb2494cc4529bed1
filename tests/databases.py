"""Databases of their own, for tests that migrate one or start a planner on it; on the server that the tests run on."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import psycopg
from django.db import connections

ADDRESS = os.environ.get("DATABASE_URL", "")
ON_POSTGRESQL = bool(ADDRESS) and dj_database_url.parse(ADDRESS)["ENGINE"].endswith("postgresql")


@contextmanager
def fresh_address() -> Iterator[str]:
    """DATABASE_URL of an empty database; on SQLite empty, which stands for the one in the data folder."""
    if not ON_POSTGRESQL:
        yield ""
        return
    name = f"trial_{secrets.token_hex(8)}"
    _on_the_server(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(ADDRESS)._replace(path=f"/{name}").geturl()
    finally:
        _on_the_server(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def fresh_connection(folder: Path) -> Iterator[Any]:
    """A connection of this process to an empty database; its alias is ``fresh``."""
    with fresh_address() as address:
        found = dj_database_url.parse(address or f"sqlite:///{folder}/fresh.sqlite3")
        used = connections.settings["default"]
        connections.settings["fresh"] = {**used, **found, "OPTIONS": used["OPTIONS"]}
        try:
            yield connections["fresh"]
        finally:
            connections["fresh"].close()
            del connections["fresh"], connections.settings["fresh"]


def _on_the_server(statement: str) -> None:
    with psycopg.connect(ADDRESS, autocommit=True) as server:
        server.execute(statement)  # type: ignore[call-overload]

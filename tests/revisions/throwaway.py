"""A planner of its own for a trial with real processes: a folder, a database, a clinic."""

import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

PASSWORD = "seven quiet herons"
EMAIL = "owner@example.org"


@contextmanager
def planner_of_its_own() -> Iterator[Path]:
    """The environment names a new folder, and a new database: on the server of DATABASE_URL, where one is given."""
    with tempfile.TemporaryDirectory() as folder, _database():
        os.environ["PLANNER_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "planner.settings"
        yield Path(folder)


@contextmanager
def _database() -> Iterator[None]:
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        os.environ.pop("DATABASE_URL", None)
        yield
        return
    import psycopg

    name = f"planner_trial_{secrets.token_hex(4)}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        os.environ["DATABASE_URL"] = urlsplit(given)._replace(path=f"/{name}").geturl()
        try:
            yield
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def load() -> None:
    """Django with this environment; afterwards the models can be imported."""
    import django

    django.setup()


def set_up() -> None:
    """The tables, a clinic and its first person."""
    from django.core.management import call_command

    from planner.services import ClinicDetails, make_set_up_link, set_up_clinic

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    clinic = ClinicDetails(
        name="Example Clinic", country="GB", phone="020 7946 0000", hours="Monday to Friday, 8 am to 6 pm",
        out_of_hours="111", emergency="999", page_size="A4",
    )  # fmt: skip
    set_up_clinic(token=make_set_up_link(), clinic=clinic, name="Test Owner", email=EMAIL, password=PASSWORD)


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()

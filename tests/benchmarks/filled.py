"""A process with a database of practice plans, which measures each page once a line that it is sent.

Writes a line of JSON each time: by page the milliseconds, the queries and the rows that were shown.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
PASSWORD = "seven quiet herons"


def pages(middle: int, word: str) -> dict[str, tuple[str, dict[str, str] | None]]:
    """Address and what is posted. middle: a patient in the middle of the list; word: by which one is found."""
    states = ("check-in-due", "changing", "held", "over-limit", "ending", "ended", "running")
    return {
        "Today": ("/", None),
        "list": ("/patients/", None),
        "list, from the middle": (f"/patients/?after={middle}", None),
        **{f"list, {state}": (f"/patients/?show={state}", None) for state in states},
        "search, one patient": ("/patients/find/", {"q": word}),
        "search, everybody": ("/patients/find/", {"q": "practice pat"}),
        "search, running": ("/patients/find/", {"q": "practice", "show": "running"}),
    }


def main(count: int, weeks: int) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from planner.models import Patient, User
    from planner.services import fill_practice

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if not User.objects.exists():
        set_up()
    if not Patient.objects.exists():
        fill_practice(by=User.objects.get(), count=count, weeks=weeks)
    if connection.vendor == "postgresql":  # what the server does by itself within minutes
        connection.cursor().execute("VACUUM ANALYZE")
    client = Client()
    client.force_login(User.objects.get())
    ordered = Patient.objects.order_by("name")
    asked = pages(ordered[count // 2].pk, ordered[count // 3].identifier)
    say({"patients": Patient.objects.count()})
    for _ in sys.stdin:
        say({name: measured(client, *page) for name, page in asked.items()})


def set_up() -> None:
    from planner.services import ClinicDetails, make_set_up_link, set_up_clinic

    clinic = ClinicDetails("Example Clinic", "GB", "020 7946 0000", "Monday to Friday", "111", "999", "A4")
    token = make_set_up_link()
    set_up_clinic(token=token, clinic=clinic, name="Test Owner", email="owner@example.org", password=PASSWORD)


def measured(client: Any, address: str, posted: dict[str, str] | None) -> tuple[float, int, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    since = time.perf_counter()
    answer = client.get(address) if posted is None else client.post(address, posted)
    took = 1000 * (time.perf_counter() - since)
    assert answer.status_code == 200, address
    with CaptureQueriesContext(connection) as queries:
        client.get(address) if posted is None else client.post(address, posted)
    return took, len(queries), answer.content.count(b"<tr")


def say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    import django

    django.setup()
    main(*map(int, sys.argv[1:]))

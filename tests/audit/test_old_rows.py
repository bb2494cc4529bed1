"""Rows from before audit rows held codes alone."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db.migrations.executor import MigrationExecutor

from tests.databases import fresh_connection

AFTER = "0009_audit_codes"
CLINIC = {"name": "Example Clinic", "country": "GB", "phone": "020 7946 0000", "page_size": "A4"}


def migrated(name: str) -> None:
    call_command("migrate", "planner", name, database="fresh", verbosity=0, interactive=False)


def test_what_was_typed_leaves_the_trail_and_unkept_prints_are_kept(tmp_path: Path, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), fresh_connection(tmp_path) as fresh:
        migrated("0004_sign_offs")  # rows are written as before there were triggers
        _unguarded(fresh)
        old = MigrationExecutor(fresh).loader.project_state([("planner", "0004_sign_offs")]).apps
        clinic = old.get_model("planner", "Clinic").objects.using("fresh").create(**CLINIC)
        by = old.get_model("planner", "User").objects.using("fresh").create(clinic=clinic, email="a@example.org")
        rows = old.get_model("planner", "AuditRow").objects.using("fresh")
        asked = {"medicine": "baclofen", "start": "2026-12-07"}
        said = {"over-limit": "Weighed with the patient"}
        for action, kind, detail in (
            ("printed, not kept", "clinic", {"request": asked, "reasons": said, "specialists": {}}),
            ("changed", "clinic", {"before": CLINIC, "after": CLINIC | {"phone": "111"}}),
            ("added", "closingday", {"first": "2026-12-24", "last": "2026-12-24", "name": "Eve"}),
            ("signed off", "clinic", {"medicine": "baclofen", "items": [["pace", "ab12"]]}),
            ("added", "patient", {}),
        ):
            rows.create(clinic=clinic, by=by, action=action, kind=kind, target=7, detail=detail)
        migrated(AFTER)
        _check(fresh, asked, said)


def _unguarded(fresh: Any) -> None:
    """As a database that no planner with triggers has met."""
    from planner.guards import frozen_tables, standing

    with fresh.cursor() as cursor:
        for table in frozen_tables():
            for name in standing(fresh):
                if name.startswith(f"{table}_is_"):
                    cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if fresh.vendor == "postgresql" else ""))


def _check(fresh: Any, asked: dict[str, str], said: dict[str, str]) -> None:
    from planner.models import AuditRow, UnkeptPrint

    kept = UnkeptPrint.objects.using("fresh").get()
    assert (kept.request, kept.reasons, kept.specialists) == (asked, said, {})
    codes = {"country": "GB", "page_size": "A4"}
    found = AuditRow.objects.using("fresh").order_by("pk").values_list("kind", "target", "patient", "detail")
    assert list(found) == [
        ("unkeptprint", kept.pk, None, {"medicine": "baclofen", "reasons": ["over-limit"]}),
        ("clinic", 7, None, {"fields": ["phone"], "before": codes, "after": codes}),
        ("closingday", 7, None, {"first": "2026-12-24", "last": "2026-12-24"}),
        ("clinic", 7, None, {"medicine": "baclofen", "items": ["ab12"]}),
        ("patient", 7, 7, {}),
    ]

"""Audit rows from before they held ids and codes alone, and the patients whom they are about."""

from django.db import migrations

CLINIC_CODES = ("country", "page_size", "holiday_region")


def tidy(apps, schema_editor):
    """Before the triggers that refuse it are made, which is after the last migration."""
    database = schema_editor.connection.alias
    versions = apps.get_model("planner", "Version").objects.using(database)
    patients = dict(versions.values_list("pk", "plan__patient"))
    prints = apps.get_model("planner", "UnkeptPrint").objects.using(database)
    for row in apps.get_model("planner", "AuditRow").objects.using(database).iterator():
        if row.action == "printed, not kept":
            _keep_print(prints, row)
        row.patient = (
            row.target if row.kind == "patient" else patients.get(row.target) if row.kind == "version" else None
        )
        row.detail = _codes(row)
        row.save()


def _keep_print(prints, row):
    typed = {name: row.detail.get(name, {}) for name in ("request", "reasons", "specialists")}
    kept = prints.create(clinic_id=row.clinic_id, by_id=row.by_id, at=row.at, **typed)
    row.kind, row.target = "unkeptprint", kept.pk
    row.detail = {"medicine": typed["request"].get("medicine", ""), "reasons": sorted(typed["reasons"])}


def _codes(row):
    """The detail without what somebody typed."""
    detail = row.detail
    if row.kind == "closingday":
        return {name: value for name, value in detail.items() if name != "name"}
    if row.kind == "clinic" and row.action == "changed":
        return _changed_clinic(detail.get("before", {}), detail.get("after", {}))
    if row.action == "signed off":
        return detail | {"items": [item[-1] for item in detail.get("items", [])]}
    return detail


def _changed_clinic(before, after):
    return {
        "fields": [name for name, value in after.items() if before.get(name) != value],
        "before": {name: before[name] for name in CLINIC_CODES if name in before},
        "after": {name: after[name] for name in CLINIC_CODES if name in after},
    }


class Migration(migrations.Migration):
    dependencies = [("planner", "0008_audit_index")]

    operations = [migrations.RunPython(tidy, migrations.RunPython.noop)]

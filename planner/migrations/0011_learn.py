"""The cuts of plans from before they were counted."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import migrations

from planner.learning import cuts_of


@dataclass
class Kept:
    """A version as it is read here, whatever the model has become."""

    number: int
    kind: str
    begins: date
    issued_on: date
    ends: date | None
    elsewhere: bool
    answer: Any

    @property
    def in_force_from(self):
        return min(self.begins, self.issued_on) if self.kind == "again" else self.begins

    @property
    def ends_at_zero(self):
        return not Decimal(self.answer["steps"][-1]["daily"])


def learn(apps, schema_editor):
    version, cut = apps.get_model("planner", "Version"), apps.get_model("planner", "LearnedCut")
    for plan in apps.get_model("planner", "Plan").objects.iterator():
        rows = version.objects.filter(plan=plan).order_by("number").values(*Kept.__dataclass_fields__)
        versions: Any = [Kept(**row) for row in rows]
        if versions:
            cut.objects.bulk_create(
                cut(clinic_id=plan.clinic_id, plan=plan, medicine=plan.medicine, **columns)
                for columns in cuts_of(versions, plan.closed_on)
            )


class Migration(migrations.Migration):
    dependencies = [("planner", "0010_elsewhere_and_learning")]

    operations = [migrations.RunPython(learn, migrations.RunPython.noop)]

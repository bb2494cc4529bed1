"""The columns that every row has by now."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("planner", "0006_fill_living_plans")]

    operations = [
        migrations.AlterField(
            model_name="plan",
            name="clinic",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="planner.clinic"
            ),
        ),
        migrations.AlterField(model_name="version", name="begins", field=models.DateField()),
    ]

"""Versions issued elsewhere, specialists named later, and the cuts that a page counts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("planner", "0009_audit_codes"),
    ]

    operations = [
        migrations.AddField(
            model_name="acknowledgement",
            name="specialists",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="version",
            name="elsewhere",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="LearnedCut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("medicine", models.CharField(max_length=60)),
                ("day", models.DateField()),
                ("daily", models.DecimalField(decimal_places=8, max_digits=16)),
                ("tenth", models.PositiveSmallIntegerField()),
                ("weekly", models.PositiveSmallIntegerField()),
                ("held", models.BooleanField(default=False)),
                ("stepped_back", models.BooleanField(default=False)),
                ("slowed", models.BooleanField(default=False)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="planner.clinic"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="planner.plan"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=[
                            "clinic",
                            "medicine",
                            "daily",
                            "tenth",
                            "weekly",
                            "day",
                            "held",
                            "stepped_back",
                            "slowed",
                        ],
                        name="learned_cuts",
                    )
                ],
            },
        ),
    ]

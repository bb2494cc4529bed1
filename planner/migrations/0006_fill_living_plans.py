"""What lists ask of a plan, and the words by which a patient is found, for rows from before there were such columns.

The check-ins of a version are kept from its issue on; for one that was issued before, they come with the next version.
"""

from datetime import date

from django.db import migrations

from planner.agenda import state_of, tasks_of
from planner.patient_words import coded, words_of


def fill(apps, schema_editor):
    for patient in apps.get_model("planner", "Patient").objects.iterator():
        _add_words(apps.get_model("planner", "PatientWord"), patient)
    version_model = apps.get_model("planner", "Version")
    for version in version_model.objects.iterator():
        first = date.fromisoformat(version.answer["steps"][0]["start"])
        kind = "first" if version.number == 1 else "again"
        version_model.objects.filter(pk=version.pk).update(begins=first, kind=kind)
    for plan in apps.get_model("planner", "Plan").objects.select_related("patient").iterator():
        _fill_plan(apps, plan)


def _add_words(word_model, patient):
    words = words_of(patient.name, patient.identifier, patient.born)
    word_model.objects.bulk_create(
        word_model(clinic_id=patient.clinic_id, patient=patient, word=coded(word)) for word in sorted(words)
    )


def _fill_plan(apps, plan):
    plan.clinic_id = plan.patient.clinic_id
    plan.current = apps.get_model("planner", "Version").objects.filter(plan=plan).order_by("-number").first()
    if plan.current:
        for name, value in vars(state_of(plan.current.answer, None)).items():
            setattr(plan, name, value)
        due = apps.get_model("planner", "Due")
        tasks = tasks_of(plan.current.answer, [], None)
        due.objects.bulk_create(due(clinic_id=plan.clinic_id, plan=plan, **vars(task)) for task in tasks)
    plan.save()


class Migration(migrations.Migration):
    dependencies = [("planner", "0005_living_plans")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

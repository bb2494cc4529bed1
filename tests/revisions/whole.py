"""Whether what lies in the database is whole: each version with its papers, tasks and audit row, and nothing else."""

import hashlib
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from planner.models import AuditRow, Due, Paper, Patient, Plan, Version
from planner.papers import doses_in_calendar
from tests.revisions.counted import still_asked
from tests.revisions.diary import Sheet


def assert_all_whole(confirmed: Mapping[str, int], read: set[int]) -> int:
    """How many versions there are.

    confirmed: by submission, the versions that somebody was told of; read: those whose papers were read before, to
    which the others are added.
    """
    versions = list(Version.objects.order_by("plan", "number"))
    made = {version.submission: version.pk for version in versions}
    assert {submission: made.get(submission) for submission in confirmed} == dict(confirmed)
    issued = AuditRow.objects.filter(kind="version", action="issued").values_list("target", flat=True)
    assert sorted(issued) == sorted(made.values())
    assert Paper.objects.count() == 2 * len(versions)
    for version in versions:
        if version.pk not in read:
            assert_papers(version)
            read.add(version.pk)
    for plan in Plan.objects.select_related("current"):
        assert_plan(plan, [version for version in versions if version.plan_id == plan.pk])
    assert not Patient.objects.filter(plans=None).exists()
    return len(versions)


def assert_plan(plan: Plan, versions: list[Version]) -> None:
    assert [version.number for version in versions] == list(range(1, len(versions) + 1))
    assert versions
    assert plan.current_id == versions[-1].pk
    found = {(due.kind, due.day) for due in Due.objects.filter(plan=plan, kind__in=("change", "last-dose"))}
    assert found == still_asked(Sheet(version.begins, version.answer) for version in versions)


def assert_papers(version: Version) -> None:
    papers = list(version.papers.order_by("page_size"))
    assert [paper.page_size for paper in papers] == ["A4", "Letter"]
    for paper in papers:
        pdf = bytes(paper.pdf)
        assert hashlib.sha256(pdf).hexdigest() == paper.sha256
        sheet = Sheet(version.begins, version.answer)
        for day, taken in _read(pdf):
            assert taken == sheet.says(day), day


def _read(pdf: bytes) -> list[tuple[date, dict[str, Fraction]]]:
    """The days with doses that stand on a calendar."""
    days = [day for day in doses_in_calendar(pdf).days if day.kind == "dose"]
    return [(day.date, {time: Fraction(d.amount) for time, d in day.doses.items() if d.amount}) for day in days]

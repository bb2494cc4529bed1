"""An issued version and its papers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from planner.models import Paper, Version
from planner.papers import stamped
from planner.services import note_printed, note_seen
from planner.taper.amounts import show_day
from planner.views.schedule import Json, schedule_page
from planner.views.shared import medicine_name, person, products_of


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    versions = Version.for_user(person(request)).select_related("plan__patient__clinic", "issued_by")
    found = get_object_or_404(versions, pk=pk)
    note_seen(by=person(request), patient=found.plan.patient)
    page = {
        "version": found,
        "patient": found.plan.patient,
        "medicine": medicine_name(found.plan),
        "groups": _groups(found),
        "papers": found.papers.defer("pdf"),
        "holds_no_more": holds_no_more(found),
        **schedule_page(found.answer, products_of(found), found.plan.patient.clinic.country),
    }
    return render(request, "versions/version.html", page)


@require_safe
def calendar(request: HttpRequest, pk: int, page_size: str) -> HttpResponse:
    """The kept PDF, to the byte; where it holds no more, every page says so. Its name does not tell whose it is."""
    versions = Version.for_user(person(request)).select_related("plan__current", "plan__patient")
    found = get_object_or_404(versions, pk=pk)
    paper = get_object_or_404(Paper.for_user(person(request)), version=found, page_size=page_size)
    note_seen(by=person(request), patient=found.plan.patient)
    note_printed(by=person(request), version=found, page_size=page_size)
    name = f"calendar-{pk}-version-{found.number}-{page_size}.pdf"
    words = holds_no_more(found)
    pdf = stamped(bytes(paper.pdf), words) if words else bytes(paper.pdf)
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def holds_no_more(version: Version) -> str:
    """What an old paper says on every page when it is printed again; empty for one that holds."""
    plan, today = version.plan, timezone.localdate()
    if plan.closed_on:
        return f"This plan ended on {show_day(plan.closed_on)}. Do not take medicine by this paper."
    later = [other for other in plan.newest_first if other.number > version.number]
    if not later:
        return ""
    newest = next((other for other in later if other.in_force_from <= today), None)
    if newest is None:
        following = min(later, key=lambda other: other.in_force_from)
        return f"From {show_day(following.in_force_from)} version {following.number} replaces this paper."
    replaced = f"Replaced by version {newest.number} of {show_day(newest.issued_on)}."
    return f"{replaced} Do not take medicine by this paper."


@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Version.for_user(person(request)).select_related("plan__patient"), pk=pk)
    note_seen(by=person(request), patient=found.plan.patient)
    return HttpResponse(found.record, content_type="text/plain; charset=utf-8")


def _groups(version: Version) -> list[tuple[list[Json], str, str, bool]]:
    """The findings of each code with the reason and the specialist kept for it, then or later, and whether the reason
    is still open; empty where none was needed.
    """
    by_code: dict[str, list[Json]] = {}
    for finding in version.answer["findings"]:
        by_code.setdefault(finding["code"], []).append(finding)
    reasons, specialists = dict(version.reasons), dict(version.specialists)
    for row in version.acknowledgements.all():
        reasons |= row.reasons
        specialists |= row.specialists
    return [
        (found, _said(version, reasons, code), specialists.get(code, ""), _asks(found) and code not in reasons)
        for code, found in by_code.items()
    ]


def _said(version: Version, reasons: Json, code: str) -> str:
    """The reason; of a version issued elsewhere, its file may only say that there was one."""
    unsaid = version.elsewhere and code in reasons
    return reasons.get(code) or ("given where it was issued; the file does not say it" if unsaid else "")


def _asks(findings: list[Json]) -> bool:
    return any(finding["severity"] == "acknowledge" for finding in findings)

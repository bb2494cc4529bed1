"""An issued version and its papers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from planner.models import Paper, Version
from planner.services import note_printed, note_seen
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
        **schedule_page(found.answer, products_of(found), found.plan.patient.clinic.country),
    }
    return render(request, "versions/version.html", page)


@require_safe
def calendar(request: HttpRequest, pk: int, page_size: str) -> HttpResponse:
    """The kept PDF. Neither its name nor its address tells whose it is."""
    found = get_object_or_404(Version.for_user(person(request)).select_related("plan__patient"), pk=pk)
    paper = get_object_or_404(Paper.for_user(person(request)), version=found, page_size=page_size)
    note_seen(by=person(request), patient=found.plan.patient)
    note_printed(by=person(request), version=found, page_size=page_size)
    name = f"calendar-{pk}-version-{found.number}-{page_size}.pdf"
    return HttpResponse(
        bytes(paper.pdf), content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Version.for_user(person(request)).select_related("plan__patient"), pk=pk)
    note_seen(by=person(request), patient=found.plan.patient)
    return HttpResponse(found.record, content_type="text/plain; charset=utf-8")


def _groups(version: Version) -> list[tuple[list[Json], str, str]]:
    """The findings of each code with the reason and the specialist kept for it; empty where none was needed."""
    by_code: dict[str, list[Json]] = {}
    for finding in version.answer["findings"]:
        by_code.setdefault(finding["code"], []).append(finding)
    reasons, specialists = version.reasons, version.specialists
    return [(found, reasons.get(code, ""), specialists.get(code, "")) for code, found in by_code.items()]

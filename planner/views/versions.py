"""An issued version and its papers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from planner.formulary import load
from planner.models import Paper, Version
from planner.views.schedule import schedule_page
from planner.views.shared import person


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    versions = Version.for_user(person(request)).select_related("plan__patient__clinic", "issued_by")
    found = get_object_or_404(versions, pk=pk)
    medicine = load(found.plan.medicine)
    page = {
        "version": found,
        "patient": found.plan.patient,
        "medicine": medicine,
        "findings": [(finding, *_answered(found, finding["code"])) for finding in found.answer["findings"]],
        "papers": found.papers.defer("pdf"),
        **schedule_page(found.answer, medicine, found.plan.patient.clinic.country),
    }
    return render(request, "versions/version.html", page)


@require_safe
def calendar(request: HttpRequest, pk: int, page_size: str) -> HttpResponse:
    """The kept PDF. Neither its name nor its address tells whose it is."""
    paper = get_object_or_404(Paper.for_user(person(request)), version=pk, page_size=page_size)
    name = f"calendar-{pk}-version-{paper.version.number}-{page_size}.pdf"
    return HttpResponse(
        bytes(paper.pdf), content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Version.for_user(person(request)), pk=pk)
    return HttpResponse(found.record, content_type="text/plain; charset=utf-8")


def _answered(version: Version, code: str) -> tuple[str, str]:
    """The reason and the specialist kept for a finding's code; empty where none was needed."""
    return version.reasons.get(code, ""), version.specialists.get(code, "")

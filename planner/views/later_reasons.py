"""Giving the reasons that a plan was brought in without."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from planner.forms_issue import ANSWER_KINDS, ReasonsForm
from planner.later_reasons import open_questions
from planner.models import Version
from planner.services import Refused, note_seen
from planner.services import acknowledge as give_reasons
from planner.views.shared import add_errors, medicine_name, person


@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    versions = Version.for_user(person(request)).select_related(
        "plan__patient__clinic", "plan__clinic", "plan__current"
    )
    version = get_object_or_404(versions, pk=pk)
    note_seen(by=person(request), patient=version.plan.patient)
    questions = open_questions(version) if version.is_current else ()
    form = ReasonsForm(request.POST if request.method == "POST" else None, questions=questions)
    unsent = [] if questions else _not_kept(request, version)
    if not unsent and form.is_valid() and _given(request, version, form):
        messages.success(request, "The reasons are kept with the plan.")
        return redirect("version", version.pk)
    plan = version.plan
    page = {"version": version, "patient": plan.patient, "medicine": medicine_name(plan), "form": form}
    faulty = form.errors or unsent
    return render(request, "versions/reasons.html", page | {"unsent": unsent}, status=422 if faulty else 200)


def _not_kept(request: HttpRequest, version: Version) -> list[str]:
    """The words of a form whose questions are gone, but for those of one that is sent twice."""
    kinds = tuple(f"{kind}-" for kind in ANSWER_KINDS)
    typed = [str(text).strip() for name, text in request.POST.items() if name.startswith(kinds)]
    last = version.acknowledgements.last()
    kept = "\n".join([*last.reasons.values(), *last.specialists.values()]) if last else ""
    return [words for words in typed if words not in kept]


def _given(request: HttpRequest, version: Version, form: ReasonsForm) -> bool:
    try:
        give_reasons(by=person(request), version=version, reasons=form.reasons(), specialists=form.specialists())
    except Refused as refused:
        add_errors(form, refused)
        return False
    return True

"""Choosing the patient, answering what needs a reason, issuing."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from planner.context import AnyPatient
from planner.forms import PlannerForm
from planner.forms_issue import ANSWER_KINDS, ReasonsForm
from planner.forms_patient import FIND, PatientChoiceForm
from planner.issuing import Draft, make_draft
from planner.models import Clinic, Version
from planner.services import Refused, issue_version
from planner.taper import BadInput, answer_json
from planner.views import found as findings
from planner.views.papers import InkedPapers
from planner.views.schedule import schedule_page
from planner.views.shared import person, review_to_do, submission_of


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("planner")
    planner = PlannerForm(request.POST, clinic=person(request).clinic)
    looks = request.POST.get("act") == FIND
    typed = request.POST if request.POST.get("submission") and not looks else None
    user = person(request)
    choice = PatientChoiceForm.looking(request.POST, user) if looks else PatientChoiceForm(typed, user=user)
    draft = _draft(request, planner, choice)
    if draft is None:
        return render(request, "issue/cannot.html", {"planner": planner}, status=422)
    reasons = ReasonsForm(typed, questions=draft.questions, initial=request.POST.dict() if looks else None)
    if choice.is_valid() and reasons.is_valid():
        version = _issue(request, draft, choice, reasons)
        if version:
            return redirect("version", version.pk)
    return _page(request, planner, choice, reasons, draft)


def _draft(request: HttpRequest, planner: PlannerForm, choice: PatientChoiceForm) -> Draft | None:
    """What would be issued; None where the planner's input cannot be used, which is then said in its form.

    Where only the patient stops it, that is said at the patient, and the draft is the one for nobody in particular:
    so nothing that was typed is lost, and a slip in a date of birth can be mended.
    """
    if not planner.is_valid():
        return None
    clinic, data = person(request).clinic, planner.request_data()
    patient = choice.chosen() if choice.is_bound else None
    draft, stop = _for_patient(clinic, patient, data) if patient else (None, "")
    if draft and not stop:
        return draft
    try:
        anybody = make_draft(clinic, None, data)
    except BadInput as bad:
        planner.refuse(bad)
        return None
    if stop and not anybody.stops:
        choice.blame_patient(stop)
    return anybody


def _for_patient(clinic: Clinic, patient: AnyPatient, data: Mapping[str, Any]) -> tuple[Draft | None, str]:
    """The draft for this patient, if there is one, and what stops it."""
    try:
        draft = make_draft(clinic, patient, data)
    except BadInput as bad:
        return None, str(bad)
    return draft, " ".join(finding.message for finding in draft.stops)


def _issue(request: HttpRequest, draft: Draft, choice: PatientChoiceForm, reasons: ReasonsForm) -> Version | None:
    patient = choice.chosen()
    assert patient is not None
    try:
        return issue_version(
            by=person(request),
            patient=patient,
            request_data=draft.data,
            reasons=reasons.reasons(),
            specialists=reasons.specialists(),
            papers=InkedPapers(),
            submission=submission_of(request),
            shown=request.POST.get("shown", ""),
        )
    except Refused as refused:
        for name, message in refused.errors.items():
            field = choice.field_of(name)
            form = choice if field in choice.fields else reasons
            form.add_error(field if field in form.fields else None, message)
        return None


def _page(
    request: HttpRequest, planner: PlannerForm, choice: PatientChoiceForm, reasons: ReasonsForm, draft: Draft
) -> HttpResponse:
    page = {
        "planner": planner,
        "choice": choice,
        "reasons": reasons,
        "draft": draft,
        "products": [draft.medicine.products[key] for key in _products(draft)],
        "advice": [group for group in findings.groups(draft.answer, None) if group.severity == "advise"],
        "review": review_to_do(person(request).clinic, draft.answer),
        "left_over": _left_over(request, reasons),
        "submission": submission_of(request) or secrets.token_urlsafe(24),
        **schedule_page(answer_json(draft.answer), draft.medicine.products, person(request).clinic.country),
        "unit": draft.medicine.unit,
    }
    faulty = choice.errors or reasons.errors
    return render(request, "issue/issue.html", page, status=422 if faulty else 200)


def _left_over(request: HttpRequest, reasons: ReasonsForm) -> list[tuple[str, str]]:
    """Answers to questions that this draft does not ask; the next one may ask them again."""
    kinds = tuple(f"{kind}-" for kind in ANSWER_KINDS)
    return [
        (name, str(text))
        for name, text in request.POST.items()
        if name.startswith(kinds) and name not in reasons.fields
    ]


def _products(draft: Draft) -> list[str]:
    return [product.key for product in draft.answer.request.all_products]

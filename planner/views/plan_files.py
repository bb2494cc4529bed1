"""A plan as a file: taken along, and brought in after it was looked at."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from planner import services
from planner.defaults import clinic_defaults
from planner.forms_issue import ReasonsForm
from planner.forms_patient import FIND, PatientChoiceForm
from planner.forms_plan_files import BroughtForm, ExportForm, PlanFileForm, packed
from planner.issuing import Draft
from planner.models import KINDS, Clinic, Patient, Plan, User, Version
from planner.plan_files import Brought, NotAPlan, bring, brought_draft
from planner.services import Refused
from planner.taper import BadInput, answer_json
from planner.taper.rules_schedule import limit_words
from planner.views import found as findings
from planner.views.papers import InkedPapers
from planner.views.schedule import schedule_page
from planner.views.shared import person, review_to_do, submission_of


@require_POST
def export_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The file. Its name tells neither patient nor medicine."""
    plan = get_object_or_404(Plan.for_user(person(request)).filter(current__isnull=False), pk=pk)
    form = ExportForm(request.POST)
    form.is_valid()
    try:
        data = services.export_plan(by=person(request), plan=plan, chosen=form.chosen())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("plan", plan.pk)
    headers = {"Content-Disposition": f'attachment; filename="plan-{plan.pk}.json"'}
    return HttpResponse(data, content_type="application/json", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def import_plan(request: HttpRequest) -> HttpResponse:
    """Choosing the file; one that is in order is shown, with what has to be answered before it is brought in."""
    if request.method != "POST":
        return _choose(request, PlanFileForm())
    form = PlanFileForm(request.POST, request.FILES, body_length=int(request.META.get("CONTENT_LENGTH") or 0))
    if not form.is_valid():
        return _choose(request, form)
    data = form.cleaned_data["file"].read()
    try:
        brought = bring(person(request).clinic, data)
        draft = brought_draft(person(request).clinic, None, brought)
        content = packed(data)
    except (NotAPlan, BadInput, ValueError) as fault:
        return _choose(request, form, _messages(fault))
    choice = PatientChoiceForm(user=person(request), initial=_known_patient(person(request), brought))
    brought_form = BroughtForm(initial={"content": content})
    return _show(request, brought, draft, brought_form, choice, ReasonsForm(questions=draft.questions))


@require_POST
def issue_import(request: HttpRequest) -> HttpResponse:
    user, form = person(request), BroughtForm(request.POST)
    if not form.is_valid():
        return _choose(request, PlanFileForm({}), form.errors.get("content", []))
    looks = request.POST.get("act") == FIND
    choice = PatientChoiceForm.looking(request.POST, user) if looks else PatientChoiceForm(request.POST, user=user)
    try:
        brought = bring(user.clinic, form.cleaned_data["content"])
        draft = brought_draft(user.clinic, choice.chosen(), brought)
    except (NotAPlan, BadInput) as fault:
        return _choose(request, PlanFileForm({}), _messages(fault))
    typed = {"initial": request.POST.dict()} if looks else {"data": request.POST}
    reasons = ReasonsForm(**typed, questions=draft.questions)
    if choice.is_valid() and reasons.is_valid() and (made := _issue(request, form, choice, reasons)):
        messages.success(request, "The plan is brought in. Print its calendar; ask for the old one.")
        return redirect("version", made.pk)
    return _show(request, brought, draft, form, choice, reasons)


def _issue(request: HttpRequest, form: BroughtForm, choice: PatientChoiceForm, reasons: ReasonsForm) -> Version | None:
    patient = choice.chosen()
    assert patient is not None
    try:
        return services.import_plan(
            by=person(request),
            data=form.cleaned_data["content"],
            patient=patient,
            reasons=reasons.reasons(),
            specialists=reasons.specialists(),
            keep_open=form.cleaned_data["keep_open"],
            papers=InkedPapers(),
            submission=submission_of(request),
            shown=request.POST.get("shown", ""),
        )
    except Refused as refused:
        for name, message in refused.errors.items():
            field = choice.field_of(name)
            at = choice if field in choice.fields else reasons
            at.add_error(field if field in at.fields else None, message)
        return None


def _messages(fault: Exception) -> list[str]:
    return list(fault.messages) if isinstance(fault, NotAPlan) else [str(fault)]


def _choose(request: HttpRequest, form: PlanFileForm, faults: Any = ()) -> HttpResponse:
    if faults:
        form.is_valid()
        form.errors["file"] = form.error_class(list(faults))
    return render(request, "plans/import.html", {"form": form}, status=422 if form.errors else 200)


def _known_patient(user: User, brought: Brought) -> dict[str, Any]:
    """The patient whom the file names: from the clinic's list, where it has the very same, else as somebody new."""
    named = brought.content.patient
    if named is None:
        return {}
    same = {"name": named.name, "born": named.born, "identifier": named.identifier}
    found = Patient.for_user(user).filter(**same).first()
    return {"patient": found.pk} if found else same


def _show(
    request: HttpRequest, brought: Brought, draft: Draft, form: BroughtForm, choice: PatientChoiceForm,
    reasons: ReasonsForm,
) -> HttpResponse:  # fmt: skip
    clinic, content = person(request).clinic, brought.content
    typed = request.POST if isinstance(request.POST, QueryDict) else QueryDict()
    page = {
        "brought": brought,
        "medicine": brought.held.file.name,
        "newest": brought.newest,
        "versions": [(version, dict(KINDS)[version.kind]) for version in content.versions],
        "contacts": (len(content.check_ins), len(content.taken_otherwise)),
        "form": form,
        "choice": choice,
        "reasons": reasons,
        "questions": _with_kept(reasons, brought),
        "draft": draft,
        "limits": _limits(clinic, draft),
        "advice": [group for group in findings.groups(draft.answer, None) if group.severity == "advise"],
        "review": review_to_do(clinic, draft.answer),
        "submission": typed.get("submission") or secrets.token_urlsafe(24),
        **schedule_page(answer_json(draft.answer), brought.held.file.products, clinic.country),
    }
    faulty = choice.errors or reasons.errors
    return render(request, "plans/brought.html", page, status=422 if faulty else 200)


def _with_kept(reasons: ReasonsForm, brought: Brought) -> list[tuple[Any, ...]]:
    """Each question with its fields and the reason that stands in the file, which does not count here."""
    kept = brought.newest.reasons
    return [(question, fields, kept.get(question.code, "")) for question, fields in reasons.rows()]


def _limits(clinic: Clinic, draft: Draft) -> tuple[str, str] | None:
    """The plan's limit and the clinic's, in words; None where they are the same."""
    medicine, unit = draft.answer.medicine, draft.medicine.unit
    usual = clinic_defaults(clinic, medicine.key)[1] or medicine.limit
    if usual is None or usual == draft.answer.request.limit:
        return None
    return limit_words(draft.answer.request.limit, unit), limit_words(usual, unit)

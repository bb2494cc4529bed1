"""Papers of a plan that is not kept: a look at the calendar, and a calendar with a line left for the name."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from planner.forms import PlannerForm
from planner.forms_issue import ReasonsForm
from planner.formulary import MedicineFile
from planner.issuing import Draft, make_draft
from planner.models import Clinic
from planner.papers import ClinicOnPaper, Paper, PaperError, PaperMismatch, calendar_pdf, record_text, verify_calendar
from planner.papers.model import PageSize
from planner.services import Refused, note_unkept_print
from planner.taper import Answer, BadInput, propose
from planner.views.shared import person, review_to_do


@require_POST
def preview_calendar(request: HttpRequest) -> HttpResponse:
    """The calendar as it would be printed, every page of it marked as not issued."""
    form = PlannerForm(request.POST, clinic=person(request).clinic)
    asked = form.engine_request()
    if asked is None:
        return _back(form)
    try:
        answer = propose(asked)
        return pdf_response(calendar_pdf(paper(answer, form.file, form.clinic)), "calendar-not-issued")
    except BadInput:
        return _back(form)
    except PaperError as error:
        messages.error(request, f"The calendar cannot be drawn. {error}")
        return _back(form)


@require_POST
def print_unkept(request: HttpRequest) -> HttpResponse:
    """The calendar for a patient who is not kept, once every finding that asks for a reason has one."""
    form = PlannerForm(request.POST, clinic=person(request).clinic)
    draft = _draft(form)
    if draft is None:
        return _back(form)
    answered = "answered" in request.POST
    reasons = ReasonsForm(request.POST if answered else None, questions=draft.questions)
    if answered and reasons.is_valid():
        try:
            return _printed(request, draft, reasons)
        except Refused as refused:
            for field, words in refused.errors.items():
                reasons.add_error(field or None, words)
    page = {
        "form": form,
        "draft": draft,
        "reasons": reasons,
        "hidden_fields": form.hidden(),
        "file": draft.medicine,
        "review": review_to_do(form.clinic, draft.answer),
    }
    return render(request, "planner/print.html", page, status=422 if reasons.errors else 200)


def paper(answer: Answer, file: MedicineFile, clinic: Clinic, *, unkept: bool = False) -> Paper:
    """A paper of a plan that is not kept, without a patient on it."""
    on_paper = ClinicOnPaper(
        name=clinic.name, country=clinic.country, phone=clinic.phone, hours=clinic.hours,
        out_of_hours=clinic.out_of_hours, emergency=clinic.emergency,
    )  # fmt: skip
    issued = timezone.localdate() if unkept else None
    size: PageSize = "Letter" if clinic.page_size == "Letter" else "A4"
    return Paper(answer, file, on_paper, issued=issued, page_size=size, unkept=unkept)


def record(answer: Answer, file: MedicineFile, clinic: Clinic) -> str:
    """The plan as plain text for another system; empty where there is none to write."""
    try:
        return record_text(paper(answer, file, clinic))
    except PaperError:
        return ""


def _draft(form: PlannerForm) -> Draft | None:
    if not form.is_valid():
        return None
    try:
        return make_draft(form.clinic, None, form.request_data())
    except BadInput as bad:
        form.refuse(bad)
        return None


def _printed(request: HttpRequest, draft: Draft, reasons: ReasonsForm) -> HttpResponse:
    """The calendar, read back and noted. Raises Refused where it cannot be printed or a reason is missing."""
    by = person(request)
    try:
        pdf = calendar_pdf(paper(draft.answer, draft.medicine, by.clinic, unkept=True))
        verify_calendar(pdf, draft.answer)
    except (PaperError, PaperMismatch) as error:
        raise Refused({"": f"The calendar was not printed. {error}"}) from error
    shown = request.POST.get("shown", "")
    note_unkept_print(by=by, draft=draft, reasons=reasons.reasons(), specialists=reasons.specialists(), shown=shown)
    return pdf_response(pdf, "calendar")


def pdf_response(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _back(form: PlannerForm) -> HttpResponse:
    """To the planner's page, where what is wrong is said at its field."""
    return redirect(f"{reverse('planner')}?{form.changed().urlencode()}")

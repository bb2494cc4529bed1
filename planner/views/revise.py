"""Changing a running plan: a new version, seen beside the one in force before it is issued; or its end."""

import secrets
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from planner import services
from planner.forms_issue import ReasonsForm
from planner.forms_revise import KINDS, EndForm, RevisionForm, usual
from planner.formulary import MedicineFile, UnknownMedicine
from planner.issuing import Draft
from planner.models import CheckIn, Plan, Version
from planner.papers import PaperError, calendar_pdf
from planner.revising import Decision
from planner.services import Refused, revise_plan, revision_draft
from planner.shelves import file_behind
from planner.standing import ONE_DAY, products_before, slip_before
from planner.suggestions import WITHHELD, withheld
from planner.taper import BadInput, answer_json
from planner.taper.amounts import show, show_day
from planner.views import found as findings
from planner.views.compared import compared
from planner.views.papers import InkedPapers
from planner.views.schedule import schedule_page
from planner.views.shared import add_errors, medicine_name, number_in, person, review_to_do, submission_of
from planner.views.unissued import paper, pdf_response


@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan(request, pk)
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    file = file_behind(plan.clinic, plan.medicine)
    if kind not in KINDS or file is None or not plan.is_running(timezone.localdate()):
        return _choose(request, plan, file)
    check_in = _check_in(request, plan)
    typed = request.POST if request.method == "POST" else usual(plan, kind, request.GET, check_in)
    form = RevisionForm(typed, plan=plan, kind=kind, file=file, country=plan.clinic.country)
    draft = _draft(form, plan)
    if draft and typed.get("act") == "paper":
        return _preview(request, plan, form, draft)
    reasons = ReasonsForm(_given(typed, plan, draft), questions=draft.questions if draft else ())
    if draft and typed.get("act") == "issue" and _is_complete(form, reasons):
        decision = form.decision()
        if version := _issue(request, plan, form, reasons, decision, check_in):
            messages.success(
                request, f"Version {version.number} is issued. Print the new calendar; ask for the old one."
            )
            return redirect("version", version.pk)
        plan = _plan(request, pk)  # another version may be in force by now
        draft = _drafted(form, plan, decision)
    return _page(request, plan, form, reasons, draft, typed, check_in)


@require_http_methods(["GET", "HEAD", "POST"])
def end_plan(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan(request, pk)
    today = timezone.localdate()
    form = EndForm(request.POST or None, initial={"on": min(today, plan.ends or today)})
    if form.is_valid():
        try:
            services.end_plan(
                by=person(request), plan=plan, based_on=number_in(request.POST, "based_on"), **form.cleaned_data
            )
        except Refused as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "The plan has ended. Ask for its calendar back.")
            return redirect("plan", plan.pk)
    page = {"plan": plan, "patient": plan.patient, "medicine": medicine_name(plan), "form": form}
    return render(request, "plans/end.html", page, status=422 if form.errors else 200)


def _plan(request: HttpRequest, pk: int) -> Plan:
    plans = Plan.for_user(person(request)).select_related("patient__clinic", "clinic", "current__issued_by")
    found: Plan = get_object_or_404(plans.prefetch_related("versions", "taken_otherwise", "check_ins"), pk=pk)
    services.note_seen(by=person(request), patient=found.patient)
    return found


def _choose(request: HttpRequest, plan: Plan, file: MedicineFile | None) -> HttpResponse:
    """The ways to change a plan; for one that has ended, or whose medicine file has gone, why there is none."""
    today = timezone.localdate()
    not_now = withheld(plan)
    possible = [kind for kind in KINDS.values() if kind.key != "resume" or plan.is_held(today)]
    shown = [kind for kind in possible if kind.key not in not_now]
    page = {
        "plan": plan,
        "patient": plan.patient,
        "medicine": medicine_name(plan),
        "check_in": _check_in(request, plan),
        "kinds": shown if file and plan.is_running(today) else [],
        "is_running": plan.is_running(today),
        "withheld": WITHHELD if not_now else "",
        "unsent": [words for words in [request.POST.get("why", "").strip()] if words],
    }
    return render(request, "plans/change.html", page, status=422 if request.method == "POST" else 200)


def _check_in(request: HttpRequest, plan: Plan) -> CheckIn | None:
    """The check-in that led to the change, where one of this plan did."""
    number = number_in(request.POST or request.GET, "check_in")
    return next((check_in for check_in in plan.check_ins.all() if check_in.pk == number), None)


def _draft(form: RevisionForm, plan: Plan) -> Draft | None:
    """What would be issued; None where something typed cannot be used, which is then said at its field."""
    if form.is_valid() and form.kind.key in withheld(plan):
        form.add_error(None, WITHHELD)
    return _drafted(form, plan, form.decision()) if form.is_valid() else None


def _drafted(form: RevisionForm, plan: Plan, decision: Decision) -> Draft | None:
    try:
        return revision_draft(plan.clinic, plan, decision, timezone.localdate())
    except BadInput as bad:
        form.add_error(_field(form, bad.field), bad.allowed if _field(form, bad.field) else str(bad))
    except UnknownMedicine:
        form.add_error(None, "The medicine’s file is no longer in use, so nothing can be worked out anew. Put it back.")
    return None


def _field(form: RevisionForm, field: str) -> str | None:
    """The form's field for one of the engine's; None where it has none."""
    name = field.split(".")[0]
    return name if name in form.fields else None


def _given(typed: QueryDict, plan: Plan, draft: Draft | None) -> dict[str, Any]:
    """The answers typed; for a question that the version in force answered, what was kept then."""
    assert plan.current is not None
    found = {name: text for name, text in typed.items() if name.partition("-")[0] in ("usual", "reason", "specialist")}
    if draft and "shown" not in typed:
        kept = {f"reason-{code}": words for code, words in plan.current.reasons.items()}
        kept |= {f"specialist-{code}": words for code, words in plan.current.specialists.items()}
        return kept | found
    return found


def _is_complete(form: RevisionForm, reasons: ReasonsForm) -> bool:
    if len(form.cleaned_data.get("why", "").strip()) < services.LEAST_LETTERS:
        form.add_error("why", services.NO_WHY)
    return reasons.is_valid() and not form.errors


def _issue(
    request: HttpRequest, plan: Plan, form: RevisionForm, reasons: ReasonsForm, decision: Decision,
    check_in: CheckIn | None,
) -> Version | None:  # fmt: skip
    try:
        return revise_plan(
            by=person(request),
            plan=plan,
            based_on=number_in(request.POST, "based_on"),
            decision=decision,
            why=form.cleaned_data["why"],
            check_in=check_in,
            reasons=reasons.reasons(),
            specialists=reasons.specialists(),
            papers=InkedPapers(),
            submission=submission_of(request),
            shown=request.POST.get("shown", ""),
        )
    except Refused as refused:
        for name, message in refused.errors.items():
            if name in reasons.fields:
                reasons.add_error(name, message)
            else:
                form.add_error(name if name in form.fields else None, message)
        return None


def _preview(request: HttpRequest, plan: Plan, form: RevisionForm, draft: Draft) -> HttpResponse:
    """The new calendar, every page of it marked as not issued."""
    try:
        unissued = paper(draft.answer, draft.medicine, plan.clinic)
        before = products_before(plan, draft.answer.steps[0].start)
        return pdf_response(calendar_pdf(replace(unissued, taken_before=before)), "calendar-not-issued")
    except PaperError as error:
        messages.error(request, f"The calendar cannot be drawn. {error}")
        return redirect("revise", plan.pk)


def _page(
    request: HttpRequest, plan: Plan, form: RevisionForm, reasons: ReasonsForm, draft: Draft | None, typed: QueryDict,
    check_in: CheckIn | None,
) -> HttpResponse:  # fmt: skip
    country = plan.clinic.country
    page: dict[str, Any] = {
        "plan": plan,
        "patient": plan.patient,
        "medicine": medicine_name(plan),
        "version": plan.current,
        "form": form,
        "own_fields": [form[name] for name in form.OWN[form.kind.key]],
        "hands": [form[name] for name in form.fields if name.startswith("hand-")],
        "otherwise": bool(plan.taken_otherwise.all()),
        "reasons": reasons,
        "check_in": check_in,
        "draft": draft,
        "country": country,
        "unit": form.file.unit,
        "submission": submission_of(request) or secrets.token_urlsafe(24),
    }
    if draft:
        json = answer_json(draft.answer)
        page |= schedule_page(json, draft.medicine.products, country)
        page |= {"compared": compared(plan, json), "review": review_to_do(plan.clinic, draft.answer)}
        page["slip"] = _slip_words(plan, form.decision(), form.file.unit)
        page["advice"] = [group for group in findings.groups(draft.answer, None) if group.severity == "advise"]
    return render(request, "plans/revise.html", page, status=_status(request, faulty=form.errors or reasons.errors))


def _slip_words(plan: Plan, decision: Decision, unit: str) -> str:
    """That a change goes on from doses of a day or two which the plan itself would not; empty where it does not."""
    slip = slip_before(plan, decision.begins)
    if slip is None or decision.from_time or decision.kind == "step-back":
        return ""
    taken, said = (f"{show(span.daily)} {unit}" for span in slip)
    later = show_day(decision.begins + ONE_DAY)
    return (
        f"This goes on from {taken}, which was noted for the day before; the plan itself says {said} on "
        f"{show_day(decision.begins)}. To go on from the plan’s dose, begin on {later}."
    )


def _status(request: HttpRequest, *, faulty: object) -> int:
    """While something is typed, a fault is a part of the answer: shown in its place, as any other outcome is."""
    live: bool = request.htmx  # type: ignore[attr-defined]
    return 422 if faulty and request.method == "POST" and not live else 200

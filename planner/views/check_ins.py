"""Recording a check-in; what follows from its answers is shown while they are given."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from planner.forms_check_in import CheckInForm
from planner.models import CheckIn, Plan
from planner.services import Refused, record_check_in
from planner.shelves import file_behind
from planner.suggestions import suggest
from planner.taper.amounts import show
from planner.views.plan_page import base_page, ground_of, live_part, plan_of, show_plan
from planner.views.shared import add_errors, person

KINDS = {"hold": "hold", "step-back": "step-back", "slow-down": "pace"}  # of the change that a decision leads to
PARTS = {"check-rest": "plans/check_rest.html", "check-suggestion": "plans/suggestion.html"}


@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_of(request, pk)
    if request.method != "POST":
        return redirect("plan", plan.pk)
    if request.htmx:  # type: ignore[attr-defined]
        return _live(request, plan)
    if "look" in request.POST:
        return show_plan(request, plan, typed=request.POST)
    form = CheckInForm(request.POST, file=file_behind(plan.clinic, plan.medicine))
    if form.is_valid() and (made := _record(request, plan, form)):
        return redirect(_address_after(made, form))
    return show_plan(request, plan_of(request, pk), check_in=form, typed=request.POST, status=422)


def _live(request: HttpRequest, plan: Plan) -> HttpResponse:
    """What follows from the answers so far. The text for an emergency is brought into view when it appears."""
    ground = ground_of(plan)
    part = PARTS.get(request.htmx.target, PARTS["check-rest"])  # type: ignore[attr-defined]
    page = base_page(ground) | live_part(ground, request.POST) | {"part": part, "live": True}
    response = render(request, "plans/live.html", page)
    appears = page["help"] and page["help"].urgency != request.POST.get("helped")
    if appears:
        response["HX-Reswap"] = "outerHTML show:#check:top"
    return response


def _record(request: HttpRequest, plan: Plan, form: CheckInForm) -> CheckIn | None:
    data = form.cleaned_data
    try:
        made = record_check_in(
            by=person(request),
            plan=plan,
            based_on=_number(request.POST.get("based_on", "")),
            report=form.report(),
            decision=data["decision"],
            reason=data["reason"],
            submission=request.POST.get("submission", "")[:64],
        )
    except Refused as refused:
        add_errors(form, refused)
        return None
    messages.success(request, "The check-in is recorded.")
    return made


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _address_after(made: CheckIn, form: CheckInForm) -> str:
    """Back to the plan, or on to the change that was decided."""
    plan = made.plan
    if made.decision in ("go-on", "emergency"):
        return reverse("plan", args=[plan.pk])
    asked = {"kind": KINDS[made.decision]} if made.decision in KINDS else {}
    if made.decision == "hold":
        asked["days"] = str(form.cleaned_data["days"])
    if made.decision == "step-back":
        asked["daily"] = _dose_back(made, form)
    return f"{reverse('revise', args=[plan.pk])}?{urlencode(asked | {'check_in': made.pk})}"


def _dose_back(made: CheckIn, form: CheckInForm) -> str:
    """The dose that was named beside the decision."""
    ground = ground_of(made.plan)
    back = suggest(made.plan, ground.file, form.report(), ground.today).back
    return show(back.daily) if back else ""

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
from planner.views.shared import add_errors, person, submission_of

KINDS = {"hold": "hold", "step-back": "step-back", "slow-down": "pace"}  # of the change that a decision leads to
PARTS = {"check_rest": "check-rest", "suggestion": "check-suggestion"}  # of the form, with their places on the page


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
    ground, typed = ground_of(plan), request.POST
    page = base_page(ground) | live_part(ground, typed) | {"live": True}
    part = _part(request.htmx.target, too_much=page["too_much"], is_open="open" in typed)  # type: ignore[attr-defined]
    if part is None:
        return HttpResponse(status=204)
    response = render(request, "plans/live.html", page | {"part": f"plans/{part}.html"})
    response["HX-Retarget"] = f"#{PARTS[part]}"
    if page["help"] and page["help"].urgency != typed.get("helped"):
        response["HX-Reswap"] = "outerHTML show:#check:top"
    return response


def _part(target: str | None, *, too_much: bool, is_open: bool) -> str | None:
    """The part of the form to show anew. None: the first answer was no, and the questions after it are there already,
    perhaps answered in the meantime.
    """
    if too_much:
        return "check_rest"
    if target == PARTS["suggestion"]:
        return "suggestion"
    return None if is_open else "check_rest"


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
            submission=submission_of(request),
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

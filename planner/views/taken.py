"""Noting that something else was taken than planned."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from planner.forms_check_in import TakenForm
from planner.models import Plan
from planner.services import Refused, note_taken
from planner.views.plan_page import plan_of, show_plan
from planner.views.shared import add_errors, number_in, person


@require_http_methods(["GET", "HEAD", "POST"])
def taken_otherwise(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_of(request, pk)
    if request.method != "POST":
        return redirect("plan", plan.pk)
    form = TakenForm(request.POST)
    if form.is_valid() and _noted(request, plan, form):
        messages.success(request, "Noted. The next change of the plan counts with it.")
        return redirect("plan", plan.pk)
    return show_plan(request, plan, taken=form, status=422)


def _noted(request: HttpRequest, plan: Plan, form: TakenForm) -> bool:
    data = form.cleaned_data
    try:
        note_taken(
            by=person(request),
            plan=plan,
            first=data["first"],
            last=data["last"],
            regimen=form.regimen(),
            note=data["note"],
            after=number_in(request.POST, "after"),
        )
    except Refused as refused:
        add_errors(form, refused)
        return False
    return True

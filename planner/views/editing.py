"""Changing a step where it stands: its days or doses by hand, the rest proposed anew or kept, with a way back."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from planner.forms import PlannerForm
from planner.forms.step_change import StepChange, read_change, zero
from planner.taper import BadInput, Request, Step, propose
from planner.views.planner import show_page
from planner.views.shared import person

NOTHING_CHANGED = "Nothing was changed: give other days or doses."
NOTHING_TAKEN = "Give a dose above 0 at one time at least. To stop earlier, keep this dose and make it the last."


@require_POST
def change_step(request: HttpRequest) -> HttpResponse:
    """A change that can be made leads to the plan with it; one that cannot is said at the step, as it was typed."""
    form = PlannerForm(QueryDict(request.POST.get("plan", "")[:8000]), clinic=person(request).clinic)
    asked = form.engine_request()
    step = _step(asked, request.POST.get("step", "")) if asked else None
    if asked is None or step is None:
        return redirect(_address(form, {}))
    change = read_change(request.POST.dict(), step.number, asked.times)
    edits = [] if change.faults else change.edits(step)
    faults = dict(change.faults) or _faults(form, change, edits)
    if not faults:
        return redirect(f"{_address(form, {'edits': _all(form, edits)})}#steps")
    typed = StepChange(change.number, change.days, change.doses, change.keeps, faults)
    fresh = PlannerForm(form.changed(), clinic=form.clinic)
    return show_page(request, fresh, change=typed, status=422)


def _step(asked: Request, number: str) -> Step | None:
    """The step of the plan as it stands; None where there is no such step with a dose."""
    try:
        steps = propose(asked).steps
    except BadInput:
        return None
    return next((step for step in steps if str(step.number) == number and step.daily), None)


def _all(form: PlannerForm, edits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*form.cleaned_data["edits"], *edits]


def _faults(form: PlannerForm, change: StepChange, edits: list[dict[str, Any]]) -> dict[str, str]:
    """What keeps the change from being made; empty where it can be."""
    if zero(change):
        return {"all": NOTHING_TAKEN}
    if not edits:
        return {"all": NOTHING_CHANGED}
    changed = PlannerForm(form.with_changes({"edits": _all(form, edits)}), clinic=form.clinic)
    asked = changed.engine_request()
    try:
        if asked is not None:
            propose(asked)
    except BadInput as bad:
        return {"all": bad.allowed}
    return {} if asked is not None else {"all": " ".join(words for _, words in changed.faults())}


def _address(form: PlannerForm, changes: Mapping[str, Any]) -> str:
    return f"{reverse('planner')}?{form.with_changes(changes).urlencode()}"

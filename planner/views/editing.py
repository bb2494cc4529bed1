"""Changing a step where it stands: its days or doses by hand, the rest proposed anew or kept, with a way back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from planner.forms import PlannerForm
from planner.forms.step_change import StepChange, read_change
from planner.taper import Answer, BadInput, Request, Step, propose
from planner.views.planner import show_page, too_long
from planner.views.shared import person

NOTHING_CHANGED = "Nothing was changed: give other days or doses."
NOTHING_TAKEN = "Give a dose above 0 at one time at least. To stop from a higher dose, give it as the final dose."
NO_SUCH_STEP = "Nothing was changed: the plan has no such step any more."
Edits = Sequence[dict[str, Any]]


@require_POST
def change_step(request: HttpRequest) -> HttpResponse:
    """A change that can be made leads to the plan with it; one that cannot is said at the step, as it was typed."""
    form = PlannerForm(QueryDict(request.POST.get("plan", "")), clinic=person(request).clinic)
    asked = form.engine_request()
    step = _step(asked, request.POST.get("step", "")) if asked else None
    if asked is None or step is None:
        messages.warning(request, NO_SUCH_STEP)
        return redirect(_address(form, {}))
    change = read_change(request.POST.dict(), step.number, asked.times)
    edits = [] if change.faults else _edits(form, change, step)
    faults = change.faults or _faults(form, change, edits)
    if not faults:
        return redirect(f"{_address(form, {'edits': _with(form, edits)})}#steps")
    fresh = PlannerForm(form.changed(), clinic=form.clinic)
    return show_page(request, fresh, change=replace(change, faults=faults), status=422)


def _step(asked: Request, number: str) -> Step | None:
    """The step of the plan as it stands; None where there is no such step with a dose."""
    try:
        steps = propose(asked).steps
    except BadInput:
        return None
    return next((step for step in steps if str(step.number) == number and step.daily), None)


def _edits(form: PlannerForm, change: StepChange, step: Step) -> Edits:
    """What was typed as changes in JSON form: the doses first, then the days; none where all is as it was.

    A step with new doses is given its usual days again; where that would be fewer than it had, its days are kept.
    """
    doses = change.new_doses(step)
    if int(change.days) != step.days or (doses and _days_with(form, doses, step) < step.days):
        return [*doses, change.new_days()]
    return doses


def _days_with(form: PlannerForm, edits: Edits, step: Step) -> int:
    """The days of a step once it is changed; those it has where it cannot be."""
    try:
        found = _answer(_changed(form, edits))
    except BadInput:
        return step.days
    return found.steps[step.number - 1].days if found and found.steps else step.days


def _faults(form: PlannerForm, change: StepChange, edits: Edits) -> Mapping[str, str]:
    """What keeps the change from being made, by its box or "all"; empty where it can be."""
    if change.takes_nothing:
        return {"all": NOTHING_TAKEN}
    if not edits:
        return {"all": NOTHING_CHANGED}
    changed = _changed(form, edits)
    try:
        answer = _answer(changed)
    except BadInput as bad:
        place = bad.field.rpartition(".")[2]
        return {place if place in (*change.doses, "days") else "all": bad.allowed}
    words = too_long(answer) if answer else " ".join(words for _, words in changed.faults())
    return {"all": words} if words else {}


def _answer(form: PlannerForm) -> Answer | None:
    """Raises BadInput where a change cannot be made; None where the form says what cannot be used."""
    asked = form.engine_request()
    return propose(asked) if asked else None


def _changed(form: PlannerForm, edits: Edits) -> PlannerForm:
    return PlannerForm(form.with_changes({"edits": _with(form, edits)}), clinic=form.clinic)


def _with(form: PlannerForm, edits: Edits) -> Edits:
    return [*form.cleaned_data["edits"], *edits]


def _address(form: PlannerForm, changes: Mapping[str, Any]) -> str:
    return f"{reverse('planner')}?{form.with_changes(changes).urlencode()}"

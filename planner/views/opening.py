"""Settings: when somebody at the clinic answers the phone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from planner.forms_opening import ClosingForm, OpeningForm
from planner.models import ClosingDay
from planner.services import Opening, Refused, add_closing_days, remove_closing_days, save_opening
from planner.views.settings_page import settings_page
from planner.views.shared import add_errors, person

SAVED = "Saved. The planner counts with these days from now on; papers already issued stay as they are."


@require_POST
def change_opening(request: HttpRequest) -> HttpResponse:
    form = OpeningForm(request.POST, clinic=person(request).clinic)
    if not form.is_valid():
        return settings_page(request, opening_form=form)
    try:
        save_opening(by=person(request), opening=Opening(**form.cleaned_data))
    except Refused as refused:
        add_errors(form, refused)
        return settings_page(request, opening_form=form)
    messages.success(request, SAVED)
    return redirect("settings")


@require_POST
def add_closing(request: HttpRequest) -> HttpResponse:
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return settings_page(request, closing_form=form)
    try:
        add_closing_days(by=person(request), **form.cleaned_data)
    except Refused as refused:
        add_errors(form, refused)
        return settings_page(request, closing_form=form)
    messages.success(request, SAVED)
    return redirect("settings")


@require_POST
def remove_closing(request: HttpRequest, pk: int) -> HttpResponse:
    closing = get_object_or_404(ClosingDay.for_user(person(request)), pk=pk)
    remove_closing_days(by=person(request), closing=closing)
    messages.success(request, f"Removed: {closing.name}. The clinic is open then, as in its usual week.")
    return redirect("settings")

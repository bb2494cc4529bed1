"""Settings: the clinic, its people, and its own pace and limit for each medicine."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from planner.defaults import saved_defaults
from planner.forms_clinic import ClinicForm, DefaultsForm, PersonForm
from planner.formulary import UnknownMedicine
from planner.models import User
from planner.services import (
    ClinicDetails,
    Refused,
    add_colleague,
    make_password_link,
    save_clinic,
    save_medicine_defaults,
)
from planner.shelves import clinic_shelf
from planner.views.printable import is_drawable, is_printable
from planner.views.settings_page import own_words, settings_page
from planner.views.shared import add_errors, person


@require_http_methods(["GET", "HEAD", "POST"])
def clinic_settings(request: HttpRequest) -> HttpResponse:
    clinic = person(request).clinic
    form = ClinicForm(request.POST or None, initial={**vars(clinic), "clinic_name": clinic.name})
    if form.is_valid() and is_printable(form):
        save_clinic(by=person(request), clinic=ClinicDetails(**form.details()))
        messages.success(request, "Saved. New papers carry these details; papers already issued stay as they are.")
        return redirect("settings")
    return settings_page(request, clinic_form=form)


@require_POST
def add_person(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST)
    if not form.is_valid() or not is_drawable(form, ("name",)):
        return settings_page(request, person_form=form)
    try:
        user, token = add_colleague(by=person(request), **form.cleaned_data)
    except Refused as refused:
        add_errors(form, refused)
        return settings_page(request, person_form=form)
    return _show_link(request, user, token)


@require_POST
def password_link(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User.for_user(person(request)), pk=pk)
    return _show_link(request, user, make_password_link(by=person(request), user=user))


@require_http_methods(["GET", "HEAD", "POST"])
def medicine_defaults(request: HttpRequest, key: str) -> HttpResponse:
    try:
        file = clinic_shelf(person(request).clinic).load(key)
    except UnknownMedicine as unknown:
        raise Http404(str(unknown)) from unknown
    saved = saved_defaults(person(request).clinic, key)
    shown = DefaultsForm.initial_from(saved.pace, saved.limit)
    form = DefaultsForm(request.POST or None, initial=shown, unit=file.unit)
    if form.is_valid():
        try:
            save_medicine_defaults(by=person(request), medicine=key, pace=form.pace(), limit=form.limit())
        except Refused as refused:
            add_errors(form, refused)
        else:
            messages.success(request, f"Saved. The planner uses this for {file.name} from now on.")
            return redirect("settings")
    page = {"form": form, "medicine": file, **own_words(file)}
    return render(request, "settings/medicine.html", page, status=422 if form.errors else 200)


def _show_link(request: HttpRequest, user: User, token: str) -> HttpResponse:
    link = request.build_absolute_uri(reverse("new_password", args=[token]))
    return render(request, "settings/password_link.html", {"colleague": user, "link": link})

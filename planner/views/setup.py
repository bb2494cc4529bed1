"""The one-time page on which the first person sets up the clinic."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from planner.forms_clinic import SetUpForm
from planner.models import OneTimeLink
from planner.services import ClinicDetails, Refused, find_link, set_up_clinic
from planner.views.printable import is_printable
from planner.views.shared import add_errors


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    if find_link(OneTimeLink.SET_UP, token) is None:
        return render(request, "accounts/link_gone.html", {"set_up": True}, status=404)
    form = SetUpForm(request.POST or None)
    if form.is_valid() and is_printable(form) and (done := _save(request, form, token)):
        return done
    return render(request, "setup/set_up.html", {"form": form}, status=422 if form.errors else 200)


def _save(request: HttpRequest, form: SetUpForm, token: str) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        user = set_up_clinic(
            token=token,
            clinic=ClinicDetails(**form.details()),
            name=data["name"],
            email=data["email"],
            password=data["password"],
        )
    except Refused as refused:
        add_errors(form, refused)
        return None
    login(request, user)
    return redirect("today")

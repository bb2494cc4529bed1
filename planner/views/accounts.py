"""A new password by a one-time link. Sign-in, sign-out and password change are django-allauth's views."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from planner.forms_clinic import PasswordForm
from planner.models import OneTimeLink
from planner.services import Refused, find_link, set_password
from planner.views.shared import add_errors


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    link = find_link(OneTimeLink.PASSWORD, token)
    if link is None:
        return render(request, "accounts/link_gone.html", status=404)
    form = PasswordForm(request.POST or None)
    if form.is_valid() and _save(form, token):
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("account_login")
    page = {"form": form, "person": link.user}
    return render(request, "accounts/new_password.html", page, status=422 if form.errors else 200)


def _save(form: PasswordForm, token: str) -> bool:
    try:
        set_password(token=token, password=form.cleaned_data["password"])
    except Refused as refused:
        add_errors(form, refused)
        return False
    return True

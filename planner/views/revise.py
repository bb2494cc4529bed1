"""Changing a running plan: a new version from a day on."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from planner.models import Plan
from planner.views.shared import person


@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Plan.for_user(person(request)), pk=pk)
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def end_plan(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Plan.for_user(person(request)), pk=pk)
    raise Http404

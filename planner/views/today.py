"""Who needs the clinic today, and this week."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    return render(request, "today/today.html", {"today": timezone.localdate()})

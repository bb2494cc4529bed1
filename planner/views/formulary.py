"""The medicines: the list, and each one's page, on which its figures are read and signed off."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from planner.forms_formulary import MedicineSearchForm, Ticks, Wanted
from planner.formulary import MedicineFile, UnknownMedicine
from planner.services import Refused, sign_off
from planner.sign_offs import ReviewState, review, review_states
from planner.views.medicine_page import matches, page_of
from planner.views.shared import person


@require_safe
def medicines(request: HttpRequest) -> HttpResponse:
    rows = review_states(person(request).clinic)
    form = MedicineSearchForm(request.GET, groups=sorted({file.group for file, _ in rows}))
    wanted = form.wanted()
    found = [row for row in rows if _is_wanted(*row, wanted)]
    page = {"form": form, "rows": found, "all": len(rows), "asked": wanted}
    return render(request, "formulary/list.html", page, status=200 if form.is_valid() else 422)


def _is_wanted(file: MedicineFile, state: ReviewState, wanted: Wanted) -> bool:
    right = wanted.group in ("", file.group) and wanted.state in ("", state.kind)
    return right and matches(file, wanted.words)


@require_http_methods(["GET", "HEAD", "POST"])
def medicine(request: HttpRequest, key: str) -> HttpResponse:
    """The page; posted, it ticks everything of a group or signs off what is ticked."""
    ticks, fault = Ticks.read(request.POST), ""
    all_of = request.POST.get("tick_all", "")
    try:
        if request.method == "POST" and not all_of:
            return _sign(request, key, ticks)
        seen = review(person(request).clinic, key)
    except UnknownMedicine as unknown:
        raise Http404(str(unknown)) from unknown
    except Refused as refused:
        fault, seen = str(refused), review(person(request).clinic, key)
    page = {"fault": fault, **page_of(seen, person(request).clinic.country, ticks, all_of)}
    return render(request, "formulary/medicine.html", page, status=422 if fault else 200)


def _sign(request: HttpRequest, key: str, ticks: Ticks) -> HttpResponse:
    count = sign_off(by=person(request), medicine=key, items=ticks.items)
    messages.success(request, _signed_words(count))
    return redirect(f"{reverse('formulary_medicine', args=[key])}#review")


def _signed_words(count: int) -> str:
    if not count:
        return "These items were signed off before. Nothing was left to sign."
    return f"Signed off: {count} item{'' if count == 1 else 's'}. Your name and today’s date stand with each."

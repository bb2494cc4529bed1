"""The clinic's own medicine files: what is in use, an upload with its preview, taking one out of use."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.forms_medicine import KeepForm, MedicineFileForm
from planner.formulary import MedicineFile, Shelved
from planner.formulary.differences import differences
from planner.models import Clinic, ClinicFile
from planner.services import Refused, keep_medicine_file, read_upload, withdraw_medicine_file
from planner.shelves import clinic_shelf
from planner.views.printable import calendar_fault
from planner.views.settings_page import own_words
from planner.views.shared import person

MOST_ROWS = 200
KEPT = "Kept. The planner uses it from now on; plans already issued stay as they are."


@dataclass(frozen=True)
class Row:
    """A medicine's line. used: None where the clinic's own file is in order no more; own: the clinic's row."""

    key: str
    used: Shelved | None
    own: ClinicFile | None


@require_http_methods(["GET", "HEAD", "POST"])
def own_medicines(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, MedicineFileForm())
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    form = MedicineFileForm(request.POST, request.FILES, body_length=length)
    if not form.is_valid():
        return _page(request, form)
    sent = form.cleaned_data["file"]
    data = sent.read()
    try:
        checked = read_upload(clinic=person(request).clinic, name=sent.name, data=data)
    except Refused as refused:
        return _refused(request, form, refused)
    if words := calendar_fault(checked, person(request).clinic):
        form.add_error("file", f"{sent.name}: {words}")
        return _page(request, form)
    page = {"form": KeepForm.holding(sent.name, data), **_preview(person(request).clinic, checked)}
    return render(request, "own_medicines/preview.html", page)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    form = KeepForm(request.POST)
    if not form.is_valid():
        return _page(request, MedicineFileForm({}))
    try:
        sent = form.cleaned_data
        row = keep_medicine_file(by=person(request), name=sent["name"], data=sent["content"])
    except Refused as refused:
        return _refused(request, MedicineFileForm({}), refused)
    messages.success(request, f"{row.key}, version {row.version}: {KEPT}")
    return redirect("own_medicines")


@require_POST
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    try:
        withdraw_medicine_file(by=person(request), key=key)
    except Refused as refused:
        raise Http404(str(refused)) from refused
    below = clinic_shelf(person(request).clinic).held.get(key)
    what = "The file below it is in use again" if below else "The planner does not offer this medicine any more"
    messages.success(request, f"{key}: the clinic’s own file is out of use. {what}; plans already issued stay.")
    return redirect("own_medicines")


@require_safe
def medicine_text(request: HttpRequest, key: str) -> HttpResponse:
    """The file in use as text: a start for an own one."""
    row = next((row for row in _rows(person(request).clinic) if row.key == key), None)
    if row is None:
        raise Http404(f"There is no medicine {key}.")
    text = row.own.text if row.own else row.used.text if row.used else ""
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _page(request: HttpRequest, form: MedicineFileForm) -> HttpResponse:
    clinic = person(request).clinic
    page = {"form": form, "rows": _rows(clinic), "file_faults": clinic_shelf(clinic).faults}
    return render(request, "own_medicines/own.html", page, status=422 if form.errors else 200)


def _refused(request: HttpRequest, form: MedicineFileForm, refused: Refused) -> HttpResponse:
    form.is_valid()
    form.errors["file"] = form.error_class(refused.errors["file"].splitlines())
    return _page(request, form)


def _rows(clinic: Clinic) -> list[Row]:
    held, own = clinic_shelf(clinic).held, {row.key: row for row in ClinicFile.in_use(clinic).select_related("by")}
    return [Row(key, held.get(key), own.get(key)) for key in sorted(held.keys() | own.keys())]


def _preview(clinic: Clinic, checked: Shelved) -> dict[str, Any]:
    used = clinic_shelf(clinic).held.get(checked.file.key)
    found = differences(used.text, checked.text) if used else []
    return {
        "file": checked.file,
        "used": used,
        "differences": found[:MOST_ROWS],
        "more": len(found) - MOST_ROWS,
        "summary": None if used else _summary(checked.file),
    }


def _summary(file: MedicineFile) -> list[tuple[str, str]]:
    """What a file says first of all, for one that has nothing to be held against."""
    own = own_words(file)
    return [
        ("Products", ", ".join(product.short for product in file.products.values())),
        ("Pace", own["own_pace"]),
        ("Limit", own["own_limit"]),
        ("Ceiling", own["ceiling"]),
        ("Final dose", file.final_dose.text(file.unit)),
    ]

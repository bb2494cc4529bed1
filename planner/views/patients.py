"""The clinic's patients."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from planner.forms_clinic import PatientForm
from planner.models import Patient, Plan, User
from planner.patient_list import MOST_COUNTED, counts, page_of, patients_of
from planner.services import Refused, add_patient, note_seen
from planner.views.patient_rows import rows_of
from planner.views.shared import add_errors, medicine_name, person


@dataclass(frozen=True)
class Filter:
    """key: as in the address; words: what it leaves; nobody: what to do where it leaves nobody."""

    key: str
    words: str
    nobody: str

    @property
    def query(self) -> str:
        return f"show={self.key}&" if self.key else ""


FILTERS = (
    Filter("", "All patients", "No patient yet. Add one here, or issue a plan for somebody new."),
    Filter("check-in-due", "Check-in due", "No check-in is due or missed. Today shows which come next."),
    Filter(
        "changing", "Changing this week", "No dose changes from today to Sunday. Running plans show what comes next."
    ),
    Filter("held", "Held", "No plan is held. A plan is held on its own page, under Change the plan."),
    Filter("over-limit", "Over the limit", "No running plan has a cut over the limit still to come."),
    Filter(
        "ending", "Ending within two weeks", "No plan reaches its stop within two weeks. Running plans show the others."
    ),
    Filter("ended", "Ended", "No plan has ended yet. Running plans show what is still going on."),
    Filter("running", "Running", "No plan is running. Plan a taper, then issue it."),
)
MOST_LETTERS, MOST_DIGITS = 200, 19


@require_safe
def patients(request: HttpRequest) -> HttpResponse:
    return _list(request, request.GET, "")


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """By what was typed, which is posted, so that no address and no log has it."""
    if request.method != "POST":
        return redirect("patients")
    return _list(request, request.POST, " ".join(request.POST.get("q", "").split())[:MOST_LETTERS])


def _list(request: HttpRequest, asked: QueryDict, text: str) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    chosen = next((one for one in FILTERS if one.key == asked.get("show", "")), None)
    if chosen is None:
        raise Http404
    after, before = (_patient(user, asked.get(name)) for name in ("after", "before"))
    shown = page_of(patients_of(user, text, chosen.key, today), after, before)
    page = {
        "text": text,
        "chosen": chosen,
        "filters": FILTERS,
        "counts": counts(user, today),
        "most": MOST_COUNTED,
        "shown": shown,
        "beside": after or before,
        "rows": rows_of(user, shown.patients, chosen.key, today),
        "today": today,
    }
    return render(request, "patients/found.html" if request.htmx else "patients/list.html", page)  # type: ignore[attr-defined]


def _patient(user: User, number: str | None) -> Patient | None:
    """Whom a page begins beside; None where none is named."""
    if not number:
        return None
    if not (number.isascii() and number.isdecimal() and len(number) < MOST_DIGITS):
        raise Http404
    found: Patient = get_object_or_404(Patient.for_user(user), pk=number)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = PatientForm(request.POST or None)
    if form.is_valid():
        try:
            made = add_patient(by=person(request), patient=form.new_patient())
        except Refused as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "The patient is in the list.")
            return redirect("patient", made.pk)
    return render(request, "patients/add.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def patient(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Patient.for_user(person(request)), pk=pk)
    note_seen(by=person(request), patient=found)
    plans = Plan.for_user(person(request)).filter(patient=found).prefetch_related("versions__issued_by")
    named = [(medicine_name(plan), plan) for plan in plans]
    return render(request, "patients/patient.html", {"patient": found, "plans": named})

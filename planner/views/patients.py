"""The clinic's patients."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from planner.forms_clinic import PatientForm
from planner.models import Patient, Plan
from planner.services import Refused, add_patient, note_seen
from planner.views.shared import add_errors, medicine_name, person


@require_safe
def patients(request: HttpRequest) -> HttpResponse:
    found = Patient.for_user(person(request)).prefetch_related("plans")
    return render(request, "patients/list.html", {"patients": found})


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

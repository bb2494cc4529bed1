"""The settings page, with the form at which something is wrong."""

from datetime import timedelta
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from planner.closures import has_holidays, holidays_between, regions_of
from planner.defaults import can_be_read, saved_by_medicine
from planner.forms_clinic import ClinicForm, PersonForm
from planner.forms_opening import ClosingForm, OpeningForm
from planner.formulary import MedicineFile, Shelved
from planner.models import ClinicMedicine, ClosingDay, User
from planner.shelves import clinic_shelf
from planner.taper.words import days_words
from planner.views.shared import person

HOLIDAYS_SHOWN = timedelta(days=365)


def settings_page(
    request: HttpRequest,
    *,
    clinic_form: ClinicForm | None = None,
    person_form: PersonForm | None = None,
    opening_form: OpeningForm | None = None,
    closing_form: ClosingForm | None = None,
) -> HttpResponse:
    """The whole page; 422 where one of the forms is at fault."""
    user = person(request)
    shelf = clinic_shelf(user.clinic)
    saved = saved_by_medicine(user.clinic)
    typed: tuple[Form | None, ...] = (clinic_form, person_form, opening_form, closing_form)
    page = {
        "clinic_form": clinic_form or ClinicForm(initial={**vars(user.clinic), "clinic_name": user.clinic.name}),
        "person_form": person_form or PersonForm(),
        "opening_form": opening_form or OpeningForm(clinic=user.clinic),
        "closing_form": closing_form or ClosingForm(),
        "faulty": [form for form in typed if form and form.errors],
        "people": User.for_user(user).order_by("name"),
        "medicines": [_defaults_row(shelf.take(key), saved.get(key, ClinicMedicine())) for key in shelf.keys],
        "file_faults": shelf.faults,
        **_closed_days(user),
    }
    return render(request, "settings/settings.html", page, status=422 if page["faulty"] else 200)


def _closed_days(user: User) -> dict[str, Any]:
    """The closing days to come, and a year of public holidays for a person to verify."""
    today, clinic = timezone.localdate(), user.clinic
    return {
        "closing_days": ClosingDay.for_user(user).filter(last__gte=today),
        "holidays": holidays_between(clinic, today, today + HOLIDAYS_SHOWN),
        "region_name": regions_of(clinic.country).get(clinic.holiday_region, ""),
        "knows_holidays": has_holidays(clinic.country),
    }


def own_words(file: MedicineFile) -> dict[str, str]:
    """The medicine's own pace and limit, and its ceiling."""
    figures = {"own_pace": file.pace, "own_limit": file.limit, "ceiling": file.ceiling}
    return {name: figure.text(file.unit) for name, figure in figures.items()}


def _defaults_row(used: Shelved, saved: ClinicMedicine) -> dict[str, Any]:
    """A medicine's line on the page: the clinic's own pace and limit, or the medicine's."""
    if not can_be_read(used.medicine, saved):
        return {**_defaults_row(used, ClinicMedicine()), "unread": True}
    own = own_words(used.file)
    pace = "; then ".join(f"{_cut_words(phase)} every {days_words(phase['every'])}" for phase in saved.pace)
    limit = f"{_cut_words(saved.limit)} in {days_words(saved.limit['days'])}" if saved.limit else ""
    return {
        "file": used.file,
        "pace": pace or own["own_pace"],
        "limit": limit or own["own_limit"],
        "pace_is_own": not pace,
        "limit_is_own": not limit,
    }


def _cut_words(rule: dict[str, Any]) -> str:
    return f"{rule['cut'].replace('%', ' %')} of the {rule['of']} dose" if rule.get("of") else str(rule["cut"])

"""Every address. All but sign-in, the one-time links and the health page ask for a signed-in person."""

from allauth.account import views as account_views
from django.urls import path

from planner.views import (
    accounts,
    check,
    clinic,
    editing,
    health,
    issue,
    opening,
    own_medicines,
    patients,
    planner,
    setup,
    unissued,
    versions,
)

urlpatterns = [
    path("", planner.planner, name="planner"),
    path("change-step/", editing.change_step, name="change_step"),
    path("calendar-preview/", unissued.preview_calendar, name="preview_calendar"),
    path("print/", unissued.print_unkept, name="print_unkept"),
    path("check/", check.check_page, name="check"),
    path("issue/", issue.issue, name="issue"),
    path("patients/", patients.patients, name="patients"),
    path("patients/add/", patients.add, name="add_patient"),
    path("patients/<int:pk>/", patients.patient, name="patient"),
    path("versions/<int:pk>/", versions.version, name="version"),
    path("versions/<int:pk>/calendar-<str:page_size>.pdf", versions.calendar, name="version_calendar"),
    path("versions/<int:pk>/record/", versions.record, name="version_record"),
    path("settings/", clinic.clinic_settings, name="settings"),
    path("settings/people/", clinic.add_person, name="add_person"),
    path("settings/people/<int:pk>/link/", clinic.password_link, name="password_link"),
    path("settings/opening/", opening.change_opening, name="change_opening"),
    path("settings/closing-days/", opening.add_closing, name="add_closing"),
    path("settings/closing-days/<int:pk>/remove/", opening.remove_closing, name="remove_closing"),
    path("settings/medicines/<slug:key>/", clinic.medicine_defaults, name="medicine_defaults"),
    path("formulary/own/", own_medicines.own_medicines, name="own_medicines"),
    path("formulary/own/keep/", own_medicines.keep, name="keep_medicine_file"),
    path("formulary/own/<slug:key>.toml", own_medicines.medicine_text, name="medicine_text"),
    path("formulary/own/<slug:key>/withdraw/", own_medicines.withdraw, name="withdraw_medicine_file"),
    path("sign-in/", account_views.login, name="account_login"),
    path("sign-out/", account_views.logout, name="account_logout"),
    path("password/", account_views.password_change, name="account_change_password"),
    path("new-password/<str:token>/", accounts.new_password, name="new_password"),
    path("set-up/<str:token>/", setup.set_up, name="setup"),
    path("health/", health.health, name="health"),
]

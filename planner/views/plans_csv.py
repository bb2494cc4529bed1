"""The clinic's own plans as a table, for its own use."""

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from planner.plans_table import HEADINGS, plan_rows
from planner.services import note_exported
from planner.views.csv_lines import csv_lines, csv_response
from planner.views.shared import person


@require_safe
def plans_csv(request: HttpRequest) -> HttpResponseBase:
    by = person(request)
    note_exported(by=by, target=by.clinic, what="plans")
    return csv_response("plans.csv", csv_lines(HEADINGS, plan_rows(by, timezone.localdate())))

"""The audit trail: read, searched, and taken along as CSV."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from planner.forms_audit import TrailForm
from planner.models import AuditRow, CheckIn, Patient, Plan, TakenOtherwise, UnkeptPrint, User, Version
from planner.services import note_exported
from planner.trail import Rows, Wanted, page_of, wanted_rows
from planner.views.csv_lines import csv_lines, csv_response
from planner.views.shared import MOST_DIGITS, person
from planner.views.trail_words import ACTIONS, action_words, kind_words

HEADINGS = ("at", "person", "person number", "action", "about", "number", "patient number", "detail")
ROWS_AT_ONCE = 2000
PAGES = {"clinicfile": "own_medicines", **dict.fromkeys(("clinic", "user", "clinicmedicine", "closingday"), "settings")}
People = list[tuple[int, str]]  # numbers and names


@dataclass(frozen=True)
class TrailRow:
    """link: to what it is about, empty where there is no page of it that the reader may see."""

    at: datetime
    who: str
    what: str
    about: str
    link: str


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    people = _people(person(request))
    form = TrailForm(request.GET, people=people, actions=ACTIONS)
    if not form.is_valid():
        return _faulty(request, form)
    mine = AuditRow.for_user(person(request))
    given = request.GET.get("before", "")
    before = get_object_or_404(mine, pk=given[:MOST_DIGITS]) if _is_number(given) else None  # no row has more digits
    rows, last = page_of(wanted_rows(person(request), form.wanted()), before)
    page = {
        "form": form,
        "rows": _shown(person(request), rows, people),
        "asked": form.wanted() != Wanted(),
        "older": _address(request, before=str(last.pk)) if last else "",
        "newest": _address(request) if before else "",
        "export": f"{reverse('audit_export')}{_address(request)}",
    }
    return render(request, "audit/list.html", page)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Everything that the filters leave, a row at a time, so that a long trail is never held whole."""
    form = TrailForm(request.GET, people=_people(person(request)), actions=ACTIONS)
    if not form.is_valid():
        return _faulty(request, form)
    by = person(request)
    note_exported(by=by, target=by.clinic, what="audit-trail", filters=form.wanted().given)
    return csv_response("audit-trail.csv", _lines(wanted_rows(by, form.wanted())))


@require_safe
def unkept_print(request: HttpRequest, pk: int) -> HttpResponse:
    """What was printed for a patient who is not kept, and why."""
    found = get_object_or_404(UnkeptPrint.for_user(person(request)).select_related("by"), pk=pk)
    reasons = [(code, reason, found.specialists.get(code, "")) for code, reason in sorted(found.reasons.items())]
    asked = json.dumps(found.request, ensure_ascii=False, indent=1, sort_keys=True)
    return render(request, "audit/unkept.html", {"printed": found, "reasons": reasons, "asked": asked})


def _people(user: User) -> People:
    return list(User.for_user(user).order_by("name").values_list("pk", "name"))


def _faulty(request: HttpRequest, form: TrailForm) -> HttpResponse:
    return render(request, "audit/list.html", {"form": form, "asked": True}, status=422)


def _is_number(text: str | None) -> bool:
    return bool(text) and str(text).isdecimal() and str(text).isascii()


def _address(request: HttpRequest, **more: str) -> str:
    """This page's filters, from the newest row on unless said otherwise."""
    query = request.GET.copy()
    query.pop("before", None)
    for name, value in more.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _shown(user: User, rows: Sequence[AuditRow], people: People) -> list[TrailRow]:
    links, names = _links(user, rows), dict(people)
    return [TrailRow(row.at, row.by.name, action_words(row), _about(row, names), _link(row, links)) for row in rows]


def _about(row: AuditRow, names: Mapping[int, str]) -> str:
    about = f"{kind_words(row.kind)} {row.target}"
    return f"{about}, {names[row.target]}" if row.kind == "user" and row.target in names else about


def _link(row: AuditRow, links: Mapping[tuple[str, int], str]) -> str:
    if row.kind in PAGES:
        return reverse(PAGES[row.kind])
    return links.get((row.kind, row.target), "")


def _links(user: User, rows: Sequence[AuditRow]) -> dict[tuple[str, int], str]:
    """Addresses by kind and number, of what is still there: a query for each kind on the page."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        wanted.setdefault(row.kind, set()).add(row.target)
    found: dict[tuple[str, int], str] = {}
    for kind, model, page, field in (
        ("patient", Patient, "patient", "pk"),
        ("plan", Plan, "plan", "pk"),
        ("checkin", CheckIn, "plan", "plan"),
        ("takenotherwise", TakenOtherwise, "plan", "plan"),
        ("version", Version, "version", "pk"),
        ("unkeptprint", UnkeptPrint, "unkept_print", "pk"),
    ):
        if numbers := wanted.get(kind):
            pairs = model.for_user(user).filter(pk__in=numbers).values_list("pk", field)
            found |= {(kind, pk): reverse(page, args=[of_page]) for pk, of_page in pairs}
    return found


def _lines(rows: Rows) -> Iterator[str]:
    return csv_lines(HEADINGS, map(_cells, rows.iterator(chunk_size=ROWS_AT_ONCE)))


def _cells(row: AuditRow) -> tuple[Any, ...]:
    at = timezone.localtime(row.at).isoformat(timespec="seconds")
    detail = json.dumps(row.detail, ensure_ascii=False, sort_keys=True) if row.detail else ""
    return at, row.by.name, row.by_id, row.action, row.kind, row.target, row.patient or "", detail

"""Checking a schedule that somebody made: typed by hand, or copied from a guideline."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial, wraps
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from planner.forms import CheckForm
from planner.papers.numbers import number
from planner.taper import ENGINE_VERSION, Answer, BadInput, Finding, check
from planner.taper.check import RULES
from planner.taper.medicine import TIMES
from planner.views import found as findings
from planner.views import shown, shown_steps
from planner.views.chart import phone_chart, wide_chart
from planner.views.described import Names, described
from planner.views.inputs import cut_words, limit_words, products_offered
from planner.views.shared import Fault, person, review_to_do
from planner.views.unissued import record

MOST_BYTES = 100_000  # of what is sent: a thousand lines
TOO_MUCH = (
    "That is too much to read at once. Give at most 1,000 steps, one a line. Going back brings back what you typed."
)
MORE = ("final_dose", "max_units")

View = Callable[[HttpRequest], HttpResponse]


def bounded(view: View) -> View:
    """A view that says so where too much is sent, before anything of it is read; the form's token is checked after."""
    guarded = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def respond(request: HttpRequest) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            return _too_much(request)
        return guarded(request)

    return respond


@bounded
@require_http_methods(["GET", "HEAD", "POST"])
def check_page(request: HttpRequest) -> HttpResponse:
    """The page: what is typed, and what the rules find in it."""
    form = CheckForm(request.POST if request.method == "POST" else None, clinic=person(request).clinic)
    answer = _checked(form)
    page = _inputs(form) | (_result(form, answer) if answer else {})
    return render(request, "check/check.html", page, status=422 if page["faults"] else 200)


def _too_much(request: HttpRequest) -> HttpResponse:
    form = CheckForm(clinic=person(request).clinic)
    fault = Fault("schedule", str(form["schedule"].label), TOO_MUCH, "id_schedule")
    faults = {"faults": [fault], "line_faults": {"schedule": [TOO_MUCH]}}
    return render(request, "check/check.html", _inputs(form) | faults, status=413)


def _checked(form: CheckForm) -> Answer | None:
    """The checked schedule; None where something typed cannot be used, which is then said at its field."""
    asked = form.engine_request() if form.is_bound else None
    if asked is None:
        return None
    try:
        return check(asked, [step.as_json() for step in form.steps])
    except BadInput as bad:
        form.refuse(bad)
        return None


def _inputs(form: CheckForm) -> dict[str, Any]:
    daily, country = form.daily(), form.clinic.country
    return {
        "form": form,
        "file": form.file,
        "country": country,
        "unit": form.shown_unit,
        "time_fields": [form[time] for time in TIMES],
        "daily": daily,
        "daily_sum": sum(daily.values(), Decimal(0)) if daily else None,
        "held_limit": limit_words(form.limit, form.file.unit, country),
        "more_open": any(form[name].value() or name in form.errors for name in MORE),
        **products_offered(form),
        **_messages(form),
    }


def _messages(form: CheckForm) -> dict[str, Any]:
    """What is wrong, field by field, and each message at its field."""
    faults = form.faults()
    return {
        "faults": [_fault(form, name, words) for name, messages in faults for words in messages],
        "slots": {name: " ".join(messages) for name, messages in faults},
        "line_faults": dict(faults),
    }


def _fault(form: CheckForm, name: str, words: str) -> Fault:
    if name not in form.fields:
        return Fault(name, "", words, "")
    return Fault(name, str(form[name].label), words, "id_products_0" if name == "products" else f"id_{name}")


def _result(form: CheckForm, answer: Answer) -> dict[str, Any]:
    names: Names = described(answer.medicine) if form.by_hand else form.file
    say, rows = partial(number, country=form.clinic.country), shown_steps.rows(answer)
    return _found(answer) | {
        "answer": answer,
        "review": review_to_do(form.clinic, answer),
        "unit": answer.medicine.unit,
        "file": names,
        "engine_version": ENGINE_VERSION,
        "products": {product.key: product for product in shown.products(answer)},
        "rows": rows,
        "last": answer.steps[-1],
        "rises": any(cell.is_higher for row in rows for cell in row.cells),
        "times": shown_steps.times(answer),
        "told": shown.told(answer, say),
        "fills": shown.fills(answer, names),
        "asks": shown.asked_of_patient(answer),
        "at_once": shown.at_once(answer, names),
        "over": sum(step.over_limit for step in answer.steps),
        "held_words": limit_words(answer.request.limit, answer.medicine.unit, form.clinic.country),
        "supply_notes": _supply_notes(answer),
        "record": "" if form.by_hand else record(answer, form.file, form.clinic),
        **_charts(answer, say, form.clinic.country),
    }


def _charts(answer: Answer, say: shown.Say, country: str) -> dict[str, Any]:
    """The drawings; none where a step begins before the one before it, for a line runs one way."""
    if any(later.start < earlier.start for earlier, later in pairwise(answer.steps)):
        return {}
    cut_read = cut_words(answer.request.limit.cut, answer.medicine.unit, country)
    return {"chart": wide_chart(answer, say), "chart_phone": phone_chart(answer, say), "cut_read": cut_read}


def _supply_notes(answer: Answer) -> list[str]:
    """What the count of a faulty schedule leaves out or doubles."""
    codes = {finding.code for finding in answer.findings}
    notes = {
        "Doses that cannot be made are not counted.": codes & {"not-makeable", "divides-undividable"},
        "Days that are given twice are counted twice.": codes & {"overlap"},
        "Days that are missing are not counted.": codes & {"gap"},
    }
    return [words for words, found in notes.items() if found]


def _found(answer: Answer) -> dict[str, Any]:
    """The findings by code, each naming its step, and how many there are of each weight."""
    named = replace(answer, findings=tuple(_with_step(finding) for finding in answer.findings))
    groups = findings.groups(named, None)
    return {"groups": groups, "rules": len(RULES), **findings.weights(groups, block=("1 to mend", "{} to mend"))}


def _with_step(finding: Finding) -> Finding:
    return replace(finding, message=f"Step {finding.step}: {finding.message}") if finding.step else finding

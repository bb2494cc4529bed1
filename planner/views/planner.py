"""The planner: what is typed beside what comes of it. The same view gives the page and, to htmx, the result alone."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from planner.forms import PlannerForm
from planner.forms.step_change import StepChange
from planner.papers.numbers import number
from planner.taper import ENGINE_VERSION, Answer, BadInput, Option, Request, explain_length, options
from planner.taper.check import RULES
from planner.views import found as findings
from planner.views import shown, shown_options, shown_steps
from planner.views.chart import phone_chart, wide_chart
from planner.views.inputs import about_inputs, cut_words, limit_words, pace_words
from planner.views.shared import Fault, person, review_to_do
from planner.views.unissued import record

MOST_STEPS, MOST_YEARS = 400, 5


@vary_on_headers("HX-Request", "HX-Target")
@require_http_methods(["GET", "HEAD", "POST"])
def planner(request: HttpRequest) -> HttpResponse:
    """The planner's page. A plan sent back to it by POST becomes an address that can be kept and loaded again."""
    clinic = person(request).clinic
    if request.method == "POST":
        form = PlannerForm(request.POST, clinic=clinic)
        return _go_to(request, form.changed())
    typed = request.GET if any(name in request.GET for name in PlannerForm.base_fields) else None
    form = PlannerForm(typed, clinic=clinic)
    if (filled := form.with_chosen_pace) is not None:
        return _go_to(request, filled)
    if _is_live(request) and form.is_another_medicine:
        return _go_to(request, form.changed())
    return show_page(request, form)


def _go_to(request: HttpRequest, typed: QueryDict) -> HttpResponse:
    """To the whole page with this in its form, from htmx too."""
    address = f"{reverse('planner')}?{typed.urlencode()}"
    return HttpResponse(headers={"HX-Redirect": address}) if _is_live(request) else redirect(address)


def show_page(
    request: HttpRequest, form: PlannerForm, *, change: StepChange | None = None, status: int = 200
) -> HttpResponse:
    """The page, or to htmx the result alone. change: what was typed at a step and could not be used."""
    live = _is_live(request)
    page = {"form": form, "live": live, "country": form.clinic.country, "unit": form.file.unit, "file": form.file}
    page |= _result(form, request.GET.get("show", ""), change)
    page |= _messages(form, live) | about_inputs(form) | _undo(form)
    return render(request, "planner/result.html" if live else "planner/planner.html", page, status=status)


def _undo(form: PlannerForm) -> dict[str, str]:
    """The plan without the last change by hand, and without any; empty where there is none."""
    made = form["edits"].value() or []
    if not made:
        return {}
    address = reverse("planner")
    without_last, without_any = form.changed({"edits": made[:-1]}), form.changed({"edits": []})
    return {
        "undo": f"{address}?{without_last.urlencode()}",
        "undo_all": f"{address}?{without_any.urlencode()}" if len(made) > 1 else "",
    }


def _is_live(request: HttpRequest) -> bool:
    """Whether htmx asks for the result alone."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == "result"


def _result(form: PlannerForm, show: str, change: StepChange | None) -> dict[str, Any]:
    """The options and the one that is shown; nothing where what was typed gives none."""
    asked = form.engine_request() if form.is_bound else None
    found = _options(form, asked) if asked else []
    if not asked or not found:
        return {}
    option = next((option for option in found if option.kind == show), found[0])
    link = partial(_address, form, option)
    cards = shown_options.cards(found, option, form.file, link)
    return _shown(form, option, change) | _in_words(form, asked, found) | {"cards": cards}


def _in_words(form: PlannerForm, asked: Request, found: list[Option]) -> dict[str, str]:
    """How many ways there are; the pace and the limit that they were made with, after the patient factors.

    Where a date to end by is asked for, the pace is the one that was found.
    """
    pace = found[0].answer.request.pace if asked.end_by else asked.pace
    of = form.file.unit, form.clinic.country
    return {
        "count_words": ("One way", "Two ways", "Three ways", "Four ways")[len(found) - 1],
        "held_words": f"Pace: {pace_words(pace, *of)}. Limit: {limit_words(asked.limit, *of)}.",
    }


def _options(form: PlannerForm, asked: Request) -> list[Option]:
    try:
        first, *others = options(asked)
        if words := too_long(first.answer):
            raise BadInput("limit.cut" if form.has_typed("limit") else "pace.cut", "", words)
        return [first, *(option for option in others if form.can_hold(option.changes) and not too_long(option.answer))]
    except BadInput as bad:
        form.refuse(bad)
        return []


def too_long(answer: Answer) -> str:
    """What to do about a schedule that is too long to read, or for a page to draw soon; empty where it is not."""
    steps, days = len(answer.steps), answer.days or 0
    if steps <= MOST_STEPS and days <= MOST_YEARS * 365 + 1:
        return ""
    most = f"at most {MOST_STEPS} steps in {MOST_YEARS} years"
    return f"This makes {steps} steps in {days} days; the page shows {most}. Give a larger cut, or fewer days."


def _address(form: PlannerForm, option: Option, changes: Mapping[str, Any]) -> str:
    """The address of the page with an option shown, or with a way out taken from the option that is shown.

    Empty where the form cannot hold so many changes.
    """
    whole = {**({} if "show" in changes else option.changes), **changes}
    return f"{reverse('planner')}?{form.with_changes(whole).urlencode()}" if form.can_hold(whole) else ""


def _shown(form: PlannerForm, option: Option, change: StepChange | None) -> dict[str, Any]:
    answer = option.answer
    found: dict[str, Any] = {"option": option, "answer": answer, "engine_version": ENGINE_VERSION, "rules": len(RULES)}
    found["groups"] = findings.groups(answer, partial(_address, form, option))
    found |= findings.weights(found["groups"]) | {"review": review_to_do(form.clinic, answer)}
    found["products"] = {product.key: product for product in shown.products(answer)}
    if not answer.steps:
        return found
    say = partial(number, country=form.clinic.country)
    return found | {
        "rows": shown_steps.rows(answer, change),
        "plan": form.with_changes(option.changes).urlencode(),
        "length_words": explain_length(answer),
        "times": shown_steps.times(answer),
        "chart": wide_chart(answer, say),
        "chart_phone": phone_chart(answer, say),
        "cut_read": cut_words(answer.request.limit.cut, form.file.unit, form.clinic.country),
        "told": shown.told(answer, say),
        "fills": shown.fills(answer, form.file),
        "asks": shown.asked_of_patient(answer),
        "at_once": shown.at_once(answer, form.file),
        "over": sum(step.over_limit for step in answer.steps),
        "record": record(answer, form.file, form.clinic),
        "hidden_fields": form.hidden_with(option.changes),
    }


def _messages(form: PlannerForm, live: bool) -> dict[str, Any]:
    """What is wrong and, while somebody is still typing, what is only missing."""
    missing = form.missing() if live else {}
    faults = [_fault(form, name, words) for name, words in form.faults() if name not in missing]
    empty = {field.name: "" for field in form.visible_fields()} | {"edits": ""}
    slots = empty | {fault.name: fault.words for fault in faults}
    return {"faults": faults, "missing": list(missing.values()), "slots": slots}


def _fault(form: PlannerForm, name: str, words: str) -> Fault:
    if name not in form.fields:
        return Fault(name, "", words, "")
    if form[name].is_hidden:
        return Fault(name, str(form[name].label), words, "")
    several = name in ("products", "factors", "change_on")
    return Fault(name, str(form[name].label), words, f"id_{name}_0" if several else f"id_{name}")

"""A running plan: what is taken now and next, what was planned and taken, and how the patient was."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from planner.forms_check_in import CheckInForm, TakenForm
from planner.formulary import FileProduct, MedicineFile
from planner.models import CheckIn, Due, Plan
from planner.services import last_note, note_seen
from planner.shelves import file_behind
from planner.standing import current_of, times_of
from planner.suggestions import NOT_AFTER_TOO_MUCH, daily_on
from planner.taper.amounts import show
from planner.views import plan_rows
from planner.views.check_in_panel import Ground, Help, help_of, panel
from planner.views.plan_chart import SIGNS, Drawn, phone_plan, sign_of, wide_plan
from planner.views.plan_course import course, replaced_spans
from planner.views.plan_words import Speaker, next_change, state_of, stop_words, told_chart, what_next
from planner.views.shared import person

WAYS = (
    ("hold", "Hold", "The dose now goes on for some days, or until further notice."),
    ("resume", "Go down again", "The hold ends, and the next lower dose follows."),
    ("step-back", "Step back", "To a dose that was taken before, for some days."),
    ("pace", "Slower or faster", "Other cuts, or other days between them, within the limit."),
    ("products", "Other products", "The same doses from other tablets or another liquid."),
    ("target", "Another target", "The taper ends at another daily dose."),
    ("stay", "Stay on this dose", "The taper stops here, and the dose goes on."),
)
KEY = {
    "well": "well", "mild": "mild", "moderate": "moderate", "severe": "severe", "emergency": "emergency",
    "due": "check-in due",
}  # fmt: skip


@require_safe
def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    return show_plan(request, plan_of(request, pk))


def plan_of(request: HttpRequest, pk: int) -> Plan:
    """The clinic's plan with everything that its page reads."""
    plans = Plan.for_user(person(request)).select_related("patient__clinic", "clinic", "current__issued_by")
    read = ("versions__issued_by", "check_ins__by", "taken_otherwise__by", "dues", "acknowledgements__by")
    found: Plan = get_object_or_404(plans.filter(current__isnull=False).prefetch_related(*read), pk=pk)
    return found


def show_plan(
    request: HttpRequest, plan: Plan, *, check_in: CheckInForm | None = None, typed: QueryDict | None = None,
    taken: TakenForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page, with forms as they were typed where something in them cannot be used."""
    note_seen(by=person(request), patient=plan.patient)
    ground = ground_of(plan)
    page = base_page(ground) | _head(ground) | _chart(ground) | _tables(ground) | live_part(ground, typed, check_in)
    page |= {"taken_form": taken or TakenForm(initial=_regimen_now(ground)), "taken_open": taken is not None}
    page |= {"last_note": last_note(ground.plan)}
    return render(request, "plans/plan.html", page, status=status)


def live_part(ground: Ground, typed: QueryDict | None, check_in: CheckInForm | None = None) -> dict[str, Any]:
    """The check-in with what follows from its answers, and the changes that may be made with them."""
    shown, call = panel(ground, check_in, typed), _help_called(ground)
    too_much = shown["too_much"] or (call is not None and call.urgency == "too-much")
    return shown | {
        "call": call,
        "can_change": ground.plan.is_running(ground.today),
        "last_check_in": ground.plan.check_ins.last(),
        "ways": _ways(ground, too_much),
    }


def ground_of(plan: Plan) -> Ground:
    file = file_behind(plan.clinic, plan.medicine)
    unit = current_of(plan).answer["steps"][0]["unit"]
    speaker = Speaker(unit, plan.clinic.country, _products(plan))
    return Ground(plan, file, course(plan), timezone.localdate(), speaker)


def base_page(ground: Ground) -> dict[str, Any]:
    """What every part of the page needs."""
    plan = ground.plan
    return {
        "plan": plan,
        "patient": plan.patient,
        "version": plan.current,
        "medicine": ground.file.name if ground.file else plan.medicine,
        "file": ground.file,
        "clinic": plan.clinic,
        "unit": ground.speaker.unit,
        "country": ground.speaker.country,
        "products": ground.speaker.products,
        "draws": ground.speaker.draws,
        "today": ground.today,
    }


def _head(ground: Ground) -> dict[str, Any]:
    plan, today, line = ground.plan, ground.today, ground.course
    now = line.at(today)
    following = next_change(line, today, ground.speaker)
    key, words = state_of(plan, line, today, ground.speaker)
    due = _due(plan)
    return {
        "state": key,
        "state_words": words,
        "products_named": [product.short for product in ground.speaker.products.values()],
        "now": now,
        "now_daily": line.daily_on(today),
        "now_day": (today - now.first).days + 1 if now else None,
        "now_cells": _now_cells(ground),
        "next": following,
        "next_in": (following.day - today).days if following else None,
        "what_next": what_next(plan, line, following, today, ground.speaker, due),
        "check_in_due": due[0] if due and due[0] <= today else None,
        "can_check_in": plan.closed_on is None,
        "reasons_open": any(due.kind == Due.REASON for due in plan.dues.all()),
    }


def _now_cells(ground: Ground) -> list[plan_rows.Cell]:
    """What is taken at each time now; before the first lower dose without its pieces, which no version says."""
    line, now = ground.course, ground.course.at(ground.today)
    if now is None and ground.today >= line.begins:
        return []
    regimen = now.regimen if now else line.before
    take: Mapping[str, Any] = now.take if now else {}
    return [
        plan_rows.Cell(time, regimen[time], False, False, take.get(time, ()), ground.speaker.pieces(take.get(time, ())))
        for time in line.times
    ]


def _due(plan: Plan) -> list[Any]:
    """The days on which a check-in is still asked for, the first one first."""
    return sorted(due.day for due in plan.dues.all() if due.kind == Due.CHECK_IN and not due.done)


def _ways(ground: Ground, too_much: bool) -> list[tuple[str, str, str]]:
    """The changes that can be made of the plan as it stands.

    too_much: no earlier dose and no other pace is offered to a patient who may have had too much.
    """
    plan, line = ground.plan, ground.course
    now = line.daily_on(ground.today)
    was_higher = any(stretch.daily > now for stretch in line.stretches if stretch.first <= ground.today)
    left_out = set() if plan.is_held(ground.today) else {"resume"}
    left_out |= set() if was_higher or now < line.starting else {"step-back"}
    left_out |= NOT_AFTER_TOO_MUCH if too_much else set()
    return [way for way in WAYS if way[0] not in left_out]


def _chart(ground: Ground) -> dict[str, Any]:
    plan, line, speaker = ground.plan, ground.course, ground.speaker
    old, spans = replaced_spans(plan)
    spans = [] if plan.closed_on else spans
    check_ins = list(plan.check_ins.all())
    due = _due(plan)
    old_stop = spans[-1].last + plan_rows.ONE_DAY if spans and spans[-1].last else None
    drawn = Drawn(line, spans, old_stop, check_ins, due, ground.today, speaker.unit, speaker.number)
    words = stop_words(plan, line, old)
    said = [(check_in.day, KEY[sign_of(check_in)]) for check_in in check_ins]
    shown = dict.fromkeys([*(sign_of(check_in) for check_in in check_ins), *(["due"] if due else [])])
    return {
        "chart": wide_plan(drawn),
        "chart_phone": phone_plan(drawn),
        "told": told_chart(line, ground.today, speaker, words, said),
        "stop_words": words,
        "old": old if spans else None,
        "sign_key": [(*SIGNS[key], KEY[key]) for key in SIGNS if key in shown],
    }


def _tables(ground: Ground) -> dict[str, Any]:
    plan, line, speaker = ground.plan, ground.course, ground.speaker
    taken, rows = plan_rows.step_rows(line, ground.today, speaker)
    return {
        "times": line.times,
        "taken": taken,
        "rows": rows,
        "course": line,
        "reasons": list(plan_rows.kept_reasons(current_of(plan))),
        "later_reasons": list(plan.acknowledgements.all()),
        "versions": plan_rows.version_rows(plan),
        "check_ins": plan_rows.check_in_rows(plan, speaker),
        "notes": plan_rows.taken_words(plan, speaker),
        "papers": current_of(plan).papers.defer("pdf"),
        "supply": plan_rows.supply_shown(plan, ground.today, speaker),
    }


def _help_called(ground: Ground) -> Help | None:
    """The emergency text, as long as the last check-in called for help."""
    last: CheckIn | None = ground.plan.check_ins.last()
    return help_of(ground, last) if last and last.decision == "emergency" and ground.plan.closed_on is None else None


def _products(plan: Plan) -> dict[str, FileProduct]:
    """Those that any version takes, as their file has them; those that it has lost are missing."""
    versions = plan.versions.all()
    files: list[MedicineFile | None] = [
        file_behind(plan.clinic, plan.medicine, version.medicine_hash)
        for version in {version.medicine_hash: version for version in versions}.values()
    ]
    steps = [step for version in versions for step in version.answer["steps"]]
    used = {portion["product"] for step in steps for portions in step["take"].values() for portion in portions}
    known = {key: product for file in files if file for key, product in file.products.items()}
    return {key: product for key, product in known.items() if key in used}


def _regimen_now(ground: Ground) -> dict[str, str]:
    """The doses of today, as a note of what was taken otherwise begins with them."""
    found = ground.course.at(ground.today)
    if found is None or not daily_on(ground.plan, ground.today):
        return {}
    return {time: show(found.regimen[time]) for time in times_of(ground.plan)}

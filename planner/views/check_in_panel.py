"""The check-in form with what follows from its answers."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from planner.forms_check_in import CheckInForm, answers_so_far
from planner.formulary import MedicineFile, UnknownMedicine
from planner.models import CheckIn, Plan
from planner.sign_offs import review
from planner.standing import Earlier
from planner.suggestions import Report, Suggestion, suggest, takes, usual_days
from planner.taper.medicine import Source
from planner.taper.words import days_words
from planner.views.meant import Meaning
from planner.views.plan_course import Course
from planner.views.plan_words import Speaker
from planner.views.shared import token_in

TITLES = {
    "go-on": "go on as planned", "hold": "hold", "step-back": "go back to an earlier dose",
    "slow-down": "go on more slowly", "reinstate": "give the earlier dose again", "call": "get help",
}  # fmt: skip


@dataclass(frozen=True)
class RuleShown:
    """A rule of the medicine file with its source. waits: its sign-off is still to be made."""

    says: str
    source: Source
    waits: bool


@dataclass(frozen=True)
class Choice:
    """A decision that is offered. meant: the dates it would mean; proposed: the rule leads to it."""

    key: str
    words: str
    meant: str
    proposed: bool


@dataclass(frozen=True)
class Help:
    """The text that stands first and large. tolerated: the last dose that was tolerated, in words for the hospital."""

    urgency: str
    rules: list[RuleShown]
    too_much: list[str]
    emergency: list[str]
    tolerated: str
    medicine: str
    now: str
    started: str


@dataclass(frozen=True)
class Ground:
    """What the panel reads of the plan."""

    plan: Plan
    file: MedicineFile | None
    course: Course
    today: date
    speaker: Speaker


def panel(ground: Ground, form: CheckInForm | None, typed: QueryDict | None) -> dict[str, Any]:
    """form: None for a new one; typed: what was sent with it."""
    days = usual_days(ground.plan, ground.today)
    answers = answers_so_far(typed, ground.file, ground.today) if typed is not None else None
    suggestion = suggest(ground.plan, ground.file, answers, ground.today) if answers else None
    held = _days_typed(typed) or days
    return {
        "check_in_form": form or CheckInForm(file=ground.file, initial=_initial(typed, ground.today, days)),
        "answers": answers,
        "suggestion": suggestion,
        "rules": _rules(ground, suggestion) if suggestion else [],
        "rule_title": TITLES.get(suggestion.leads_to, "") if suggestion else "",
        "meant": _meant(ground, suggestion, held) if suggestion else "",
        "choices": _choices(ground, suggestion, held) if suggestion else [],
        "back": suggestion.back if suggestion else None,
        "help": help_for(ground, suggestion) if suggestion and suggestion.urgency else None,
        "chosen": typed.get("decision", "") if typed is not None else "",
        "can_hold": takes(ground.plan, ground.today),
        "too_much": answers is not None and answers.too_much,
        "carried": _carried(typed),
        "check_in_submission": (token_in(typed) if typed is not None else "") or secrets.token_urlsafe(24),
    }


def help_of(ground: Ground, check_in: CheckIn) -> Help:
    """The text that a check-in at which help was called leaves on the page."""
    suggestion = suggest(ground.plan, ground.file, Report.of(check_in), check_in.day)
    return help_for(ground, suggestion)


def help_for(ground: Ground, suggestion: Suggestion) -> Help:
    reads = ground.file.patient if ground.file else None
    course, speaker = ground.course, ground.speaker
    return Help(
        urgency=suggestion.urgency or "urgent",
        rules=_rules(ground, suggestion),
        too_much=reads.too_much if reads else [],
        emergency=reads.emergency if reads else [],
        tolerated=_tolerated(suggestion.tolerated, speaker),
        medicine=ground.file.plain_name if ground.file else ground.plan.medicine,
        now=speaker.dose(course.daily_on(ground.today)),
        started=speaker.dose(course.starting),
    )


def _tolerated(dose: Earlier | None, speaker: Speaker) -> str:
    if dose is None:
        return ""
    said = "where a check-in said well" if dose.was_well else "the dose before this one; no check-in said well there"
    return f"{speaker.dose(dose.daily)} a day ({speaker.regimen(dose.regimen)}), {said}"


def _rules(ground: Ground, suggestion: Suggestion) -> list[RuleShown]:
    if ground.file is None:
        return []
    waiting = _waiting(ground) if suggestion.rules else set()
    file, places = ground.file, ground.file.after_check_in
    return [
        RuleShown(rule.says, file.source_of(rule), f"after_check_in.{places.index(rule)}" in waiting)
        for rule in suggestion.rules
    ]


def _waiting(ground: Ground) -> set[str]:
    """The paths of what the clinic has not signed off yet, of the file in use."""
    try:
        found = review(ground.plan.clinic, ground.plan.medicine)
    except UnknownMedicine:  # none is in use: the plan is read with the last one there was
        return set()
    return {row.item.path for row in found.rows if row.waits}


def _meant(ground: Ground, suggestion: Suggestion, days: int) -> str:
    return _meaning(ground, suggestion, suggestion.proposed[0], days)


def _meaning(ground: Ground, suggestion: Suggestion, decision: str, days: int) -> str:
    """The dates that a decision would mean; empty where they are only decided on the next page."""
    meaning = Meaning(ground.plan, ground.course, ground.today, ground.speaker)
    if decision == "hold":
        return meaning.hold(days)
    if decision == "step-back" and suggestion.back:
        return meaning.step_back(suggestion.back.daily, days)
    return meaning.go_on() if decision == "go-on" else ""


def _choices(ground: Ground, suggestion: Suggestion, days: int) -> list[Choice]:
    words = {
        "go-on": "Go on as planned",
        "hold": f"Hold {days_words(days)}",
        "step-back": f"Go back to {ground.speaker.dose(suggestion.back.daily)}" if suggestion.back else "",
        "slow-down": "Go more slowly, by a pace that the next page asks for",
        "other": "Something else, chosen on the next page",
        "emergency": "Get emergency help",
    }
    first = suggestion.proposed[0]
    return [
        Choice(
            key,
            words[key],
            "" if key == first else _meaning(ground, suggestion, key, days),
            key in suggestion.proposed,
        )
        for key in suggestion.offered
    ]


def _days_typed(typed: QueryDict | None) -> int | None:
    """How long a hold would be; None where it cannot be read."""
    text = typed.get("days", "") if typed is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) else None


def _carried(typed: QueryDict | None) -> list[tuple[str, str]]:
    """What was typed before the first question was answered with yes, so that it is there again after a no."""
    names = ("how", "signs", "danger", "missed", "decision", "days", "reason")
    return [(name, text) for name in names for text in typed.getlist(name)] if typed is not None else []


def _initial(typed: QueryDict | None, today: date, days: int) -> Mapping[str, Any]:
    """What the fields of a form that is not judged yet hold: what was typed, and what is usual."""
    usual = {"missed": 0, "day": today, "days": days}
    if typed is None:
        return usual
    many = {name: typed.getlist(name) for name in ("signs", "danger")}
    return usual | {name: text for name, text in typed.items() if name in CheckInForm.base_fields} | many

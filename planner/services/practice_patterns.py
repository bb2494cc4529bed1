"""What practice plans are copied from: plans that the services make, read back and taken out again."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.forms import model_to_dict
from django.utils import timezone

from planner.issuing import Draft, make_draft
from planner.models import LearnedCut, Patient, Plan, User, Version
from planner.revising import Decision, held_until
from planner.services.common import Refused
from planner.services.issue import Details, Issue, issue_of, keep_version
from planner.services.revise import revision_draft
from planner.shelves import clinic_shelf
from planner.standing import earlier_doses, standing
from planner.taper import BadInput
from planner.taper.amounts import show

ONE_WEEK, WORKING_DAYS = timedelta(days=7), 5
WEEKS_BEFORE = 5  # that a plan has run when it is held or stepped back
HOLD_DAYS = 14
CHANGED = 8  # plans of which changed ones are made too
KINDS = ("hold", "wait", "step-back")
BORN = date(1970, 1, 1)
STATE = ("medicine", "ends", "held_from", "held_until", "last_over")
OF_A_CUT = ("medicine", "day", "daily", "tenth", "weekly", "held", "stepped_back", "slowed")
OF_NO_COPY = ("id", "plan", "check_in", "issued_by", "issued_at", "submission")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


@dataclass(frozen=True)
class Pattern:
    """A plan's rows as JSON, without their numbers. start: the Monday of the week in which its first lower dose comes;
    issued: its last issue.
    """

    text: str
    start: date
    issued: date


class NoPapers:
    """Nobody is handed anything."""

    def calendar(self, issue: Issue, page_size: str) -> bytes:
        return b""

    def record(self, issue: Issue) -> str:
        return ""


def patterns(by: User) -> tuple[list[Pattern], list[Pattern]]:
    """Plans of every medicine of the clinic from its usual doses, and some that were held or stepped back."""
    start = _monday(timezone.localdate()) - WEEKS_BEFORE * ONE_WEEK
    point = transaction.savepoint()
    asked = list(_requests(by, start))
    first = [_pattern(plan, start) for data in asked if (plan := _issued(by, data))]
    some = asked[:: max(len(asked) // CHANGED, 1)]
    changed = [_pattern(plan, start) for data in some for kind in KINDS if (plan := _changed(by, data, kind))]
    transaction.savepoint_rollback(point)
    if not first:
        raise Refused({"": "No medicine of this clinic leads to a plan, so that there is nothing to copy."})
    return first, changed


@lru_cache(maxsize=500)
def moved(pattern: Pattern, days: int) -> dict[str, Any]:
    """A pattern's rows with every date some days later, as text."""

    @cache
    def later(day: str) -> str:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()

    found: dict[str, Any] = json.loads(_DAY.sub(lambda day: later(day[0]), pattern.text))
    return found


def _requests(by: User, monday: date) -> Iterator[dict[str, Any]]:
    """One after another they begin on the days of the working week."""
    usual = ((key, start) for key, held in clinic_shelf(by.clinic).held.items() for start in held.file.starts)
    for place, (key, start) in enumerate(usual):
        day = (monday + timedelta(days=place % WORKING_DAYS)).isoformat()
        regimen = {time: show(dose) for time, dose in start.regimen.items()}
        yield {"medicine": key, "regimen": regimen, "start": day, "target": "0", "factors": []}


def _issued(by: User, data: Mapping[str, Any]) -> Plan | None:
    """A plan of a patient of its own; None where the medicine's file does not lead to one."""
    number = Patient.objects.count()
    patient = Patient.objects.create(clinic=by.clinic, name="Pattern", born=BORN, identifier=f"Pattern {number}")
    with suppress(BadInput):
        draft = make_draft(by.clinic, patient, data)
        if draft.answer.steps:
            plan = Plan.objects.create(clinic=by.clinic, patient=patient, medicine=data["medicine"])
            _keep(by, plan, draft, Details("first"))
            return plan
    return None


def _changed(by: User, data: Mapping[str, Any], kind: str) -> Plan | None:
    """The same with a second version, from today on; None where it cannot be changed so."""
    plan, today = _issued(by, data), timezone.localdate()
    if plan is None:
        return None
    with suppress(BadInput):
        doses = earlier_doses(plan, standing(plan, today))
        decision = Decision(kind, today, days=HOLD_DAYS, daily=doses[0].daily if doses else None)
        draft = revision_draft(by.clinic, plan, decision, today)
        if draft.answer.steps:
            _keep(by, plan, draft, Details(kind, why="Practice", held_until=held_until(plan, decision, draft.data)))
            return plan
    return None


def _keep(by: User, plan: Plan, draft: Draft, details: Details) -> None:
    issue = issue_of(draft, plan, plan.current, dict.fromkeys(draft.codes, "Practice"))
    named = dict.fromkeys(draft.specialist_codes, "Practice")
    keep_version(by, plan, issue, draft, named, NoPapers(), f"pattern-{plan.pk}-{issue.number}", details)


def _pattern(plan: Plan, start: date) -> Pattern:
    versions = [_version(version, start) for version in plan.versions.all()]
    dues = list(plan.dues.values("day", "kind", "facts"))
    cuts = list(LearnedCut.objects.filter(plan=plan).values(*OF_A_CUT))
    state = {name: getattr(plan, name) for name in STATE}
    rows = {"plan": state, "versions": versions, "dues": dues, "cuts": cuts}
    return Pattern(json.dumps(rows, cls=DjangoJSONEncoder), start, versions[-1]["issued_on"])


def _version(version: Version, start: date) -> dict[str, Any]:
    fields = model_to_dict(version, exclude=OF_NO_COPY)
    return fields | {"issued_on": start - ONE_WEEK if version.number == 1 else version.issued_on}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

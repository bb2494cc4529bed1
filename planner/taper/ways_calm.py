"""The ways out where a change would meet closed days of the clinic: other weekdays, or one step a little longer."""

from dataclasses import replace
from datetime import timedelta

from planner.taper.amounts import DAY_NAMES, show
from planner.taper.answer import edit_json
from planner.taper.closures import calm_weekdays, early_days_shut
from planner.taper.holds import phase_days
from planner.taper.request import WEEKDAYS, Edit
from planner.taper.schedule import Answer, Step
from planner.taper.ways import Way, ends_words, tried
from planner.taper.words import WEEK, length_words, listed

LONGEST = 3 * WEEK  # a step is made no longer than by this to pass a holiday


def calm_ways(answer: Answer) -> list[Way]:
    """At most two: changes on weekdays whose first signs meet no weekly closed day, and one step made longer."""
    if answer.outcome != "proposed" or not _met(answer):
        return []
    return [way for way in (_weekdays_way(answer), _longer_way(answer)) if way]


def _met(answer: Answer) -> list[Step]:
    """The steps whose changes meet closed days."""
    numbers = [finding.step for finding in answer.findings if finding.code == "changes-before-closure"]
    return [step for step in answer.steps if step.number in numbers]


def _weekdays_way(answer: Answer) -> Way | None:
    request = answer.request
    if request.context.closures is None or request.change_on is not None:
        return None
    calm = sorted(calm_weekdays(request.medicine, request.context.closures))
    found = tried(replace(request, change_on=frozenset(calm))) if calm else None
    if found is None or len(_met(found)) >= len(_met(answer)):
        return None
    title = f"Change only on {listed([DAY_NAMES[day] for day in calm])}"
    return Way("weekdays", title, _words(found), {"change_on": [WEEKDAYS[day] for day in calm]}, found)


def _longer_way(answer: Answer) -> Way | None:
    """The step before the first change that meets closed days, longer until that change meets none."""
    met = _met(answer)[0]
    days = _days_until_calm(answer, met)
    if met.number == 1 or days is None:
        return None
    before = answer.steps[met.number - 2]
    edits = (*answer.request.edits, Edit(before.number, days=before.days + days, at=before.daily))
    found = tried(replace(answer.request, edits=edits))
    if found is None or any(step.number == met.number for step in _met(found)):
        return None
    unit = answer.medicine.unit
    title = f"Take {show(before.daily)} {unit} {length_words(days)} longer"
    return Way("longer", title, _words(found), {"edits": [edit_json(edit) for edit in edits]}, found)


def _days_until_calm(answer: Answer, step: Step) -> int | None:
    """How many days later a change meets no closed day; whole weeks where the step before it counts in weeks."""
    request, before = answer.request, answer.steps[max(0, step.number - 2)]
    closures = request.context.closures
    if closures is None:
        return None
    in_weeks = phase_days(answer, before) % WEEK == 0
    later = range(WEEK, LONGEST + 1, WEEK) if in_weeks else range(1, LONGEST + 1)
    return next((n for n in later if not early_days_shut(request.medicine, step.start + timedelta(n), closures)), None)


def _words(found: Answer) -> str:
    left = len(_met(found))
    kept = "No change meets closed days." if not left else f"{left} change{'s' if left > 1 else ''} still would."
    return f"{kept} {ends_words(found)}"

"""Why a step is taken longer than its phase says."""

from collections.abc import Sequence
from datetime import timedelta

from planner.taper.amounts import show
from planner.taper.limits import Course
from planner.taper.pace import phase_at, slowed
from planner.taper.schedule import Answer, Step


def longer_steps(answer: Answer) -> Sequence[Step]:
    """The steps that are taken longer than their phases say; of a schedule that was proposed."""
    if answer.outcome != "proposed":
        return ()
    proposed = answer.steps[len(answer.request.lead) :]
    return [step for step in proposed if step.daily and step.days > phase_days(answer, step)]


def phase_days(answer: Answer, step: Step) -> int:
    return slowed(answer.request, phase_at(answer.request, step.daily))


def why_longer(answer: Answer, step: Step) -> str:
    """The reason, as the end of a sentence about a step of `longer_steps`."""
    request, window = answer.request, answer.request.limit.days
    following = answer.steps[step.number] if step.number < len(answer.steps) else None
    if following is None:
        return "by hand"
    due = step.start + timedelta(days=phase_days(answer, step))
    stretched = request.coarse == "stretch"
    if following.over_limit and stretched:
        allowed = request.limit.cut.units(step.daily, request.starting)
        sums = f"{show(following.cut)} ÷ {show(allowed)} × {window} days"
        return f"because the next cut is over the limit: at least {sums}"
    seen = Course(request, answer.steps, step.number).window(request.limit, due, following.daily)
    if following.daily and seen.breach and seen.reference > step.daily:
        return f"until the window of {window} days {'is clear' if following.over_limit else 'lets the next cut in'}"
    if stretched and not following.daily and step.number > 1:
        return "because the last dose lasts as long as the one before it"
    if request.change_on is not None and due.weekday() not in request.change_on:
        return "to reach a weekday on which a dose may change"
    return "by hand"

"""The rule that holds each change against the days on which nobody at the clinic answers the phone."""

from collections.abc import Iterator, Sequence
from datetime import date

from planner.taper.amounts import show_weekday
from planner.taper.closures import early_days_shut, show_days
from planner.taper.request import Request
from planner.taper.schedule import Finding, Step


def changes_before_closure(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    """One finding for each cut, the stop too, after which the first signs of withdrawal may meet a closed clinic."""
    closures, hours = request.context.closures, request.medicine.early_hours
    if closures is None or hours is None:
        return
    source = request.medicine.sources.get("early_hours")
    for step in steps:
        shut = early_days_shut(request.medicine, step.start, closures) if step.cut > 0 else ()
        if shut:
            signs = f"The first signs of withdrawal come {hours[0]} to {hours[1]} hours after a change."
            words = f"{_fall(step, shut)}: {show_days(shut)}. {signs}"
            yield Finding("changes-before-closure", "advise", words, step.number, source)


def _fall(step: Step, shut: Sequence[date]) -> str:
    what = "cut" if step.daily else "stop"
    where = "on" if step.start in shut else "shortly before"
    days = "a closed day" if len(shut) == 1 else "closed days"
    return f"The {what} on {show_weekday(step.start)} falls {where} {days} of the clinic"


CLOSURE_RULES = (changes_before_closure,)

"""Which patient factors hold, and what they say."""

from collections.abc import Sequence
from datetime import date

from planner.taper.medicine import Medicine
from planner.taper.request import Request
from planner.taper.schedule import Finding


def effective(medicine: Medicine, factors: Sequence[str] | None, born: date | None, start: date) -> list[str]:
    """The factors ticked and those that follow from the patient's age on the day of the first lower dose."""
    found = dict.fromkeys(factors or ())
    if born is not None:
        age = start.year - born.year - ((start.month, start.day) < (born.month, born.day))
        for factor in medicine.factors:
            low, high = factor.age_from, factor.age_below
            if (low, high) != (None, None) and (low or 0) <= age and (high is None or age < high):
                found[factor.key] = None
    return list(found)


def factor_findings(request: Request) -> list[Finding]:
    """One finding for each patient factor that holds, also those from the date of birth."""
    keys = effective(request.medicine, request.factors, request.context.born, request.start)
    held = [request.medicine.factor(key) for key in keys]
    return [Finding(f.key, f.severity, f.message, None, f.source) for f in held]

"""Days on which a dose may change."""

from datetime import date, timedelta


def next_allowed(day: date, weekdays: frozenset[int] | None) -> date:
    """The day itself or the first after it on an allowed weekday (Monday 0); None allows every day."""
    if weekdays is None:
        return day
    return next(later for later in (day + timedelta(days=n) for n in range(7)) if later.weekday() in weekdays)

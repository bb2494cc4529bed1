"""The days on which nobody at the clinic answers the phone, and the days after a change on which somebody should."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from planner.taper.amounts import MONTHS
from planner.taper.medicine import Medicine
from planner.taper.words import listed

WEEK = range(7)  # weekdays as Python counts them: 0 is Monday
DAY_HOURS = 24
ONE_DAY = timedelta(days=1)
MIDNIGHT = 0  # from where hours count when a medicine names no hour for its morning dose


@dataclass(frozen=True)
class Closures:
    """When nobody answers. weekdays: closed every week, 0 for Monday; days: closed besides, such as holidays."""

    weekdays: frozenset[int]
    days: frozenset[date]

    def shut(self, day: date) -> bool:
        return day.weekday() in self.weekdays or day in self.days


def window_days(medicine: Medicine, hours: tuple[int, int], day: date) -> tuple[date, ...]:
    """The dates that a window of hours after a change touches, the first and the last hour counted in.

    The hours count from the morning dose of the day of the change, at the hour that the medicine file gives for it. So
    6 to 48 hours touch the day itself and the two after it, and 24 to 72 hours the three days after it.
    """
    morning = medicine.hours.get("morning", MIDNIGHT)
    first, last = ((morning + hour) // DAY_HOURS for hour in hours)
    return tuple(day + timedelta(days=later) for later in range(first, last + 1))


def early_days(medicine: Medicine, day: date) -> tuple[date, ...]:
    """The days on which the first signs of withdrawal come after a change on a day; none where the file has no such
    window. How hours become days: see window_days.
    """
    return window_days(medicine, medicine.early_hours, day) if medicine.early_hours else ()


def early_days_shut(medicine: Medicine, day: date, closures: Closures) -> tuple[date, ...]:
    """The early days of a change on which the clinic is closed."""
    return tuple(early for early in early_days(medicine, day) if closures.shut(early))


def calm_weekdays(medicine: Medicine, closures: Closures) -> frozenset[int]:
    """Weekdays (0 for Monday) of which a change has no early day on a weekly closed day; holidays are not looked at.

    Empty where there is none, and where the medicine has no early window, so that nothing can be said.
    """
    monday = date(2024, 1, 1)  # any Monday: only weekdays are asked here
    shifts = [(early - monday).days for early in early_days(medicine, monday)]
    calm = {weekday for weekday in WEEK if all((weekday + shift) % 7 not in closures.weekdays for shift in shifts)}
    return frozenset(calm if shifts else ())


def spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """Dates in order as stretches without a gap: the first and the last day of each."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and day - found[-1][1] == ONE_DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def unusual_spans(closures: Closures, since: date, until: date) -> list[tuple[date, date]]:
    """The stretches of closed days, from since to until, that hold more than the days closed every week."""
    days = [since + timedelta(days=later) for later in range((until - since).days + 1)]
    found = spans(day for day in days if closures.shut(day))
    beside = {day for day in closures.days if day.weekday() not in closures.weekdays}
    return [(first, last) for first, last in found if any(first <= day <= last for day in beside)]


def show_days(days: Iterable[date]) -> str:
    """Dates with their months spelled: ``25 to 28 December 2026``, ``19 and 20 December 2026``."""
    return listed([show_span(first, last) for first, last in spans(days)])


def show_span(first: date, last: date) -> str:
    """A stretch of days as ``25 to 28 December 2026``; one day where both are the same."""
    end = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return end
    begin = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        begin += f" {MONTHS[first.month - 1]}"
    if first.year != last.year:
        begin += f" {first.year}"
    return f"{begin} {'and' if (last - first).days == 1 else 'to'} {end}"

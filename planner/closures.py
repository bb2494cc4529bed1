"""A clinic's closed days: its week, the public holidays of its country or region, and closing days of its own."""

import logging
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

import holidays

from planner.models import Clinic
from planner.taper import Closures
from planner.taper.closures import ONE_DAY, WEEK

log = logging.getLogger(__name__)
Holidays = tuple[tuple[date, str], ...]


def closures_of(clinic: Clinic, since: date, until: date) -> Closures:
    """The days from since to until on which nobody at the clinic answers the phone."""
    own = clinic.closing_days.filter(first__lte=until, last__gte=since)
    days = {day for closing in own for day in _days(max(closing.first, since), min(closing.last, until))}
    if clinic.closed_on_holidays:
        days |= {day for day, _ in holidays_between(clinic, since, until)}
    return Closures(frozenset(WEEK) - frozenset(map(int, clinic.open_weekdays)), frozenset(days))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + ONE_DAY * later for later in range((last - first).days + 1))


def holidays_between(clinic: Clinic, since: date, until: date) -> list[tuple[date, str]]:
    """The public holidays where the clinic is, with their names, whether it closes on them or not."""
    years = range(since.year, until.year + 1)
    found = (named for year in years for named in holidays_of(clinic.country, clinic.holiday_region, year) or ())
    return [(day, name) for day, name in found if since <= day <= until]


@lru_cache(maxsize=2048)
def holidays_of(country: str, region: str, year: int) -> Holidays | None:
    """A year's public holidays in order; None where they are not known.

    A region that the library lacks gives what the whole country has in common. An error here would keep a clinician
    from planning at all, so none leaves it.
    """
    region = region if region in regions_of(country) else ""
    try:
        found = holidays.country_holidays(country, subdiv=region or None, years=year)
    except Exception:  # the library's own errors cannot be named; the settings page says that no holidays are known
        log.exception("no public holidays for %s %s %s", country, region, year)
        return None
    return tuple(sorted(found.items()))


def has_holidays(country: str) -> bool:
    """Whether the library knows a country's public holidays."""
    return _rules(country) is not None


@lru_cache(maxsize=64)
def regions_of(country: str) -> dict[str, str]:
    """The regions of a country with holidays of their own, in the order of their names: names by code."""
    rules = _rules(country)
    if rules is None:
        return {}
    names = rules.get_subdivision_aliases()
    found = {code: (names.get(code) or [code])[0] for code in rules.subdivisions}
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _rules(country: str) -> holidays.HolidayBase | None:
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:  # the library's word for a country that it lacks
        return None

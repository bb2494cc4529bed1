"""Who needs the clinic today, and this week."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from planner.models import Due, Plan, User
from planner.papers.numbers import first_weekday, long_date, number
from planner.views.shared import person
from planner.views.today_rows import SUPPLY_DAYS, Asked, asked_for, sections_of
from planner.views.today_week import week_of

ONE_DAY, WEEK = timedelta(days=1), 7
MOST_RUNNING = 2000  # that are counted
SMALL = ("nobody", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    user, day = person(request), timezone.localdate()
    page = {"title": long_date(day)}
    if Plan.for_user(user).exists():
        page |= _page(user, day)
    return render(request, "today/today.html", page)


def _page(user: User, today: date) -> dict[str, Any]:
    begins = today - ((today.weekday() - first_weekday(user.clinic.country)) % WEEK) * ONE_DAY
    last = begins + (WEEK - 1) * ONE_DAY
    asked = asked_for(user, today, last)
    return {
        "country": user.clinic.country,
        "running": _running(user, today, last + ONE_DAY),
        "verdict": _verdict(asked, user.clinic.country),
        "week": week_of(user, begins, today, asked[0].count(Due.REASON)),
        "sections": sections_of(user, asked, today),
        "next_words": _next(user, today, last),
    }


def _running(user: User, today: date, until: date) -> str:
    """ "14 running tapers: 11 going on, 2 held, 1 ending". One that is held and ending is told as held."""
    found = Plan.for_user(user).counts(today, until, MOST_RUNNING)
    running, held, special = (found[name] for name in ("running", "held", "special"))
    if not running:
        return "No running taper"
    if running > MOST_RUNNING:
        return f"More than {number(MOST_RUNNING, user.clinic.country)} running tapers"
    kinds = ((running - special, "going on"), (held, "held"), (special - held, "ending"))
    told = ", ".join(f"{number(count, user.clinic.country)} {words}" for count, words in kinds if count)
    return f"{number(running, user.clinic.country)} running taper{'' if running == 1 else 's'}: {told}"


def _verdict(asked: Sequence[Asked], country: str) -> list[str]:
    """The sentence on top in parts, the weightiest first. Patients are counted, each once."""
    first, now, later = asked
    today = first.patients | now.patients
    more = len(later.patients - today)
    if not today and not more:
        return ["Nobody needs you today or later this week."]
    if not today:
        return ["Nobody needs you today.", _sentence(f"{_least(later)}{_patients(more, country)} later this week.")]
    needs = "needs" if len(today) == 1 else "need"
    words = [_sentence(f"{_least(first, now)}{_patients(len(today), country)} {needs} you today.")]
    if 0 < len(first.patients) < len(today) and not first.is_cut:
        words.append(_start(len(first.patients), country))
    if more:
        words.append(_sentence(f"{_least(*asked)}{_number(more, country)} more this week."))
    return words


def _start(count: int, country: str) -> str:
    return "Start with the first." if count == 1 else f"Start with the first {_number(count, country)}."


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def _least(*asked: Asked) -> str:
    return "at least " if any(each.is_cut for each in asked) else ""


def _patients(count: int, country: str) -> str:
    return f"{_number(count, country)} patient{'' if count == 1 else 's'}"


def _number(count: int, country: str) -> str:
    return SMALL[count] if count < len(SMALL) else number(count, country)


def _next(user: User, today: date, last: date) -> str:
    """Until when nothing else is due than what the page says."""
    found = Due.for_user(user).next_day(last, told=today + SUPPLY_DAYS * ONE_DAY)
    if found is None:
        return "Nothing else is planned."
    return f"Nothing else is due before {long_date(found, year=found.year != today.year)}."

"""The week at a glance: what each day asks for, in words."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from planner.closures import closures_of
from planner.models import Due, User
from planner.papers.numbers import WEEKDAYS, number

ONE_DAY, WEEK = timedelta(days=1), 7
KINDS = {
    Due.CHECK_IN: ("check-in", "check-ins"),
    Due.CHANGE: ("dose change", "dose changes"),
    Due.HOLD_ENDS: ("hold ends", "holds end"),
    Due.SUPPLY_ENDS: ("supply ends", "supplies end"),
    Due.LAST_DOSE: ("last dose", "last doses"),
    Due.REASON: ("reason to give", "reasons to give"),
}
Counts = Counter[tuple[date, str]]


@dataclass(frozen=True)
class Day:
    title: str
    is_today: bool
    words: list[str]


@dataclass(frozen=True)
class Asked:
    """What the week's days ask for. left: still to do; all: done or not; missed: check-ins that were not recorded."""

    left: Counts
    all: Counts
    missed: Counts


def week_of(user: User, begins: date, today: date, reasons: int) -> list[Day]:
    """reasons: how many are still to give; they can be given from now on, whatever their day."""
    last = begins + (WEEK - 1) * ONE_DAY
    closures = closures_of(user.clinic, begins, last)
    asked = _asked(user, begins, last, today)
    asked.left[today, Due.REASON] = reasons
    days = [begins + later * ONE_DAY for later in range(WEEK)]
    return [Day(_title(day, today), day == today, _words(user, asked, day, today, closures.shut(day))) for day in days]


def _asked(user: User, begins: date, last: date, today: date) -> Asked:
    dues = Due.for_user(user)
    asked = Asked(Counter(), Counter(), Counter())
    for day, kind, done, count in dues.exclude(kind=Due.REASON).by_day(begins, last):
        asked.all[day, kind] += count
        asked.left[day, kind] += 0 if done else count
    for day, kind, _, count in dues.missed(today).by_day(begins, last):
        asked.missed[day, kind] += count
    return asked


def _title(day: date, today: date) -> str:
    return f"Today, {day.day}" if day == today else f"{WEEKDAYS[day.weekday()][:3]} {day.day}"


def _words(user: User, asked: Asked, day: date, today: date, shut: bool) -> list[str]:
    closed = ["Closed"] if shut else []
    counts = asked.missed if day < today else asked.left
    told = [_count(user, counts[day, kind], kind) for kind in KINDS if counts[day, kind]]
    if told:
        return closed + ([f"{words} missed" for words in told] if day < today else told)
    if any(asked.all[day, kind] for kind in KINDS) and day <= today:
        return [*closed, "All done"]
    return closed or ["Nothing due"]


def _count(user: User, count: int, kind: str) -> str:
    one, several = KINDS[kind]
    return f"{number(count, user.clinic.country)} {one if count == 1 else several}"

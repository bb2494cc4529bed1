"""The sections of the page: for each plan that asks for something a row, with one thing to press."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from planner.models import Due, Patient, Plan, User
from planner.models.dues import DAY_TO_DAY, DueQuerySet
from planner.papers.numbers import short_date
from planner.shelves import clinic_shelf, file_behind
from planner.views.today_words import Line, Teller

ONE_DAY = timedelta(days=1)
SUPPLY_DAYS = 3  # a supply that ends within them is told first: the next one has to be got
MOST_ROWS = 20  # of a section
MOST_COUNTED = 100  # things of one kind; so that the page takes as long with 100,000 plans


@dataclass(frozen=True)
class Asked:
    """What a section tells of, by plan, the weightiest first. show: the list of patients that holds the others.

    is_cut: there are more than were counted; has_days: its rows begin with their day, and have nothing to press.
    """

    title: str
    show: str
    by_plan: Mapping[int, Sequence[Any]]
    is_cut: bool
    has_days: bool = False

    @property
    def shown(self) -> list[Sequence[Any]]:
        return list(self.by_plan.values())[:MOST_ROWS]

    def count(self, kind: str) -> int:
        return sum(found.kind == kind for dues in self.by_plan.values() for found in dues)

    @property
    def patients(self) -> set[int]:
        return {found.plan__patient for dues in self.by_plan.values() for found in dues}


@dataclass(frozen=True)
class Action:
    """What is pressed: a place on the plan's page, or another page, by name, of the plan or its version in force."""

    words: str
    place: str = ""
    page: str = ""
    of_version: bool = False

    def address(self, plan: Plan, plan_address: str) -> str:
        if not self.page:
            return plan_address + self.place
        return reverse(self.page, args=[plan.current_id if self.of_version else plan.pk])


@dataclass(frozen=True)
class Row:
    """address: of what is pressed; same_day: as the row before."""

    patient: Patient
    plan_address: str
    lines: list[Line]
    address: str
    act: str
    day: str
    same_day: bool


@dataclass(frozen=True)
class Section:
    title: str
    show: str
    has_days: bool
    rows: list[Row]
    more: int
    is_cut: bool


OPEN = Action("Open plan")
RECORD = Action("Record check-in", "#check")
DECIDE = Action("Decide", page="revise")
GIVE_REASONS = Action("Give reasons", page="acknowledge", of_version=True)


def asked_for(user: User, today: date, last: date) -> list[Asked]:
    """What there is for the page's sections. last: of the week."""
    dues, undecided = Due.for_user(user), Plan.for_user(user).undecided(today)
    soon, tomorrow = today + SUPPLY_DAYS * ONE_DAY, today + ONE_DAY
    supplies = dues.between(Due.SUPPLY_ENDS, today, soon)
    first = [dues.missed(today), undecided, supplies, dues.reasons()]
    now = [dues.between(kind, today, today) for kind in (Due.CHECK_IN, Due.CHANGE, Due.LAST_DOSE)]
    later = [dues.between(kind, tomorrow, last) for kind in DAY_TO_DAY]
    return [
        _asked("First", "check-in-due", first),
        _asked("Today", "changing", [*now, dues.timed(today)]),
        _asked("Later this week", "changing", [*later, dues.between(Due.SUPPLY_ENDS, soon + ONE_DAY, last)], True),
    ]


def _asked(title: str, show: str, sources: Iterable[DueQuerySet], has_days: bool = False) -> Asked:
    """sources: the weightiest first; where rows have days, the day comes before the weight."""
    found = [source.few(MOST_COUNTED) for source in sources]
    rows = [row for few in found for row in few]
    by_plan: dict[int, list[Any]] = {}
    for row in sorted(rows, key=lambda row: row.day) if has_days else rows:
        by_plan.setdefault(row.plan, []).append(row)
    return Asked(title, show, by_plan, any(len(few) > MOST_COUNTED for few in found), has_days)


def sections_of(user: User, asked: Sequence[Asked], today: date) -> list[Section]:
    """Those that have something to tell."""
    pks = [row.pk for each in asked for rows in each.shown for row in rows]
    dues = {due.pk: due for due in Due.for_user(user).told(pks)}
    teller = _teller(user, list(dues.values()), today)
    return [_section(each, dues, teller) for each in asked if each.by_plan]


def _teller(user: User, dues: Sequence[Due], today: date) -> Teller:
    return Teller(user.clinic.country, today, _names(user, {due.plan.medicine for due in dues}))


def _names(user: User, medicines: set[str]) -> dict[str, str]:
    """What the medicines are called in a sentence; by their key where the file has gone."""
    shelf = clinic_shelf(user.clinic)
    held = {key: shelf.held[key].file for key in medicines if key in shelf.held}
    files = {key: held.get(key) or file_behind(user.clinic, key) for key in medicines}
    return {key: file.plain_name if file else key for key, file in files.items()}


def _section(asked: Asked, found: Mapping[int, Due], teller: Teller) -> Section:
    still = ([found[row.pk] for row in rows if row.pk in found] for rows in asked.shown)
    by_plan = [dues for dues in still if dues]  # somebody may have changed a plan in between
    days = [None, *(dues[0].day for dues in by_plan)]
    rows = [_row(dues, teller, asked.has_days, before) for dues, before in zip(by_plan, days, strict=False)]
    return Section(asked.title, asked.show, asked.has_days, rows, len(asked.by_plan) - len(asked.shown), asked.is_cut)


def _row(dues: Sequence[Due], teller: Teller, has_days: bool, before: date | None) -> Row:
    """before: the day of the row before."""
    plan, action, day = dues[0].plan, _action(dues[0]), short_date(dues[0].day, weekday=True)
    lines = teller.later(dues) if has_days else teller.now(dues)
    plan_address = reverse("plan", args=[plan.pk])
    address = action.address(plan, plan_address)
    return Row(plan.patient, plan_address, lines, address, action.words, day, dues[0].day == before)


def _action(due: Due) -> Action:
    if due.kind == Due.HOLD_ENDS and due.facts["open"]:
        return DECIDE
    return {Due.CHECK_IN: RECORD, Due.REASON: GIVE_REASONS}.get(due.kind, OPEN)

"""The sections of the page: for each plan that asks for something a row, with one thing to press."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_

from planner.models import Due, Patient, Plan, User
from planner.models.dues import KINDS_IN_ORDER, DueQuerySet
from planner.papers.numbers import short_date
from planner.shelves import clinic_shelf, file_behind
from planner.views.today_words import Line, Teller

ONE_DAY = timedelta(days=1)
SUPPLY_DAYS = 3  # a supply that ends within them is told first: the next one has to be got
MOST_ROWS = 50


@dataclass(frozen=True)
class Asked:
    """What a section tells of, the weightiest first. show: the list of patients that holds the others.

    has_days: its rows begin with their day; it has nothing to press.
    """

    title: str
    sources: Sequence[DueQuerySet]
    show: str
    has_days: bool = False


@dataclass(frozen=True)
class Action:
    address: str
    anchor: str
    words: str


@dataclass(frozen=True)
class Row:
    """day: empty where it is that of the row before."""

    plan: Plan
    patient: Patient
    lines: list[Line]
    action: Action
    day: str
    same_day: bool


@dataclass(frozen=True)
class Section:
    title: str
    show: str
    has_days: bool
    rows: list[Row]
    more: int


RECORD = Action("plan", "#check", "Record check-in")
DECIDE = Action("revise", "", "Decide")
GIVE_REASONS = Action("plan", "", "Give reasons")
OPEN = Action("plan", "", "Open plan")


def asked_for(dues: DueQuerySet, today: date, last: date) -> list[Asked]:
    """What there is for the page's sections. last: of the week."""
    told = today + SUPPLY_DAYS * ONE_DAY
    first = [dues.missed(today), dues.undecided(today), dues.supplies(today, told), dues.reasons()]
    later = dues.of_days(today + ONE_DAY, last, told=told)
    return [
        Asked("First", first, "check-in-due"),
        Asked("Today", [dues.of_day(today)], "changing"),
        Asked("Later this week", [later], "changing", has_days=True),
    ]


def patients_of(asked: Sequence[Asked]) -> list[int]:
    """How many patients the first section tells of, the first two, and so on."""
    sources = [[source for each in asked[: place + 1] for source in each.sources] for place in range(len(asked))]
    return [_count(each, "plan__patient") for each in sources]


def _count(sources: Sequence[DueQuerySet], field: str) -> int:
    first, *others = (source.order_by().values(field) for source in sources)
    counted: int = first.distinct().union(*others).count()
    return counted


def sections_of(user: User, asked: Sequence[Asked], today: date) -> list[Section]:
    """Those that have something to tell."""
    shown = [(each, _dues(each.sources)) for each in asked]
    teller = _teller(user, [due for _, by_plan in shown for dues in by_plan for due in dues], today)
    return [_section(each, by_plan, teller) for each, by_plan in shown if by_plan]


def _dues(sources: Sequence[DueQuerySet]) -> list[list[Due]]:
    """What the plans that are shown ask for, plan by plan; never more plans than rows."""
    plans = list(dict.fromkeys(plan for source in sources for plan in source.by_plan()[:MOST_ROWS]))[:MOST_ROWS]
    found: dict[int, list[Due]] = {plan: [] for plan in plans}
    for due in reduce(or_, sources).filter(plan__in=plans).in_order().select_related("plan__patient"):
        found[due.plan_id].append(due)
    return [dues for dues in found.values() if dues]


def _teller(user: User, dues: Sequence[Due], today: date) -> Teller:
    cuts = [(due.plan_id, date.fromisoformat(due.facts["after"])) for due in dues if due.kind == Due.CHECK_IN]
    plans, days = {plan for plan, _ in cuts}, {day for _, day in cuts}
    changes = Due.for_user(user).filter(kind=Due.CHANGE, plan__in=plans, day__in=days)
    changed = {(due.plan_id, due.day): due for due in changes}
    return Teller(user.clinic.country, today, _names(user, {due.plan.medicine for due in dues}), changed)


def _names(user: User, medicines: set[str]) -> dict[str, str]:
    """What the medicines are called in a sentence; by their key where the file has gone."""
    shelf = clinic_shelf(user.clinic)
    held = {key: shelf.held[key].file for key in medicines if key in shelf.held}
    files = {key: held.get(key) or file_behind(user.clinic, key) for key in medicines}
    return {key: file.plain_name if file else key for key, file in files.items()}


def _section(asked: Asked, by_plan: Sequence[Sequence[Due]], teller: Teller) -> Section:
    more = _count(asked.sources, "plan") - len(by_plan)
    rows: list[Row] = []
    last_day = None
    for dues in by_plan:
        rows.append(_row(dues, teller, has_days=asked.has_days, same_day=dues[0].day == last_day))
        last_day = dues[0].day
    return Section(asked.title, asked.show, asked.has_days, rows, more)


def _row(dues: Sequence[Due], teller: Teller, *, has_days: bool, same_day: bool) -> Row:
    plan = dues[0].plan
    day = short_date(dues[0].day, weekday=True)
    if has_days:
        return Row(plan, plan.patient, teller.later(dues), OPEN, day, same_day)
    by_weight = sorted(dues, key=lambda due: KINDS_IN_ORDER.index(due.kind))
    return Row(plan, plan.patient, teller.now(by_weight), _action(by_weight[0]), day, same_day)


def _action(due: Due) -> Action:
    if due.kind == Due.HOLD_ENDS and due.facts["open"]:
        return DECIDE
    return {Due.CHECK_IN: RECORD, Due.REASON: GIVE_REASONS}.get(due.kind, OPEN)

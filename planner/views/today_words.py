"""What a plan asks for, in words: a sentence or two a thing, from what was kept when it was issued."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from planner.models import Due
from planner.papers.numbers import WEEKDAYS, dose, number, short_date
from planner.templatetags.doses import percent

ONE_DAY, WEEK = timedelta(days=1), 7


@dataclass(frozen=True)
class Line:
    """sign: what is urgent about it, empty where nothing is."""

    words: str
    sign: str = ""


@dataclass(frozen=True)
class Teller:
    """names: of the medicines by key."""

    country: str
    today: date
    names: Mapping[str, str]

    def now(self, dues: Sequence[Due]) -> list[Line]:
        """What a plan asks for now, each kind once."""
        return [self._of_kind(list(same)) for _, same in groupby(dues, key=lambda due: due.kind)]

    def later(self, dues: Sequence[Due]) -> list[Line]:
        """What it asks for on later days; those after the first are named."""
        first = dues[0].day
        told = ((due, self._to_come(due)) for due in dues)
        return [
            Line(words if due.day == first else f"{short_date(due.day, weekday=True)}: {words}") for due, words in told
        ]

    def _of_kind(self, dues: Sequence[Due]) -> Line:
        due = dues[-1]
        if due.kind == Due.REASON:
            return self._reasons(dues)
        if due.kind == Due.CHECK_IN and dues[0].day < self.today:
            return self._missed(dues)
        if due.kind == Due.HOLD_ENDS and due.facts["open"]:
            return self._undecided(due)
        if due.kind == Due.SUPPLY_ENDS:
            return Line(self._supply(due), f"Supply ends {self._day(due.day)}")
        return Line(self._to_come(due))

    def _to_come(self, due: Due) -> str:
        tell = {
            Due.CHECK_IN: self._check_in, Due.CHANGE: self._change, Due.HOLD_ENDS: self._hold,
            Due.SUPPLY_ENDS: lambda due: f"Supply ends. {self._supply(due)}", Due.LAST_DOSE: self._last_dose,
        }  # fmt: skip
        return tell[due.kind](due)

    def _missed(self, dues: Sequence[Due]) -> Line:
        last, count = dues[-1], len(dues)
        was = f"was due {self._on(last.day)}. {self._cut(last)}"
        if count == 1:
            return Line(f"It {was}", "Check-in missed")
        return Line(f"The last {was}", f"{number(count, self.country)} check-ins missed")

    def _check_in(self, due: Due) -> str:
        day = (due.day - _after(due)).days + 1
        return f"Check-in, day {day}. {self._cut(due)}"

    def _cut(self, due: Due) -> str:
        """The change after which a check-in comes. What is taken now may be another dose."""
        gone, on = _after(due) < self.today, self._on(_after(due))
        if due.facts["daily"] == "0":
            return f"{self._name(due)} {'stopped' if gone else 'stops'} {on}."
        since = f"from {self._number(due, 'from')} " if "from" in due.facts else ""  # not kept with the first of them
        return f"{self._name(due)} {'went' if gone else 'goes'} {since}to {self._dose(due)} a day {on}."

    def _change(self, due: Due) -> str:
        was, cut = self._number(due, "from"), Decimal(due.facts["percent"])
        if cut < 0:
            return f"Dose change. {self._name(due)}, up from {was} to {self._dose(due)} a day."
        return f"Dose change. {self._name(due)}, {was} to {self._dose(due)} a day: {percent(cut)} of current."

    def _undecided(self, due: Due) -> Line:
        if due.day == self.today:
            return Line(f"{self._held(due)} What comes next is not decided.", "Hold to decide today")
        return Line(f"{self._held(due)} What comes next was to be decided {self._on(due.day)}.", "Hold not decided")

    def _hold(self, due: Due) -> str:
        if due.facts["open"]:
            return f"Hold to decide. {self._held(due)}"
        since = short_date(date.fromisoformat(due.facts["since"]))
        return f"Hold ends. {self._name(due)}, {self._dose(due)} a day since {since}, then the plan goes on."

    def _held(self, due: Due) -> str:
        since = date.fromisoformat(due.facts["since"])
        held = "has been held" if since <= self.today else "is held"
        start = "since" if since <= self.today else "from"
        return f"{self._name(due)} {held} at {self._dose(due)} a day {start} {short_date(since)}."

    def _supply(self, due: Due) -> str:
        return (
            f"{self._name(due)}, {self._dose(due)} a day by then. More is needed from {self._day(due.day + ONE_DAY)}."
        )

    def _last_dose(self, due: Due) -> str:
        return f"Last dose. {self._name(due)}, {self._dose(due)} a day, then stop {self._on(due.day + ONE_DAY)}."

    def _reasons(self, dues: Sequence[Due]) -> Line:
        count = len(dues)
        words = "One finding still needs a reason." if count == 1 else f"{count} findings still need a reason."
        return Line(f"{self._name(dues[0])}. {words}", "Reasons to give")

    def _name(self, due: Due) -> str:
        name = self.names[due.plan.medicine]
        return name[:1].upper() + name[1:]

    def _dose(self, due: Due) -> str:
        return dose(Decimal(due.facts["daily"]), due.facts["unit"], self.country)

    def _number(self, due: Due, fact: str) -> str:
        return number(Decimal(due.facts[fact]), self.country)

    def _on(self, day: date) -> str:
        """ "on Monday", "on Fri 8 Jan", "today"."""
        words = self._day(day)
        return words if words in ("yesterday", "today", "tomorrow") else f"on {words}"

    def _day(self, day: date) -> str:
        """A day by its weekday where that names one day alone, as seen from today."""
        away = (day - self.today).days
        if abs(away) <= 1:
            return ("yesterday", "today", "tomorrow")[away + 1]
        if abs(away) < WEEK:
            return WEEKDAYS[day.weekday()]
        return short_date(day, weekday=True, year=day.year != self.today.year)


def _after(due: Due) -> date:
    return date.fromisoformat(due.facts["after"])

"""What may follow what, and what it costs: the plain reading of the design, beside ``brute``.

Doses are Fractions; a regimen is a tuple in the order of the request's times; a day is counted from the
request's ``start``.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Any, NamedTuple

from tests.taper.brute_shape import ZERO, Regimen, regimens_of, whole
from tests.taper.brute_shelf import Shelf, read_product

TIMES = ["morning", "midday", "evening", "bedtime"]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Rank(NamedTuple):
    """What a schedule is chosen by: the least of these."""

    breach: Fraction
    cost: int
    ties: tuple[tuple[Fraction, Regimen], ...]  # per step: minus the daily dose, doses in the order of lowering


@dataclass(frozen=True)
class Phase:
    amount: Fraction
    basis: str | None
    every: int
    begins_at: Fraction
    floor: Fraction


def _cut(text: str, of: str | None) -> tuple[Fraction, str | None]:
    if text.endswith("%"):
        return Fraction(text[:-1]), of
    return Fraction(text.split(maxsplit=1)[0]), None


def _share(amount: Fraction, basis: str | None, current: Fraction, starting: Fraction) -> Fraction:
    if basis is None:
        return amount
    return amount * (current if basis == "current" else starting) / 100


class Rules:
    """One request, read plainly."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        medicine = request["medicine"]
        own = {name: medicine[name] for name in ("pace", "limit", "final_dose", "order") if name in medicine}
        request = {**own, **request}
        self._read_doses(request)
        self._read_days(request)
        self.limit, self.limit_basis = _cut(request["limit"]["cut"], request["limit"].get("of"))
        self.window: int = request["limit"]["days"]
        self.coarse: str = request.get("coarse", "flag")
        self._read_products(request)
        self._set_pace(request.get("pace", []))

    def _read_doses(self, request: Mapping[str, Any]) -> None:
        """Current: the daily dose taken now. Starting: before the taper, which may have begun in an earlier plan."""
        self.times = list(request["regimen"])
        self.now: Regimen = tuple(Fraction(dose) for dose in request["regimen"].values())
        self.current = whole(self.now)
        self.starting = Fraction(request.get("starting", self.current))
        self.target = Fraction(request.get("target", "0"))
        order = request.get("order", TIMES)
        self.by_order = sorted(range(len(self.times)), key=lambda i: order.index(self.times[i]))

    def _read_days(self, request: Mapping[str, Any]) -> None:
        self.start = date.fromisoformat(request["start"])
        self.end_by = date.fromisoformat(request["end_by"]) if "end_by" in request else None
        self.change_on = {WEEKDAYS.index(name) for name in request.get("change_on", WEEKDAYS)}
        self.fill_days: int = request.get("fill_days", 28)
        self.past = self._past(request.get("history", []), "starting" in request)

    def _past(self, history: list[dict[str, Any]], starting_is_known: bool) -> list[tuple[float, Fraction]]:
        """The day from which each daily dose was taken before the first cut: the earliest since ever, the last
        the current one, which is taken from the end of the last entry."""
        if not history:
            return [(float("-inf"), self.current)]
        days = [(date.fromisoformat(entry["start"]) - self.start).days for entry in history]
        doses = [whole(tuple(map(Fraction, entry["regimen"].values()))) for entry in history]
        since_ever = self.starting if starting_is_known else doses[0]
        last = min(0, days[-1] + history[-1]["days"])
        return [(float("-inf"), since_ever), *zip(days, doses, strict=True), (last, self.current)]

    def taken_since(self) -> int | None:
        """The day from which the history knows the current dose; None where there is no history."""
        known = [day for day, dose in self.past[1:] if dose == self.current]
        if not known or self.past[-2][1] != self.current:
            return int(self.past[-1][0]) if len(self.past) > 1 else None
        return int(self.past[-2][0])

    def phase_to(self, daily: Fraction) -> Phase:
        """The phase that leads to a daily dose."""
        return next(phase for phase in self.phases if phase.floor <= daily)

    def _read_products(self, request: Mapping[str, Any]) -> None:
        stock = request["medicine"]["products"]
        products = [read_product(key, stock[key]) for key in request.get("products", list(stock))]
        self.shelf = Shelf(products, self.now, Fraction(request.get("max_units", 0)))
        self.on_hand = tuple(Fraction(request.get("on_hand", {}).get(key, 0)) for key in self.shelf.keys)
        self.final = Fraction(request.get("final_dose", min(item.least for item in products)))
        self.regimens = regimens_of(request.get("shape", "even"), self.shelf, self.now, self.by_order)

    # Pace and limit

    def with_pace(self, pace: list[dict[str, Any]]) -> "Rules":
        other = copy(self)
        other._set_pace(pace)
        return other

    def _set_pace(self, pace: list[dict[str, Any]]) -> None:
        self.phases = self._phases(pace)
        self.next_regimens = cache(self._next_regimens)
        self.every = cache(self._every)
        self.cost = cache(self._cost)
        self.best_from = cache(self._best_from)

    def _phases(self, pace: list[dict[str, Any]]) -> list[Phase]:
        phases, begins_at = [], self.current
        for data in pace:
            amount, basis = _cut(data["cut"], data.get("of"))
            down_to = _share(*_cut(data.get("down_to", "0 mg"), "starting"), self.starting, self.starting)
            phases.append(Phase(amount, basis, data["every"], begins_at, max(down_to, self.target)))
            begins_at = min(begins_at, down_to)
        return phases

    def paces_to_try(self) -> list[dict[str, Any]]:
        """For a wished-for last date: one phase, whose cut grows by tenths of a percent."""
        own = self.phases[0] if self.phases else Phase(self.limit, self.limit_basis, self.window, ZERO, ZERO)
        basis = own.basis or "current"
        most = self.limit if basis == self.limit_basis else Fraction(100)
        tenths = range(1, floor(most * 10) + 1)
        return [{"cut": f"{tenth // 10}.{tenth % 10}%", "of": basis, "every": own.every} for tenth in tenths]

    def allowed(self, reference: Fraction) -> Fraction:
        return _share(self.limit, self.limit_basis, reference, self.starting)

    def preferred_cut(self, phase: Phase, daily: Fraction) -> Fraction:
        return min(_share(phase.amount, phase.basis, daily, self.starting), self.allowed(daily))

    def _every(self, phase: Phase) -> int:
        """The phase's days, or the least at which the preferred cuts of one window, from the dose at which the
        phase begins, keep within the limit."""
        days = phase.every
        while self._drop(phase, cuts=ceil(Fraction(self.window, days))) > self.allowed(phase.begins_at):
            days += 1
        return days

    def _drop(self, phase: Phase, cuts: int) -> Fraction:
        left = phase.begins_at
        for _ in range(cuts):
            left -= self.preferred_cut(phase, left)
        return phase.begins_at - left

    def breach(self, reference: Fraction, new: Fraction) -> Fraction:
        return max(ZERO, reference - new - self.allowed(reference))

    # What may come next

    def is_last(self, regimen: Regimen) -> bool:
        """The target is reached, or the dose from which the next step is zero."""
        return whole(regimen) == self.target if self.target else whole(regimen) <= self.final

    def _next_regimens(self, regimen: Regimen) -> tuple[Phase | None, list[Regimen]]:
        """The phase in which the next cut is made, and where it may lead."""
        daily = whole(regimen)
        lower = [r for r in self.regimens if whole(r) < daily and all(a <= b for a, b in zip(r, regimen, strict=True))]
        for phase in self.phases:
            inside = [r for r in lower if whole(r) >= phase.floor]
            if inside:
                return phase, self._allowed_cuts(daily, inside)
        return None, []

    def _allowed_cuts(self, daily: Fraction, inside: list[Regimen]) -> list[Regimen]:
        """Those within the limit; where there is none, the smallest cut."""
        within = [r for r in inside if not self.breach(daily, whole(r))]
        highest = max(map(whole, inside))
        return within or [r for r in inside if whole(r) == highest]

    def _cost(self, before: Regimen, after: Regimen) -> int:
        phase, _ = self.next_regimens(before)
        assert phase
        cut, preferred = whole(before) - whole(after), self.preferred_cut(phase, whole(before))
        off = ((cut - preferred) / preferred) ** 2 + Fraction(5, 100) * self.complications(before, after)
        return floor(cut / preferred * off * 10**6)

    def complications(self, before: Regimen, after: Regimen) -> int:
        day = self.shelf.take(after)
        doses = {dose for dose in after if dose}
        changed = sum(a != b for a, b in zip(before, after, strict=True))
        beyond_the_first = max(0, self.shelf.used(day) - 1) + max(0, len(doses) - 1) + max(0, changed - 1)
        return self.shelf.divided(day) + self.shelf.measured(day) + beyond_the_first

    def tie(self, regimen: Regimen) -> tuple[Fraction, Regimen]:
        return -whole(regimen), tuple(regimen[i] for i in self.by_order)

    def _best_from(self, regimen: Regimen) -> tuple[Rank, tuple[Regimen, ...]] | None:
        if self.is_last(regimen):
            return Rank(ZERO, 0, ()), ()
        ways = []
        for new in self.next_regimens(regimen)[1]:
            if rest := self.best_from(new):
                (breach, cost, ties), path = rest
                breach += self.breach(whole(regimen), whole(new))
                ways.append((Rank(breach, cost + self.cost(regimen, new), (self.tie(new), *ties)), (new, *path)))
        return min(ways) if ways else None

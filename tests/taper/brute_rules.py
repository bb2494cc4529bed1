"""What may follow what, and what it costs: the plain reading of the design, beside ``brute``.

Doses are Fractions; a regimen is a tuple in the order of the request's times.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from itertools import product as every_combination
from math import ceil, floor
from typing import Any, NamedTuple

from tests.taper.brute_shelf import Shelf, read_product

Regimen = tuple[Fraction, ...]
TIMES = ["morning", "midday", "evening", "bedtime"]


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
        stock = request["medicine"]["products"]
        products = [read_product(key, stock[key]) for key in request.get("products", list(stock))]
        self.times = list(request["regimen"])
        self.now: Regimen = tuple(Fraction(dose) for dose in request["regimen"].values())
        self.starting = whole(self.now)
        self.target = Fraction(request.get("target", "0"))
        self.start = date.fromisoformat(request["start"])
        order = request.get("order", TIMES)
        self.by_order = sorted(range(len(self.times)), key=lambda i: order.index(self.times[i]))
        self.limit, self.limit_basis = _cut(request["limit"]["cut"], request["limit"].get("of"))
        self.window: int = request["limit"]["days"]
        self.phases = self._phases(request["pace"])
        self.refuses = request.get("coarse", "flag") == "refuse"
        self.fill_days: int = request.get("fill_days", 28)
        self.shelf = Shelf(products, self.now, Fraction(request.get("max_units", 0)))
        self.final = Fraction(request.get("final_dose", min(item.least for item in products)))
        self.next_regimens = cache(self._next_regimens)
        self.cost = cache(self._cost)
        self.best_from = cache(self._best_from)

    def _phases(self, pace: list[dict[str, Any]]) -> list[Phase]:
        phases, begins_at = [], self.starting
        for data in pace:
            amount, basis = _cut(data["cut"], data.get("of"))
            down_to = _share(*_cut(data.get("down_to", "0 mg"), "starting"), self.starting, self.starting)
            phases.append(Phase(amount, basis, data["every"], begins_at, max(down_to, self.target)))
            begins_at = min(begins_at, down_to)
        return phases

    # Regimens of the even shape

    @cached_property
    def regimens(self) -> list[Regimen]:
        """Every even regimen above zero and below the dose taken now, by all the products or one of them alone."""
        found: set[Regimen] = set()
        alone = [[key] for key in self.shelf.keys]
        for keys in [self.shelf.keys, *alone]:
            doses = self.shelf.makeable(keys, max(self.now))
            lists = [[dose for dose in doses if dose <= now] for now in self.now]
            found.update(r for r in every_combination(*lists) if self._is_even(r, doses))
        return sorted(found, key=lambda r: (-whole(r), r))

    def _is_even(self, regimen: Regimen, doses: list[Fraction]) -> bool:
        daily = whole(regimen)
        if not 0 < daily < self.starting or not self._in_order(regimen):
            return False
        return all(
            _is_near(dose, daily * now / self.starting, doses) for dose, now in zip(regimen, self.now, strict=True)
        )

    def _in_order(self, regimen: Regimen) -> bool:
        """Times that began equal: one earlier in the order is never above a later one."""
        pairs = ((i, j) for at, i in enumerate(self.by_order) for j in self.by_order[at + 1 :])
        return all(regimen[i] <= regimen[j] for i, j in pairs if self.now[i] == self.now[j] > 0)

    # Pace and limit

    def allowed(self, reference: Fraction) -> Fraction:
        return _share(self.limit, self.limit_basis, reference, self.starting)

    def preferred_cut(self, phase: Phase, daily: Fraction) -> Fraction:
        return min(_share(phase.amount, phase.basis, daily, self.starting), self.allowed(daily))

    def every(self, phase: Phase) -> int:
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
        return max(Fraction(0), reference - new - self.allowed(reference))

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
            return Rank(Fraction(0), 0, ()), ()
        ways = []
        for new in self.next_regimens(regimen)[1]:
            if rest := self.best_from(new):
                (breach, cost, ties), path = rest
                breach += self.breach(whole(regimen), whole(new))
                ways.append((Rank(breach, cost + self.cost(regimen, new), (self.tie(new), *ties)), (new, *path)))
        return min(ways) if ways else None


@cache
def whole(regimen: Regimen) -> Fraction:
    return sum(regimen, Fraction(0))


def _is_near(dose: Fraction, share: Fraction, doses: list[Fraction]) -> bool:
    """The share itself where it can be made; else the makeable dose next below or next above it."""
    if share in doses:
        return dose == share
    below = max((d for d in doses if d < share), default=None)
    above = min((d for d in doses if d > share), default=None)
    return dose in (below, above)

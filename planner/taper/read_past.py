"""Reading what a request says of other days: the past of a running taper, weekdays, and steps changed by hand."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from planner.taper.amounts import parse_amount, parse_day, show
from planner.taper.errors import BadInput
from planner.taper.medicine import TIMES, Product, Time
from planner.taper.read_pace import LONGEST_DAYS
from planner.taper.request import WEEKDAYS, Edit, Taken

MOST_PAST = 1000
MOST_EDITS = 60
MOST_LEAD = 60
MOST_PRODUCTS = 12
EDIT_FIELDS = {"step", "days", "regimen", "products", "rest", "at"}


def weekdays(value: Any) -> frozenset[int] | None:
    """The weekdays on which a dose may change, Monday 0; None where all may."""
    if value is None:
        return None
    allowed = f"Give one or more of: {', '.join(WEEKDAYS)}."
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise BadInput("change_on", value, allowed)
    for name in value:
        if name not in WEEKDAYS:
            raise BadInput("change_on", name, allowed)
    return frozenset(WEEKDAYS.index(name) for name in value)


def read_regimen(field: str, value: Any) -> dict[Time, Decimal]:
    """A dose at one or more times, in the order of the day."""
    if not isinstance(value, Mapping) or not value:
        raise BadInput(field, value, f"Give doses at one or more of: {', '.join(TIMES)}.")
    for name in value:
        if name not in TIMES:
            raise BadInput(f"{field}.{name}", value[name], f"The times are: {', '.join(TIMES)}.")
    return {time: parse_amount(f"{field}.{time}", value[time]) for time in TIMES if time in value}


def history(value: Any, start: date) -> tuple[Taken, ...]:
    """What was taken before the first lower dose, no day twice; a regimen goes on until the next begins."""
    if value is None:
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOST_PAST:
        raise BadInput("history", type(value).__name__, f"Give a list of at most {MOST_PAST} regimens with their days.")
    starts = [parse_day(f"history.{n}.start", _entry(n, entry).get("start")) for n, entry in enumerate(value)]
    return tuple(_taken(n, value[n], starts, start) for n in range(len(starts)))


def _entry(place: int, value: Any, field: str = "history") -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadInput(f"{field}.{place}", value, "Give an object with start, days and regimen.")
    for name in value:
        if name not in ("start", "days", "regimen"):
            words = "There is no such field. Known: start, days, regimen."
            raise BadInput(f"{field}.{place}.{name}", value[name], words)
    return value


def _taken(place: int, entry: Mapping[str, Any], starts: Sequence[date], start: date) -> Taken:
    """One regimen; days left out: to the next one, or to the first lower dose."""
    is_last = place == len(starts) - 1
    until = start if is_last else starts[place + 1]
    most = (until - starts[place]).days
    if most < 1:
        before = "the first lower dose" if is_last else "the regimen after it"
        raise BadInput(f"history.{place}.start", starts[place].isoformat(), f"Give a date before {before}, {until}.")
    days = entry.get("days", most)
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= most:
        raise BadInput(f"history.{place}.days", days, f"Give from 1 to {most}: what follows begins on {until}.")
    return Taken(starts[place], days, read_regimen(f"history.{place}.regimen", entry.get("regimen")))


def lead(value: Any, start: date, times: Sequence[Time]) -> tuple[Taken, ...]:
    """Steps settled beforehand: without a gap, to the day before ``start``; a time that is left out is 0."""
    if value is None:
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str) or not 1 <= len(value) <= MOST_LEAD:
        raise BadInput("lead", type(value).__name__, f"Give a list of 1 to {MOST_LEAD} steps.")
    found = [_led(f"lead.{n}", _entry(n, entry, "lead"), times) for n, entry in enumerate(value)]
    for n, (one, following) in enumerate(pairwise([*(taken.start for taken in found), start])):
        if one + timedelta(days=found[n].days) != following:
            raise BadInput(f"lead.{n}.days", found[n].days, f"What follows begins on {following}, without a gap.")
    return tuple(found)


def _led(field: str, entry: Mapping[str, Any], times: Sequence[Time]) -> Taken:
    regimen = _edited_regimen(f"{field}.regimen", entry.get("regimen"), times)
    days = _whole(f"{field}.days", entry.get("days"), 1, LONGEST_DAYS)
    return Taken(parse_day(f"{field}.start", entry.get("start")), days, regimen)


def proportions(value: Any, regimen: Mapping[Time, Decimal]) -> dict[Time, Decimal] | None:
    """The regimen in whose proportions doses are shared over the times; at least the dose now at each."""
    if value is None:
        return None
    given = _edited_regimen("proportions", value, tuple(regimen))
    for time, dose in given.items():
        if dose < regimen[time]:
            raise BadInput(f"proportions.{time}", show(dose), f"Give at least the dose now, {show(regimen[time])}.")
    return given


def on_hand(value: Any, medicine: Mapping[str, Product]) -> dict[str, Decimal]:
    """Units that the patient holds: pieces, or mL of a liquid."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadInput("on_hand", value, "Give an object with units by product.")
    for key in value:
        if key not in medicine:
            raise BadInput("on_hand", key, f"The products are: {', '.join(medicine)}.")
    return {key: parse_amount(f"on_hand.{key}", units) for key, units in value.items()}


def edits(value: Any, medicine: Mapping[str, Product], times: Sequence[Time]) -> tuple[Edit, ...]:
    """Steps changed by hand, in the order in which that was done."""
    if value is None:
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOST_EDITS:
        raise BadInput("edits", type(value).__name__, f"Give a list of at most {MOST_EDITS} changes.")
    return tuple(_edit(f"edits.{n}", edit, medicine, times) for n, edit in enumerate(value))


def _edit(field: str, value: Any, medicine: Mapping[str, Product], times: Sequence[Time]) -> Edit:
    if not isinstance(value, Mapping) or not set(value) <= EDIT_FIELDS:
        raise BadInput(field, value, "Give step, one of days, regimen and products, rest and at.")
    if len(set(value) & {"days", "regimen", "products"}) != 1:
        raise BadInput(field, value, "Give one of days, regimen and products.")
    rest = value.get("rest", "again")
    if rest not in ("again", "keep") or (rest == "keep" and "products" in value):
        raise BadInput(f"{field}.rest", rest, "Give again, or keep (not where the products change).")
    return Edit(
        step=_whole(f"{field}.step", value.get("step"), 0 if "products" in value else 1, MOST_PAST),
        days=_whole(f"{field}.days", value["days"], 1, LONGEST_DAYS) if "days" in value else None,
        regimen=_edited_regimen(f"{field}.regimen", value["regimen"], times) if "regimen" in value else None,
        products=_edited_products(f"{field}.products", value["products"], medicine) if "products" in value else None,
        again=rest == "again",
        at=None if value.get("at") is None else parse_amount(f"{field}.at", value["at"]),
    )


def _edited_regimen(field: str, value: Any, times: Sequence[Time]) -> dict[Time, Decimal]:
    """A dose at each time of the request's regimen, 0 where it is left out."""
    given = read_regimen(field, value)
    for time in given:
        if time not in times:
            raise BadInput(f"{field}.{time}", given[time], f"The regimen's times are: {', '.join(times)}.")
    if not any(given.values()):
        raise BadInput(field, "0", "Give a dose above 0 at one time at least: a stop is no step that is taken.")
    return {time: given.get(time, Decimal(0)) for time in times}


def _edited_products(field: str, value: Any, medicine: Mapping[str, Product]) -> tuple[Product, ...]:
    allowed = f"Give one or more of: {', '.join(medicine)}."
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise BadInput(field, value, allowed)
    for key in value:
        if not isinstance(key, str) or key not in medicine:
            raise BadInput(field, key, allowed)
        if why_not := medicine[key].why_not:
            raise BadInput(field, key, why_not)
    if len(set(value)) > MOST_PRODUCTS:
        raise BadInput(field, ", ".join(value), f"Choose at most {MOST_PRODUCTS}.")
    return tuple(medicine[key] for key in dict.fromkeys(value))


def _whole(field: str, value: Any, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadInput(field, value, f"Give a whole number from {least} to {most}.")
    return value

"""Reading a request: every field checked, every default filled in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from planner.taper.amounts import parse_amount, parse_day, show
from planner.taper.errors import BadInput
from planner.taper.factors import effective
from planner.taper.fit import fit_final, fit_max_units
from planner.taper.medicine import TIMES, Factor, Limit, Medicine, NamedPace, Phase, Product, Time
from planner.taper.read_pace import (
    LONGEST_DAYS,
    days,
    limit_from,
    open_pace_from,
    pace_from,
    phases_of,
    slowest,
    strictest,
)
from planner.taper.read_past import (
    MOST_PRODUCTS,
    edits,
    history,
    lead,
    on_hand,
    proportions,
    read_regimen,
    weekdays,
)
from planner.taper.request import AfterLead, Context, Request, Taken

FIELDS = {
    "medicine", "products", "regimen", "target", "start", "pace", "limit", "coarse", "shape", "order", "final_dose",
    "change_on", "max_units", "fill_days", "factors", "taking_since", "end_by", "history", "starting", "on_hand",
    "edits", "lead", "after_lead", "proportions",
}  # fmt: skip
COARSE = ("flag", "stretch", "refuse")
SHAPES = ("even", "one-time-first")
AFTER_LEAD = ("taper", "wait", "stay")
USUAL_FILL_DAYS = 28

FindMedicine = Callable[[str], Medicine]
MakeMedicine = Callable[[Mapping[str, Any]], Medicine]


def parse_request(
    data: Mapping[str, Any], find_medicine: FindMedicine, inline_medicine: MakeMedicine, context: Context | None = None
) -> Request:
    """A request from its JSON form, with every default filled in; a field that is null counts as left out.

    find_medicine: a medicine by key; inline_medicine: one from an object of the same form as a medicine file; both
    raise BadInput. Raises BadInput, naming the field, the value and what is allowed.
    """
    context = context or Context()
    data = _known(data)
    medicine = _medicine(data.get("medicine"), find_medicine, inline_medicine)
    products = _products(data.get("products"), medicine)
    regimen = _regimen(data.get("regimen"), medicine)
    current = sum(regimen.values(), Decimal(0))
    started_from = _starting(data.get("starting"), current, medicine, data.get("history"))
    doses = (current, current if started_from is None else started_from)
    max_units = fit_max_units(data.get("max_units"), products, regimen)
    start = parse_day("start", data.get("start"))
    led = lead(data.get("lead"), start, tuple(regimen))
    after_lead = _after_lead(data.get("after_lead", "taper"), led)
    now = led[-1].daily if led else current
    _require_dose(current or now)
    since = _since(data.get("taking_since"), start)
    factors = _factors(data.get("factors"), medicine)
    keys = effective(medicine, factors, context.born, start, taking_since=since, current=current)
    held = [medicine.factor(key) for key in keys]
    target = now if after_lead == "stay" else _target(data.get("target", "0"), now, medicine)
    named = _named(data.get("pace"), medicine)
    limit = _limit(data.get("limit"), medicine, context, held, doses, named)
    end_by = _end_by(data.get("end_by"), start)
    last = named.final_dose if named and named.final_dose else medicine.final_dose
    final_dose = fit_final(data.get("final_dose"), last, products, now, medicine.unit)
    end_by_cut = None
    if end_by is None:
        pace = _pace(data.get("pace"), medicine, context, held, doses, named)
    else:
        pace, end_by_cut = open_pace_from(data.get("pace"), context.pace or medicine.pace, limit, medicine.unit)
    return Request(
        medicine=medicine, products=products, regimen=regimen, target=target, start=start, pace=pace, limit=limit,
        coarse=_one_of("coarse", data.get("coarse", "flag"), COARSE),
        order=_order(data.get("order"), medicine), final_dose=final_dose, max_units=max_units,
        fill_days=days("fill_days", data.get("fill_days", USUAL_FILL_DAYS)), factors=factors, taking_since=since,
        shape=_one_of("shape", data.get("shape", "even"), SHAPES), change_on=weekdays(data.get("change_on")),
        end_by=end_by, end_by_cut=end_by_cut,
        history=_history(data.get("history"), led[0].start if led else start, medicine),
        started_from=started_from, lead=led, after_lead=after_lead,
        proportions=proportions(data.get("proportions"), regimen),
        on_hand=on_hand(data.get("on_hand"), medicine.products),
        edits=edits(data.get("edits"), medicine.products, tuple(regimen)),
        context=context, given=frozenset(data),
    )  # fmt: skip


def _known(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields that are given."""
    if not isinstance(data, Mapping):
        raise BadInput("request", data, "Give a JSON object.")
    for name in data:
        if name not in FIELDS:
            raise BadInput(str(name), data[name], f"There is no such field. Known: {', '.join(sorted(FIELDS))}.")
    return {name: value for name, value in data.items() if value is not None}


def _medicine(value: Any, find: FindMedicine, make: MakeMedicine) -> Medicine:
    if isinstance(value, Mapping):
        return make(value)
    if isinstance(value, str) and value:
        return find(value)
    raise BadInput("medicine", value, "Give the key of a medicine file, or an object of the same form.")


def _products(value: Any, medicine: Medicine) -> tuple[Product, ...]:
    keys = medicine.default_products if value is None else value
    if not isinstance(keys, Sequence) or isinstance(keys, str) or not keys:
        raise BadInput("products", value, f"Choose at least one of: {', '.join(medicine.products)}.")
    for key in keys:
        if not isinstance(key, str) or key not in medicine.products:
            raise BadInput("products", key, f"{medicine.name} has: {', '.join(medicine.products)}.")
        if why_not := medicine.products[key].why_not:
            raise BadInput("products", key, why_not)
    if len(set(keys)) > MOST_PRODUCTS:
        raise BadInput(
            "products", ", ".join(keys), f"Choose at most {MOST_PRODUCTS}: the ones that the patient will hold."
        )
    return tuple(medicine.products[key] for key in dict.fromkeys(keys))


def _regimen(value: Any, medicine: Medicine) -> Mapping[Time, Decimal]:
    regimen = read_regimen("regimen", value)
    _require_plausible("regimen", sum(regimen.values(), Decimal(0)), medicine)
    return regimen


def _require_dose(daily: Decimal) -> None:
    """None now is a dose only where one is gone back to."""
    if not daily:
        raise BadInput("regimen", "0", "Give a current dose above 0 at one time at least.")


def _target(value: Any, current: Decimal, medicine: Medicine) -> Decimal:
    target = parse_amount("target", value)
    if target >= current:
        unit = medicine.unit
        raise BadInput(
            "target", value, f"Give a daily dose of at least 0 and below the current {show(current)} {unit}."
        )
    return target


def _since(value: Any, start: date) -> date | None:
    if value is None:
        return None
    since = parse_day("taking_since", value)
    if since > start:
        raise BadInput("taking_since", value, "The medicine was begun before the first lower dose.")
    return since


def _starting(value: Any, current: Decimal, medicine: Medicine, past: Any) -> Decimal | None:
    """At least the dose now, unless the past tells how that came to be more."""
    if value is None:
        return None
    starting = parse_amount("starting", value)
    if not starting:
        raise BadInput("starting", value, "Give a daily dose above 0: shares are reckoned from it.")
    if starting < current and not past:
        least = f"{show(current)} {medicine.unit}"
        raise BadInput("starting", value, f"Give the daily dose before the whole taper: at least the current {least}.")
    _require_plausible("starting", starting, medicine)
    return starting


def _require_plausible(field: str, daily: Decimal, medicine: Medicine) -> None:
    most = medicine.plausible_daily
    if most is not None and daily > most:
        words = f"More than {show(most)} {medicine.unit} a day is not plausible: check the doses."
        raise BadInput(field, show(daily), words)


def _history(value: Any, start: date, medicine: Medicine) -> tuple[Taken, ...]:
    found = history(value, start)
    for place, taken in enumerate(found):
        _require_plausible(f"history.{place}.regimen", taken.daily, medicine)
    return found


def _after_lead(value: Any, led: Sequence[Taken]) -> AfterLead:
    if value != "taper" and not led:
        raise BadInput("after_lead", value, "Give the steps that it follows, as lead.")
    return cast(AfterLead, _one_of("after_lead", value, AFTER_LEAD))


def _end_by(value: Any, start: date) -> date | None:
    if value is None:
        return None
    end = parse_day("end_by", value)
    if not 0 <= (end - start).days <= LONGEST_DAYS:
        raise BadInput("end_by", value, f"Give a date from the first lower dose on, {start}, within ten years of it.")
    return end


Doses = tuple[Decimal, Decimal]  # the current and the starting daily dose


def _named(value: Any, medicine: Medicine) -> NamedPace | None:
    """The published pace that is named; None where phases are given, or nothing."""
    if not isinstance(value, str):
        return None
    if value not in medicine.paces:
        known = ", ".join(medicine.paces)
        raise BadInput(
            "pace", value, f"{medicine.name} has these by name: {known or 'none'}. Or give a list of phases."
        )
    return medicine.paces[value]


def _limit(
    value: Any, medicine: Medicine, context: Context, held: Sequence[Factor], doses: Doses, named: NamedPace | None
) -> Limit:
    """As given, else the clinic's, else the named pace's or the medicine's; a factor's own where that is stricter."""
    usual = context.limit or (named.limit if named else medicine.limit)
    limit = limit_from(value, medicine.unit) if value is not None else usual
    if limit is None:
        raise BadInput("limit", None, f"{medicine.name} has no limit of its own: give cut, of and days.")
    return strictest([limit, *(factor.limit for factor in held if factor.limit)], *doses)


def _pace(
    value: Any, medicine: Medicine, context: Context, held: Sequence[Factor], doses: Doses, named: NamedPace | None
) -> tuple[Phase, ...]:
    """As given or named, else the slowest of the clinic's (or the medicine's) and those of the factors."""
    if named is not None:
        return phases_of(named.phases, medicine.unit, doses[1])
    if value is not None:
        return pace_from(value, medicine.unit, doses[1])
    pace = context.pace or medicine.pace
    if pace is None:
        raise BadInput("pace", None, f"{medicine.name} has no pace of its own: give phases with cut, of and every.")
    return phases_of(slowest([pace, *(f.pace for f in held if f.pace)], *doses), medicine.unit, doses[1])


def _one_of(field: str, value: Any, allowed: Sequence[str]) -> Any:
    if value not in allowed:
        raise BadInput(field, value, f"Give one of: {', '.join(allowed)}.")
    return value


def _order(value: Any, medicine: Medicine) -> tuple[Time, ...]:
    if value is None:
        return medicine.order
    if not isinstance(value, Sequence) or isinstance(value, str) or any(time not in TIMES for time in value):
        raise BadInput("order", value, f"Give times, the one to lower first in front: {', '.join(TIMES)}.")
    if len(set(value)) != len(value):
        raise BadInput("order", value, "Name each time once.")
    return (*value, *(time for time in medicine.order if time not in value))


def _factors(value: Any, medicine: Medicine) -> tuple[str, ...] | None:
    if value is None:
        return None
    known = [factor.key for factor in medicine.factors]
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise BadInput("factors", value, "Give a list, empty where they were asked and none applies.")
    for key in value:
        if key not in known:
            raise BadInput("factors", key, f"{medicine.name} has: {', '.join(known) or 'none'}.")
    return tuple(dict.fromkeys(value))

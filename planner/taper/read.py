"""Reading a request: every field checked, every default filled in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from planner.taper.amounts import parse_amount, show
from planner.taper.errors import BadInput
from planner.taper.factors import effective
from planner.taper.makings import QUARTERS, Makings
from planner.taper.medicine import TIMES, Limit, Medicine, Phase, Product, Time
from planner.taper.read_pace import limit_from, pace_from, require_end_in_sight, slowest, strictest
from planner.taper.request import Context, Request
from planner.taper.whole import Scale, common_step

FIELDS = {
    "medicine", "products", "regimen", "target", "start", "pace", "limit", "coarse", "shape", "order", "final_dose",
    "change_on", "max_units", "fill_days", "factors", "taking_since", "end_by", "history", "starting", "on_hand",
}  # fmt: skip
NOT_YET = ("change_on", "end_by", "history", "starting", "on_hand")
USUAL_MOST_UNITS = Decimal(6)
USUAL_FILL_DAYS = 28
MOST_UNITS = 100
MOST_PARTS = 20_000  # a dose at one time, in the step between the doses that the products make
MOST_DAYS = 365

FindMedicine = Callable[[str], Medicine]
MakeMedicine = Callable[[Mapping[str, Any]], Medicine]


def parse_request(
    data: Mapping[str, Any], find_medicine: FindMedicine, inline_medicine: MakeMedicine, context: Context | None = None
) -> Request:
    """A request from its JSON form, with every default filled in.

    find_medicine: a medicine by key; inline_medicine: one from an object of the same form as a medicine file; both
    raise BadInput. Raises BadInput, naming the field, the value and what is allowed.
    """
    context = context or Context()
    _known(data)
    medicine = _medicine(data.get("medicine"), find_medicine, inline_medicine)
    products = _products(data.get("products"), medicine)
    regimen = _regimen(data.get("regimen"), medicine)
    current = sum(regimen.values(), Decimal(0))
    max_units = _max_units(data.get("max_units"), products, regimen)
    factors = _factors(data.get("factors"), medicine)
    held = [
        medicine.factor(key) for key in effective(medicine, factors, context.born, _date("start", data.get("start")))
    ]
    target = _target(data.get("target", "0"), current, medicine)
    limit = _limit(data, medicine, context)
    limit = strictest([limit, *(f.limit for f in held if f.limit)], current)
    given_pace = pace_from(data["pace"], medicine.unit, current) if data.get("pace") is not None else None
    pace = given_pace or slowest([_default_pace(medicine, context), *(f.pace for f in held if f.pace)], current)
    final_dose = _final(data.get("final_dose"), medicine, products, current)
    require_end_in_sight(pace, current, target or final_dose)
    return Request(
        medicine=medicine, products=products, regimen=regimen, target=target, start=_date("start", data.get("start")),
        pace=pace, limit=limit, coarse=_coarse(data), order=_order(data.get("order"), medicine), final_dose=final_dose,
        max_units=max_units,
        fill_days=_days("fill_days", data.get("fill_days", USUAL_FILL_DAYS)),
        factors=factors, taking_since=_since(data.get("taking_since"), data), context=context,
    )  # fmt: skip


def _known(data: Mapping[str, Any]) -> None:
    if not isinstance(data, Mapping):
        raise BadInput("request", data, "Give a JSON object.")
    for name in data:
        if name not in FIELDS:
            raise BadInput(str(name), data[name], f"There is no such field. Known: {', '.join(sorted(FIELDS))}.")
    for name in NOT_YET:
        if data.get(name) is not None:
            raise BadInput(name, data[name], "This is not possible yet. Leave the field out.")
    if data.get("shape", "even") not in ("even", None):
        raise BadInput("shape", data["shape"], "Only 'even' is possible yet.")


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
    return tuple(medicine.products[key] for key in dict.fromkeys(keys))


def _regimen(value: Any, medicine: Medicine) -> Mapping[Time, Decimal]:
    if not isinstance(value, Mapping) or not value:
        raise BadInput("regimen", value, f"Give the dose taken now at one or more of: {', '.join(TIMES)}.")
    for name in value:
        if name not in TIMES:
            raise BadInput(f"regimen.{name}", value[name], f"The times are: {', '.join(TIMES)}.")
    regimen = {time: parse_amount(f"regimen.{time}", value[time]) for time in TIMES if time in value}
    daily = sum(regimen.values(), Decimal(0))
    if not daily:
        raise BadInput("regimen", "0", "Give a current dose above 0 at one time at least.")
    most = medicine.plausible_daily
    if most is not None and daily > most:
        raise BadInput(
            "regimen", show(daily), f"More than {show(most)} {medicine.unit} a day is not plausible: check the doses."
        )
    return regimen


def _target(value: Any, current: Decimal, medicine: Medicine) -> Decimal:
    target = parse_amount("target", value)
    if target >= current:
        unit = medicine.unit
        raise BadInput(
            "target", value, f"Give a daily dose of at least 0 and below the current {show(current)} {unit}."
        )
    return target


def _date(field: str, value: Any) -> date:
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or len(value) != 10 or not 1990 <= found.year <= 2190:
        raise BadInput(field, value, "Give a date as year-month-day, such as 2026-12-07.")
    return found


def _since(value: Any, data: Mapping[str, Any]) -> date | None:
    if value is None:
        return None
    since = _date("taking_since", value)
    if since > _date("start", data.get("start")):
        raise BadInput("taking_since", value, "The medicine was begun before the first lower dose.")
    return since


def _limit(data: Mapping[str, Any], medicine: Medicine, context: Context) -> Limit:
    if data.get("limit") is not None:
        return limit_from(data["limit"], medicine.unit)
    limit = context.limit or medicine.limit
    if limit is None:
        raise BadInput("limit", None, f"{medicine.name} has no limit of its own: give cut, of and days.")
    return limit


def _default_pace(medicine: Medicine, context: Context) -> tuple[Phase, ...]:
    pace = context.pace or medicine.pace
    if pace is None:
        raise BadInput("pace", None, f"{medicine.name} has no pace of its own: give phases with cut, of and every.")
    return pace


def _coarse(data: Mapping[str, Any]) -> Any:
    value = data.get("coarse") or "flag"
    if value not in ("flag", "refuse"):
        raise BadInput("coarse", value, "Only 'flag' and 'refuse' are possible yet.")
    return value


def _order(value: Any, medicine: Medicine) -> tuple[Time, ...]:
    if value is None:
        return medicine.order
    if not isinstance(value, Sequence) or isinstance(value, str) or any(time not in TIMES for time in value):
        raise BadInput("order", value, f"Give times, the one to lower first in front: {', '.join(TIMES)}.")
    if len(set(value)) != len(value):
        raise BadInput("order", value, "Name each time once.")
    return (*value, *(time for time in medicine.order if time not in value))


def _final(value: Any, medicine: Medicine, products: Sequence[Product], current: Decimal) -> Decimal:
    """As given, else the medicine's where these products reach it, else the smallest dose they make."""
    if value is not None:
        final = parse_amount("final_dose", value)
        if not final:
            raise BadInput("final_dose", value, "Give the daily dose from which the next step is zero, above 0.")
        return final
    smallest = min(product.increment for product in products)
    if smallest > current:
        keys = ", ".join(product.key for product in products)
        raise BadInput(
            "products",
            keys,
            f"The smallest dose they make, {show(smallest)} {medicine.unit}, is above the current dose.",
        )
    return smallest if medicine.final_dose is None else max(smallest, medicine.final_dose)


def _max_units(value: Any, products: Sequence[Product], regimen: Mapping[Time, Decimal]) -> Decimal:
    needed = _needed_now(products, regimen)
    if value is None:
        return max(USUAL_MOST_UNITS, needed)
    most = parse_amount("max_units", value)
    if not 0 < most <= MOST_UNITS or most * QUARTERS % 1:
        raise BadInput("max_units", value, f"Give a number of pieces above 0, in quarters, up to {MOST_UNITS}.")
    return most


def _needed_now(products: Sequence[Product], regimen: Mapping[Time, Decimal]) -> Decimal:
    """The most pieces that the current regimen needs at one time; 0 where the products cannot make it."""
    scale = Scale.for_amounts([*(p.increment for p in products), *regimen.values()])
    makings = Makings(products, scale, 0)
    _require_countable(scale, makings, regimen)
    needed = Decimal(max(makings.fewest_quarters(scale.whole(dose)) or 0 for dose in regimen.values())) / QUARTERS
    if needed > MOST_UNITS:
        raise BadInput("regimen", show(max(regimen.values())), f"It takes more than {MOST_UNITS} pieces at one time.")
    return needed


def _require_countable(scale: Scale, makings: Makings, regimen: Mapping[Time, Decimal]) -> None:
    """Raises BadInput for a dose of so many parts that nobody could mean it, nor a search look at them."""
    step = common_step(makings.increments)
    for time, dose in regimen.items():
        if scale.whole(dose) > MOST_PARTS * step:
            least = show(scale.amount(step))
            raise BadInput(
                f"regimen.{time}", show(dose), f"It is more than {MOST_PARTS} times {least}, too fine to plan."
            )


def _days(field: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_DAYS:
        raise BadInput(field, value, f"Give a whole number of days from 1 to {MOST_DAYS}.")
    return value


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

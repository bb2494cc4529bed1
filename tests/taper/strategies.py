"""Random requests for inline medicines: few times, few products, every kind of pace and limit."""

import os
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st

Json = dict[str, Any]
TIMES = ["morning", "midday", "evening", "bedtime"]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
UNITS = ("0.5", "1", "2.5", "5")  # least doses that make decimals, thirds of a day and round numbers
FINE_UNITS = ("0.0625", "0.075", "0.3125", "1.25")  # ... and amounts with more decimals
FINE_PERCENTS = ["7.125", "12.345", "17.0625", "33.333"]


def examples(count: int) -> settings:
    """So many random requests, times PLANNER_TEST_EXAMPLES for a longer search."""
    more = int(os.environ.get("PLANNER_TEST_EXAMPLES", "1"))
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=count * more, deadline=None, suppress_health_check=slow)


def show(amount: Fraction) -> str:
    text = format(Decimal(amount.numerator) / Decimal(amount.denominator), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@st.composite
def tablets(draw: st.DrawFn, unit: Fraction) -> tuple[str, Json]:
    divides = draw(st.sampled_from([1, 1, 2, 2, 4]))
    strength = unit * divides * draw(st.sampled_from([1, 1, 1, 2, 2, 3]))
    form = draw(st.sampled_from(["tablet", "tablet", "capsule", "granules"])) if divides == 1 else "tablet"
    return f"{form}-{show(strength)}", {"form": form, "strength": show(strength), "divides": divides}


@st.composite
def solutions(draw: st.DrawFn, unit: Fraction) -> tuple[str, Json]:
    step_ml = Fraction(draw(st.sampled_from(["1", "0.5", "2.5"])))
    strength = unit / step_ml * draw(st.sampled_from([1, 1, 2]))
    return f"solution-{show(strength)}", {"form": "solution", "strength": show(strength), "step_ml": show(step_ml)}


def least_dose(product: Json) -> Fraction:
    return Fraction(product["strength"]) * Fraction(product.get("step_ml", Fraction(1, product.get("divides", 1))))


@st.composite
def cuts(draw: st.DrawFn, unit: Fraction, percents: list[str]) -> Json:
    if draw(st.integers(0, 3)) == 0:
        amount = unit * Fraction(draw(st.sampled_from(["1", "2", "3", "1.5"])))
        return {"cut": f"{show(amount)} mg"}
    return {"cut": f"{draw(st.sampled_from(percents))}%", "of": draw(st.sampled_from(["current", "starting"]))}


@st.composite
def paces(draw: st.DrawFn, unit: Fraction, most: Fraction) -> list[Json]:
    """One to three phases, each down to a lower dose than the one before."""
    tenths = draw(st.sets(st.integers(1, 10), max_size=2))
    bounds = [_down_to(tenth, most, percent=draw(st.booleans())) for tenth in sorted(tenths, reverse=True)]
    phases = []
    for bound in [*bounds, {}]:
        every = draw(st.sampled_from([1, 2, 3, 4, 7, 7, 14, 28]))
        phases.append({**draw(cuts(unit, ["5", "10", "12.5", "20", "33", "50"])), "every": every, **bound})
    return phases


def _down_to(tenth: int, most: Fraction, *, percent: bool) -> Json:
    return {"down_to": f"{10 * tenth}%" if percent else f"{show(most * tenth / 10)} mg"}


def limits(unit: Fraction) -> st.SearchStrategy[Json]:
    days = st.sampled_from([1, 2, 5, 7, 7, 10, 14, 28])
    percents = ["5", "10", "20", "20", "25", "40", "60", "100"]
    return st.tuples(cuts(unit, percents), days).map(lambda pair: {**pair[0], "days": pair[1]})


@st.composite
def regimens(draw: st.DrawFn, unit: Fraction, most: int, most_times: int) -> dict[str, str]:
    """The daily dose at most so many least doses; often equal times; sometimes an empty one, or one not makeable."""
    times = sorted(draw(st.sets(st.sampled_from(TIMES), min_size=1, max_size=most_times)), key=TIMES.index)
    share = max(2, most // len(times))
    if draw(st.booleans()):
        doses = [draw(st.integers((share + 1) // 2, share))] * len(times)
    else:
        doses = [draw(st.integers(1, share)) for _ in times]
    odd = Fraction(draw(st.sampled_from(["0", "0", "0", "0.5"])))
    regimen = {time: show((dose + odd) * unit) for time, dose in zip(times, doses, strict=True)}
    empty = draw(st.sampled_from([None, None, None, *times[1:]]))
    return {**regimen, empty: "0"} if empty else regimen


@st.composite
def requests(
    draw: st.DrawFn,
    most: int = 12,
    most_times: int = 3,
    units: Sequence[str] = UNITS,
    new_fields: bool = False,
) -> Json:
    """A request of at most so many least doses a day. Its products need not lead to its target."""
    unit = Fraction(draw(st.sampled_from(units)))
    kinds = draw(st.lists(st.sampled_from([tablets, tablets, solutions]), min_size=1, max_size=4))
    products = dict(draw(kind(unit)) for kind in kinds)
    regimen = draw(regimens(unit, most, most_times))
    current = daily_dose(regimen)
    assume(any(least_dose(product) <= current for product in products.values()))
    start = draw(st.sampled_from(["2026-12-07", "2027-02-26", "2028-02-28"]))
    past = draw(pasts(unit, regimen, date.fromisoformat(start))) if new_fields else {}
    request: Json = {
        "medicine": {"name": "Example", "unit": "mg", "products": products},
        "regimen": regimen,
        "start": start,
        "pace": draw(paces(unit, Fraction(past.get("starting", current)))),
        "limit": draw(limits(unit)),
        **past,
    }
    if draw(st.integers(0, 2)) == 0:
        request["products"] = list(draw(st.permutations(list(products))))
    request |= draw(choices(unit, current, list(regimen)))
    return draw(with_new_fields(request)) if new_fields else request


@st.composite
def full_requests(draw: st.DrawFn) -> Json:
    """A request of finer amounts, whose medicine brings figures of its own, used where the request has none."""
    request: Json = draw(requests(most=30, units=(*UNITS, *FINE_UNITS)))
    unit = min(map(least_dose, request["medicine"]["products"].values()))
    days, fine = st.integers(1, 14), cuts(unit, FINE_PERCENTS)
    own: Json = {
        "pace": [{**draw(fine), "every": draw(days)}],
        "limit": {**draw(fine), "days": draw(days)},
        "ceiling": {**draw(fine), "days": draw(days)},
        "final_dose": show(unit * draw(st.integers(1, 3))),
        "order": list(draw(st.permutations(TIMES))),
    }
    kept = {name: own[name] for name in own if draw(st.booleans())}
    left_out = {name for name in ("pace", "limit") if name in kept and draw(st.booleans())}
    request = {name: value for name, value in request.items() if name not in left_out}
    return {**request, "medicine": {**request["medicine"], **kept}}


@st.composite
def choices(draw: st.DrawFn, unit: Fraction, current: Fraction, times: list[str]) -> Json:
    """The fields that may be left out, left out more often than not."""
    orders = st.one_of(st.permutations(times), st.permutations(TIMES))
    counts = st.integers(1, max(1, int(current / unit) - 1))
    chosen: Json = {}
    if draw(st.integers(0, 2)) == 0:
        chosen["order"] = list(draw(orders))
    if draw(st.integers(0, 3)) == 0:
        chosen["max_units"] = draw(st.sampled_from(["1", "1.5", "2", "3"]))
    if draw(st.integers(0, 3)) == 0:
        chosen["fill_days"] = draw(st.sampled_from([7, 10, 30]))
    if draw(st.integers(0, 5)) == 0:
        chosen["coarse"] = "refuse"
    if draw(st.integers(0, 3)) == 0:
        return {**chosen, "target": show(min(unit * draw(counts), current - unit / 4))}
    if draw(st.integers(0, 2)) == 0:
        chosen["final_dose"] = show(unit * Fraction(draw(st.sampled_from(["1", "2", "3", "1.5"]))))
    return chosen


# The fields of a running taper, and those bound to days, each now and then

now_and_then = st.integers(0, 4).map(lambda drawn: drawn == 0)


def daily_dose(regimen: dict[str, str]) -> Fraction:
    return sum(map(Fraction, regimen.values()), Fraction(0))


@st.composite
def with_new_fields(draw: st.DrawFn, request: Json) -> Json:
    chosen: Json = {}
    if draw(now_and_then):
        chosen["coarse"] = "stretch"
    if draw(now_and_then):
        chosen["shape"] = "one-time-first"
    if draw(now_and_then):
        chosen["change_on"] = sorted(draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1, max_size=5)))
    if draw(now_and_then):
        keys = request.get("products", list(request["medicine"]["products"]))
        chosen["on_hand"] = draw(pieces_at_hand({key: request["medicine"]["products"][key] for key in keys}))
    request = {**request, **chosen}
    return draw(with_last_date(request)) if draw(st.integers(0, 9)) == 0 else request


@st.composite
def with_last_date(draw: st.DrawFn, request: Json) -> Json:
    """A wished-for last date instead of the pace, which half of the time is the medicine's own."""
    request, pace = {name: value for name, value in request.items() if name != "pace"}, request["pace"]
    every = request["limit"]["days"]
    if draw(st.booleans()):
        request["medicine"] = {**request["medicine"], "pace": pace}
        every = pace[0]["every"]
    days = every * draw(st.integers(0, 16)) + draw(st.integers(0, 20))
    return {**request, "end_by": (date.fromisoformat(request["start"]) + timedelta(days=days)).isoformat()}


@st.composite
def pieces_at_hand(draw: st.DrawFn, products: dict[str, Json]) -> dict[str, str]:
    keys = draw(st.sets(st.sampled_from(sorted(products)), min_size=1))
    grains = {key: Fraction(products[key].get("step_ml", Fraction(1, products[key].get("divides", 1)))) for key in keys}
    return {key: show(grains[key] * draw(st.integers(0, 90))) for key in sorted(keys)}


@st.composite
def pasts(draw: st.DrawFn, unit: Fraction, regimen: dict[str, str], start: date) -> Json:
    """What was taken before, and the dose before the taper, which nothing since was above."""
    past: Json = {"history": draw(histories(unit, regimen, start))} if draw(now_and_then) else {}
    if draw(now_and_then):
        highest = max(map(daily_dose, [regimen, *(entry["regimen"] for entry in past.get("history", []))]))
        past["starting"] = show(highest + unit * draw(st.integers(0, 6)))
    return past


@st.composite
def histories(draw: st.DrawFn, unit: Fraction, regimen: dict[str, str], start: date) -> list[Json]:
    """Mostly higher doses, sometimes one lower than the next, at last the one taken now; sometimes with days
    between that nobody wrote down."""
    entries: list[Json] = []
    begin, more = start, 0
    for _ in range(draw(st.integers(1, 4))):
        days = draw(st.integers(1, 14))
        begin -= timedelta(days=days + draw(st.sampled_from([0, 0, 0, 0, 1, 5])))
        entries.append({"start": begin.isoformat(), "days": days, "regimen": _raised(regimen, more * unit)})
        more = max(0, more + draw(st.sampled_from([1, 1, 2, 3, 5, 0, -1])))
    return entries[::-1]


def _raised(regimen: dict[str, str], by: Fraction) -> dict[str, str]:
    time = next(time for time, dose in regimen.items() if dose != "0")
    return {**regimen, time: show(Fraction(regimen[time]) + by)}

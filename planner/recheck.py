"""A second, deliberately simple reckoning of an answer, sharing nothing with the engine.

It works on a proposed answer as JSON, day by day, and says every difference in words. At each issue it has to find
none. What only a search can know, whether a cut over the limit is the smallest there is, it leaves out.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

Json = dict[str, Any]
Units = dict[str, Fraction]
ONE_DAY = timedelta(days=1)
NONE = Fraction(0)


def recheck(answer: Json, products: dict[str, Json]) -> list[str]:
    """The differences found in a proposed answer in its JSON form; none if it is right.

    products: by key ``strength`` (text, in the medicine's unit per piece or per mL), ``liquid`` (true or false),
    ``divides`` (into how many parts a piece may be cut) and ``step_ml`` (text; None unless it is a liquid).
    """
    unknown = _unknown(answer, products)
    if unknown:
        return unknown
    every = (_order, _dates, _falls, _end, _sums, _cuts, _limit, _over_limit_findings, _paces)
    found = [fault for reckoning in every for fault in reckoning(answer)]
    return [*found, *_pieces(answer, products), *_supply(answer)]


def _unknown(answer: Json, products: dict[str, Json]) -> list[str]:
    """Products taken or handed out that are not among those of the request."""
    asked = [key for key in answer["request"]["products"] if key in products]
    supply = answer["supply"]
    used = {portion["product"] for step in answer["steps"] for taken in step["take"].values() for portion in taken}
    used |= {key for fill in supply["fills"] for part in ("units", "dispense") for key in fill[part]}
    return [f"{key} is not among the products asked for" for key in sorted({*used, *supply["total"]} - {*asked})]


def _order(answer: Json) -> Iterator[str]:
    sizes = [answer["request"]["limit"]["cut"], *(phase["cut"] for phase in answer["request"]["pace"])]
    units = {step["unit"] for step in answer["steps"]} | {size.split()[1] for size in sizes if size[-1] != "%"}
    if len(units) > 1:
        yield f"the unit is now {' and now '.join(sorted(units))}"
    numbers = [step["number"] for step in answer["steps"]]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the steps are numbered {numbers}"


def _dates(answer: Json) -> Iterator[str]:
    first = due = date.fromisoformat(answer["request"]["start"])
    for step in answer["steps"]:
        if date.fromisoformat(step["start"]) != due:
            yield f"step {step['number']} begins on {step['start']}, due on {due}"
        due += ONE_DAY * step["days"]
        end = (due - ONE_DAY).isoformat() if step["days"] else None
        if step["end"] != end:
            yield f"step {step['number']} ends on {step['end']}, not on {end}"
    ends = date.fromisoformat(answer["steps"][-1]["start"])
    if (answer["ends"], answer["days"]) != (ends.isoformat(), (ends - first).days):
        yield f"the end is {answer['ends']} after {answer['days']} days, not {ends}"


def _falls(answer: Json) -> Iterator[str]:
    """Whether every daily dose is lower than the one before, and no time's dose is higher."""
    regimens = [answer["request"]["regimen"], *(step["regimen"] for step in answer["steps"])]
    for step, (before, after) in zip(answer["steps"], pairwise(regimens), strict=True):
        if before.keys() != after.keys():
            yield f"step {step['number']}: the times are {', '.join(after)}, not {', '.join(before)}"
        for time in before.keys() & after.keys():
            if Fraction(after[time]) > Fraction(before[time]):
                yield f"step {step['number']}: the {time} dose rises from {before[time]} to {after[time]}"
        if _total(after) >= _total(before):
            yield f"step {step['number']}: the daily dose does not fall"


def _end(answer: Json) -> Iterator[str]:
    """Whether the last step is the target, and the stop comes from the first dose at or below the final one."""
    target, final = (Fraction(answer["request"][name]) for name in ("target", "final_dose"))
    *higher, last = _doses(answer)
    if last != target:
        yield f"the schedule ends at {answer['steps'][-1]['daily']}, not at the target"
    if target:
        return
    if higher[-1] > final:
        yield "the stop comes from above the final dose"
    if any(dose <= final for dose in higher[:-1]):
        yield "the stop comes later than the final dose"
    if answer["steps"][-1]["days"]:
        yield "the stop is no dose, and takes no days"


def _sums(answer: Json) -> Iterator[str]:
    for step in answer["steps"]:
        if _total(step["regimen"]) != Fraction(step["daily"]):
            yield f"step {step['number']}: the doses do not add up to {step['daily']}"


def _pieces(answer: Json, products: dict[str, Json]) -> Iterator[str]:
    """Whether the pieces of each time make its dose, can be taken like that, and are not too many."""
    most = Fraction(answer["request"]["max_units"])
    for step in answer["steps"]:
        for time in {**step["regimen"], **step["take"]}:
            place = f"step {step['number']}, {time}"
            taken = step["take"].get(time, [])
            made = sum((Fraction(p["units"]) * Fraction(products[p["product"]]["strength"]) for p in taken), NONE)
            if made != Fraction(step["regimen"].get(time, "0")):
                yield f"{place}: the pieces make {made}, not {step['regimen'].get(time)}"
            if sum((Fraction(p["units"]) for p in taken if not products[p["product"]]["liquid"]), NONE) > most:
                yield f"{place}: more than {most} pieces"
            for portion in taken:
                if not _can_be_taken(Fraction(portion["units"]), products[portion["product"]]):
                    yield f"{place}: {portion['units']} of {portion['product']} cannot be taken"


def _can_be_taken(units: Fraction, product: Json) -> bool:
    """Whether it is a whole number of the parts of a piece, or of the steps of the syringe."""
    part = Fraction(product["step_ml"]) if product["liquid"] else Fraction(1, product["divides"])
    return units > 0 and (units / part).denominator == 1


def _cuts(answer: Json) -> Iterator[str]:
    starting, *_ = doses = _doses(answer)
    for before, step in zip(doses, answer["steps"], strict=False):
        cut = before - Fraction(step["daily"])
        shares = (_percent(cut, before), _percent(cut, starting))
        if (Fraction(step["cut"]), step["cut_of_current"], step["cut_of_starting"]) != (cut, *shares):
            yield f"step {step['number']}: the cut is {cut}, {shares[0]} % of current, {shares[1]} % of starting"


def _total(regimen: dict[str, str]) -> Fraction:
    return sum(map(Fraction, regimen.values()), NONE)


def _doses(answer: Json) -> list[Fraction]:
    """The daily dose before the taper, then that of each step."""
    return [_total(answer["request"]["regimen"]), *(Fraction(step["daily"]) for step in answer["steps"])]


def _percent(part: Fraction, whole: Fraction) -> str:
    tenths = floor(part * 1000 / whole + Fraction(1, 2)) if whole else 0
    return f"{tenths // 10}.{tenths % 10}"


def _part(size: str, of: str | None, current: Fraction, starting: Fraction) -> Fraction:
    """A size such as ``10%`` or ``5 mg`` in the medicine's unit."""
    if not size.endswith("%"):
        return Fraction(size.split()[0])
    return Fraction(size[:-1]) / 100 * (current if of == "current" else starting)


def _allowed(answer: Json, reference: Fraction) -> Fraction:
    limit = answer["request"]["limit"]
    return _part(limit["cut"], limit.get("of"), reference, _total(answer["request"]["regimen"]))


def _by_day(answer: Json) -> dict[date, Json]:
    """The step of every day on which one is taken."""
    days = {}
    for step in answer["steps"]:
        for number in range(step["days"]):
            days[date.fromisoformat(step["start"]) + ONE_DAY * number] = step
    return days


def _limit(answer: Json) -> Iterator[str]:
    """Whether exactly the cuts that pass the limit, over its window of days, are said to; and wait for its end."""
    days, doses = _by_day(answer), _doses(answer)
    for before, step in zip(doses, answer["steps"], strict=False):
        day = date.fromisoformat(step["start"]) - ONE_DAY * answer["request"]["limit"]["days"]
        reference = Fraction(days[day]["daily"]) if day in days else doses[0]
        daily = Fraction(step["daily"])
        over = 0 < daily < before and reference - daily > _allowed(answer, reference)
        if over != step["over_limit"]:
            yield f"step {step['number']}: over the limit is {over}"
        if over and reference != before:
            yield f"step {step['number']}: over the limit while cuts before it are in its window"


def _over_limit_findings(answer: Json) -> Iterator[str]:
    """Whether every cut over the limit, and no other, asks for a reason."""
    over = [(step["number"], "acknowledge") for step in answer["steps"] if step["over_limit"]]
    said = [(finding["step"], finding["severity"]) for finding in answer["findings"] if finding["code"] == "over-limit"]
    if over != said:
        yield f"the findings over the limit are {said}, due are {over}"


def _paces(answer: Json) -> Iterator[str]:
    """Whether every step is taken as long as its phase says, and its wished-for dose is what the phase prefers."""
    doses = _doses(answer)
    for before, step in zip(doses, answer["steps"], strict=False):
        daily = Fraction(step["daily"])
        phase = next(p for p in answer["request"]["pace"] if _lowest(p, doses[0]) <= daily)
        if daily and step["days"] < phase["every"]:
            yield f"step {step['number']} takes {step['days']} days, its phase {phase['every']}"
        cut = min(_part(phase["cut"], phase.get("of"), before, doses[0]), _allowed(answer, before))
        preferred = max(NONE, before - cut) if daily else NONE
        if Fraction(step["preferred"]) != preferred:
            yield f"step {step['number']}: the wished-for dose is {preferred}, not {step['preferred']}"


def _lowest(phase: Json, starting: Fraction) -> Fraction:
    return _part(phase["down_to"], "starting", starting, starting) if "down_to" in phase else NONE


def _supply(answer: Json) -> Iterator[str]:
    """The units of every fill, counted day by day, and the whole pieces handed out."""
    days, fills = _by_day(answer), answer["supply"]["fills"]
    spans = [(fill["start"], fill["end"]) for fill in fills]
    due = [(start.isoformat(), end.isoformat()) for start, end in _spans(answer, days)]
    if spans != due:
        yield f"the fills are {spans}, due are {due}"
    total: Units = {}
    left: Units = {}
    for fill in fills:
        needed = _needed(fill, days, answer["steps"][-1])
        if _amounts(fill["units"]) != needed:
            yield f"the fill of {fill['start']} needs {_words(needed)}"
        dispensed = _dispensed(needed, left)
        if fill["dispense"] != dispensed:
            yield f"the fill of {fill['start']} hands out {dispensed}"
        total = _added(total, needed)
    if _amounts(answer["supply"]["total"]) != total:
        yield f"the supply is {_words(total)}"


def _spans(answer: Json, days: dict[date, Json]) -> list[tuple[date, date]]:
    """First and last day of every fill: up to the last dose, or to a fill's end where the target goes on."""
    length = answer["request"]["fill_days"]
    spans: list[tuple[date, date]] = []
    for day in sorted(days):
        if not spans or day > spans[-1][1]:
            spans.append((day, day + ONE_DAY * (length - 1)))
    if spans and answer["request"]["target"] == "0":
        spans[-1] = (spans[-1][0], max(days))
    return spans


def _needed(fill: Json, days: dict[date, Json], last: Json) -> Units:
    """The units of the days of a fill; days after the schedule are like its last step."""
    needed: Units = {}
    day, end = date.fromisoformat(fill["start"]), date.fromisoformat(fill["end"])
    while day <= end:
        for portions in days.get(day, last)["take"].values():
            for portion in portions:
                needed = _added(needed, {portion["product"]: Fraction(portion["units"])})
        day += ONE_DAY
    return needed


def _dispensed(needed: Units, left: Units) -> dict[str, str]:
    """Whole pieces by product; `left`, what the patient still holds, is brought up to date."""
    dispensed = {}
    for key, units in needed.items():
        whole = max(0, ceil(units - left.get(key, NONE)))
        left[key] = left.get(key, NONE) + whole - units
        dispensed[key] = str(whole)
    return dispensed


def _added(one: Units, other: Units) -> Units:
    return one | {key: one.get(key, NONE) + units for key, units in other.items()}


def _amounts(units: dict[str, str]) -> Units:
    return {key: Fraction(amount) for key, amount in units.items()}


def _words(units: Units) -> str:
    return ", ".join(f"{amount} of {key}" for key, amount in units.items()) or "nothing"

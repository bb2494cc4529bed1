"""The pieces that are taken, and the supply, counted day by day."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from math import ceil

from planner.recheck.amounts import NONE, ONE_DAY, Json, Units, by_day


def unknown(answer: Json, products: dict[str, Json]) -> list[str]:
    """Products taken or handed out that are not among those of the request."""
    later = (key for edit in answer["request"].get("edits") or () for key in edit.get("products", ()))
    asked = [key for key in (*answer["request"]["products"], *later) if key in products]
    supply = answer["supply"]
    used = {portion["product"] for step in answer["steps"] for taken in step["take"].values() for portion in taken}
    used |= {key for fill in supply["fills"] for part in ("units", "dispense") for key in fill[part]}
    return [f"{key} is not among the products asked for" for key in sorted({*used, *supply["total"]} - {*asked})]


def pieces(answer: Json, products: dict[str, Json]) -> Iterator[str]:
    """Whether the pieces of each time make its dose, can be taken like that, and are not too many."""
    most = Fraction(answer["request"]["max_units"])
    said = {finding["step"] for finding in answer["findings"] if finding["code"] == "too-many-units"}
    for step in answer["steps"]:
        for time in {**step["regimen"], **step["take"]}:
            place = f"step {step['number']}, {time}"
            taken = step["take"].get(time, [])
            made = sum((Fraction(p["units"]) * Fraction(products[p["product"]]["strength"]) for p in taken), NONE)
            if made != Fraction(step["regimen"].get(time, "0")):
                yield f"{place}: the pieces make {made}, not {step['regimen'].get(time)}"
            many = sum((Fraction(p["units"]) for p in taken if not products[p["product"]]["liquid"]), NONE) > most
            if many and step["number"] not in said:
                yield f"{place}: more than {most} pieces"
            for portion in taken:
                if not _can_be_taken(Fraction(portion["units"]), products[portion["product"]]):
                    yield f"{place}: {portion['units']} of {portion['product']} cannot be taken"


def _can_be_taken(units: Fraction, product: Json) -> bool:
    """Whether it is a whole number of the parts of a piece, or of the steps of the syringe."""
    part = Fraction(product["step_ml"]) if product["liquid"] else Fraction(1, product["divides"])
    return units > 0 and (units / part).denominator == 1


def supplied(answer: Json) -> Iterator[str]:
    """The units of every fill, counted day by day, and the whole pieces handed out."""
    days, fills = by_day(answer), answer["supply"]["fills"]
    spans = [(fill["start"], fill["end"]) for fill in fills]
    due = [(start.isoformat(), end.isoformat()) for start, end in _spans(answer, days)]
    if spans != due:
        yield f"the fills are {spans}, due are {due}"
    total: Units = {}
    left: Units = _amounts(answer["request"].get("on_hand") or {})
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
    goes_on = answer["request"]["target"] != "0" or answer["request"].get("after_lead") == "wait"
    if spans and not goes_on:
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

"""A second, deliberately simple reckoning of an answer, sharing nothing with the engine.

It works on the answer as JSON, day by day, and says every difference in words. At each issue it has to find none.
"""

from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

Json = dict[str, Any]
ONE_DAY = timedelta(days=1)


def recheck(answer: Json, strengths: dict[str, str]) -> list[str]:
    """The differences found in an answer in its JSON form; none if it is right.

    strengths: of each product, in the medicine's unit per piece or per mL.
    """
    return [*_dates(answer), *_sums(answer, strengths), *_cuts(answer), *_limit(answer), *_supply(answer)]


def _dates(answer: Json) -> list[str]:
    faults, due = [], date.fromisoformat(answer["steps"][0]["start"])
    for step in answer["steps"]:
        if date.fromisoformat(step["start"]) != due:
            faults.append(f"step {step['number']} begins on {step['start']}, due on {due}")
        due += ONE_DAY * step["days"]
        end = (due - ONE_DAY).isoformat() if step["days"] else None
        if step["end"] != end:
            faults.append(f"step {step['number']} ends on {step['end']}, not on {end}")
    ends, first = (date.fromisoformat(answer["steps"][place]["start"]) for place in (-1, 0))
    if (answer["ends"], answer["days"]) != (ends.isoformat(), (ends - first).days):
        faults.append(f"the end is {answer['ends']} after {answer['days']} days, not {ends}")
    return faults


def _sums(answer: Json, strengths: dict[str, str]) -> list[str]:
    """Whether the doses of a step add up to its daily dose, and the pieces of each time to its dose."""
    faults = []
    for step in answer["steps"]:
        if sum(map(Fraction, step["regimen"].values())) != Fraction(step["daily"]):
            faults.append(f"step {step['number']}: the doses do not add up to {step['daily']}")
        for time, dose in step["regimen"].items():
            made = sum(Fraction(p["units"]) * Fraction(strengths[p["product"]]) for p in step["take"].get(time, []))
            if made != Fraction(dose):
                faults.append(f"step {step['number']}: the pieces at {time} make {made}, not {dose}")
    return faults


def _cuts(answer: Json) -> list[str]:
    faults = []
    starting = before = _current(answer)
    for step in answer["steps"]:
        cut = before - Fraction(step["daily"])
        shares = (_percent(cut, before), _percent(cut, starting))
        if (Fraction(step["cut"]), step["cut_of_current"], step["cut_of_starting"]) != (cut, *shares):
            words = f"{shares[0]} % of current, {shares[1]} % of starting"
            faults.append(f"step {step['number']}: the cut is {cut}, {words}")
        before = Fraction(step["daily"])
    return faults


def _current(answer: Json) -> Fraction:
    return sum((Fraction(dose) for dose in answer["request"]["regimen"].values()), Fraction(0))


def _percent(part: Fraction, whole: Fraction) -> str:
    tenths = floor(part * 1000 / whole + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"


def _by_day(answer: Json) -> dict[date, Json]:
    """The step of every day on which one is taken."""
    days = {}
    for step in answer["steps"]:
        for number in range(step["days"]):
            days[date.fromisoformat(step["start"]) + ONE_DAY * number] = step
    return days


def _limit(answer: Json) -> list[str]:
    """Whether exactly the cuts that pass the limit, over its window of days, are said to."""
    limit, days, starting = answer["request"]["limit"], _by_day(answer), _current(answer)
    faults, before = [], starting
    for step in answer["steps"]:
        day = date.fromisoformat(step["start"]) - ONE_DAY * limit["days"]
        reference = Fraction(days[day]["daily"]) if day in days else starting
        size = limit["cut"]
        if size.endswith("%"):
            allowed = Fraction(size[:-1]) / 100 * (reference if limit["of"] == "current" else starting)
        else:
            allowed = Fraction(size.split()[0])
        daily = Fraction(step["daily"])
        over = 0 < daily < before and reference - daily > allowed
        if over != step["over_limit"]:
            faults.append(f"step {step['number']}: over the limit is {over}")
        before = daily
    return faults


def _supply(answer: Json) -> list[str]:
    """The units of every fill, counted day by day, and the whole pieces handed out."""
    faults, days = [], _by_day(answer)
    total: dict[str, Fraction] = {}
    left: dict[str, Fraction] = {}
    for fill in answer["supply"]["fills"]:
        needed = _needed(fill, days, answer["steps"][-1])
        if {key: Fraction(units) for key, units in fill["units"].items()} != needed:
            faults.append(f"the fill of {fill['start']} needs {needed}")
        for key, units in needed.items():
            whole = max(0, ceil(units - left.get(key, Fraction(0))))
            left[key] = left.get(key, Fraction(0)) + whole - units
            total[key] = total.get(key, Fraction(0)) + units
            if fill["dispense"].get(key) != str(whole):
                faults.append(f"the fill of {fill['start']} hands out {whole} of {key}")
    if {key: Fraction(units) for key, units in answer["supply"]["total"].items()} != total:
        faults.append(f"the supply is {total}")
    return faults + _uncovered(answer, days)


def _needed(fill: Json, days: dict[date, Json], last: Json) -> dict[str, Fraction]:
    needed: dict[str, Fraction] = {}
    day, end = date.fromisoformat(fill["start"]), date.fromisoformat(fill["end"])
    while day <= end:
        for portions in days.get(day, last)["take"].values():
            for portion in portions:
                needed[portion["product"]] = needed.get(portion["product"], Fraction(0)) + Fraction(portion["units"])
        day += ONE_DAY
    return needed


def _uncovered(answer: Json, days: dict[date, Json]) -> list[str]:
    covered = set()
    for fill in answer["supply"]["fills"]:
        day = date.fromisoformat(fill["start"])
        while day <= date.fromisoformat(fill["end"]):
            covered.add(day)
            day += ONE_DAY
    missing = sorted(day for day, step in days.items() if step["take"] and day not in covered)
    return [f"no fill covers {missing[0]}"] if missing else []

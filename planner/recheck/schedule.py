"""Dates, doses, cuts and the limit, day by day."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import ceil

from planner.recheck.amounts import (
    NONE,
    ONE_DAY,
    Json,
    allowed,
    by_day,
    current,
    doses,
    percent,
    size_of,
    starting,
    total,
)


def order(answer: Json) -> Iterator[str]:
    sizes = [answer["request"]["limit"]["cut"], *(phase["cut"] for phase in answer["request"]["pace"])]
    units = {step["unit"] for step in answer["steps"]} | {size.split()[1] for size in sizes if size[-1] != "%"}
    if len(units) > 1:
        yield f"the unit is now {' and now '.join(sorted(units))}"
    numbers = [step["number"] for step in answer["steps"]]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the steps are numbered {numbers}"


def begins(answer: Json) -> Iterator[str]:
    """Whether the first change is on the day asked for; later only for a change day or a cut of the past."""
    after = answer["steps"][settled(answer) :]
    if not after:
        return
    asked, first = (date.fromisoformat(start) for start in (answer["request"]["start"], after[0]["start"]))
    may_wait = any(answer["request"].get(field) for field in ("change_on", "history", "lead"))
    if first != asked and not (may_wait and first > asked):
        yield f"the first change is on {first}, asked for on {asked}"


def as_settled(answer: Json) -> Iterator[str]:
    """Whether it begins with the steps settled beforehand, as they were given; the last of them may be held longer."""
    lead = answer["request"].get("lead") or []
    for place, (given, step) in enumerate(zip(lead, answer["steps"], strict=False)):
        held = place == len(lead) - 1 and step["days"] >= given["days"]
        same = given["start"] == step["start"] and (held or given["days"] == step["days"])
        if not same or given["regimen"] != step["regimen"] or step["preferred"] != step["daily"]:
            yield f"step {step['number']} is not the one that was settled for {given['start']}"
    further = len(answer["steps"]) - len(lead)
    if lead and (further > 0) != (answer["request"]["after_lead"] == "taper"):
        yield f"{further} steps after those that were settled"


def settled(answer: Json) -> int:
    """How many steps were settled beforehand."""
    return len(answer["request"].get("lead") or [])


def dates(answer: Json) -> Iterator[str]:
    due = date.fromisoformat(answer["steps"][0]["start"])
    for step in answer["steps"]:
        if date.fromisoformat(step["start"]) != due:
            yield f"step {step['number']} begins on {step['start']}, due on {due}"
        due += ONE_DAY * step["days"]
        end = (due - ONE_DAY).isoformat() if step["days"] else None
        if step["end"] != end:
            yield f"step {step['number']} ends on {step['end']}, not on {end}"
    ends, days = _end(answer)
    if (answer["ends"], answer["days"]) != (ends, days):
        yield f"the end is {answer['ends']} after {answer['days']} days, not {ends} after {days}"


def _end(answer: Json) -> tuple[str | None, int | None]:
    """The first day of the last dose, and the days to it from the first cut; none while nothing is decided."""
    if answer["request"].get("after_lead") == "wait":
        return None, None
    last = len(answer["steps"]) - 1
    while last and answer["steps"][last - 1]["daily"] == answer["steps"][last]["daily"] and settled(answer):
        last -= 1
    cuts = [step["start"] for step in answer["steps"] if Fraction(step["cut"]) > 0]
    ends = date.fromisoformat(answer["steps"][last]["start"])
    first = date.fromisoformat((cuts or [answer["steps"][0]["start"]])[0])
    return ends.isoformat(), (ends - first).days


def change_days(answer: Json) -> Iterator[str]:
    """Whether every change falls on a weekday on which a dose may change."""
    allowed_on = answer["request"].get("change_on")
    for step in answer["steps"][settled(answer) :] if allowed_on else ():
        weekday = date.fromisoformat(step["start"]).strftime("%a").lower()
        if weekday not in allowed_on:
            yield f"step {step['number']} begins on a {weekday}"


def falls(answer: Json) -> Iterator[str]:
    """Whether every daily dose is lower than the one before, and no time's dose is higher.

    By hand a dose may be held over two steps.
    """
    may_stay, free = bool(answer["request"].get("edits")), settled(answer)
    regimens = [answer["request"]["regimen"], *(step["regimen"] for step in answer["steps"])]
    for step, (before, after) in zip(answer["steps"], pairwise(regimens), strict=True):
        if before.keys() != after.keys():
            yield f"step {step['number']}: the times are {', '.join(after)}, not {', '.join(before)}"
        for time in before.keys() & after.keys():
            if Fraction(after[time]) > Fraction(before[time]) and step["number"] > free:
                yield f"step {step['number']}: the {time} dose rises from {before[time]} to {after[time]}"
        falls_ = total(after) < total(before) or (total(after) == total(before) and may_stay)
        if not falls_ and step["number"] > free:
            yield f"step {step['number']}: the daily dose does not fall"


def target(answer: Json) -> Iterator[str]:
    if doses(answer)[-1] != Fraction(answer["request"]["target"]) and answer["request"].get("after_lead") != "wait":
        yield f"the schedule ends at {answer['steps'][-1]['daily']}, not at the target"
    if not doses(answer)[-1] and answer["steps"][-1]["days"]:
        yield "the stop is no dose, and takes no days"


def stop(answer: Json) -> Iterator[str]:
    """Whether the stop comes from the first dose at or below the final one."""
    final = Fraction(answer["request"]["final_dose"])
    *higher, last = doses(answer)[settled(answer) :]
    if not last and higher[-1] > final:
        yield "the stop comes from above the final dose"
    if not last and any(dose <= final for dose in higher[:-1]):
        yield "the stop comes later than the final dose"


def sums(answer: Json) -> Iterator[str]:
    for step in answer["steps"]:
        if total(step["regimen"]) != Fraction(step["daily"]):
            yield f"step {step['number']}: the doses do not add up to {step['daily']}"


def cuts(answer: Json) -> Iterator[str]:
    for before, step in zip(doses(answer), answer["steps"], strict=False):
        cut = before - Fraction(step["daily"])
        shares = (percent(cut, before), percent(cut, starting(answer)))
        if (Fraction(step["cut"]), step["cut_of_current"], step["cut_of_starting"]) != (cut, *shares):
            yield f"step {step['number']}: the cut is {cut}, {shares[0]} % of current, {shares[1]} % of starting"


def limit(answer: Json) -> Iterator[str]:
    """Whether exactly the cuts that pass the limit, over its window of days, are said to."""
    for before, step, reference in _references(answer):
        daily = Fraction(step["daily"])
        over = 0 < daily < before and reference - daily > allowed(answer, reference)
        if over != step["over_limit"]:
            yield f"step {step['number']}: over the limit is {over}"


def waits(answer: Json) -> Iterator[str]:
    """Whether a cut over the limit waits until the cuts before it have left its window."""
    for before, step, reference in _references(answer):
        if step["over_limit"] and reference != before and step["number"] > settled(answer):
            yield f"step {step['number']}: over the limit while cuts before it are in its window"


def _references(answer: Json) -> Iterator[tuple[Fraction, Json, Fraction]]:
    """The dose before each step, the step, and the dose in force when the limit's window began."""
    days = by_day(answer)
    for before, step in zip(doses(answer), answer["steps"], strict=False):
        since = date.fromisoformat(step["start"]) - ONE_DAY * answer["request"]["limit"]["days"]
        yield before, step, Fraction(days[since]["daily"]) if since in days else _of_the_past(answer, since)


def _of_the_past(answer: Json, day: date) -> Fraction:
    """The daily dose in force on a day before the first step."""
    past = answer["request"].get("history") or []
    if not past:
        return current(answer)
    if day >= date.fromisoformat(past[-1]["start"]) + ONE_DAY * past[-1]["days"]:
        return current(answer)
    begun = [total(taken["regimen"]) for taken in past if date.fromisoformat(taken["start"]) <= day]
    given = answer["request"].get("starting")
    return begun[-1] if begun else total(past[0]["regimen"]) if given is None else Fraction(given)


def over_limit_findings(answer: Json) -> Iterator[str]:
    """Whether every cut over the limit, and no other, asks for a reason."""
    over = [(step["number"], "acknowledge") for step in answer["steps"] if step["over_limit"]]
    said = [(finding["step"], finding["severity"]) for finding in answer["findings"] if finding["code"] == "over-limit"]
    if over != said:
        yield f"the findings over the limit are {said}, due are {over}"


def wished(answer: Json) -> Iterator[str]:
    """Whether the wished-for dose of each step is what its phase prefers."""
    for before, step in list(zip(doses(answer), answer["steps"], strict=False))[settled(answer) :]:
        phase = _phase(answer, Fraction(step["daily"]))
        cut = min(size_of(phase["cut"], phase.get("of"), before, starting(answer)), allowed(answer, before))
        preferred = max(NONE, before - cut) if Fraction(step["daily"]) else NONE
        if Fraction(step["preferred"]) != preferred:
            yield f"step {step['number']}: the wished-for dose is {preferred}, not {step['preferred']}"


def lengths(answer: Json) -> Iterator[str]:
    """Whether each step is taken as long as its phase says, and longer before a coarse cut that stretches it."""
    least = [_least_days(answer, place) for place in range(len(answer["steps"]))]
    for step, days in list(zip(answer["steps"], least, strict=True))[settled(answer) :]:
        if Fraction(step["daily"]) and step["days"] < days:
            yield f"step {step['number']} takes {step['days']} days, due are {days}"


def _least_days(answer: Json, place: int) -> int:
    steps = answer["steps"]
    daily = Fraction(steps[place]["daily"])
    every: int = _phase(answer, daily)["every"]
    if answer["request"]["coarse"] != "stretch" or not daily or place + 1 == len(steps):
        return every
    following = Fraction(steps[place + 1]["daily"])
    if not following:
        return max(every, steps[place - 1]["days"] if place > settled(answer) else 0)
    cut, most = daily - following, allowed(answer, daily)
    return max(every, ceil(cut / most * answer["request"]["limit"]["days"])) if cut > most else every


def _phase(answer: Json, daily: Fraction) -> Json:
    """The phase that leads to a daily dose."""
    return next(phase for phase in answer["request"]["pace"] if _lowest(phase, starting(answer)) <= daily)


def _lowest(phase: Json, at_first: Fraction) -> Fraction:
    return size_of(phase["down_to"], "starting", at_first, at_first) if "down_to" in phase else NONE

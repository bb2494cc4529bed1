"""What a version has to say and to ask for, counted from its steps in the plainest way."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

from tests.revisions.diary import ONE_DAY, Doses, Sheet, Units, doses, first_day, units_on

Json = dict[str, Any]


def written(history: list[Json]) -> dict[date, Doses]:
    """A request's history, day by day. Fails where a day stands twice."""
    found: dict[date, Doses] = {}
    for entry in history:
        for number in range(entry["days"]):
            day = date.fromisoformat(entry["start"]) + ONE_DAY * number
            assert day not in found, f"{day} stands twice"
            found[day] = doses(entry["regimen"])
    return found


def assert_contiguous(answer: Json) -> None:
    for step, following in pairwise(answer["steps"]):
        assert first_day(step) + ONE_DAY * step["days"] == first_day(following)
    assert all(step["days"] > 0 for step in answer["steps"][:-1])


def assert_supplied(answer: Json) -> None:
    """Each fill holds what is taken on its days, and hands out whole pieces beyond what is in hand."""
    hand = {key: Fraction(units) for key, units in (answer["request"].get("on_hand") or {}).items()}
    due = first_day(answer["steps"][0])
    for fill in answer["supply"]["fills"]:
        first, last = date.fromisoformat(fill["start"]), date.fromisoformat(fill["end"])
        assert first == due
        due = last + ONE_DAY
        needed: Units = {}
        for day in (first + ONE_DAY * n for n in range((due - first).days)):
            for key, units in units_on(answer, day).items():
                needed[key] = needed.get(key, Fraction(0)) + units
        assert {key: Fraction(units) for key, units in fill["units"].items()} == needed
        given = {key: max(0, ceil(units - hand.get(key, Fraction(0)))) for key, units in needed.items()}
        assert {key: int(pieces) for key, pieces in fill["dispense"].items()} == given
        for key, units in needed.items():
            hand[key] = hand.get(key, Fraction(0)) + given[key] - units
    last_step = answer["steps"][-1]
    assert due >= first_day(last_step) + ONE_DAY * last_step["days"]


def still_asked(sheets: Iterable[Sheet]) -> set[tuple[str, date]]:
    """The dose changes and the last dose that stay asked for through all versions: each has its own, and those that
    were due before its first day stay.
    """
    asked: set[tuple[str, date]] = set()
    for sheet in sheets:
        asked = {(kind, day) for kind, day in asked if kind == "change" and day < sheet.holds} | dues_of(sheet.answer)
    return asked


def dues_of(answer: Json) -> set[tuple[str, date]]:
    """The dose changes and the last dose that a version asks for."""
    found = set()
    before = sum(map(Fraction, answer["request"]["regimen"].values()))
    for step in answer["steps"]:
        if Fraction(step["daily"]) not in (0, before):
            found.add(("change", first_day(step)))
        before = Fraction(step["daily"])
    last = answer["steps"][-1]
    if not Fraction(last["daily"]) and len(answer["steps"]) > 1:
        found.add(("last-dose", first_day(last) - ONE_DAY))
    return found

"""What the supply of a schedule always is, held against a JSON answer alone."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from math import ceil

from tests.taper.arithmetic import DAY
from tests.taper.asking import Json

Units = dict[str, Fraction]


def supply_is_what_the_days_take(_: Json, answer: Json) -> None:
    needed: Units = {}
    for step in answer["steps"]:
        for portion in (portion for portions in step["take"].values() for portion in portions):
            units = _supplied_days(answer, step) * Fraction(portion["units"])
            needed[portion["product"]] = needed.get(portion["product"], Fraction(0)) + units
    fills = answer["supply"]["fills"]
    assert _amounts(answer["supply"]["total"]) == needed
    assert {key: sum(_amounts(fill["units"]).get(key, 0) for fill in fills) for key in needed} == needed


def _supplied_days(answer: Json, step: Json) -> int:
    """A target above zero is supplied to the end of its fill."""
    if step is not answer["steps"][-1] or not step["days"]:
        return int(step["days"])
    return (date.fromisoformat(answer["supply"]["fills"][-1]["end"]) - date.fromisoformat(step["start"])).days + 1


def _amounts(units: Json) -> Units:
    return {key: Fraction(amount) for key, amount in units.items() if Fraction(amount)}


def fills_follow_one_another_from_the_first_step_on(_: Json, answer: Json) -> None:
    day = date.fromisoformat(answer["steps"][0]["start"])
    for fill in answer["supply"]["fills"]:
        assert date.fromisoformat(fill["start"]) == day
        day = date.fromisoformat(fill["end"]) + DAY
    last = date.fromisoformat(answer["steps"][-1]["start"]) + answer["steps"][-1]["days"] * DAY
    assert last <= day < last + answer["request"]["fill_days"] * DAY


def fills_hand_out_the_least_whole_pieces_beyond_what_is_at_hand(request: Json, answer: Json) -> None:
    needed: Units = {}
    given_out: dict[str, int] = {}
    for fill in answer["supply"]["fills"]:
        for key, units in fill["units"].items():
            needed[key] = needed.get(key, Fraction(0)) + Fraction(units)
            given_out[key] = given_out.get(key, 0) + int(fill["dispense"].get(key, "0"))
            at_hand = Fraction(request.get("on_hand", {}).get(key, "0"))
            assert given_out[key] == max(0, ceil(needed[key] - at_hand))


SUPPLIED: tuple[Callable[[Json, Json], None], ...] = (
    supply_is_what_the_days_take,
    fills_follow_one_another_from_the_first_step_on,
    fills_hand_out_the_least_whole_pieces_beyond_what_is_at_hand,
)

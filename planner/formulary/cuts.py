"""Paces and limits of a medicine, read by the engine's own rules, and what can be said of them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import cast

from planner.taper.amounts import show
from planner.taper.errors import BadInput
from planner.taper.medicine import Change, Limit, Phase
from planner.taper.read_pace import limit_from, pace_from


def read_pace(field: str, value: object, unit: str) -> tuple[Phase, ...]:
    """The phases of a pace from a list of ``{cut, of, every, down_to}``. Raises BadInput naming the field."""
    try:
        return pace_from(value, unit, None)
    except BadInput as bad:
        raise BadInput(field + bad.field.removeprefix("pace"), bad.value, bad.allowed) from bad


def read_limit(field: str, value: object, unit: str) -> Limit:
    """A limit or ceiling from ``{cut, of, days}``. Raises BadInput naming the field."""
    return limit_from(value, unit, field)


def only_keys(field: str, value: object, required: Sequence[str], optional: Sequence[str]) -> Mapping[str, object]:
    """value as a mapping that has the required keys and no unknown one. Raises BadInput."""
    allowed = (*required, *optional)
    if not isinstance(value, Mapping):
        raise BadInput(field, value, f"Give an object with the keys {', '.join(allowed)}.")
    for key in value:
        if key not in allowed:
            raise BadInput(f"{field}.{key}", value[key], f"Unknown key. Allowed here: {', '.join(allowed)}.")
    for key in required:
        if key not in value:
            raise BadInput(f"{field}.{key}", "", f"It is required. Keys here: {', '.join(allowed)}.")
    return cast(Mapping[str, object], value)


def size(change: Change, unit: str) -> str:
    """A cut in words: ``20 % of the current dose`` or ``5 mg``."""
    amount = show(change.amount)
    return f"{amount} {unit}" if change.of is None else f"{amount} % of the {change.of} dose"


def within(change: Change, every: int, window: int) -> Decimal:
    """What cuts, one every so many days, add up to in a window of days, in the cut's own terms."""
    cuts = -(-window // every)
    if change.of != "current":
        return change.amount * cuts
    return 100 - 100 * (1 - change.amount / 100) ** cuts

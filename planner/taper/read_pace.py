"""Reading a pace and a limit, and finding the slowest and the strictest of several."""

import itertools
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from planner.taper.amounts import parse_amount, show
from planner.taper.errors import BadInput
from planner.taper.medicine import Change, Limit, Phase

MOST_DAYS = 365
MOST_PHASES = 20
LONGEST_DAYS = 3653  # ten years: a pace that takes longer is a slip of the pen

_CUT = re.compile(r"(?P<amount>[0-9.,+-]{1,20})\s?(?P<kind>[^\s0-9]{1,12})")


def pace_from(value: Any, unit: str, starting: Decimal | None) -> tuple[Phase, ...]:
    """Phases from their JSON form.

    starting: the daily dose before the taper, of which a `down_to` in percent is; None where no request knows it yet.
    """
    if not isinstance(value, Sequence) or isinstance(value, str) or not 1 <= len(value) <= MOST_PHASES:
        raise BadInput("pace", value, f"Give a list of 1 to {MOST_PHASES} phases.")
    phases = tuple(_phase(f"pace.{n}", phase, unit, n == len(value) - 1) for n, phase in enumerate(value))
    if starting is not None:
        return phases_of(phases, unit, starting)
    _require_falling([phase.down_to for phase in phases], f" {unit}")
    _require_falling([phase.share for phase in phases], "%")
    return phases


def phases_of(phases: Sequence[Phase], unit: str, starting: Decimal) -> tuple[Phase, ...]:
    """Phases for a starting dose. Raises BadInput where one does not go lower than the one before it."""
    found = tuple(phase.of(starting) for phase in phases)
    _require_falling([phase.down_to for phase in found], f" {unit}")
    return found


def _require_falling(bounds: Sequence[Decimal | None], kind: str) -> None:
    for number, (higher, lower) in enumerate(itertools.pairwise(bounds), start=1):
        if higher is not None and lower is not None and lower >= higher:
            words = f"Give a dose below the phase before it, {show(higher)}{kind}."
            raise BadInput(f"pace.{number}.down_to", show(lower), words)


def _phase(field: str, value: Any, unit: str, last: bool) -> Phase:
    _only(field, value, {"cut", "of", "every", "down_to"})
    down_to = value.get("down_to")
    if last and down_to is not None:
        raise BadInput(f"{field}.down_to", down_to, "The last phase goes on to the end: leave down_to out.")
    if not last and down_to is None:
        raise BadInput(f"{field}.down_to", down_to, "Every phase but the last says down to which dose it holds.")
    every = days(f"{field}.every", value.get("every"))
    cut = change(field, value, unit)
    if down_to is None:
        return Phase(cut, every)
    amount, kind = amount_and_kind(f"{field}.down_to", down_to, unit)
    if not amount:
        raise BadInput(f"{field}.down_to", down_to, "Give a dose above 0: the phases after it begin there.")
    return Phase(cut, every, share=amount) if kind == "%" else Phase(cut, every, amount)


def limit_from(value: Any, unit: str, field: str = "limit") -> Limit:
    """A limit from its JSON form: cut, of (for percents), days."""
    _only(field, value, {"cut", "of", "days"})
    return Limit(change(field, value, unit), days(f"{field}.days", value.get("days")))


def change(field: str, value: Mapping[str, Any], unit: str) -> Change:
    """A cut such as ``"10%"`` with its basis (current if left out), or ``"5 mg"``."""
    amount, kind = amount_and_kind(f"{field}.cut", value.get("cut"), unit)
    basis = value.get("of")
    if not amount:
        raise BadInput(f"{field}.cut", value.get("cut"), "Give a cut above 0.")
    if kind != "%":
        if basis is not None:
            raise BadInput(f"{field}.of", basis, f"Only a percentage is of something: leave it out beside {unit}.")
        return Change(amount, None)
    if amount > 100:
        raise BadInput(f"{field}.cut", value.get("cut"), "Give at most 100%.")
    if basis not in (None, "current", "starting"):
        raise BadInput(f"{field}.of", basis, "Give current or starting.")
    return Change(amount, basis or "current")


def amount_and_kind(field: str, value: Any, unit: str) -> tuple[Decimal, str]:
    """The number and its kind, ``%`` or the medicine's unit."""
    match = _CUT.fullmatch(value) if isinstance(value, str) else None
    if match is None or match["kind"] not in ("%", unit):
        raise BadInput(field, value, f"Give a percentage such as 10%, or an amount such as 5 {unit}.")
    return parse_amount(field, match["amount"]), match["kind"]


def days(field: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_DAYS:
        raise BadInput(field, value, f"Give a whole number of days from 1 to {MOST_DAYS}.")
    return value


def _only(field: str, value: Any, names: set[str]) -> None:
    if not isinstance(value, Mapping):
        raise BadInput(field, value, f"Give an object with {', '.join(sorted(names))}.")
    for name in value:
        if name not in names:
            raise BadInput(
                f"{field}.{name}", value[name], f"There is no such field. Known: {', '.join(sorted(names))}."
            )


def open_pace_from(
    value: Any, usual: tuple[Phase, ...] | None, limit: Limit, unit: str
) -> tuple[tuple[Phase, ...], Change | None]:
    """One phase whose cut is still to be found: as large as the limit allows, in percent; and a cut if one is given.

    Its days and basis are those given, else those of the usual pace, else the limit's.
    """
    given = {} if value is None else _open_phase(value)
    cut = change("pace.0", given, unit) if given.get("cut") is not None else None
    of = given.get("of") or (usual[0].cut.of if usual else limit.cut.of) or "current"
    every = days("pace.0.every", given["every"]) if "every" in given else usual[0].every if usual else limit.days
    most = limit.cut.amount if limit.cut.of == of else Decimal(100)
    return (Phase(Change(most, of), every),), cut


def _open_phase(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 1:
        raise BadInput("pace", value, "Beside end_by give one phase at most, without its cut: end_by asks for that.")
    _only("pace.0", value[0], {"cut", "of", "every"})
    if value[0].get("of") not in (None, "current", "starting"):
        raise BadInput("pace.0.of", value[0]["of"], "Give current or starting.")
    return {name: given for name, given in value[0].items() if given is not None}


def slowest(paces: Sequence[tuple[Phase, ...]], current: Decimal, starting: Decimal) -> tuple[Phase, ...]:
    """The pace that begins with the least per day."""
    return min(paces, key=lambda pace: pace[0].cut.units(current, starting) / pace[0].every)


def strictest(limits: Sequence[Limit], current: Decimal, starting: Decimal) -> Limit:
    """The limit that allows the least per day of its window."""
    return min(limits, key=lambda limit: limit.cut.units(current, starting) / limit.days)


def require_end_in_sight(pace: Sequence[Phase], current: Decimal, starting: Decimal, end: Decimal) -> None:
    """Raises BadInput for a pace that by itself would need more than ten years to come down to the end."""
    dose, taken = current, 0
    for number, phase in enumerate(pace):
        low = max(end, phase.down_to or end)
        while dose > low and taken <= LONGEST_DAYS:
            dose = (dose - phase.cut.units(dose, starting)).quantize(Decimal("0.000001"))
            taken += phase.every
        if taken > LONGEST_DAYS:
            size = show(phase.cut.amount) + ("%" if phase.cut.of else "")
            raise BadInput(
                f"pace.{number}.cut",
                size,
                f"Every {phase.every} days this takes over ten years. Give a larger cut, or fewer days.",
            )

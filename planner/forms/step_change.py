"""A step's days and doses as they are typed where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from planner.taper import BadInput, Step
from planner.taper.amounts import parse_amount, show
from planner.taper.medicine import Time
from planner.taper.read_pace import LONGEST_DAYS


@dataclass(frozen=True)
class StepChange:
    """What was typed for a step. faults: by "days", the time or "all", where a value cannot be used."""

    number: int
    days: str
    doses: Mapping[Time, str]
    keeps: bool
    faults: Mapping[str, str]

    @property
    def regimen(self) -> dict[Time, Decimal]:
        return {time: parse_amount(time, dose or "0") for time, dose in self.doses.items()}

    def new_doses(self, step: Step) -> list[dict[str, Any]]:
        """The change of the doses in the JSON form of a request; none where they are as they were."""
        regimen = self.regimen
        if all(step.regimen.get(time, Decimal(0)) == dose for time, dose in regimen.items()):
            return []
        return [self._rest(step.daily) | {"regimen": {time: show(dose) for time, dose in regimen.items()}}]

    def new_days(self) -> dict[str, Any]:
        """The change to the days that were typed, made after that of the doses."""
        return self._rest(sum(self.regimen.values(), Decimal(0))) | {"days": int(self.days)}

    def _rest(self, at: Decimal) -> dict[str, Any]:
        return {"step": self.number, "rest": "keep" if self.keeps else "again", "at": show(at)}

    @property
    def takes_nothing(self) -> bool:
        return not any(self.regimen.values())


def read_change(typed: Mapping[str, str], number: int, times: Sequence[Time]) -> StepChange:
    """The typed values of a step, each looked at."""
    doses = {time: typed.get(f"dose-{time}", "").strip() for time in times}
    days = typed.get("days", "").strip()
    faults: dict[str, str] = {time: words for time, dose in doses.items() if (words := _dose_fault(dose))}
    if not (days.isascii() and days.isdigit() and len(days) <= 4 and 1 <= int(days) <= LONGEST_DAYS):
        faults["days"] = f"Give a whole number of days, from 1 to {LONGEST_DAYS:,}."
    return StepChange(number, days, doses, typed.get("rest") == "keep", faults)


def _dose_fault(dose: str) -> str:
    if not dose:
        return "Give the dose: 0 where none is taken."
    try:
        parse_amount("", dose)
    except BadInput as bad:
        return bad.allowed
    return ""

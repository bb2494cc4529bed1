"""A step's days and doses as they are typed where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from planner.taper import BadInput, Step
from planner.taper.amounts import parse_amount, show
from planner.taper.medicine import Time


@dataclass(frozen=True)
class StepChange:
    """What was typed for a step. faults: by "days" or the time, where a value cannot be used."""

    number: int
    days: str
    doses: Mapping[str, str]
    keeps: bool
    faults: Mapping[str, str]

    def edits(self, step: Step) -> list[dict[str, Any]]:
        """The changes, in the JSON form of a request: the doses first, then the days; none where all is as it was."""
        rest = {"step": self.number, "rest": "keep" if self.keeps else "again"}
        regimen: dict[str, Decimal] = {time: parse_amount(time, dose or "0") for time, dose in self.doses.items()}
        before = {str(time): dose for time, dose in step.regimen.items() if time in regimen}
        found: list[dict[str, Any]] = []
        if regimen != before:
            found.append(rest | {"regimen": {time: show(dose) for time, dose in regimen.items()}})
        if int(self.days) != step.days:
            found.append(rest | {"days": int(self.days)})
        return found


def read_change(typed: Mapping[str, str], number: int, times: Sequence[Time]) -> StepChange:
    """The typed values of a step, each looked at."""
    doses: dict[str, str] = {time: typed.get(f"dose-{time}", "").strip() for time in times}
    days = typed.get("days", "").strip()
    faults: dict[str, str] = {time: words for time, dose in doses.items() if (words := _dose_fault(dose))}
    if not (days.isascii() and days.isdigit() and len(days) <= 4 and int(days) > 0):
        faults["days"] = "Give a whole number of days from 1."
    return StepChange(number, days, doses, typed.get("rest") == "keep", faults)


def _dose_fault(dose: str) -> str:
    try:
        parse_amount("", dose or "0")
    except BadInput as bad:
        return bad.allowed
    return ""


def zero(change: StepChange) -> bool:
    """Whether nothing would be taken."""
    return not any(Decimal(dose or "0") for dose in change.doses.values())

"""The steps as the page shows them, with their sums and the boxes to change them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from planner.forms.step_change import StepChange
from planner.taper import Answer, Step, StepWhy, explain_step
from planner.taper.amounts import percent, show
from planner.taper.medicine import TIMES, Time
from planner.taper.schedule import Portion


@dataclass(frozen=True)
class Cell:
    """What is taken at one time of a step."""

    time: Time
    dose: Decimal
    is_lower: bool
    is_higher: bool
    portions: tuple[Portion, ...]


@dataclass(frozen=True)
class Wished:
    """What the preferred cut would have reached: the dose, the cut, and its percents of current and of starting."""

    dose: Decimal
    cut: Decimal
    of_current: Decimal
    of_starting: Decimal


@dataclass(frozen=True)
class Boxes:
    """What a step is changed with: the values in its boxes, and what is wrong with them.

    doses: time, value and fault; fault: about the change as a whole; is_open: shown from the start.
    """

    days: str
    days_fault: str
    doses: tuple[tuple[Time, str, str], ...]
    keeps: bool
    fault: str
    is_open: bool


@dataclass(frozen=True)
class Row:
    """A step. wished: None where nothing else was wished for; opens: its sum is shown from the start."""

    step: Step
    cells: tuple[Cell, ...]
    wished: Wished | None
    why: StepWhy
    opens: bool
    names_year: bool
    boxes: Boxes

    @property
    def is_from_zero(self) -> bool:
        """Whether it rises from nothing, of which nothing is a percentage."""
        return self.step.daily > 0 and self.step.daily == -self.step.cut


def rows(answer: Answer, change: StepChange | None = None) -> list[Row]:
    """The steps with what is taken at each time at which anything is ever taken.

    change: what was typed at one of them, and could not be used.
    """
    shown = times(answer)
    before: Mapping[Time, Decimal] = answer.request.regimen
    first_over = next((step for step in answer.steps if step.over_limit), None)
    found: list[Row] = []
    for step in answer.steps:
        cells = tuple(_cell(time, step, before) for time in shown)
        names_year = not found or found[-1].step.start.year != step.start.year
        why = explain_step(answer, step)
        found.append(Row(step, cells, _wished(answer, step), why, step is first_over, names_year, _boxes(step, change)))
        before = step.regimen
    return found


def _boxes(step: Step, change: StepChange | None) -> Boxes:
    if change is None or change.number != step.number:
        doses = tuple((time, show(dose), "") for time, dose in step.regimen.items())
        return Boxes(str(step.days), "", doses, keeps=False, fault="", is_open=False)
    faults = change.faults
    typed = tuple((time, change.doses[time], faults.get(time, "")) for time in step.regimen)
    whole = faults.get("all", "")
    return Boxes(change.days, faults.get("days", ""), typed, keeps=change.keeps, fault=whole, is_open=True)


def _cell(time: Time, step: Step, before: Mapping[Time, Decimal]) -> Cell:
    dose, was = step.regimen.get(time, Decimal(0)), before.get(time, Decimal(0))
    return Cell(time, dose, dose < was, dose > was, step.take.get(time, ()))


def _wished(answer: Answer, step: Step) -> Wished | None:
    before = step.daily + step.cut
    if step.preferred is None or not step.daily or step.preferred >= before:
        return None
    cut = before - step.preferred
    return Wished(step.preferred, cut, percent(cut, before), percent(cut, answer.request.starting))


def times(answer: Answer) -> list[Time]:
    """The times at which anything is ever taken."""
    regimens = (answer.request.regimen, *(step.regimen for step in answer.steps))
    return [time for time in TIMES if any(regimen.get(time) for regimen in regimens)]

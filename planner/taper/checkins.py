"""The days on which the clinic asks how the patient is: when the signs of withdrawal would be at their worst."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from planner.taper.closures import Closures, window_days
from planner.taper.schedule import Answer, Step

Why = Literal["first cuts", "over the limit", "the stop", "every cut"]
FIRST_CUTS = 2  # how the patient bears the medicine's withdrawal is not known before them


@dataclass(frozen=True)
class CheckIn:
    """A contact after a change. step: the number of the change's step.

    is_early: before the window in which signs are worst, since the clinic is closed on all of its days.
    is_shut: the clinic is closed on this day too, so that a call has to be arranged.
    """

    day: date
    step: int
    why: Why
    is_early: bool = False
    is_shut: bool = False

    @property
    def note(self) -> str:
        """What the clinic's closed days ask for; empty where they ask for nothing."""
        if self.is_early:
            return "before the clinic closes: agree whom the patient calls"
        return "the clinic is closed that day: arrange a call" if self.is_shut else ""


def check_ins(answer: Answer) -> tuple[CheckIn, ...]:
    """A check-in after the first two cuts, each cut over the limit and the stop; after every cut where the clinic so
    asks (``context.check_ins``). One for each step, in the order of the steps.

    It falls on the first day of the medicine's peak window on which the clinic is open, counted from the change as
    closures.window_days does. Later than the window would be too late to help, so where the clinic is closed on all of
    it, the check-in moves forward instead: to the last open day from the change up to the window (is_early), on which
    patient and clinic can agree whom to call. Where there is none either, it stays on the window's first day (is_shut).
    None where the medicine file has no peak window.
    """
    hours, context = answer.medicine.peak_hours, answer.request.context
    if hours is None:
        return ()
    cuts = [step for step in answer.steps if step.cut > 0]
    reasons = ((step, _why(step, place, context.check_ins)) for place, step in enumerate(cuts))
    return tuple(
        _check_in(step, why, window_days(answer.medicine, hours, step.start), context.closures)
        for step, why in reasons
        if why
    )


def _why(step: Step, place: int, asked: str) -> Why | None:
    """The weightiest reason for a check-in after a cut; place counts the cuts from 0."""
    if not step.daily:
        return "the stop"
    if step.over_limit:
        return "over the limit"
    if place < FIRST_CUTS:
        return "first cuts"
    return "every cut" if asked == "every" else None


def _check_in(step: Step, why: Why, window: Sequence[date], closures: Closures | None) -> CheckIn:
    if day := next(iter(_open(window, closures)), None):
        return CheckIn(day, step.number, why)
    before = [step.start + timedelta(days=later) for later in range((window[0] - step.start).days)]
    if earlier := _open(before, closures):
        return CheckIn(earlier[-1], step.number, why, is_early=True)
    return CheckIn(window[0], step.number, why, is_shut=True)


def _open(days: Sequence[date], closures: Closures | None) -> list[date]:
    return [day for day in days if closures is None or not closures.shut(day)]

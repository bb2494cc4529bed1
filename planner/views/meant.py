"""What a decision at a check-in would mean: the days and doses of the version that it leads to, before it is made."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from planner.formulary import UnknownMedicine
from planner.issuing import Draft
from planner.models import Plan
from planner.papers.numbers import short_date
from planner.revising import Decision
from planner.services import revision_draft
from planner.taper import BadInput, Step
from planner.taper.words import days_words
from planner.views.plan_course import Course
from planner.views.plan_words import Speaker

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Meaning:
    """The words for one plan as it stands today."""

    plan: Plan
    course: Course
    today: date
    speaker: Speaker

    def hold(self, days: int) -> str:
        """ "Stay on 35 mg for 7 more days, to Sun 24 Jan. Next change Mon 25 Jan. Stop Mon 8 Mar, not Mon 1 Mar."."""
        draft = self._draft(Decision("hold", self.today + ONE_DAY, days=days))
        if draft is None:
            return ""
        held, *rest = draft.answer.steps
        stay = f"Stay on {self.speaker.dose(held.daily)} for {days_words(days)} more, to {_day(held.end)}."
        return self._with_rest(stay, rest)

    def step_back(self, daily: Decimal, days: int) -> str:
        draft = self._draft(Decision("step-back", self.today + ONE_DAY, days=days, daily=daily))
        if draft is None:
            return ""
        back, *rest = draft.answer.steps
        first = f"{self.speaker.dose(back.daily)} a day from {_day(back.start)} to {_day(back.end)}."
        return self._with_rest(first, rest)

    def go_on(self) -> str:
        following = self.course.after(self.today)
        if following:
            change = f"Next change {_day(following.first)}, to {self.speaker.dose(following.daily)} a day."
            return f"{change} Stop {_day(self.course.stop)}." if self.course.stop else change
        if self.course.stop and self.course.stop > self.today:
            return f"Stop {_day(self.course.stop)}."
        return "No change is planned."

    def _draft(self, decision: Decision) -> Draft | None:
        """None where it cannot be carried out: the page that follows says why."""
        try:
            draft = revision_draft(self.plan.clinic, self.plan, decision, self.today)
        except (BadInput, UnknownMedicine):
            return None
        return draft if draft.answer.steps else None

    def _with_rest(self, first: str, rest: list[Step]) -> str:
        if not rest:
            return first
        stop = rest[-1].start if not rest[-1].daily else None
        parts = [first, f"Next change {_day(rest[0].start)}."]
        if stop:
            was = self.course.stop
            parts.append(f"Stop {_day(stop)}{f', not {_day(was)}' if was and was != stop else ''}.")
        return " ".join(parts)


def _day(day: date | None) -> str:
    assert day is not None
    return short_date(day, weekday=True, year=True)

"""The sentences that the patient reads. Short, in plain words; what is clinical comes from the medicine file."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from planner.papers.days import ask_before, ends_at_zero, last_day
from planner.papers.model import Paper
from planner.papers.numbers import WEEKDAYS, long_date
from planner.papers.text import Text, bold, plain
from planner.papers.wording import Wording
from planner.taper.schedule import Step

NOT_ISSUED = "Not issued. Do not take medicine by this paper."
NO_CHANGE = "No change yet"
EARLIER = "Earlier paper"
NO_MORE = "No more doses"
KEEP_TAKING = "Keep taking"
GLANCE = "All steps at a glance"
NEW_DOSE = "New dose"
NEW_PRODUCT = "This is new for you."


def reminder(paper: Paper) -> str:
    """The line at the foot of every page."""
    clinic = paper.clinic
    stop = f"Never stop {paper.medicine.plain_name} suddenly."
    return f"{stop} Worse? Call us: {clinic.phone}. In danger? Call {clinic.emergency}."


def what_happens(paper: Paper) -> Text:
    """Now, what was settled for the first days, the first change, the rhythm and the end."""
    answer = paper.answer
    now = plain(f"You take {Wording(paper).dose(answer.request.current)} a day now. ")
    settled = len(answer.request.lead)
    first = [text for step in answer.steps[:settled] for text in _settled(paper, step)]
    down = answer.steps[settled:]
    if not down:
        return now + tuple(first) + keep_taking(paper)
    start = plain("From ") + bold(long_date(down[0].start))
    return now + tuple(first) + start + plain(f" your dose goes down{rhythm(down)}. ") + _end_in_short(paper)


def _settled(paper: Paper, step: Step) -> Text:
    """``From Monday 4 January to Sunday 10 January you stay on 40 mg a day.``"""
    dose = Wording(paper).dose(step.daily)
    what = f"you stay on {dose} a day. " if not step.cut else f"you take {dose} a day: {_than_before(step)}. "
    first, last = long_date(step.start), long_date(step.start + timedelta(days=step.days - 1))
    days = bold(first) if first == last else bold(first) + plain(" to ") + bold(last)
    return plain("On " if first == last else "From ") + days + plain(f" {what}")


def _than_before(step: Step) -> str:
    return "more than before" if step.cut < 0 else "less than before"


def rhythm(steps: Sequence[Step]) -> str:
    """`` a little every Monday`` where it is as regular as that."""
    starts = [step.start for step in steps]
    gaps = {(later - earlier).days for earlier, later in pairwise(starts)}
    if not gaps:
        return ""
    if gaps == {7}:
        return f" a little every {WEEKDAYS[starts[0].weekday()]}"
    if len(gaps) == 1:
        days = gaps.pop()
        every = f"{days // 7} weeks" if days % 7 == 0 else "day" if days == 1 else f"{days} days"
        return f" a little every {every}"
    return " step by step"


def _end_in_short(paper: Paper) -> Text:
    if ends_at_zero(paper.answer):
        return plain("Your last dose is on ") + bold(long_date(last_day(paper.answer))) + plain(".")
    last = paper.answer.steps[-1]
    reach = plain("From ") + bold(long_date(last.start)) + plain(" you stay on one dose. ")
    return (reach if len(paper.answer.steps) > 1 else ()) + keep_taking(paper)


def keep_taking(paper: Paper) -> Text:
    """What to do after the last printed day of a taper that ends above zero."""
    target = Wording(paper).dose(paper.answer.steps[-1].daily)
    until_told = " until we call you" if paper.answer.request.after_lead == "wait" else ""
    sentence = bold(f"{KEEP_TAKING} {target} every day{until_told}. Do not stop.")
    until = ask_before(paper.answer)
    return sentence + (plain(" Ask for more before ") + bold(long_date(until)) + plain(".") if until else ())


def take_no_more(paper: Paper, labels: Sequence[str]) -> Text:
    """``From Thursday 25 February 2027 do not take Baclofen 10 mg tablets any more, even if you have some left.``"""
    first, names = long_date(paper.answer.steps[0].start), " or ".join(labels)
    left = plain(" any more, even if you have some left.")
    return plain("From ") + bold(first) + plain(" do not take ") + bold(names) + left


def the_end(paper: Paper) -> Text:
    """The line under the last month and the last step."""
    if not ends_at_zero(paper.answer):
        return plain("After ") + bold(long_date(last_day(paper.answer))) + plain(": ") + keep_taking(paper)
    last = bold(long_date(last_day(paper.answer)))
    return plain("Your last dose is on ") + last + plain(". After that: ") + bold(f"{NO_MORE}.")


def before_start(paper: Paper) -> Text:
    """What to take until the first change; a paper of a running taper says nothing of the days before it."""
    if paper.answer.request.history:
        return bold(f"{EARLIER}.") + plain(" These days are on the paper that you had before.")
    now = Wording(paper).regimen(paper.answer.request.regimen)
    return bold(f"{NO_CHANGE}.") + plain(f" Keep taking what you take now: {now}.")


def after_end(paper: Paper) -> Text:
    """What to take on the days of the last month after the schedule."""
    return bold(f"{NO_MORE}.") if ends_at_zero(paper.answer) else keep_taking(paper)


def in_cell(paper: Paper, kind: str) -> str:
    """The words in a day's cell that has no doses; never a blank one."""
    if kind == "before":
        return EARLIER if paper.answer.request.history else NO_CHANGE
    if ends_at_zero(paper.answer):
        return NO_MORE
    return f"{KEEP_TAKING} {Wording(paper).dose(paper.answer.steps[-1].daily)} every day"

"""The sentences that the patient reads. Short, in plain words; what is clinical comes from the medicine file."""

from itertools import pairwise

from planner.papers.days import ask_before, ends_at_zero, last_day
from planner.papers.model import Paper
from planner.papers.numbers import WEEKDAYS, long_date
from planner.papers.text import Text, bold, plain
from planner.papers.wording import Wording

NOT_ISSUED = "Not issued. Do not take medicine by this paper."
NO_CHANGE = "No change yet"
NO_MORE = "No more doses"
KEEP_TAKING = "Keep taking"
GLANCE = "All steps at a glance"
NEW_DOSE = "New dose"


def reminder(paper: Paper) -> str:
    """The line at the foot of every page."""
    clinic = paper.clinic
    stop = f"Never stop {paper.medicine.plain_name} suddenly."
    return f"{stop} Worse? Call us: {clinic.phone}. In danger? Call {clinic.emergency}."


def what_happens(paper: Paper) -> Text:
    """Now, the first change, the rhythm and the end."""
    answer, wording = paper.answer, Wording(paper)
    now = plain(f"You take {wording.dose(answer.request.current)} a day now. From ")
    start = bold(long_date(answer.steps[0].start))
    return now + start + plain(f" your dose goes down{rhythm(paper)}. ") + _end_in_short(paper)


def rhythm(paper: Paper) -> str:
    """`` a little every Monday`` where it is as regular as that."""
    steps = paper.answer.steps
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
    sentence = bold(f"{KEEP_TAKING} {target} every day. Do not stop.")
    until = ask_before(paper.answer)
    return sentence + (plain(" Ask for more before ") + bold(long_date(until)) + plain(".") if until else ())


def the_end(paper: Paper) -> Text:
    """The line under the last month and the last step."""
    if not ends_at_zero(paper.answer):
        return plain("After ") + bold(long_date(last_day(paper.answer))) + plain(": ") + keep_taking(paper)
    last = bold(long_date(last_day(paper.answer)))
    return plain("Your last dose is on ") + last + plain(". After that: ") + bold(f"{NO_MORE}.")


def before_start(paper: Paper) -> Text:
    """What to take until the first change."""
    now = Wording(paper).regimen(paper.answer.request.regimen)
    return bold(f"{NO_CHANGE}.") + plain(f" Keep taking what you take now: {now}.")


def after_end(paper: Paper) -> Text:
    """What to take on the days of the last month after the schedule."""
    return bold(f"{NO_MORE}.") if ends_at_zero(paper.answer) else keep_taking(paper)


def in_cell(paper: Paper, kind: str) -> str:
    """The words in a day's cell that has no doses; never a blank one."""
    if kind == "before":
        return NO_CHANGE
    if ends_at_zero(paper.answer):
        return NO_MORE
    return f"{KEEP_TAKING} {Wording(paper).dose(paper.answer.steps[-1].daily)} every day"

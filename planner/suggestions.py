"""What follows from a check-in: the medicine file's own rule for the answer, and what the clinician may decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from planner.course import at, course_of
from planner.formulary import MedicineFile, inline_medicine
from planner.formulary.texts import CheckInRule
from planner.models import CheckIn, Plan
from planner.shelves import clinic_shelf
from planner.standing import Earlier, current_of, earlier_doses, first_of, full, standing, step_back_dose, times_of
from planner.taper import BadInput, parse_request
from planner.taper.pace import phase_at, slowed

ONE_DAY = timedelta(days=1)
Urgency = Literal["", "urgent", "emergency", "too-much"]
BY_WEIGHT = ("call", "reinstate", "step-back", "hold", "slow-down", "go-on")  # what a rule leads to, weightiest first
DECISION_OF = {"call": "emergency", "reinstate": "step-back"}  # the others are decisions themselves
BACK = ("reinstate", "step-back")
INSTEAD = ("hold", "emergency", "other")  # where what the rules lead to cannot be: no dose to go back to, or to hold
NOT_AFTER_TOO_MUCH = frozenset({"step-back", "pace", "resume"})  # changes
WITHHELD = (
    "The last check-in says that the patient may have had too much. No step back and no other pace until another says "
    "how the patient is."
)
IN_ORDER = ("hold", "go-on", "step-back", "slow-down", "other", "emergency")


@dataclass(frozen=True)
class Report:
    """What was said at a contact. how: empty where too_much; signs: those ticked, in the file's words; emergency: one
    of them asks for help at once.
    """

    day: date
    too_much: bool
    how: str
    signs: tuple[str, ...] = ()
    emergency: bool = False
    missed: int = 0
    note: str = ""

    @classmethod
    def of(cls, check_in: CheckIn) -> "Report":
        return cls(check_in.day, check_in.too_much, check_in.how, tuple(check_in.signs), check_in.emergency)


@dataclass(frozen=True)
class Suggestion:
    """What the file says to an answer, and what may be decided.

    leads_to: of the weightiest rule, or of the planner where the file has none; proposed: the decisions that the rules
    lead to; back: the dose of a step back, None where none is offered; tolerated: for the hospital, the last dose above
    the present one with a check-in that said well, else the one taken before it.
    """

    urgency: Urgency
    rules: tuple[CheckInRule, ...]
    leads_to: str
    proposed: tuple[str, ...]
    offered: tuple[str, ...]
    back: Earlier | None
    tolerated: Earlier | None

    def needs_reason(self, decision: str, how: str) -> bool:
        """Help in an emergency waits for no reason."""
        is_usual = decision == "go-on" and how == "well" and not self.urgency
        return decision not in (*self.proposed, "emergency") and not is_usual


def suggest(plan: Plan, file: MedicineFile | None, report: Report, today: date) -> Suggestion:
    """Where the file has no rule: well goes on, an emergency sign calls for help, anything else is held."""
    if report.too_much:
        return Suggestion("too-much", (), "emergency", ("emergency",), ("emergency",), None, None)
    rules = _rules(file, "emergency" if report.emergency else report.how)
    codes = tuple(rule.leads_to for rule in rules) or (_without_a_rule(report),)
    earlier = doses_before(plan, today)
    tolerated = step_back_dose(earlier)
    back = tolerated if any(code in BACK for code in codes) and takes(plan, today) else None
    urgency = _urgency(report, codes)
    offered = _offered(plan, today, back, urgency)
    proposed = tuple(d for d in (DECISION_OF.get(code, code) for code in codes) if d in offered)
    proposed = proposed or (next(decision for decision in INSTEAD if decision in offered),)
    rest = tuple(decision for decision in offered if decision not in proposed)
    return Suggestion(
        urgency, rules, codes[0], proposed, (*dict.fromkeys(proposed), *rest), back, tolerated if urgency else None
    )


def withheld(plan: Plan) -> frozenset[str]:
    """The kinds of change that are not made as long as the last check-in says that it may have been too much."""
    last: CheckIn | None = plan.check_ins.last()
    return NOT_AFTER_TOO_MUCH if last and last.too_much else frozenset()


def doses_before(plan: Plan, today: date) -> list[Earlier]:
    """The doses above the present one that were taken, the lowest first; after a stop the last dose is one of them."""
    if not plan.ends or today < plan.ends:
        return earlier_doses(plan, standing(plan, today + ONE_DAY))
    last = standing(plan, plan.ends)
    well = {check_in.dose for check_in in plan.check_ins.all() if check_in.how == "well"}
    return [Earlier(last.daily, last.held, last.daily in well), *earlier_doses(plan, last)]


def takes(plan: Plan, today: date) -> bool:
    """Whether the medicine is taken today and there is a plan to change."""
    return plan.closed_on is None and (plan.ends is None or today < plan.ends)


def daily_on(plan: Plan, day: date) -> Decimal:
    """What is taken on a day: before the first lower dose what the plan began from, after a stop nothing."""
    spans = course_of(plan)
    if found := at(spans, day):
        return found.daily
    if spans and day > spans[0].first:
        return Decimal(0)
    return sum(full(first_of(plan).answer["request"]["regimen"], times_of(plan)).values(), Decimal(0))


def usual_days(plan: Plan, today: date) -> int:
    """How long a step at the present dose is taken, by the pace of the version in force."""
    version = current_of(plan)
    try:
        request = parse_request(version.answer["request"], clinic_shelf(plan.clinic).find, inline_medicine)
        return slowed(request, phase_at(request, daily_on(plan, today)))
    except BadInput:  # the medicine's file has gone, or has another product by now
        return min((step["days"] for step in version.answer["steps"] if step["days"]), default=1)


def _rules(file: MedicineFile | None, answer: str) -> tuple[CheckInRule, ...]:
    """Those for an answer, the weightiest first."""
    found = [rule for rule in file.after_check_in if rule.answer == answer] if file else []
    return tuple(sorted(found, key=lambda rule: BY_WEIGHT.index(rule.leads_to)))


def _without_a_rule(report: Report) -> str:
    if report.emergency:
        return "call"
    return "go-on" if report.how == "well" else "hold"


def _urgency(report: Report, codes: Sequence[str]) -> Urgency:
    if report.emergency:
        return "emergency"
    return "urgent" if report.how == "severe" or {"call", "reinstate"} & set(codes) else ""


def _offered(plan: Plan, today: date, back: Earlier | None, urgency: Urgency) -> tuple[str, ...]:
    """What may be decided: a plan whose stop has come is not held, slowed or stepped back."""
    left_out = set() if takes(plan, today) else {"hold", "slow-down"}
    left_out |= (set() if back else {"step-back"}) | (set() if urgency else {"emergency"})
    return tuple(decision for decision in IN_ORDER if decision not in left_out)

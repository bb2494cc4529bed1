"""From a decision about a running plan to the request of its next version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from planner.course import course_of
from planner.models import Plan, Version
from planner.standing import (
    ONE_DAY,
    Regimen,
    Standing,
    current_of,
    earlier_doses,
    full,
    history_of,
    standing,
    starting_of,
    times_of,
)
from planner.taper.amounts import show, show_day
from planner.taper.errors import BadInput
from planner.taper.medicine import TIMES
from planner.taper.words import days_words

MOST_DAYS = 365  # of a hold
MOST_AHEAD = 90  # days from today to the first day of a revision
STAY_DAYS = 28  # that a paper shows of a dose that is kept for good
Data = dict[str, Any]


@dataclass(frozen=True)
class Decision:
    """What the prescriber decided. Fields that the kind does not need are passed over.

    begins: the first day of the new paper; from_time: the time of the first new dose on it, empty for the day's first;
    days: of a hold, of the stay on a dose gone back to, or to the next contact; daily: the dose gone back to;
    next_cut: the day of the first lower dose, None for the usual one; pace: phases as in a request; on_hand: units
    that the patient holds when it begins, by product.
    """

    kind: str
    begins: date
    from_time: str = ""
    days: int = 7
    daily: Decimal | None = None
    next_cut: date | None = None
    pace: Sequence[Mapping[str, Any]] = ()
    products: Sequence[str] = ()
    target: str = "0"
    on_hand: Mapping[str, str] = field(default_factory=dict)


def require_sound(plan: Plan, decision: Decision, today: date) -> None:
    """Raises BadInput, at the field, for a decision that cannot be about this plan."""
    if not plan.is_running(today):
        raise BadInput("", "", "This plan has ended: nobody takes the medicine by it. Plan a new one.")
    _require_day(plan, decision, today)
    if decision.kind in ("hold", "wait", "step-back") and not 1 <= decision.days <= MOST_DAYS:
        raise BadInput("days", decision.days, f"Give a whole number of days from 1 to {MOST_DAYS}.")
    if decision.kind in ("hold", "wait", "resume", "pace") and _is_at_target(plan, decision):
        raise BadInput("", "", "The plan is at its target: nothing is cut any more. Give another target, or step back.")
    if decision.kind != "step-back" and not standing(plan, decision.begins, decision.from_time).daily:
        words = "Nothing is taken just before that, as was noted. Step back to a dose, or begin after a day with one."
        raise BadInput("begins", decision.begins.isoformat(), words)
    _require_nothing_ahead(plan, decision)
    if decision.next_cut and decision.next_cut < decision.begins:
        raise BadInput("next_cut", decision.next_cut.isoformat(), f"Give a day from {show_day(decision.begins)} on.")


def _require_nothing_ahead(plan: Plan, decision: Decision) -> None:
    """A change before a rise or a hold that is still to come would undo it without a word."""
    after = decision.begins if decision.from_time else decision.begins - ONE_DAY
    for before, span in pairwise(course_of(plan)):
        rises = span.daily > before.daily and not before.otherwise
        if decision.kind not in ("step-back", "stay") and span.first > after and rises:
            words = f"The dose goes up on {show_day(span.first)}, by version {span.version}. Give a day after that."
            raise BadInput("begins", decision.begins.isoformat(), words)
    goes_on = decision.kind in ("products", "target", "pace", "resume")
    if goes_on and plan.held_from and plan.held_from > decision.begins:
        words = f"A hold begins on {show_day(plan.held_from)}. Give a day from then on, or another hold before it."
        raise BadInput("begins", decision.begins.isoformat(), words)


def _require_day(plan: Plan, decision: Decision, today: date) -> None:
    begins, from_time = decision.begins, decision.from_time
    if not today <= begins <= today + MOST_AHEAD * ONE_DAY:
        words = f"Give a day from today, {show_day(today)}, on, at most {MOST_AHEAD} days ahead"
        raise BadInput("begins", begins.isoformat(), f"{words}: what was taken before stays as it was.")
    if from_time and from_time not in TIMES:
        raise BadInput("from_time", from_time, f"Give one of: {', '.join(TIMES)}.")
    if plan.ends and (begins > plan.ends or (begins == plan.ends and from_time)):
        raise BadInput(
            "begins", begins.isoformat(), f"The plan stops on {show_day(plan.ends)}. Give a day before that."
        )


def _is_at_target(plan: Plan, decision: Decision) -> bool:
    """Whether nothing is cut any more: the dose in force is a target above zero, or was noted as less than that."""
    now = standing(plan, decision.begins, decision.from_time)
    return 0 < now.daily <= Decimal(_asked(plan)["target"]) and not _waits(plan)


def _waits(plan: Plan) -> bool:
    """Whether the version in force holds its dose until further notice."""
    return _asked(plan).get("after_lead") == "wait"


def request_of(plan: Plan, decision: Decision) -> Data:
    """The request of the next version: what was taken as history, what is settled as lead, then the taper."""
    now = standing(plan, decision.begins, decision.from_time)
    lead, start = _lead(plan, decision, now)
    asked = {name: value for name, value in _asked(plan).items() if value is not None}
    asked["products"] = _products(asked)
    for name in ("edits", "end_by", "lead", "after_lead", "history", "on_hand", "proportions"):
        asked.pop(name, None)
    asked |= {"regimen": _text(now.before), "start": start.isoformat(), "starting": starting_of(plan)}
    asked |= _proportions(plan, now, decision.kind, lead)
    asked |= {"history": history_of(now.past)} if now.past else {}
    asked |= {"lead": lead, "after_lead": _after(plan, decision)} if lead else {}
    asked |= {"on_hand": dict(decision.on_hand)} if decision.on_hand else {}
    return asked | _changed(decision)


def held_until(plan: Plan, decision: Decision, data: Mapping[str, Any]) -> date | None:
    """The last day of the hold with which the version of a request begins; None where it holds nothing.

    Other products or another target do not end a hold that is going on.
    """
    lead = data.get("lead")
    goes_on = decision.kind in ("products", "target") and plan.is_held(decision.begins)
    if not lead or not (goes_on or data["after_lead"] == "wait" or decision.kind in ("hold", "step-back")):
        return None
    days: int = lead[-1]["days"]
    return date.fromisoformat(lead[-1]["start"]) + (days - 1) * ONE_DAY


def summary(decision: Decision, held: Decimal, unit: str) -> str:
    """What changes, in a few words, for the list of versions. held: the daily dose that would go on."""
    dose = f"{show(held)} {unit}"
    words = {
        "hold": f"{dose} held {days_words(decision.days)}",
        "wait": f"{dose} held until further notice",
        "resume": f"Goes down again from {dose}",
        "step-back": f"Back to {show(decision.daily or held)} {unit} for {days_words(decision.days)}",
        "pace": f"Another pace from {dose} on",
        "products": f"Other products from {show_day(decision.begins)}",
        "target": f"Another target: {decision.target} {unit} a day",
        "stay": f"Stays on {dose}",
    }
    return words[decision.kind]


def is_of(version: Version, plan: Plan, decision: Decision) -> bool:
    """Whether a version of the plan is what the decision made. A first new dose later on the day is passed over."""
    data, first = version.request, version.answer["steps"][0]
    says = summary(decision, Decimal(first["daily"]), first["unit"])
    return (
        (version.plan_id, version.kind, version.begins) == (plan.pk, decision.kind, decision.begins)
        and (decision.kind not in ("hold", "step-back") or version.summary == says)
        and (data.get("on_hand") or {}) == dict(decision.on_hand)
        and all(data.get(name) == value for name, value in _changed(decision).items())
        and (decision.kind != "wait" or data["lead"][-1]["days"] == decision.days)
        and (not decision.next_cut or data["start"] == max(_earliest(decision), decision.next_cut).isoformat())
    )


def _lead(plan: Plan, decision: Decision, now: Standing) -> tuple[list[Data], date]:
    """The steps settled beforehand, and the day from which lower doses are proposed."""
    kind, begins = decision.kind, decision.begins
    if kind == "step-back":
        return _stepped_back(plan, decision, now)
    if kind == "stay":
        return _steps(now.held, begins, begins + STAY_DAYS * ONE_DAY)
    if kind == "wait":
        return _steps(now.held, begins, begins + decision.days * ONE_DAY)
    if kind == "hold":
        return _steps(now.held, begins, (now.next_cut or begins) + decision.days * ONE_DAY)
    if _after(plan, decision) != "taper":
        return _steps(now.held, begins, begins + STAY_DAYS * ONE_DAY)
    return _steps(now.held, begins, _first_cut(decision, now))


def _first_cut(decision: Decision, now: Standing) -> date:
    """The day of the first lower dose after a change that holds nothing."""
    earliest = _earliest(decision)
    if decision.next_cut or decision.kind == "resume":
        return max(earliest, decision.next_cut or earliest)
    if decision.kind == "pace" and decision.pace:
        every: int = decision.pace[0]["every"]
        return max(earliest, now.since + every * ONE_DAY)
    return max(earliest, now.next_cut or earliest)


def _earliest(decision: Decision) -> date:
    """The first day that a lower dose may have as a whole."""
    return decision.begins + ONE_DAY if decision.from_time else decision.begins


def _stepped_back(plan: Plan, decision: Decision, now: Standing) -> tuple[list[Data], date]:
    doses = earlier_doses(plan, now)
    back = next((dose for dose in doses if dose.daily == decision.daily), None)
    if back is None:
        taken = ", ".join(show(dose.daily) for dose in doses) or "none"
        given = None if decision.daily is None else show(decision.daily)
        raise BadInput("daily", given, f"Give a dose above the present one that was taken before: {taken}.")
    mixed = {t: (now.held if _is_before(t, decision.from_time) else back.regimen)[t] for t in back.regimen}
    if mixed == back.regimen:
        return _steps(back.regimen, decision.begins, decision.begins + decision.days * ONE_DAY)
    following = decision.begins + ONE_DAY
    first, _ = _steps(mixed, decision.begins, following)
    rest, start = _steps(back.regimen, following, following + decision.days * ONE_DAY)
    return [*first, *rest], start


def _is_before(time: str, from_time: str) -> bool:
    """Whether a time's dose is taken before the first new one."""
    names: Sequence[str] = TIMES
    return bool(from_time) and names.index(time) < names.index(from_time)


def _steps(regimen: Regimen, first: date, start: date) -> tuple[list[Data], date]:
    days = (start - first).days
    step = {"start": first.isoformat(), "days": days, "regimen": _text(regimen)}
    return ([step] if days > 0 else []), start


def _after(plan: Plan, decision: Decision) -> str:
    """What follows the lead. A plan that waits, or is at its target, stays so with other products."""
    if decision.kind in ("wait", "stay"):
        return decision.kind
    if decision.kind in ("pace", "products", "target") and _waits(plan):
        return "wait"
    return "stay" if decision.kind == "products" and _is_at_target(plan, decision) else "taper"


def _changed(decision: Decision) -> Data:
    if decision.kind == "pace":
        return {"pace": [dict(phase) for phase in decision.pace]}
    if decision.kind == "products":
        return {"products": list(decision.products), "final_dose": None, "max_units": None}
    if decision.kind == "target":
        return {"target": decision.target}
    return {}


def _asked(plan: Plan) -> Data:
    asked: Data = dict(current_of(plan).answer["request"])
    return asked


def _proportions(plan: Plan, now: Standing, kind: str, lead: Sequence[Data]) -> Data:
    """Those by which the version in force shares, so that a change goes on as the plan would have.

    Left out where the change goes on from something else than it says: a time that is empty then could take no share
    of the next dose, and one that takes more than its share would bind it.
    """
    if kind != "step-back" and now.past and now.past[-1].otherwise:
        return {}
    times = times_of(plan)
    shares = full(shares_of(_asked(plan)), times)
    taken = [now.before, *(full(step["regimen"], times) for step in lead[-1:])]
    fits = all(dose <= shares[time] for regimen in taken for time, dose in regimen.items())
    return {"proportions": _text(shares)} if fits else {}


def shares_of(asked: Data) -> Mapping[str, str]:
    """The regimen by which a request's last doses are shared: one changed by hand shares those after it."""
    by_hand = [edit["regimen"] for edit in asked.get("edits") or () if "regimen" in edit]
    found: Mapping[str, str] = by_hand[-1] if by_hand else asked.get("proportions") or asked["regimen"]
    return found


def _products(asked: Data) -> list[str]:
    """All that a plan is made from, with those that came in by hand."""
    by_hand = [edit["products"] for edit in asked.get("edits") or () if "products" in edit]
    found: list[str] = by_hand[-1] if by_hand else asked["products"]
    return found


def _text(regimen: Regimen) -> dict[str, str]:
    return {time: show(dose) for time, dose in regimen.items()}

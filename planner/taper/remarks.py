"""What a reader has to know of how a schedule was chosen: findings that only the search can make."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from planner.taper.amounts import show, show_day
from planner.taper.calendar_days import next_allowed
from planner.taper.ground import MOST_DAILIES, Ground, lay
from planner.taper.limits import Course
from planner.taper.pace import phase_at, slowed
from planner.taper.request import Request
from planner.taper.schedule import Finding, Step
from planner.taper.weights import QUARTERS
from planner.taper.words import days_words, listed, product_words


def remarks(request: Request, ground: Ground, steps: Sequence[Step]) -> list[Finding]:
    """What the reader has to know of how the schedule was chosen."""
    found = [
        _start_moved(request, steps),
        _preferred_above_limit(request, steps),
        *_pace_slowed(request),
        _below_final(request, ground),
        _max_units_binds(request, ground, steps),
        _tidy(request, ground),
    ]
    return [finding for finding in found if finding]


def _preferred_above_limit(request: Request, steps: Sequence[Step]) -> Finding | None:
    doses = [request.current, *(step.daily for step in steps)]
    for step, before in zip(steps, doses, strict=False):
        phase = request.pace[phase_at(request, step.daily)]
        allowed = request.limit.cut.units(before, request.starting)
        if step.daily and phase.cut.units(before, request.starting) > allowed:
            most = f"{show(allowed)} {request.medicine.unit}"
            message = f"The preferred cut is above the limit: it is tried no further than {most}."
            return Finding("preferred-above-limit", "advise", message, step.number)
    return None


def _start_moved(request: Request, steps: Sequence[Step]) -> Finding | None:
    first = steps[0].start
    if first == request.start:
        return None
    words = f"The first lower dose is on {show_day(first)} instead of {show_day(request.start)}"
    return Finding("start-moved", "advise", f"{words}: {_why_moved(request, steps[0])}.", steps[0].number)


def _why_moved(request: Request, step: Step) -> str:
    if step.start == next_allowed(request.start, request.change_on):
        return "a dose may not change on that weekday"
    if step.start == Course(request, (), 0).first_day_within(request.limit, request.start, step.daily):
        return "a cut before it is still in the limit's window"
    return "before a cut over the limit the dose now is held longer"


def _pace_slowed(request: Request) -> list[Finding]:
    """Of a phase that the dose now has passed already there is nothing to say."""
    found = []
    for number, phase in enumerate(request.pace):
        if phase.down_to is not None and phase.down_to >= request.current:
            continue
        days = slowed(request, number)
        if days > phase.every:
            message = (
                f"Cuts of this size every {days_words(phase.every)} would together pass the limit within "
                f"{days_words(request.limit.days)}. Each step is taken {days_words(days)} instead."
            )
            found.append(Finding("pace-slowed", "advise", message))
    return found


def _below_final(request: Request, ground: Ground) -> Finding | None:
    final = int(request.final_dose * ground.scale.per_unit)
    lower = [daily for daily in ground.dailies if daily < final]
    if request.target or not lower:
        return None
    unit, smallest = request.medicine.unit, show(ground.scale.amount(lower[0]))
    stop = f"From {show(request.final_dose)} {unit} a day on the next step is zero."
    message = f"{stop} These products also make doses down to {smallest} {unit}."
    return Finding("final-dose", "advise", message, None, request.medicine.sources.get("final_dose"))


def _max_units_binds(request: Request, ground: Ground, steps: Sequence[Step]) -> Finding | None:
    """Said where more pieces at one time would allow a smaller cut than a wished-for one could be kept to."""
    coarse = [s for s in steps if s.daily and s.preferred is not None and s.daily < s.preferred]
    if not coarse or not any(q for q in ground.makings.quarters):
        return None
    most = max(
        ground.makings.quarters[i] * (max(ground.first) // inc) for i, inc in enumerate(ground.makings.increments)
    )
    if most <= ground.makings.max_quarters:
        return None
    freer = lay(replace(request, max_units=Decimal(most) / QUARTERS))
    doses = [request.current, *(step.daily for step in steps)]
    for step in coarse:
        before, after = (ground.scale.whole(d) for d in (doses[step.number - 1], step.daily))
        if any(after < daily < before and daily not in ground.dailies for daily in freer.dailies):
            most_units = f"{show(request.max_units)} piece{'' if request.max_units <= 1 else 's'}"
            message = f"At most {most_units} at one time: more would allow a smaller cut here."
            return Finding("max-units-binds", "advise", message, step.number)
    return None


def _tidy(request: Request, ground: Ground) -> Finding | None:
    if ground.thinned:
        message = f"These products make more than {MOST_DAILIES} daily doses here: only some of them are compared."
        return Finding("tidy-doses", "advise", message)
    if ground.multiple == 1:
        return None
    liquids = [p for p in request.products if p.step_ml]
    unit = request.medicine.unit
    steps = [(p, p.step_ml * ground.multiple) for p in liquids if p.step_ml]
    volumes = listed([f"{show(step_ml)} mL of the {product_words(p, unit)}" for p, step_ml in steps])
    reason = f"no more than {MOST_DAILIES} daily doses are compared"
    message = f"Liquid doses are taken in multiples of {volumes}, so that {reason}."
    return Finding("tidy-doses", "advise", message)

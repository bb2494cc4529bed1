"""A schedule changed by hand: a step's days, its doses, or the products in use from there on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from planner.taper.amounts import show, show_day
from planner.taper.check import findings_of
from planner.taper.complete import Bare, complete
from planner.taper.dating import on_calendar
from planner.taper.errors import BadInput, Stuck
from planner.taper.fit import refit, require_countable
from planner.taper.pace import phase_at, preferred_dose, slowed
from planner.taper.request import Edit, Request, Taken
from planner.taper.schedule import Answer, Finding
from planner.taper.solve import Problem, proposed, require_an_end, unbroken_path
from planner.taper.words import length_words, listed, product_words


@dataclass(frozen=True)
class Draft:
    """A schedule while it is changed. request: without the changes, with the products in use after its last one."""

    request: Request
    bares: tuple[Bare, ...]


def edited(request: Request, base: Answer) -> Answer:
    """A proposed schedule with the request's changes made one after the other, and all of it checked.

    Raises BadInput at the change that cannot be made.
    """
    asked = replace(base.request, edits=())
    draft = Draft(asked, tuple(Bare(s.start, s.days, s.regimen, s.preferred, asked.products) for s in base.steps))
    said: list[Finding] = []
    for place, edit in enumerate(request.edits):
        said.append(_words(draft, edit))
        draft = _changed(draft, edit, f"edits.{place}")
    whole = replace(base.request, edits=request.edits)
    steps = complete(whole, [_wished(whole, draft.bares, n) for n in range(len(draft.bares))])
    require_an_end(whole, steps)
    kept = [finding for finding in base.findings if finding.step is None and finding.code in _REMARKS]
    if request.end_by and steps[-1].start > request.end_by:
        kept = [*(finding for finding in kept if finding.code != "end-by"), _too_late(request.end_by, steps[-1].start)]
    return proposed(whole, steps, [*findings_of(whole, steps), *kept, *said])


_REMARKS = ("pace-slowed", "final-dose", "tidy-doses", "start-moved", "end-by")


def _too_late(end_by: date, ends: date) -> Finding:
    words = f"With these changes it ends on {show_day(ends)}, later than the date asked for, {show_day(end_by)}."
    return Finding("end-by", "advise", words)


def _wished(request: Request, bares: Sequence[Bare], place: int) -> Bare:
    before = bares[place - 1].daily if place else request.current
    return replace(bares[place], preferred=preferred_dose(request, before, bares[place].daily))


def _changed(draft: Draft, edit: Edit, field: str) -> Draft:
    last = len(draft.bares) - (0 if draft.request.target else 1)  # the stop is changed by the step before it
    if edit.step > last:
        raise BadInput(f"{field}.step", edit.step, f"The schedule has {last} steps with a dose: give up to {last}.")
    if edit.products is not None:
        return _other_products(draft, edit, field)
    place = edit.step - 1
    bare = draft.bares[place]
    if edit.regimen is not None:
        for time, dose in edit.regimen.items():
            require_countable(f"{field}.regimen.{time}", dose, draft.request.products)
        bare = replace(bare, regimen=edit.regimen)
    if edit.days is not None:
        bare = replace(bare, days=edit.days)
    return _kept(draft, place, bare) if not edit.again else _again(draft, place, bare, edit, field)


def _kept(draft: Draft, place: int, bare: Bare) -> Draft:
    """The later steps as they were, as many days earlier or later as the changed one is shorter or longer."""
    moved = timedelta(days=bare.days - draft.bares[place].days)
    later = (replace(following, start=following.start + moved) for following in draft.bares[place + 1 :])
    return replace(draft, bares=(*draft.bares[:place], bare, *later))


def _again(draft: Draft, place: int, bare: Bare, edit: Edit, field: str) -> Draft:
    """What follows the changed step proposed anew.

    Days given by hand are kept to the day; doses given by hand become the proportions of those that follow.
    """
    by_days = edit.days is not None
    days = bare.days if by_days else _phase_days(draft.request, bare)
    bare = replace(bare, days=days)
    before = (*draft.bares[:place], bare)
    shares = draft.request.shares_of if by_days else None
    return _continued(replace(draft, request=replace(draft.request, proportions=shares)), before, field, exact=by_days)


def _other_products(draft: Draft, edit: Edit, field: str) -> Draft:
    """The steps up to the change as they were; those after it as from a patient who takes the last of them now."""
    assert edit.products is not None
    before = draft.bares[: edit.step]
    if before:
        before = (*before[:-1], replace(before[-1], days=_phase_days(draft.request, before[-1])))
    request = replace(refit(draft.request, edit.products), proportions=None)
    return _continued(replace(draft, request=request), before, field, exact=False)


def _phase_days(request: Request, bare: Bare) -> int:
    return slowed(request, phase_at(request, bare.daily))


def _continued(draft: Draft, before: tuple[Bare, ...], field: str, *, exact: bool) -> Draft:
    """Some steps, and the best way on from the last of them."""
    request = draft.request
    start = before[-1].start + timedelta(days=before[-1].days) if before else request.start
    taken = tuple(Taken(bare.start, bare.days, bare.regimen) for bare in before)
    now = before[-1].regimen if before else request.regimen
    rest = replace(
        request, regimen=now, start=start, history=(*request.history, *taken), started_from=request.starting,
        end_by=None,
    )  # fmt: skip
    after = _rest(rest, field, exact=exact)
    if before and after:
        held = (after[0].start - before[-1].start).days
        before = (*before[:-1], replace(before[-1], days=held))
    return replace(draft, bares=(*before, *after))


def _rest(rest: Request, field: str, *, exact: bool) -> tuple[Bare, ...]:
    unit = rest.medicine.unit
    if rest.current == rest.target:
        return ()
    if rest.current < rest.target:
        words = f"This is below the target, {show(rest.target)} {unit} a day. Change the target, or keep the rest."
        raise BadInput(field, show(rest.current), words)
    try:
        problem = Problem.of(rest)
        bares = on_calendar(problem.request, unbroken_path(problem), exact_start=exact)
    except Stuck as stuck:
        raise BadInput(field, show(rest.current), f"{stuck.message} Or keep the rest as it was.") from stuck
    return tuple(replace(bare, products=rest.products) for bare in bares)


def _words(draft: Draft, edit: Edit) -> Finding:
    """What was changed, for whoever reads the plan."""
    unit, number = draft.request.medicine.unit, edit.step
    if edit.products is not None:
        with_these = listed([product_words(product, unit) for product in edit.products])
        return Finding("edited", "advise", f"From step {number + 1} on the doses are made from: {with_these}.")
    rest = "What follows is proposed anew." if edit.again else "What follows is kept."
    if edit.days is not None:
        return Finding("edited", "advise", f"By hand: step {number} is taken {length_words(edit.days)}. {rest}")
    doses = ", ".join(f"{time} {show(dose)}" for time, dose in (edit.regimen or {}).items())
    return Finding("edited", "advise", f"By hand: step {number} is {doses} {unit}. {rest}")

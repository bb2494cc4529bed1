"""A schedule changed by hand: a step's days, its doses, or the products in use from there on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from planner.taper.amounts import show, show_day
from planner.taper.calendar_days import next_allowed
from planner.taper.check import findings_of
from planner.taper.complete import Bare, complete
from planner.taper.dating import on_calendar
from planner.taper.errors import BadInput, Stuck
from planner.taper.fit import require_countable
from planner.taper.pace import phase_at, preferred_dose, slowed
from planner.taper.read_pace import LONGEST_DAYS
from planner.taper.remarks import remarks
from planner.taper.request import Edit, Request, Taken
from planner.taper.schedule import Answer, Finding, Step
from planner.taper.solve import Problem, proposed, unbroken_path
from planner.taper.words import length_words, listed, product_words

WHOLE = ("pace-slowed", "final-dose", "tidy-doses", "start-moved", "end-by")  # remarks about a whole schedule
SINGLE = ("preferred-above-limit", "max-units-binds")  # ... and those about its first step of a kind
ANEW = ("final-dose", "tidy-doses", *SINGLE)  # of both, those about what is proposed anew
WITH_STOP = 2  # steps of a schedule of one dose and the stop


@dataclass(frozen=True)
class Draft:
    """A schedule while it is changed. request: without the changes; remarks: of what was proposed anew in it."""

    request: Request
    bares: tuple[Bare, ...]
    remarks: tuple[Finding, ...] = ()


def edited(request: Request, base: Answer) -> Answer:
    """A proposed schedule with the request's changes made one after the other, and all of it checked.

    Raises BadInput at the change that cannot be made.
    """
    asked = replace(base.request, edits=())
    draft = Draft(asked, tuple(Bare(s.start, s.days, s.regimen, s.preferred, asked.products) for s in base.steps))
    said: list[tuple[Edit, Finding]] = []
    for place, edit in enumerate(request.edits):
        said = [(made, words) for made, words in said if not _is_undone(made, edit)]
        said.append((edit, _words(draft, edit)))
        draft = _changed(draft, edit, f"edits.{place}")
    whole = replace(base.request, edits=request.edits)
    steps = complete(whole, [_wished(whole, draft.bares, n) for n in range(len(draft.bares))])
    _require_an_end(whole, steps)
    remarks = _in_time(whole, steps, _remarks(base, draft, request.edits))
    return proposed(whole, steps, [*findings_of(whole, steps), *remarks, *(words for _, words in said)])


def _remarks(base: Answer, draft: Draft, edits: Sequence[Edit]) -> list[Finding]:
    """What was said of the first schedule, where it still holds, and what has to be known of what came anew."""
    anew = {finding.code for finding in draft.remarks}
    same_until = min((edit.step + (edit.regimen is None) for edit in edits if edit.days is None), default=None)
    kept = [
        finding for finding in base.findings
        if (finding.code in WHOLE and finding.code not in anew)
        or (finding.code in SINGLE and finding.step and (same_until is None or finding.step < same_until))
    ]  # fmt: skip
    known = {finding.code for finding in kept}
    return [*kept, *(finding for finding in draft.remarks if finding.code not in known)]


def _is_undone(made: Edit, later: Edit) -> bool:
    """Whether other products, brought in at or after a step, are gone because all from there is proposed anew."""
    anew = later.products is not None or (later.regimen is not None and later.again)
    return made.products is not None and anew and made.step >= later.step


def _require_an_end(request: Request, steps: Sequence[Step]) -> None:
    days = (steps[-1].start - request.start).days
    if days > LONGEST_DAYS:
        words = f"With this the taper takes {days // 365} years. Give fewer days, or take a change back."
        raise BadInput(f"edits.{len(request.edits) - 1}", days, words)


def _in_time(request: Request, steps: Sequence[Step], remarks: Sequence[Finding]) -> list[Finding]:
    """The remarks, where the changes made the schedule end later than was wished for with that instead."""
    if request.end_by is None or steps[-1].start <= request.end_by:
        return list(remarks)
    words = f"With these changes it ends on {show_day(steps[-1].start)}, not by {show_day(request.end_by)}."
    return [*(remark for remark in remarks if remark.code != "end-by"), Finding("end-by", "advise", words)]


def _wished(request: Request, bares: Sequence[Bare], place: int) -> Bare:
    before = bares[place - 1].daily if place else request.current
    return replace(bares[place], preferred=preferred_dose(request, before, bares[place].daily))


def _changed(draft: Draft, edit: Edit, field: str) -> Draft:
    last = len(draft.bares) - (0 if draft.request.target else 1)  # the stop is changed by the step before it
    if edit.step > last:
        raise BadInput(f"{field}.step", edit.step, f"The schedule has {last} steps with a dose: give up to {last}.")
    _require_the_same_dose(draft, edit, field)
    if edit.products is not None:
        return _other_products(draft, edit, field)
    place = edit.step - 1
    bare = draft.bares[place]
    if edit.regimen is not None:
        for time, dose in edit.regimen.items():
            require_countable(f"{field}.regimen.{time}", dose, draft.request.products)
        bare = replace(bare, regimen=edit.regimen)
    if edit.days is not None:
        bare = replace(bare, days=edit.days, by_hand=True)
    if not edit.again:
        _require_the_target(draft, place, bare, field)
        return _kept(draft, place, bare)
    return _redated(draft, place, bare) if edit.days is not None else _again(draft, place, bare, field)


def _require_the_same_dose(draft: Draft, edit: Edit, field: str) -> None:
    now = draft.bares[edit.step - 1].daily if edit.step else draft.request.current
    if edit.at is None or edit.at == now:
        return
    unit = draft.request.medicine.unit
    made = f"This change was made at {show(edit.at)} {unit} a day; step {edit.step} is {show(now)} {unit} now."
    raise BadInput(f"{field}.at", show(edit.at), f"{made} Take it back, and make it again where it belongs.")


def _require_the_target(draft: Draft, place: int, bare: Bare, field: str) -> None:
    """Raises BadInput for a last step that would no longer be the target."""
    target, unit = draft.request.target, draft.request.medicine.unit
    if target and place == len(draft.bares) - 1 and bare.daily != target:
        words = f"The last step is the target, {show(target)} {unit} a day. Change the target instead."
        raise BadInput(f"{field}.regimen", show(bare.daily), words)


def _kept(draft: Draft, place: int, bare: Bare) -> Draft:
    """The later steps as they were, as many days earlier or later as the changed one is shorter or longer."""
    moved = timedelta(days=bare.days - draft.bares[place].days)
    later = (replace(following, start=following.start + moved) for following in draft.bares[place + 1 :])
    return replace(draft, bares=(*draft.bares[:place], bare, *later))


def _redated(draft: Draft, place: int, bare: Bare) -> Draft:
    """The same doses on new days, each as early as the rules let it; days set by hand stay as they are.

    What is best from a dose on does not depend on the day, so nothing else would be proposed anew.
    """
    before, following = (*draft.bares[:place], bare), draft.bares[place + 1 :]
    later = [old for old in following if old.daily]
    rest = _rest_request(draft.request, before)
    path = [(phase_at(rest, old.daily), old.regimen) for old in later]
    by_hand = {number: old.days for number, old in enumerate(later) if old.by_hand}
    after = on_calendar(rest, path, exact_start=True, by_hand=by_hand)
    doses = tuple(
        replace(dated, products=old.products, by_hand=old.by_hand) for dated, old in zip(after, following, strict=True)
    )
    return replace(draft, bares=_joined(draft.request, before, doses, exact=True))


def _again(draft: Draft, place: int, bare: Bare, field: str) -> Draft:
    """What follows a changed dose proposed anew, in its proportions and from the products in use there."""
    bare = replace(bare, days=_phase_days(draft.request, bare), by_hand=False)
    products = bare.products or draft.request.products
    request = replace(draft.request, proportions=None, products=products)
    return _continued(replace(draft, request=request), (*draft.bares[:place], bare), field)


def _other_products(draft: Draft, edit: Edit, field: str) -> Draft:
    """The steps up to the change as they were; those after it from the other products, in the proportions as before.

    Where no way leads down in those, in the proportions of the last dose.
    """
    assert edit.products is not None
    before = draft.bares[: edit.step]
    if before:
        before = (*before[:-1], replace(before[-1], days=_phase_days(draft.request, before[-1]), by_hand=False))
    request = replace(draft.request, products=edit.products)
    try:
        return _continued(replace(draft, request=replace(request, proportions=request.shares_of)), before, field)
    except BadInput:
        return _continued(replace(draft, request=replace(request, proportions=None)), before, field)


def _phase_days(request: Request, bare: Bare) -> int:
    return slowed(request, phase_at(request, bare.daily))


def _continued(draft: Draft, before: tuple[Bare, ...], field: str) -> Draft:
    """Some steps, and the best way on from the last of them."""
    after, remarks = _rest(_rest_request(draft.request, before), field)
    numbered = (replace(found, step=found.step and found.step + len(before)) for found in remarks)
    return Draft(draft.request, _joined(draft.request, before, after, exact=False), tuple(numbered))


def _rest_request(request: Request, before: tuple[Bare, ...]) -> Request:
    """The request of a patient who has taken some steps and takes the last of them now."""
    if not before:
        return replace(request, started_from=request.starting, end_by=None)
    taken = tuple(Taken(bare.start, bare.days, bare.regimen) for bare in before)
    ever = () if request.history else (Taken(date.min, 1, request.regimen),)  # without a history the dose now
    return replace(
        request, regimen=before[-1].regimen, start=before[-1].start + timedelta(days=before[-1].days),
        history=(*request.history, *ever, *taken), started_from=request.starting, end_by=None,
        paced_from=request.current,
    )  # fmt: skip


def _joined(request: Request, before: tuple[Bare, ...], after: tuple[Bare, ...], *, exact: bool) -> tuple[Bare, ...]:
    """The steps, the last of those before held until the first of those after."""
    if before and after:
        before = (*before[:-1], replace(before[-1], days=(after[0].start - before[-1].start).days))
    bares = (*before, *after)
    return bares if exact and len(after) == 1 else _last_as_long(request, bares)


def _last_as_long(request: Request, bares: tuple[Bare, ...]) -> tuple[Bare, ...]:
    """Under `stretch` with the last dose taken at least as long as the step before it."""
    if request.coarse != "stretch" or request.target or len(bares) <= WITH_STOP:
        return bares
    *_, earlier, last, stop = bares
    day = next_allowed(max(stop.start, last.start + timedelta(days=earlier.days)), request.change_on)
    return (*bares[:-2], replace(last, days=(day - last.start).days), replace(stop, start=day))


def _rest(rest: Request, field: str) -> tuple[tuple[Bare, ...], tuple[Finding, ...]]:
    """The best way on, and what has to be known of how it was chosen."""
    unit = rest.medicine.unit
    if rest.current == rest.target:
        return (), ()
    if rest.current < rest.target:
        words = f"This is below the target, {show(rest.target)} {unit} a day. Change the target, or keep the rest."
        raise BadInput(field, show(rest.current), words)
    try:
        problem = Problem.of(rest)
        bares = on_calendar(problem.request, unbroken_path(problem))
    except Stuck as stuck:
        raise BadInput(field, show(rest.current), f"{stuck.message} Or keep the rest as it was.") from stuck
    said = remarks(problem.request, problem.ground, complete(problem.request, bares, problem.ground.makings))
    known = tuple(finding for finding in said if finding.code in ANEW)
    return tuple(replace(bare, products=rest.products) for bare in bares), known


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

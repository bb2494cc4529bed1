"""Rules about the medicine, its products and the patient."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise

from planner.taper.amounts import show
from planner.taper.factors import exceeded, factor_findings
from planner.taper.limits import Course
from planner.taper.medicine import Maximum, Phase, Time
from planner.taper.request import Request
from planner.taper.schedule import Finding, Regimen, Step
from planner.taper.words import days_words, product_words

DAY_HOURS = 24


def too_soon(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    least = request.medicine.least_interval
    if least is None:
        return
    for daily, since, until, number in _between_changes(request, steps):
        days = (until - since).days
        if days < least:
            taken = f"{show(daily)} {request.medicine.unit} a day is taken {days_words(days)}"
            words = f"{taken}; the least between changes is {least}."
            yield Finding("too-soon", "acknowledge", words, number, request.medicine.sources.get("least_interval"))


def _between_changes(request: Request, steps: Sequence[Step]) -> Iterator[tuple[Decimal, date, date, int]]:
    """Each dose between two changes, with their days and the step's number; the dose now with that of the first cut."""
    changes, since = _changes(request, steps), next(Course(request, (), 0).changes(), None)
    if since and changes:
        yield request.current, since, changes[0].start, changes[0].number
    for step, following in pairwise(changes):
        yield step.daily, step.start, following.start, step.number


def _changes(request: Request, steps: Sequence[Step]) -> list[Step]:
    """The steps at which the daily dose changes."""
    befores = [request.current, *(step.daily for step in steps)]
    return [step for step, before in zip(steps, befores, strict=False) if step.daily != before]


def too_short(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    least = request.medicine.least_duration
    past = list(Course(request, (), 0).changes())
    first = past[-1] if past else next((step.start for step in steps if step.cut), steps[0].start)
    days = (steps[-1].start - first).days
    if least is not None and days < least and request.after_lead != "wait":
        words = f"The whole taper lasts {days} days; the least is {least}."
        yield Finding("too-short", "acknowledge", words, None, request.medicine.sources.get("least_duration"))


def above_maximum(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    maximum = maximum_for(request)
    if maximum is not None and request.current > maximum.daily:
        unit = request.medicine.unit
        most = f"{show(maximum.daily)} {unit} ({maximum.country})"
        words = f"{show(request.current)} {unit} a day is above the maximum of {most}."
        yield Finding("above-maximum", "acknowledge", words, None, maximum.source)


def maximum_for(request: Request) -> Maximum | None:
    """The clinic's country's maximum; the least of all where the country is unknown or has none."""
    maximums = request.medicine.maximums
    own = [m for m in maximums if m.country == request.context.country]
    return min(own or maximums, key=lambda m: m.daily, default=None)


def strength_confusion(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    for one, other in combinations(request.all_products, 2):
        low, high = sorted((one.strength, other.strength))
        liquids = one.is_liquid and other.is_liquid and low != high
        tenfold = one.is_liquid == other.is_liquid and high == 10 * low
        if liquids or tenfold:
            unit = request.medicine.unit
            words = f"{product_words(one, unit)} and {product_words(other, unit)} are easy to confuse."
            yield Finding("strength-confusion", "acknowledge", words)


def dose_gap(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    bound, hours = request.medicine.longest_gap, request.medicine.hours
    if bound is None or not hours:
        return
    for step in steps:
        gap = _longest_gap(step.regimen, hours) if step.daily else 0
        if gap > bound:
            words = f"From this step up to {gap} hours pass between two doses; the medicine's bound is {bound} hours."
            yield Finding("dose-gap", "advise", words, step.number, request.medicine.sources.get("longest_gap"))
            return


def _longest_gap(regimen: Regimen, hours: Mapping[Time, int]) -> int:
    at = sorted(hours[time] for time, dose in regimen.items() if dose and time in hours)
    if not at:
        return 0
    return max(later - earlier for earlier, later in zip(at, [*at[1:], at[0] + DAY_HOURS], strict=True))


def unusual_times(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    medicine = request.medicine
    doses = [dose for dose in request.shares_of.values() if dose]  # a taper empties times
    if not doses:  # a patient who has taken nothing: nothing is known of the times
        return
    if medicine.usual_times and not medicine.usual_times[0] <= len(doses) <= medicine.usual_times[1]:
        fewest, most = medicine.usual_times
        usual = f"{medicine.name} is usually taken {fewest} to {most} times"
        words = f"{_times(len(doses))} a day; {usual}. Check the doses typed."
        yield Finding("unusual-times", "acknowledge", words, None, medicine.sources.get("usual_times"))
    if medicine.usual_at_once is not None and max(doses) > medicine.usual_at_once:
        usual, unit = show(medicine.usual_at_once), medicine.unit
        words = f"{show(max(doses))} {unit} at one time; usually at most {usual} {unit}. Check the doses typed."
        yield Finding("unusual-times", "acknowledge", words, None, medicine.sources.get("usual_at_once"))


def _times(count: int) -> str:
    return "Once" if count == 1 else f"{count} times"


def second_taper(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    if request.context.second_taper and request.medicine.nervous_system:
        words = "The patient has another running taper of a medicine that acts on the nervous system."
        yield Finding("second-taper", "acknowledge", words)


def factors_not_asked(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    if request.context.issuing and request.factors is None and request.medicine.factors:
        words = "The patient factors were not asked. Ask them; 'none apply' is an answer."
        yield Finding("factors-not-asked", "block", words)


def standing(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    medicine = request.medicine
    if medicine.inline:
        words = f"{medicine.name} was described by hand: no reviewed medicine file stands behind it."
        yield Finding("unverified-medicine", "acknowledge", words)
    elif not request.context.signed_off:
        words = f"The figures for {medicine.name} have not been signed off by this clinic. Some are proposals."
        if medicine.unverified:
            yield Finding("unverified-medicine", "block", words)
        else:
            yield Finding("unreviewed-medicine", "acknowledge", words)


def factors(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    yield from factor_findings(request)


def factor_pace(request: Request, steps: Sequence[Step]) -> Iterator[Finding]:
    """One finding for each pace that a factor names and that the request's own pace passes; not for given steps."""
    if request.after_lead != "taper" or any(step.preferred is None for step in steps):
        return
    for pace, held in exceeded(request).items():
        named = "; ".join(factor.label for factor in held)
        slower = ", then ".join(_phase_words(phase, request.medicine.unit) for phase in pace)
        words = f"The pace is faster than the medicine file proposes for: {named}. It proposes {slower}."
        yield Finding("faster-than-factor", "acknowledge", words, None, held[0].source)


def _phase_words(phase: Phase, unit: str) -> str:
    size = f"{show(phase.cut.amount)} {'%' if phase.cut.of else unit}"
    of = f" of the {phase.cut.of} dose" if phase.cut.of else ""
    down_to = f" down to {show(phase.down_to)} {unit}" if phase.down_to else ""
    if phase.share is not None:
        down_to = f" down to {show(phase.share)} % of the starting dose"
    return f"{size}{of} every {days_words(phase.every)}{down_to}"


MEDICINE_RULES = (
    too_soon, too_short, above_maximum, strength_confusion, dose_gap, unusual_times, second_taper, factors_not_asked,
    standing, factors, factor_pace,
)  # fmt: skip

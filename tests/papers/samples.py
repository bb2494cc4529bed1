"""Answers made by hand, without the engine, for the papers to print."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from planner.formulary import find_medicine, load
from planner.papers import calendar_pdf
from planner.papers.model import ClinicOnPaper, Paper, PatientOnPaper
from planner.taper.amounts import percent
from planner.taper.medicine import TIMES, Change, Limit, Phase, Time
from planner.taper.request import Context, Request
from planner.taper.schedule import Answer, Fill, Finding, Portion, Step, Supply

Take = Callable[[Decimal], tuple[Portion, ...]]
MONDAY = date(2026, 12, 7)
CLINIC = ClinicOnPaper(
    name="Example Clinic",
    country="GB",
    phone="01632 960 123",
    hours="Open Monday to Friday, 9 am to 5 pm.\nClosed from 25 to 28 December.",
    out_of_hours="111",
    emergency="999",
)
US_CLINIC = ClinicOnPaper(
    "Example Clinic", "US", "555 0100 123", "Open Monday to Friday, 8 am to 4 pm.", "555 0100 124", "911"
)
PATIENT = PatientOnPaper("Test Patient", date(1968, 3, 14), "TP-0001")


def of_one(product: str, strength: str) -> Take:
    """A dose from one product alone."""
    return lambda dose: (Portion(product, dose / Decimal(strength)),)


def of_tablet_and_solution(dose: Decimal) -> tuple[Portion, ...]:
    """Whole 10 mg tablets, the rest as 1 mg/mL solution."""
    tablets, rest = divmod(dose, 10)
    portions = (Portion("tablet-10", tablets), Portion("solution-1", rest))
    return tuple(portion for portion in portions if portion.units)


def of_two_tablets(dose: Decimal) -> tuple[Portion, ...]:
    """Halves of 10 mg tablets, and one whole 5 mg tablet in doses from 10 mg on."""
    fives = Decimal(1) if dose >= 10 else Decimal(0)
    portions = (Portion("tablet-10", (dose - 5 * fives) / 10), Portion("tablet-5", fives))
    return tuple(portion for portion in portions if portion.units)


def regimen(*doses: int | str) -> dict[Time, Decimal]:
    """Doses for morning, midday, evening and bedtime; ``None`` is never needed, an absent time is left out."""
    return {time: Decimal(dose) for time, dose in zip(TIMES, doses, strict=False)}


def make_answer(
    now: Mapping[Time, Decimal],
    regimens: Sequence[Mapping[Time, Decimal]],
    take: Take | None = None,
    products: Sequence[str] = ("tablet-10",),
    start: date = MONDAY,
    days: int = 7,
) -> Answer:
    """Regimens taken one after the other for the same days each; a zero one is the stop."""
    medicine, take = find_medicine("baclofen"), take or of_one("tablet-10", "10")
    steps, before = [], now
    for number, doses in enumerate(regimens, start=1):
        begins = start + timedelta(days=days * (number - 1))
        steps.append(make_step(number, begins, days, before, doses, now, take))
        before = doses
    last = steps[-1]
    request = Request(
        medicine=medicine,
        products=tuple(medicine.products[key] for key in products),
        regimen=dict(now),
        target=last.daily,
        start=start,
        pace=(Phase(Change(Decimal(10), "current"), days),),
        limit=Limit(Change(Decimal(20), "current"), 7),
        coarse="flag",
        order=("midday", "morning", "evening", "bedtime"),
        final_dose=Decimal(5),
        max_units=Decimal(6),
        fill_days=28,
        factors=(),
        taking_since=None,
        context=Context(country="GB"),
    )
    ends = last.start
    return Answer(
        "proposed", request, tuple(steps), supply=make_supply(steps), ends=ends, days=(ends - start).days,
    )  # fmt: skip


def make_step(
    number: int,
    start: date,
    days: int,
    before: Mapping[Time, Decimal],
    doses: Mapping[Time, Decimal],
    now: Mapping[Time, Decimal],
    take: Take,
) -> Step:
    """One step; the percents are of the dose before and of the dose now."""
    daily, previous = sum(doses.values(), Decimal(0)), sum(before.values(), Decimal(0))
    cut = previous - daily
    return Step(
        number=number, start=start, days=days if daily else 0, regimen=dict(doses), daily=daily,
        preferred=previous * Decimal("0.9"), cut=cut, cut_of_current=percent(cut, previous),
        cut_of_starting=percent(cut, sum(now.values(), Decimal(0))), over_limit=False,
        take={time: take(dose) for time, dose in doses.items() if dose},
    )  # fmt: skip


def make_supply(steps: Sequence[Step]) -> Supply:
    """Units of 28 days each; a last dose above zero is supplied to the end of its fill."""
    first = steps[0].start
    ends = steps[-1].start + timedelta(days=steps[-1].days - 1)
    fills, start = [], first
    while start <= ends:
        end = start + timedelta(days=27)
        end = end if steps[-1].daily else min(end, ends)
        units: dict[str, Decimal] = {}
        for number in range((end - start).days + 1):
            for product, taken in _on(steps, start + timedelta(days=number)).items():
                units[product] = units.get(product, Decimal(0)) + taken
        fills.append(Fill(start, end, units, {key: -int(-amount // 1) for key, amount in units.items()}))
        start = end + timedelta(days=1)
    total: dict[str, Decimal] = {}
    for fill in fills:
        for product, amount in fill.units.items():
            total[product] = total.get(product, Decimal(0)) + amount
    return Supply(total, tuple(fills))


def _on(steps: Sequence[Step], day: date) -> dict[str, Decimal]:
    step = [step for step in steps if step.start <= day][-1]
    units: dict[str, Decimal] = {}
    for portions in step.take.values():
        for portion in portions:
            units[portion.product] = units.get(portion.product, Decimal(0)) + portion.units
    return units


def lowered(now: Mapping[Time, Decimal], order: Sequence[Time], by: Decimal, count: int) -> list[dict[Time, Decimal]]:
    """Regimens in which one time after the other, in order, is lowered by an amount."""
    found, doses = [], dict(now)
    for number in range(count):
        time = order[number % len(order)]
        doses = {**doses, time: doses[time] - by}
        found.append(doses)
    return found


THREE = ("midday", "morning", "evening")


def tablets_to_stop() -> Answer:
    """20 mg three times a day to 0 by 5 mg a week: 231 tablets, stop on Monday 22 February 2027."""
    now = regimen(20, 20, 20)
    lower = [step for step in lowered(now, THREE, Decimal(5), 12) if sum(step.values())]
    end = [{time: Decimal(0) for time in now}]
    answer = make_answer(now, [*lower, *end])
    finding = Finding("over-limit", "acknowledge", "From 20 mg to 15 mg is 25 % of the current dose.", 9)
    return replace(answer, findings=(finding,))


def solution_to_stop() -> Answer:
    """6 mg three times a day to 0 by 0.5 mL of 1 mg/mL at a time."""
    now = regimen(6, 6, 6)
    lower = lowered(now, THREE, Decimal("0.5"), 35)
    return make_answer(now, [*lower, regimen(0, 0, 0)], of_one("solution-1", "1"), ("solution-1",))


def four_times_a_day() -> Answer:
    """20 mg four times a day to 0 by 5 mg a week."""
    now = regimen(20, 20, 20, 20)
    return make_answer(now, lowered(now, ("midday", "morning", "evening", "bedtime"), Decimal(5), 16))


def to_ten_a_day() -> Answer:
    """25 mg a day to 10 mg a day, which goes on."""
    steps = [regimen(10, 0, 10), regimen(10, 0, 5), regimen(5, 0, 5)]
    return make_answer(regimen(10, 5, 10), steps)


def from_new_years_eve() -> Answer:
    """As tablets_to_stop, but from Thursday 31 December 2026."""
    now = regimen(20, 20, 20)
    return make_answer(now, lowered(now, THREE, Decimal(5), 12), start=date(2026, 12, 31))


def sixty_steps() -> Answer:
    """120 mg a day to 0 in 60 steps of 12 days, by 2 mg of tablets and solution."""
    now = regimen(40, 40, 40)
    steps = lowered(now, THREE, Decimal(2), 60)
    return make_answer(now, steps, of_tablet_and_solution, ("tablet-10", "solution-1"), days=12)


def sixty_tablet_steps() -> Answer:
    """300 mg a day to 0 in 60 steps of 12 days, by half a tablet at a time; made up to be long."""
    now = regimen(100, 100, 100)
    return make_answer(now, lowered(now, THREE, Decimal(5), 60), days=12)


def two_strengths() -> Answer:
    """10 mg and 5 mg tablets in one dose."""
    now = regimen(20, 20, 20)
    return make_answer(now, lowered(now, THREE, Decimal(5), 12), of_two_tablets, ("tablet-10", "tablet-5"))


def other_days() -> Answer:
    """One step more, five days each, so that weeks change in the middle and a month has six weeks."""
    now = regimen(20, 20, 20)
    return make_answer(now, lowered(now, THREE, Decimal(5), 12), start=date(2027, 5, 1), days=5)


def one_time_a_day() -> Answer:
    """Quarters do not exist for baclofen: 20 mg once a day, halves, to 0."""
    return make_answer(regimen(20), [regimen(15), regimen(10), regimen(5), regimen(0)])


SAMPLES: Mapping[str, Callable[[], Answer]] = {
    "tablets to stop": tablets_to_stop,
    "solution to stop": solution_to_stop,
    "four times a day": four_times_a_day,
    "to ten a day": to_ten_a_day,
    "from New Year's Eve": from_new_years_eve,
    "sixty steps": sixty_steps,
    "two strengths": two_strengths,
    "changes in mid-week": other_days,
    "once a day": one_time_a_day,
}


def sample_answer(name: str = "tablets to stop") -> Answer:
    return SAMPLES[name]()


def sample_paper(answer: Answer | None = None, **changes: object) -> Paper:
    """An issued A4 paper for the test patient; changes are fields of Paper."""
    paper = Paper(
        answer=answer or tablets_to_stop(), medicine=load("baclofen"), clinic=CLINIC, patient=PATIENT,
        version=2, issued=date(2026, 11, 27), replaces=(1, date(2026, 11, 26)),
    )  # fmt: skip
    return replace(paper, **changes)  # type: ignore[arg-type]


@lru_cache
def sample_pdf(name: str = "tablets to stop") -> bytes:
    """The calendar of sample_paper() for one of the samples, drawn once."""
    return calendar_pdf(sample_paper(sample_answer(name)))

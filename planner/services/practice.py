"""Practice patients with plans, as many as are asked for: to measure how the planner does with a full database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from planner.models import CheckIn, Due, LearnedCut, Patient, PatientWord, Plan, PlanEnd, User, Version
from planner.patient_words import coded, words_of
from planner.services.common import Refused, audit
from planner.services.practice_patterns import ONE_WEEK, Pattern, moved, patterns

MOST = 1_000_000
AT_ONCE = 1000
WEEKS, WEEKS_AHEAD = 521, 2  # of first lower doses before today, ten years, and after it
LONGEST_OPEN = 200  # days after which a plan without a stop is closed
# How many of them, of a hundred:
CHANGED, MISSED, CLOSED_EARLY, CHECKED_IN = 15, 3, 8, 50


@dataclass(frozen=True)
class Planned:
    """A practice plan before it is written. rows: of its pattern, moved to its days; closed: None where it is not."""

    number: int
    born: date
    rows: dict[str, Any]
    closed: date | None
    is_missed: bool
    has_check_in: bool


@transaction.atomic
def fill_practice(
    *,
    by: User,
    count: int,
    seed: int = 0,
    weeks: int = WEEKS,
    force: bool = False,
    told: Callable[[int], None] = lambda _: None,
) -> None:
    """Patients named Practice Patient 000001 and so on, with a plan each begun in the last weeks; without papers.

    Refused where the clinic has patients, unless it is forced. told: is given how many there are, now and then.
    """
    if not 1 <= count <= MOST:
        raise Refused({"count": f"Give a whole number of patients from 1 to {MOST:,}."})
    if not 1 <= weeks <= WEEKS:
        raise Refused({"weeks": f"Give a whole number of weeks from 1 to {WEEKS}."})
    if not force and Patient.for_user(by).exists():
        raise Refused({"": "The clinic has patients already. Fill an empty one, or add --force."})
    first = Patient.for_user(by).filter(identifier__startswith="PRACTICE-").count() + 1
    plans = _planned(by, Random(seed), range(first, first + count), weeks)  # noqa: S311  # nothing here is secret
    for done, batch in _batches(plans):
        _write(by, batch)
        told(done)
    audit(by, "filled", by.clinic, patients=count, seed=seed)


def _planned(by: User, random: Random, numbers: Sequence[int], weeks: int) -> Iterator[Planned]:
    """From the earliest on, so that plans of a week and a pattern are read once."""
    whole, changed = patterns(by)
    today, shuffled = timezone.localdate(), random.sample(numbers, len(numbers))
    for place, number in enumerate(shuffled):
        begins = place * (weeks + WEEKS_AHEAD) // len(shuffled) - weeks
        pattern = random.choice(whole)
        if changed and random.randrange(100) < CHANGED:
            pattern = _if_issued(random.choice(changed), begins, today) or pattern
        rows = moved(pattern, _days(pattern, begins, today))
        closed = _closed(rows, random.randrange(100) < CLOSED_EARLY, today)
        born = date(1930, 1, 1) + timedelta(days=random.randrange(27_000))
        missed, checked = random.randrange(100) < MISSED, random.randrange(100) < CHECKED_IN
        yield Planned(number, born, rows, closed, missed, checked)


def _days(pattern: Pattern, begins: int, today: date) -> int:
    """How far a pattern is moved so that it begins some whole weeks from this one."""
    monday = today - timedelta(days=today.weekday())
    return (monday + begins * ONE_WEEK - pattern.start).days


def _if_issued(pattern: Pattern, begins: int, today: date) -> Pattern | None:
    last = pattern.issued + timedelta(days=_days(pattern, begins, today))
    return pattern if last <= today else None


def _closed(rows: dict[str, Any], early: bool, today: date) -> date | None:
    """The day of closing: half way, or, of one that would go on, after some months."""
    last = date.fromisoformat(rows["versions"][-1]["issued_on"])
    ends = rows["plan"]["ends"]
    if ends is None:
        day = last + timedelta(days=LONGEST_OPEN)
    elif early:
        day = last + (date.fromisoformat(ends) - last) // 2
    else:
        return None
    return day if day <= today else None


def _batches(plans: Iterator[Planned]) -> Iterator[tuple[int, list[Planned]]]:
    batch: list[Planned] = []
    done = 0
    for plan in plans:
        batch.append(plan)
        if len(batch) == AT_ONCE:
            yield (done := done + len(batch)), batch
            batch = []
    if batch:
        yield done + len(batch), batch


def _write(by: User, batch: Sequence[Planned]) -> None:
    patients = Patient.objects.bulk_create(_patient(by, planned) for planned in batch)
    pairs = list(zip(batch, _plans(by, batch, patients), strict=True))
    PatientWord.objects.bulk_create(
        PatientWord(clinic_id=by.clinic_id, patient=patient, word=coded(word))
        for patient in patients
        for word in sorted(words_of(patient.name, patient.identifier, patient.born))
    )
    Version.objects.bulk_create(version for planned, plan in pairs for version in _versions(by, planned, plan))
    newest = Version.objects.filter(plan=OuterRef("pk")).order_by("-number").values("pk")[:1]
    plans = Plan.objects.filter(pk__in=[plan.pk for _, plan in pairs])
    plans.update(current=Subquery(newest))
    first = dict(Version.objects.filter(plan__in=plans, number=1).values_list("plan", "pk"))
    today = timezone.localdate()
    Due.objects.bulk_create(due for planned, plan in pairs for due in _dues(by, planned, plan, today))
    LearnedCut.objects.bulk_create(cut for planned, plan in pairs for cut in _cuts(planned, plan))
    CheckIn.objects.bulk_create(
        check_in for planned, plan in pairs for check_in in _check_ins(by, planned, plan, first[plan.pk], today)
    )
    PlanEnd.objects.bulk_create(
        PlanEnd(plan=plan, by=by, at=_noon(planned.closed), on=planned.closed, reason="given-up")
        for planned, plan in pairs
        if planned.closed
    )


def _patient(by: User, planned: Planned) -> Patient:
    number = f"{planned.number:06}"
    name, identifier = f"Practice Patient {number}", f"PRACTICE-{number}"
    return Patient(clinic_id=by.clinic_id, name=name, born=planned.born, identifier=identifier)


def _plans(by: User, batch: Sequence[Planned], patients: Sequence[Patient]) -> list[Plan]:
    made: list[Plan] = Plan.objects.bulk_create(
        Plan(
            clinic_id=by.clinic_id,
            patient=patient,
            made_at=_noon(planned.rows["versions"][0]["issued_on"]),
            closed_on=planned.closed,
            **planned.rows["plan"],
        )
        for planned, patient in zip(batch, patients, strict=True)
    )
    return made


def _versions(by: User, planned: Planned, plan: Plan) -> Iterator[Version]:
    for fields in planned.rows["versions"]:
        submission = f"practice-{planned.number}-{fields['number']}"
        yield Version(plan=plan, issued_by=by, issued_at=_noon(fields["issued_on"]), submission=submission, **fields)


def _dues(by: User, planned: Planned, plan: Plan, today: date) -> Iterator[Due]:
    """Past check-ins are done, but for the last one of a plan that missed it; a closed plan asks for nothing."""
    past = [due["day"] for due in _past_check_ins(planned, today)]
    done = set(past[:-1] if planned.is_missed else past)
    for due in planned.rows["dues"] if planned.closed is None else ():
        is_done = due["kind"] == Due.CHECK_IN and due["day"] in done
        yield Due(clinic_id=by.clinic_id, plan=plan, done=is_done, **due)


def _cuts(planned: Planned, plan: Plan) -> Iterator[LearnedCut]:
    closed = planned.closed.isoformat() if planned.closed else None
    for cut in planned.rows["cuts"]:
        if closed is None or cut["day"] <= closed:
            yield LearnedCut(clinic_id=plan.clinic_id, plan=plan, **cut)


def _check_ins(by: User, planned: Planned, plan: Plan, version: int, today: date) -> Iterator[CheckIn]:
    """The first one, of some plans."""
    past = [due for due in _past_check_ins(planned, planned.closed or today) if planned.has_check_in]
    for due in past[:1]:
        yield CheckIn(
            plan=plan, version_id=version, by=by, at=_noon(due["day"]), day=due["day"], too_much=False, how="well",
            daily=due["facts"]["daily"], decision="go-on", submission=f"practice-{planned.number}",
        )  # fmt: skip


def _past_check_ins(planned: Planned, today: date) -> list[dict[str, Any]]:
    return [due for due in planned.rows["dues"] if due["kind"] == Due.CHECK_IN and due["day"] < today.isoformat()]


def _noon(day: date | str) -> datetime:
    return datetime.combine(date.fromisoformat(str(day)), time(12), UTC)

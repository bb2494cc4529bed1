"""What is timed, and beside each the least that could be done: writing down the same answer, already known."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from planner.management.commands.propose import answer_line, answers
from planner.management.writing import json_bytes
from planner.taper import Answer, Context, answer_json, check, options
from tests.taper.asking import Json, proposed, read
from tests.taper.test_examples import BACLOFEN, inline
from tests.taper.test_golden import BACLOFEN_WITH_LIQUID, DIAZEPAM_TWICE, GABAPENTIN, prednisone, sertraline

WITH_LIQUID = BACLOFEN_WITH_LIQUID
LIQUID = BACLOFEN | {"products": ["solution-1"]}
FINE = {"solution-1": {"form": "solution", "strength": "1", "step_ml": "0.1"}}
FOUR_TIMES = dict.fromkeys(("morning", "midday", "evening", "bedtime"), "75")
USUAL: Json = {"pace": BACLOFEN["pace"], "limit": BACLOFEN["limit"]}
FINE_300 = inline(FINE, FOUR_TIMES, **USUAL)


def by_a_date(request: Json, end_by: str) -> Json:
    return {name: value for name, value in request.items() if name != "pace"} | {"end_by": end_by}


Work = Callable[[], list[bytes]]


@dataclass(frozen=True)
class Case:
    """work: what is timed, giving the answers as bytes; answers: the same ones, known beforehand."""

    work: Work
    answers: list[Answer]

    def floor(self) -> list[bytes]:
        return [json_bytes(answer_json(rebuilt(answer))) for answer in self.answers]


def rebuilt(answer: Answer) -> Answer:
    """The same answer made anew from its parts, by a plain loop."""
    steps = tuple(
        replace(step, take={time: _anew(taken) for time, taken in step.take.items()}) for step in answer.steps
    )
    supply = answer.supply and replace(answer.supply, fills=_anew(answer.supply.fills))
    return replace(answer, steps=steps, findings=_anew(answer.findings), supply=supply)


def _anew(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(type(part)(*(getattr(part, field.name) for field in fields(part))) for part in parts)


def proposing(request: Json) -> Case:
    line = json.dumps(request).encode()
    return Case(lambda: [answer_line(line, Context())], [proposed(request)])


def laying_options(request: Json) -> Case:
    def work() -> list[bytes]:
        return [json_bytes(answer_json(option.answer)) for option in options(read(request))]

    return Case(work, [option.answer for option in options(read(request))])


def checking() -> Case:
    """60 steps of 1 mg a week, and the stop."""
    request = inline({"solution-1": FINE["solution-1"]}, {"morning": "61"}, pace=[{"cut": "1 mg", "every": 7}])
    start = date(2026, 12, 7)
    steps = [
        {"start": str(start + timedelta(days=7 * n)), "days": 7 if n < 60 else 0, "regimen": {"morning": str(60 - n)}}
        for n in range(61)
    ]
    return Case(lambda: [json_bytes(answer_json(check(read(request), steps)))], [check(read(request), steps)])


MIXED = (
    BACLOFEN, WITH_LIQUID, LIQUID, DIAZEPAM_TWICE, GABAPENTIN, prednisone({"morning": "60"}, "20 mg", "10 mg"),
    sertraline("25 50 100"), BACLOFEN | {"coarse": "stretch"}, BACLOFEN | {"shape": "one-time-first"},
    BACLOFEN | {"change_on": ["mon", "thu"]}, BACLOFEN | {"regimen": {"morning": "10", "evening": "15"}},
    WITH_LIQUID | {"target": "10"}, BACLOFEN | {"products": ["tablet-5", "tablet-10", "tablet-20"]},
)  # fmt: skip


def mixed(count: int) -> Case:
    """So many requests in one process, each begun on another day."""
    requests = list(_mixed(count))
    lines = [json.dumps(request).encode() for request in requests]
    return Case(lambda: list(answers(lines, Context())), [proposed(request) for request in requests])


def _mixed(count: int) -> Iterator[Json]:
    for number in range(count):
        start = date(2026, 12, 7) + timedelta(days=number)
        yield MIXED[number % len(MIXED)] | {"start": start.isoformat()}


CASES: dict[str, Callable[[], Case]] = {
    "baclofen 60 mg, tablets": lambda: proposing(BACLOFEN),
    "60 mg, tablets and 0.5 mL steps": lambda: proposing(WITH_LIQUID),
    "60 mg, 0.5 mL steps alone": lambda: proposing(LIQUID),
    "300 mg, 0.1 mL steps, four times a day": lambda: proposing(FINE_300),
    "gabapentin 3,600 mg, five products": lambda: proposing(GABAPENTIN),
    "an end date, tablets": lambda: proposing(by_a_date(BACLOFEN, "2027-02-15")),
    "an end date, tablets and 0.5 mL steps": lambda: proposing(by_a_date(WITH_LIQUID, "2027-04-30")),
    "all options, tablets": lambda: laying_options(BACLOFEN),
    "all options, tablets and 0.5 mL steps": lambda: laying_options(WITH_LIQUID),
    "check of 60 steps": checking,
}
MANY = 1000

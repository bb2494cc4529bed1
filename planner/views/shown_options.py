"""The options as cards, side by side on one scale."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from planner.formulary import MedicineFile
from planner.taper import Answer, Option, Step, explain_length
from planner.views.chart import Chart, spark
from planner.views.shown import Total, most_a_day, totals

Link = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Card:
    """An option beside others. largest: the step with the largest cut that counts against the limit."""

    key: str
    title: str
    words: str
    address: str
    is_shown: bool
    answer: Answer
    spark: Chart | None
    cuts: int
    largest: Step | None
    over: int
    over_ceiling: int
    is_abrupt: bool
    a_day: tuple[Total, ...]
    why_long: str
    supply: tuple[Total, ...]

    @property
    def last_dose(self) -> date | None:
        """The last day on which a dose is taken; None where the taper ends above zero."""
        ends = self.answer.ends
        return ends - timedelta(days=1) if ends and not self.answer.steps[-1].daily else None

    @property
    def most_of_starting(self) -> Decimal:
        """The largest cut in percent of starting; it may be another one than the largest of current."""
        return max(step.cut_of_starting for step in self.answer.steps if step.daily)

    @property
    def stop(self) -> Step | None:
        """The step to zero; None where there is none."""
        last = self.answer.steps[-1] if self.answer.steps else None
        return last if last and not last.daily else None

    @property
    def ceiling_words(self) -> str:
        return cuts_words(self.over_ceiling)

    @property
    def over_words(self) -> str:
        return cuts_words(self.over)


def cards(options: Sequence[Option], shown: Option, file: MedicineFile, link: Link) -> list[Card]:
    """Every option on one scale of time and dose."""
    drawn = [option.answer for option in options if option.answer.steps]
    last = max((last_day(answer) for answer in drawn), default=date.min)
    return [_card(option, option is shown, file, link, last) for option in options]


def last_day(answer: Answer) -> date:
    """The day on which the drawn line ends."""
    step = answer.steps[-1]
    return step.start + timedelta(days=step.days)


def _card(option: Option, is_shown: bool, file: MedicineFile, link: Link, last: date) -> Card:
    answer = option.answer
    counted = [step for step in answer.steps if step.daily]
    return Card(
        key=option.key, title=option.title, words=option.words, address=link({"show": option.kind}),
        is_shown=is_shown, answer=answer,
        spark=spark(answer, last, answer.request.current) if answer.request and answer.steps else None,
        cuts=sum(step.cut > 0 for step in counted),
        largest=max(counted, key=lambda step: step.cut_of_current, default=None),
        over=sum(step.over_limit for step in counted),
        over_ceiling=sum(finding.code == "over-ceiling" for finding in answer.findings),
        is_abrupt=any(finding.code == "abrupt-end" for finding in answer.findings),
        a_day=most_a_day(answer, file),
        why_long=explain_length(answer),
        supply=totals(answer.supply.total, answer, file) if answer.supply else (),
    )  # fmt: skip


def cuts_words(count: int) -> str:
    return f"{count} cut" if count == 1 else f"{count} cuts"

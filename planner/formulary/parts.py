"""The pieces that a medicine file is made of. Every figure is Cited: it names its source and standing."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, model_validator

from planner.taper.amounts import parse_amount, show
from planner.taper.errors import BadInput
from planner.taper.medicine import TIMES, Basis, Standing, Time
from planner.taper.words import days_words


def _amount(value: object) -> Decimal:
    if not isinstance(value, str):
        raise ValueError('write an amount as text in quotes, such as "2.5"')
    try:
        amount = parse_amount("", value)
    except BadInput as bad:
        raise ValueError(bad.allowed) from bad
    if amount == 0:
        raise ValueError("must be above 0")
    return amount


def _all_different(items: tuple[Time, ...]) -> tuple[Time, ...]:
    if sorted(items) != sorted(TIMES):
        raise ValueError(f"name each of {', '.join(TIMES)} once")
    return items


def _existing(text: str) -> str:
    if text:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise ValueError("give a date that exists as year-month-day") from None
    return text


def _with_host(address: str) -> str:
    try:
        host = urlsplit(address).netloc
    except ValueError:
        host = ""
    if address and not host:
        raise ValueError("give a whole address, such as https://example.org/page")
    return address


Amount = Annotated[Decimal, BeforeValidator(_amount)]
Words = Annotated[str, Field(min_length=1, pattern=r"^\S(.*\S)?$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9.]+)*$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Days = Annotated[int, Field(strict=True, ge=1, le=366)]
Hour = Annotated[int, Field(strict=True, ge=0, le=23)]
Whole = Annotated[int, Field(strict=True, ge=0, le=99_999)]
Age = Annotated[int, Field(strict=True, ge=0, le=120)]
IsoDate = Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$"), AfterValidator(_existing)]
Role = Literal["early", "peak"]  # the window of the first signs, and that of the worst
Address = Annotated[str, Field(pattern=r"^(https?://\S+)?$"), AfterValidator(_with_host)]


class Part(BaseModel):
    """Frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceText(Part):
    """A document. read_on: the day it was read; from_notes: we have our own notes from reading it, without a day.

    Neither stands where only a page that reports the document was read, or nothing was.
    """

    kind: Words
    title: Words
    address: Address = ""
    read_on: IsoDate = ""
    from_notes: StrictBool = False
    note: str = ""


class Cited(Part):
    """A figure with the id of its source and how far it can be trusted."""

    source: str
    standing: Standing
    note: str = ""

    @property
    def label(self) -> str:
        """What the figure is of; empty where its place in the file says it."""
        return ""

    def text(self, unit: str) -> str:
        """The figure in words."""
        return self.note


class Grounded(Cited):
    """A figure of our own. built_on: the facts behind it."""

    built_on: tuple[Cited, ...] = Field(min_length=1)


class CutText(Part):
    """A cut such as "10%" or "5 mg"; a percent says of what."""

    cut: Annotated[str, Field(pattern=r"^[0-9.]+ ?(%|[A-Za-z]+)$")]
    of: Basis | None = None

    @model_validator(mode="after")
    def _percent_of_something(self) -> Self:
        if self.cut.endswith("%") != (self.of is not None):
            raise ValueError("a percent, and nothing else, says of what it is: of = current or starting")
        return self

    def words(self) -> str:
        return self.cut if self.of is None else f"{self.cut.replace('%', ' %')} of the {self.of} dose"


class PhaseText(CutText):
    every: Days
    down_to: Annotated[str, Field(pattern=r"^[0-9.]+ ?(%|[A-Za-z]+)$")] | None = None

    def text(self) -> str:
        of = " of the starting dose" if self.down_to and self.down_to.endswith("%") else ""
        down_to = f" down to {self.down_to.replace('%', ' %')}{of}" if self.down_to else ""
        return f"{self.words()} every {days_words(self.every)}{down_to}"


class PaceText(Cited):
    phases: tuple[PhaseText, ...] = Field(min_length=1)

    def text(self, unit: str) -> str:
        return "; then ".join(phase.text() for phase in self.phases)


class LimitRule(CutText):
    days: Days


class NamedPace(PaceText):
    """A published pace beside the default one. limit: the largest cut within it, and final_dose: the daily dose from
    which it stops; they then stand for the file's.
    """

    title: Words = Field(alias="label")
    limit: LimitRule
    final_dose: Amount | None = None

    @property
    def label(self) -> str:
        return self.title

    def text(self, unit: str) -> str:
        stop = f"; stop from {show(self.final_dose)} {unit} a day" if self.final_dose else ""
        return f"{super().text(unit)}; at most {self.limit.words()} in {days_words(self.limit.days)}{stop}"


class LimitText(LimitRule, Cited):
    def text(self, unit: str) -> str:
        return f"{self.words()} in {days_words(self.days)}"


class FinalDose(Cited):
    daily: Amount
    days: Days

    def text(self, unit: str) -> str:
        return f"{show(self.daily)} {unit} a day for at least {self.days} days"


class DaysFigure(Cited):
    days: Days

    def text(self, unit: str) -> str:
        return f"{self.days} days"


class DailyDose(Cited):
    daily: Amount

    def text(self, unit: str) -> str:
        return f"{show(self.daily)} {unit} a day"


class PlausibleDose(DailyDose, Grounded):
    """A daily dose above it is taken for a mistake."""


class MaximumText(DailyDose):
    country: Country

    @property
    def label(self) -> str:
        return f"Most a day, {self.country}"


class AtOnce(Cited):
    dose: Amount

    def text(self, unit: str) -> str:
        return f"{show(self.dose)} {unit}"


class UsualTimes(Cited):
    fewest: Annotated[int, Field(strict=True, ge=1, le=len(TIMES))]
    most: Annotated[int, Field(strict=True, ge=1, le=len(TIMES))]

    def text(self, unit: str) -> str:
        return f"{self.fewest} to {self.most} doses a day"


class GapText(Cited):
    hours: Annotated[int, Field(strict=True, ge=1, le=24)]

    def text(self, unit: str) -> str:
        return f"{self.hours} hours"


class HoursText(Cited):
    morning: Hour
    midday: Hour
    evening: Hour
    bedtime: Hour

    def as_mapping(self) -> Mapping[Time, int]:
        return {"morning": self.morning, "midday": self.midday, "evening": self.evening, "bedtime": self.bedtime}

    def text(self, unit: str) -> str:
        return ", ".join(f"{time} {hour}:00" for time, hour in self.as_mapping().items())


class OrderText(Cited):
    times: Annotated[tuple[Time, ...], AfterValidator(_all_different)]

    def text(self, unit: str) -> str:
        return ", ".join(self.times)


class YesNo(Grounded):
    value: StrictBool

    def text(self, unit: str) -> str:
        return "yes" if self.value else "no"


class FinerText(Cited):
    products: tuple[Slug, ...]

    def text(self, unit: str) -> str:
        return ", ".join(self.products)


class Start(Cited):
    """A regimen from which patients come, so that the default request is tried with it."""

    regimen: Mapping[Time, Amount] = Field(min_length=1)

    @property
    def label(self) -> str:
        return "A usual dose"

    def text(self, unit: str) -> str:
        return ", ".join(f"{time} {show(dose)} {unit}" for time, dose in self.regimen.items())

"""What a medicine file says in words: time course, codes, what patients and clinicians read, patient factors."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from planner.formulary.parts import (
    Age,
    Amount,
    Cited,
    Grounded,
    LimitRule,
    Part,
    PhaseText,
    Role,
    Slug,
    Whole,
    Words,
)
from planner.taper.medicine import Severity


class Window(Cited):
    """A stretch of time after a cut or stop. last None: from first on; role: what the planner uses it for."""

    phase: Words
    role: Role | None = None
    unit: Annotated[str, Field(pattern="^(hours|days)$")]
    first: Whole
    last: Whole | None = None
    signs: Words

    @property
    def label(self) -> str:
        return self.phase

    @property
    def hours(self) -> tuple[int, int | None]:
        """First and last hour after the cut."""
        each = 24 if self.unit == "days" else 1
        return self.first * each, None if self.last is None else self.last * each

    def text(self, unit: str) -> str:
        when = f"Beyond {self.first}" if self.last is None else f"{self.first} to {self.last}"
        return f"{when} {self.unit}: {self.signs}"


class Code(Cited):
    system: Words
    code: Words
    display: Words

    @property
    def label(self) -> str:
        return self.system

    def text(self, unit: str) -> str:
        return f"{self.code} ({self.display})"


class Phrase(Cited):
    """Words that a patient reads."""

    says: Words

    def text(self, unit: str) -> str:
        return self.says


class Statement(Cited):
    """Words that a clinician reads. group: the heading it stands under."""

    about: Words
    says: Words
    group: str = ""

    @property
    def label(self) -> str:
        return self.about

    def text(self, unit: str) -> str:
        return self.says


class CheckInRule(Statement):
    """What follows from a check-in's answer, where a source says so."""

    answer: Literal["well", "mild", "moderate", "severe", "emergency"]
    leads_to: Literal["go-on", "hold", "step-back", "slow-down", "reinstate", "call"]


class Disagreement(Part):
    """Where sources differ: what each says, and why the file follows the one that it follows."""

    about: Words
    sides: tuple[Statement, ...] = Field(min_length=2)
    taken: Statement


class FactorText(Grounded):
    """A patient factor. It follows of itself where the patient meets every bound that it gives.

    taken_days_over: days for which the medicine was taken; daily_from: daily dose now.
    """

    key: Slug
    title: Words = Field(alias="label")
    severity: Severity
    message: Words
    specialist: StrictBool = False
    age_from: Age | None = None
    age_below: Age | None = None
    taken_days_over: Whole | None = None
    daily_from: Amount | None = None
    pace: tuple[PhaseText, ...] | None = None
    limit: LimitRule | None = None

    @property
    def label(self) -> str:
        return self.title

    def text(self, unit: str) -> str:
        return self.message

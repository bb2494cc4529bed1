"""What a plan's file holds. Read strictly: what is not named here is a fault."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Code = Annotated[str, Field(min_length=1, max_length=60)]
Words = Annotated[str, Field(max_length=500)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Amount = Annotated[str, Field(pattern=r"^[0-9]{1,7}(\.[0-9]{1,8})?$")]
Time = Literal["morning", "midday", "evening", "bedtime"]
Decision = Literal["go-on", "hold", "step-back", "slow-down", "other", "emergency"]
Kind = Literal[
    "first", "again", "hold", "wait", "resume", "step-back", "pace", "products", "target", "stay", "import",
]  # fmt: skip
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 12, 31))]
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2200, 12, 31, tzinfo=UTC))]
Json = dict[str, Any]
MOST_VERSIONS, MOST_CHECK_INS, MOST_NOTES, MOST_FINDINGS = 200, 1000, 200, 5000


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Product(Strict):
    """A product that some version uses. step_ml: of a liquid, the least volume that its syringe measures."""

    form: Literal["tablet", "capsule", "granules", "solution"]
    strength: Amount
    divides: int
    step_ml: Amount | None


class Medicine(Strict):
    """The medicine as the clinic that wrote the file has it."""

    key: Code
    name: Annotated[str, Field(min_length=1, max_length=200)]
    unit: Code
    version: Annotated[int, Field(ge=1, le=999_999)]
    sha256: Hash
    products: dict[Code, Product]


class Patient(Strict):
    name: Annotated[str, Field(min_length=1, max_length=100)]
    born: Day
    identifier: Annotated[str, Field(min_length=1, max_length=40)]


class Finding(Strict):
    code: Code
    severity: Literal["refuse", "block", "acknowledge", "advise"]
    step: Annotated[int, Field(ge=1, le=1000)] | None
    message: Annotated[str, Field(max_length=2000)]
    source: dict[Code, Annotated[str, Field(max_length=2000)]] | None


class Answer(Strict):
    """As the engine writes it. What stands in it is held against what its request asks for."""

    outcome: Literal["proposed"]
    request: Json
    steps: Annotated[list[Json], Field(min_length=1, max_length=1000)]
    findings: Annotated[list[Finding], Field(max_length=MOST_FINDINGS)]
    supply: Json
    ends: Day | None
    days: int | None


class Version(Strict):
    """check_in: its place in the file's list, from 1."""

    number: Annotated[int, Field(ge=1, le=MOST_VERSIONS)]
    kind: Kind
    summary: Annotated[str, Field(max_length=300)]
    why: Words
    begins: Day
    held_until: Day | None
    issued_on: Day
    issued_at: Moment
    check_in: Annotated[int, Field(ge=1, le=MOST_CHECK_INS)] | None
    answer: Answer
    reasons: dict[Code, Words]
    specialists: dict[Code, Annotated[str, Field(max_length=100)]]
    engine_version: Annotated[str, Field(max_length=20)]
    medicine_version: Annotated[int, Field(ge=1, le=999_999)]
    medicine_hash: Hash


class CheckIn(Strict):
    version: Annotated[int, Field(ge=1, le=MOST_VERSIONS)]
    day: Day
    at: Moment
    too_much: bool
    how: Literal["", "well", "mild", "moderate", "severe"]
    signs: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=100)]
    emergency: bool
    missed: Annotated[int, Field(ge=0, le=99)]
    note: Annotated[str, Field(max_length=1000)]
    daily: Amount
    suggested: Decision | Literal[""]
    decision: Decision
    reason: Words


class Taken(Strict):
    first: Day
    last: Day | None
    at: Moment
    regimen: Annotated[dict[Time, Amount], Field(min_length=1)]
    note: Words


class End(Strict):
    on: Day
    reason: Literal["stopped", "elsewhere", "given-up", "died", "mistake"]
    note: Words


class Content(Strict):
    """patient: only where it was chosen to name them."""

    exported_at: Moment
    medicine: Medicine
    patient: Patient | None
    versions: Annotated[list[Version], Field(min_length=1, max_length=MOST_VERSIONS)]
    check_ins: Annotated[list[CheckIn], Field(max_length=MOST_CHECK_INS)]
    taken_otherwise: Annotated[list[Taken], Field(max_length=MOST_NOTES)]
    end: End | None

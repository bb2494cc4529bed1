"""A medicine file as a whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from planner.formulary.parts import (
    AtOnce,
    Cited,
    Country,
    DaysFigure,
    FinalDose,
    FinerText,
    GapText,
    Grounded,
    HoursText,
    LimitText,
    MaximumText,
    NamedPace,
    OrderText,
    PaceText,
    Part,
    PlausibleDose,
    Role,
    Slug,
    SourceText,
    Start,
    UsualTimes,
    Words,
    YesNo,
)
from planner.formulary.products import FileProduct
from planner.formulary.texts import CheckInRule, Code, Disagreement, FactorText, Phrase, Statement, Window
from planner.taper.medicine import Source

LABELS = {
    "order": "Lowered first among equal doses",
    "finer": "Finer products to offer",
    "pace": "Default pace",
    "pace_basis": "The default pace counted as",
    "limit": "Default limit",
    "limit_basis": "The limit counted as",
    "ceiling": "Ceiling",
    "final_dose": "Final dose",
    "least_interval": "Least time between cuts",
    "least_duration": "Shortest total",
    "plausible_daily": "A daily dose above this is taken for a mistake",
    "usual_times": "Usual doses a day",
    "usual_at_once": "Most that is usual at one time",
    "longest_gap": "Longest time between two doses",
    "hours": "Usual hours",
    "nervous_system": "Acts on the nervous system",
    "patient_reads.call_us": "Call us today",
    "patient_reads.emergency": "Get emergency help now",
    "patient_reads.too_much": "Too much medicine",
    "patient_reads.missed_dose": "If you miss a dose",
    "patient_reads.never_stop": "Never stop suddenly",
    "patient_reads.split": "Which sign stands in which box",
    "patient_reads.also": "Also know",
    "alternate_days": "Taking it every other day",
}
ESTABLISHABLE = (
    "finer", "least_interval", "least_duration", "usual_times", "usual_at_once", "longest_gap", "hours",
    "alternate_days", "maximums", "timeline", "after_check_in", "codes", "monitoring", "interactions",
)  # fmt: skip  # figures that a file either gives or says to be not established
FROM_NOTES = "From our own reading notes, day not kept."
UNVERIFIED_BLOCKS = ("products", "maximums", "pace", "paces", "limit", "ceiling", "factors", "patient_reads")


@dataclass(frozen=True)
class Figure:
    """A figure for the medicine's page. path: where it stands in the file, as ``products.tablet-10.sold.GB``."""

    path: str
    label: str
    value_text: str
    source: Source


@dataclass(frozen=True)
class PatientTexts:
    """What the patient's paper says; signs are short phrases, the rest whole sentences."""

    call_us: list[str]
    emergency: list[str]
    too_much: list[str]
    missed_dose: list[str]
    never_stop: list[str]
    also: list[str]


class PatientReads(Part):
    """The patient's words with their sources. split: who arranged the signs into the boxes; also: what else this
    medicine's patients must know, such as that the old dose can kill once tolerance is lost.
    """

    split: Cited
    call_us: tuple[Phrase, ...] = Field(min_length=1)
    emergency: tuple[Phrase, ...] = Field(min_length=1)
    too_much: tuple[Phrase, ...] = Field(min_length=1)
    missed_dose: tuple[Phrase, ...] = Field(min_length=1)
    never_stop: tuple[Phrase, ...] = Field(min_length=1)
    also: tuple[Phrase, ...] = ()


class MedicineFile(Part):
    """Everything the formulary holds on one medicine. Doses are in its unit, a day unless a time is named."""

    key: Slug
    name: Words
    plain_name: Words
    other_names: tuple[Words, ...] = ()
    group: Words
    unit: Annotated[str, Field(pattern=r"^[A-Za-z]{1,20}$")]
    version: Annotated[int, Field(strict=True, ge=1)]
    not_established: tuple[str, ...] = ()
    default_products: tuple[Slug, ...] = Field(min_length=1)
    default_products_by_market: Mapping[Country, tuple[Slug, ...]] = {}
    sources: Mapping[Slug, SourceText]
    products: Mapping[Slug, FileProduct] = Field(min_length=1)
    kept_apart: tuple[Statement, ...] = ()
    starts: tuple[Start, ...] = Field(min_length=1)
    order: OrderText | None = None
    finer: FinerText | None = None
    pace: PaceText
    pace_basis: Cited | None = None
    paces: Mapping[Slug, NamedPace] = {}
    limit: LimitText
    limit_basis: Cited | None = None
    ceiling: LimitText
    final_dose: FinalDose
    least_interval: DaysFigure | None = None
    least_duration: DaysFigure | None = None
    plausible_daily: PlausibleDose
    usual_times: UsualTimes | None = None
    usual_at_once: AtOnce | None = None
    longest_gap: GapText | None = None
    hours: HoursText | None = None
    alternate_days: Statement | None = None
    nervous_system: YesNo
    maximums: tuple[MaximumText, ...] = ()
    factors: tuple[FactorText, ...] = ()
    timeline: tuple[Window, ...] = ()
    after_check_in: tuple[CheckInRule, ...] = ()
    codes: tuple[Code, ...] = ()
    patient_reads: PatientReads
    monitoring: tuple[Statement, ...] = ()
    interactions: tuple[Statement, ...] = ()
    cautions: tuple[Statement, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    facts: tuple[Statement, ...] = ()

    @property
    def patient(self) -> PatientTexts:
        """The patient's words, without their sources."""
        reads = self.patient_reads
        return PatientTexts(
            call_us=_says(reads.call_us),
            emergency=_says(reads.emergency),
            too_much=_says(reads.too_much),
            missed_dose=_says(reads.missed_dose),
            never_stop=_says(reads.never_stop),
            also=_says(reads.also),
        )

    @property
    def unverified(self) -> bool:
        """Whether a product, maximum, pace, limit, ceiling or warning sign is unverified."""
        return any(
            cited.standing == "unverified" and path.split(".")[0].removesuffix("_basis") in UNVERIFIED_BLOCKS
            for path, cited in walk(self)
        )

    def window(self, role: Role) -> Window | None:
        """The window of the time course that has a role; None where the file names none."""
        return next((window for window in self.timeline if window.role == role), None)

    @property
    def for_tapering(self) -> dict[str, FileProduct]:
        """The products that a taper may use."""
        return {key: product for key, product in self.products.items() if not product.not_for_tapering}

    def products_in(self, country: str) -> dict[str, FileProduct]:
        """The products sold in a country that a taper may use, discontinued ones last."""
        sold = [item for item in self.for_tapering.items() if country in item[1].markets]
        return dict(sorted(sold, key=lambda item: item[1].discontinued))

    def defaults_in(self, country: str | None) -> tuple[str, ...]:
        """The products to begin with in a country."""
        return self.default_products_by_market.get(country or "", self.default_products)

    def source_of(self, cited: Cited) -> Source:
        """Where a figure of this file comes from; the note tells on which facts a figure of our own is built."""
        document = self.sources[cited.source]
        grounds = self._grounds(cited.built_on) if isinstance(cited, Grounded) else ""
        own_notes = FROM_NOTES if document.from_notes else ""
        return Source(
            standing=cited.standing,
            kind=document.kind,
            title=document.title,
            address=document.address,
            read_on=document.read_on if cited.standing == "verified" else "",
            note=" ".join(filter(None, (cited.note, grounds or document.note, own_notes))),
        )

    def figures(self) -> Iterator[Figure]:
        """Every figure with its source, in the order of the file."""
        for path, cited in walk(self):
            yield Figure(path, self._label(path, cited), cited.text(self.unit), self.source_of(cited))

    def _grounds(self, facts: tuple[Cited, ...]) -> str:
        documents = [(self.sources[fact.source], fact.standing) for fact in facts]
        return f"Built on: {'; '.join(f'{d.title} ({d.kind}, {standing})' for d, standing in documents)}."

    def _label(self, path: str, cited: Cited) -> str:
        label = cited.label or LABELS.get(path) or LABELS.get(path.rpartition(".")[0]) or "Ground of the rule"
        product = next((p for key, p in self.products.items() if path.startswith(f"products.{key}.")), None)
        return f"{product.label}: {label[0].lower()}{label[1:]}" if product else label


def walk(part: object, path: str = "") -> Iterator[tuple[str, Cited]]:
    """Every cited figure in a part of the file, with its dotted path."""
    if isinstance(part, Cited):
        yield path, part
    for name, inner in _inside(part):
        yield from walk(inner, f"{path}.{name}" if path else name)


def _inside(part: object) -> Iterator[tuple[str, object]]:
    if isinstance(part, Part):
        for name, field in type(part).model_fields.items():
            yield field.alias or name, getattr(part, name)
    elif isinstance(part, Mapping):
        yield from part.items()
    elif isinstance(part, tuple):
        for place, item in enumerate(part):
            yield str(getattr(item, "key", None) or getattr(item, "country", None) or place), item


def _says(phrases: tuple[Phrase, ...]) -> list[str]:
    return [phrase.says for phrase in phrases]

"""What a medicine file says, item by item, each with a digest of what a clinic signs when it signs it off."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from planner.formulary.faults import OWN
from planner.formulary.holds import holds_words
from planner.formulary.model import LABELS, Figure, MedicineFile, walk
from planner.formulary.parts import Cited, FinerText
from planner.formulary.products import FileProduct, Market
from planner.formulary.texts import CheckInRule, FactorText, Statement
from planner.taper.amounts import show
from planner.taper.medicine import Source
from planner.taper.words import days_words

HOLDS = "holds"  # the item of what the file holds as a whole, beside its figures
OWN_CHOICE = Source("proposal", OWN, "This file’s own choice")
ALWAYS = ("products", "maximums", "pace", "paces", "limit", "ceiling", "patient_reads")
STANDINGS = ("unverified", "proposal", "second-hand")
FILES_KEPT = 200
LAST_INDEX = re.compile(r"\.\d+$")
DIVIDES = {1: "taken whole", 2: "divides into halves", 4: "divides into quarters"}
EFFECTS = {
    "refuse": "The planner refuses.",
    "block": "Nothing is issued with it.",
    "acknowledge": "The planner asks for a reason.",
    "advise": "The planner says so.",
}
LEADS_TO = {
    "go-on": "go on",
    "hold": "hold",
    "step-back": "step back",
    "slow-down": "slow down",
    "reinstate": "give the former dose again",
    "call": "call",
}


@dataclass(frozen=True)
class Item:
    """A figure as a clinic reads and signs it. path: where it stands in this file; place: where it stands in any
    version of it, so that a sentence put in before it does not ask for it again; needs: a sign-off.
    """

    path: str
    place: str
    heading: str
    label: str
    value: str
    note: str
    source: Source
    needs: bool
    digest: str

    @property
    def top(self) -> str:
        """The part of the file that it stands in."""
        return self.path.split(".")[0]

    @property
    def says(self) -> str:
        """All of it in a line, for whoever compares it with what the file says later."""
        source = f"{self.source.standing.capitalize()}, {self.source.kind}: {self.source.title}."
        return " ".join(filter(None, (f"{self.value.removesuffix('.')}.", source, self.source.address, self.note)))


@dataclass(frozen=True)
class _Read:
    """A file known by the hash of its bytes."""

    file_hash: str
    file: MedicineFile = field(compare=False)


def review_items(file: MedicineFile, file_hash: str) -> tuple[Item, ...]:
    """What the file holds, and every figure of it in its order. file_hash: of its bytes; the same hash is never
    reckoned twice.
    """
    return _items(_Read(file_hash, file))


@lru_cache(maxsize=FILES_KEPT)
def _items(read: _Read) -> tuple[Item, ...]:
    figures = {figure.path: figure for figure in read.file.figures()}
    return (_holds(read.file), *(_item(read.file, figures, path, cited) for path, cited in walk(read.file)))


def _holds(file: MedicineFile) -> Item:
    """Signed too, so that a warning sign or a patient factor taken out asks again, as does another usual product."""
    says = holds_words(file)
    digest = hashlib.sha256(json.dumps([HOLDS, says]).encode()).hexdigest()
    return Item(HOLDS, HOLDS, "", "What the file holds", says, "", OWN_CHOICE, True, digest)


def _item(file: MedicineFile, figures: dict[str, Figure], path: str, cited: Cited) -> Item:
    figure, product = figures[path], _product(file, path)
    heading, label = _label(file, figures, figure, cited, product)
    place = _place(file, path, cited)
    value = _value(file, figure, cited, product)
    return Item(
        path=path,
        place=place,
        heading=heading,
        label=label,
        value=value,
        note=figure.source.note.removeprefix(cited.note if figure.value_text == cited.note else "").strip(),
        source=figure.source,
        needs=path.split(".")[0].removesuffix("_basis") in ALWAYS or figure.source.standing in STANDINGS,
        digest=_digest(place, value, figure.source, cited, product),
    )


def _place(file: MedicineFile, path: str, cited: Cited) -> str:
    place = LAST_INDEX.sub(lambda _: f".{cited.label or '*'}", path)
    if not path.startswith("disagreements."):
        return place
    top, _, rest = place.split(".", 2)
    return f"{top}.{_heading(file, path, cited)}.{rest}"


def _digest(place: str, value: str, source: Source, cited: Cited, product: FileProduct | None) -> str:
    """Over what is read, and over the bare fields behind it, which the engine uses and a wording could leave out.

    Fields at their default are left out, so that a new kind of field in later files does not ask for every file again.
    The day of reading is no part: reading the same sentence again changes nothing.
    """
    holds = cited.model_dump(mode="json", exclude={"source", "standing", "note", "built_on"}, exclude_defaults=True)
    of = product.model_dump(mode="json", exclude={"sold"}, exclude_defaults=True) if product else {}
    said = [place, value, source.standing, source.kind, source.title, source.address, source.note, holds, of]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _product(file: MedicineFile, path: str) -> FileProduct | None:
    return next((product for key, product in file.products.items() if path.startswith(f"products.{key}.")), None)


def _label(
    file: MedicineFile, figures: dict[str, Figure], figure: Figure, cited: Cited, product: FileProduct | None
) -> tuple[str, str]:
    """The heading that it stands under, if there is one, and what it is called there."""
    parent, ground, _ = figure.path.partition(".built_on.")
    if ground:
        return "", f"Behind “{figures[parent].label}”"
    if product:
        return product.label, cited.label or LABELS[f"patient_reads.{figure.path.split('.')[-2]}"]
    return _heading(file, figure.path, cited), figure.label


def _heading(file: MedicineFile, path: str, cited: Cited) -> str:
    if path.startswith("disagreements."):
        return file.disagreements[int(path.split(".")[1])].about
    return cited.group if isinstance(cited, Statement) else ""


def _value(file: MedicineFile, figure: Figure, cited: Cited, product: FileProduct | None) -> str:
    """The figure in words, with everything that the planner does by it."""
    if product and isinstance(cited, Market):
        return " ".join(filter(None, (*_product_words(product, file.unit), figure.value_text)))
    if isinstance(cited, FinerText):
        return ", ".join(file.products[key].label for key in cited.products)
    if isinstance(cited, FactorText):
        return " ".join((figure.value_text, *_factor_words(cited, file.unit)))
    if isinstance(cited, CheckInRule):
        return f"{figure.value_text} Answer “{cited.answer}”: {LEADS_TO[cited.leads_to]}."
    return figure.value_text


def _product_words(product: FileProduct, unit: str) -> Iterator[str]:
    strength = f"{show(product.strength)} {unit}"
    if product.is_liquid:
        yield f"{strength} in each mL."
    else:
        yield f"{strength} each, {DIVIDES[product.divides]}."
    yield f"Maker: {product.maker}." if product.maker else ""
    yield product.note
    yield f"Patients read: “{product.look}”" if product.look else ""


def _factor_words(factor: FactorText, unit: str) -> Iterator[str]:
    yield EFFECTS[factor.severity]
    if factor.specialist:
        yield "It asks for the name of the specialist who directs this."
    if factor.pace:
        yield f"Pace: {'; then '.join(phase.text() for phase in factor.pace)}."
    if factor.limit:
        yield f"Limit: {factor.limit.words()} in {days_words(factor.limit.days)}."
    if bounds := list(_bounds(factor, unit)):
        yield f"It follows of itself {' and '.join(bounds)}."


def _bounds(factor: FactorText, unit: str) -> Iterator[str]:
    if factor.age_from is not None:
        yield f"from the age of {factor.age_from}"
    if factor.age_below is not None:
        yield f"below the age of {factor.age_below}"
    if factor.taken_days_over is not None:
        yield f"after more than {days_words(factor.taken_days_over)} of use"
    if factor.daily_from is not None:
        yield f"from {show(factor.daily_from)} {unit} a day on"

"""What a clinic has signed off of a medicine file, and what still waits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from planner.formulary import MedicineFile, UnknownMedicine
from planner.formulary.review import Item, review_items
from planner.models import Clinic, SignOff
from planner.shelves import clinic_shelf


@dataclass(frozen=True)
class ReviewState:
    """How far a clinic is with a file: of the items that need a sign-off, how many wait."""

    kind: Literal["signed", "waiting", "blocked"]
    waiting: int
    needed: int

    @property
    def words(self) -> str:
        if self.kind == "signed":
            return "Signed off"
        start = "Waiting" if self.kind == "waiting" else "Blocked until signed off"
        return f"{start}: {self.waiting} of {self.needed} items"


@dataclass(frozen=True)
class Reviewed:
    """An item with its sign-off; earlier: what was signed at its place and stands in the file no more."""

    item: Item
    signed: SignOff | None
    earlier: SignOff | None

    @property
    def waits(self) -> bool:
        return self.item.needs and self.signed is None


@dataclass(frozen=True)
class Review:
    """A medicine file as a clinic has reviewed it."""

    file: MedicineFile
    rows: tuple[Reviewed, ...]

    @property
    def state(self) -> ReviewState:
        return _state(self.file, [row.item for row in self.rows], [row.item.digest for row in self.rows if row.signed])

    @property
    def signed(self) -> list[SignOff]:
        """The sign-offs that hold, the first one first."""
        found = {row.signed.pk: row.signed for row in self.rows if row.signed and row.item.needs}
        return sorted(found.values(), key=lambda sign_off: sign_off.at)


def files_of(clinic: Clinic) -> Mapping[str, tuple[MedicineFile, str]]:
    """The files that a clinic plans by, each with its hash."""
    return {key: (held.file, held.sha256) for key, held in clinic_shelf(clinic).held.items()}


def file_of(clinic: Clinic, medicine: str) -> tuple[MedicineFile, str]:
    """One of them. Raises UnknownMedicine."""
    files = files_of(clinic)
    if medicine not in files:
        raise UnknownMedicine(medicine, tuple(files))
    return files[medicine]


def is_signed_off(clinic: Clinic, medicine: str) -> bool:
    """Whether the clinic has signed every item that needs it, as it stands in the file now; not for an unknown key."""
    try:
        items = review_items(*file_of(clinic, medicine))
    except UnknownMedicine:
        return False
    return {item.digest for item in items if item.needs} <= set(_digests(clinic, medicine))


def review_state(clinic: Clinic, medicine: str) -> ReviewState:
    """Raises UnknownMedicine."""
    file, sha256 = file_of(clinic, medicine)
    return _state(file, review_items(file, sha256), _digests(clinic, medicine))


def review_states(clinic: Clinic) -> list[tuple[MedicineFile, ReviewState]]:
    """The clinic's medicines, by name, each with its state, with two queries for all."""
    signed: dict[str, set[str]] = {}
    for medicine, digest in SignOff.objects.filter(clinic=clinic).values_list("medicine", "digest"):
        signed.setdefault(medicine, set()).add(digest)
    files = sorted(files_of(clinic).values(), key=lambda held: held[0].name)
    return [(file, _state(file, review_items(file, sha256), signed.get(file.key, ()))) for file, sha256 in files]


def review(clinic: Clinic, medicine: str) -> Review:
    """The file with everything that the clinic signed of it. Raises UnknownMedicine."""
    file, sha256 = file_of(clinic, medicine)
    items = review_items(file, sha256)
    kept = list(SignOff.objects.filter(clinic=clinic, medicine=medicine).select_related("by").order_by("at", "pk"))
    by_digest = {sign_off.digest: sign_off for sign_off in kept}
    current = {item.digest for item in items}
    gone = {sign_off.place: sign_off for sign_off in kept if sign_off.digest not in current}
    rows = (Reviewed(item, by_digest.get(item.digest), gone.get(item.place)) for item in items)
    return Review(file, tuple(rows))


def _digests(clinic: Clinic, medicine: str) -> Iterable[str]:
    return SignOff.objects.filter(clinic=clinic, medicine=medicine).values_list("digest", flat=True)


def _state(file: MedicineFile, items: Iterable[Item], signed: Iterable[str]) -> ReviewState:
    held = set(signed)
    needed = [item.digest for item in items if item.needs]
    waiting = sum(digest not in held for digest in needed)
    if not waiting:
        return ReviewState("signed", 0, len(needed))
    return ReviewState("blocked" if file.unverified else "waiting", waiting, len(needed))

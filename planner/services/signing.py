"""Signing items of a medicine file off, for the whole clinic."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from planner.formulary import MedicineFile
from planner.formulary.review import Item, review_items
from planner.models import SignOff, User
from planner.services.common import Refused, audit, lock_clinic
from planner.sign_offs import file_of
from planner.taper.words import listed

NOTHING_TICKED = "Tick at least one item to sign off."
MOST_NAMED = 5  # of the items that changed


@transaction.atomic
def sign_off(*, by: User, medicine: str, items: Iterable[tuple[str, str]]) -> int:
    """Signs items, each a path with the digest of what its page said; gives how many were not signed before.

    Refused where the file says something else by now, and where there is none. Raises UnknownMedicine.
    """
    clinic = lock_clinic(by)  # two people may sign the same at once
    file, sha256 = file_of(clinic, medicine)
    known = {item.path: item for item in review_items(file, sha256) if item.needs}
    asked = list(dict.fromkeys(items))
    if not asked:
        raise Refused({"": NOTHING_TICKED})
    if changed := [path for path, digest in asked if path not in known or known[path].digest != digest]:
        raise Refused({"": _changed_words(changed, known)})
    signed = set(SignOff.objects.filter(clinic=clinic, medicine=medicine).values_list("digest", flat=True))
    new = {known[path].digest: known[path] for path, digest in asked if digest not in signed}
    _keep(by, file, sha256, list(new.values()))
    return len(new)


def _keep(by: User, file: MedicineFile, sha256: str, items: list[Item]) -> None:
    if not items:
        return
    SignOff.objects.bulk_create(
        SignOff(
            clinic=by.clinic,
            medicine=file.key,
            place=item.place,
            digest=item.digest,
            says=item.says,
            file_version=file.version,
            by=by,
        )
        for item in items
    )
    audit(
        by,
        "signed off",
        by.clinic,
        medicine=file.key,
        file_version=file.version,
        file_hash=sha256,
        items=[item.digest for item in items],
    )


def _changed_words(changed: list[str], known: Mapping[str, Item]) -> str:
    """Which items say something else than the page that was sent."""
    names = [f"“{known[path].label}”" if path in known else "one that is gone" for path in changed]
    left = len(names) - MOST_NAMED
    named = listed([*names[:MOST_NAMED], *([f"{left} more"] if left > 0 else [])])
    what = "An item says" if len(changed) == 1 else f"{len(changed)} items say"
    return f"{what} something else since you opened the page: {named}. Read it again, then sign off."

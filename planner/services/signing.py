"""Signing items of a medicine file off, for the whole clinic."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from planner.formulary.review import Item
from planner.models import Clinic, SignOff, User
from planner.services.common import Refused, audit
from planner.sign_offs import file_of, items_of
from planner.taper.words import listed

NOTHING_TICKED = "Tick at least one item to sign off."
MOST_NAMED = 5  # of the items that changed


@transaction.atomic
def sign_off(*, by: User, medicine: str, items: Iterable[tuple[str, str]]) -> int:
    """Signs items, each a path with the digest of what its page said; gives how many were not signed before.

    Refused where the file says something else by now, and where there is none. Raises UnknownMedicine.
    """
    clinic = Clinic.objects.select_for_update().get(pk=by.clinic_id)  # two people may sign the same at once
    known = {item.path: item for item in items_of(clinic, medicine) if item.needs}
    asked = list(dict.fromkeys(items))
    if not asked:
        raise Refused({"": NOTHING_TICKED})
    if changed := [path for path, digest in asked if path not in known or known[path].digest != digest]:
        raise Refused({"": _changed_words(changed, known)})
    signed = set(SignOff.objects.filter(clinic=clinic, medicine=medicine).values_list("digest", flat=True))
    new = {known[path].digest: known[path] for path, digest in asked if digest not in signed}
    _keep(by, medicine, list(new.values()))
    return len(new)


def _keep(by: User, medicine: str, items: list[Item]) -> None:
    if not items:
        return
    file, file_hash = file_of(by.clinic, medicine)
    SignOff.objects.bulk_create(
        SignOff(
            clinic=by.clinic,
            medicine=medicine,
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
        medicine=medicine,
        file_version=file.version,
        file_hash=file_hash,
        items=[[item.place, item.digest] for item in items],
    )


def _changed_words(changed: list[str], known: Mapping[str, Item]) -> str:
    """Which items say something else than the page that was sent."""
    names = [f"“{known[path].label}”" if path in known else "one that is gone" for path in changed]
    left = len(names) - MOST_NAMED
    named = listed([*names[:MOST_NAMED], *([f"{left} more"] if left > 0 else [])])
    what = "An item says" if len(changed) == 1 else f"{len(changed)} items say"
    return f"{what} something else since you opened the page: {named}. Read it again, then sign off."

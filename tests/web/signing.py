"""Signing a file off in tests, and putting another file in the place of one."""

import pytest

from planner.formulary import engine_medicine
from planner.formulary.model import MedicineFile
from planner.models import User
from planner.services import sign_off
from planner.sign_offs import items_of

READERS = ("planner.sign_offs", "planner.services.signing")
UNVERIFIED = (
    'daily = "100"\nsource = "uk-dose-report"\nstanding = "second-hand"',
    'daily = "100"\nsource = "uk-dose-report"\nstanding = "unverified"',
)


def waiting(*places: str) -> list[tuple[str, str]]:
    """The items of baclofen that need a sign-off, as its page shows them; of these places only, if any is named."""
    needed = [item for item in items_of("baclofen") if item.needs]
    return [(item.path, item.digest) for item in needed if not places or item.place in places]


def sign_everything(by: User) -> None:
    sign_off(by=by, medicine="baclofen", items=waiting())


def put_in_place(file: MedicineFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is the one of baclofen from now on."""
    for reader in READERS:
        monkeypatch.setattr(f"{reader}.load", lambda key: file)
        monkeypatch.setattr(f"{reader}.file_hash", lambda key: f"hash of {id(file)}")
    for reader in ("planner.issuing", "planner.forms.planner"):
        monkeypatch.setattr(f"{reader}.find_medicine", lambda key: engine_medicine(file))

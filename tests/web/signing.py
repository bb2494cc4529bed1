"""Signing a file off in tests, and putting another file in the place of one."""

import pytest

from planner import shelves
from planner.formulary import Shelved
from planner.formulary.model import MedicineFile
from planner.formulary.review import Item, review_items
from planner.models import User
from planner.services import sign_off

UNVERIFIED = (
    'daily = "100"\nsource = "uk-dose-report"\nstanding = "second-hand"',
    'daily = "100"\nsource = "uk-dose-report"\nstanding = "unverified"',
)


def items() -> tuple[Item, ...]:
    """Every item of baclofen's file, as it is now."""
    held = shelves.install_shelf().take("baclofen")
    return review_items(held.file, held.sha256)


def waiting(*places: str) -> list[tuple[str, str]]:
    """The items of baclofen that need a sign-off, as its page shows them; of these places only, if any is named."""
    needed = [item for item in items() if item.needs]
    return [(item.path, item.digest) for item in needed if not places or item.place in places]


def waits(count: int | None = None) -> str:
    """How the pages say how many wait; everything, where no number is given."""
    everything = len(waiting())
    return f"{everything if count is None else count} of {everything} items"


def sign_everything(by: User) -> None:
    sign_off(by=by, medicine="baclofen", items=waiting())


def put_in_place(file: MedicineFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is the one of baclofen from now on."""
    now = shelves.install_shelf()
    held = Shelved(file, f"text of {id(file)}", "built-in")
    monkeypatch.setattr(shelves, "built_in", lambda: now.under({file.key: held}, ()))

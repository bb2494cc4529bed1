"""The file of baclofen with something else in it."""

from planner.formulary.loading import read_text
from planner.formulary.model import MedicineFile
from planner.formulary.shelf import FOLDER


def changed(*changes: tuple[str, str]) -> MedicineFile:
    """The file with the first occurrence of each text replaced."""
    text = (FOLDER / "baclofen.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return read_text("baclofen.toml", text)

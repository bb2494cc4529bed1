"""Whose medicine files: those of the install, and those of a clinic with its own."""

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

from planner.formulary import Contents, Folder, FormularyError, MedicineFile, Shelf, Shelved, built_in
from planner.formulary.loading import read_text
from planner.models import Clinic, ClinicFile

FILES_KEPT = 400  # read, of all clinics; some 300 KB each


def install_shelf() -> Shelf:
    """The built-in files, and over them those of the data folder: what every clinic and the command line have."""
    contents = _folder(settings.MEDICINE_FOLDER).contents()
    return built_in().under(contents.held, tuple(f"This install’s {words}" for words in contents.faults))


def clinic_shelf(clinic: Clinic) -> Shelf:
    """What a clinic may use: the install's files, and over them its own.

    Where an own file is in order no more, as after an update of the planner, its medicine is missing: the clinic
    chose other figures than those of the file below, which may not come back by themselves.
    """
    read = {row.key: _read(row.key, row.text) for row in ClinicFile.in_use(clinic)}
    sound = {key: held for key, held in read.items() if isinstance(held, Shelved)}
    unsound = {key: messages for key, messages in read.items() if not isinstance(messages, Shelved)}
    faults = tuple(f"The clinic’s own {words}" for messages in unsound.values() for words in messages)
    return install_shelf().under(sound, faults).without(unsound.keys())


def file_behind(clinic: Clinic, key: str, sha256: str = "") -> MedicineFile | None:
    """The file to read an issued plan with: the very one of this hash where it is still to be had, else the one in
    use, else the last that the clinic had of its own; None where all have gone.
    """
    kept = ClinicFile.objects.filter(clinic=clinic, key=key).exclude(text="")
    shelves = (clinic_shelf(clinic), install_shelf())
    on_shelves = [shelf.held[key] for shelf in shelves if key in shelf.held]
    wanted = [held for held in on_shelves if held.sha256 == sha256] or _sound(kept.filter(sha256=sha256))
    found = [*wanted, *on_shelves] or _sound(kept.order_by("-pk"))
    return found[0].file if found else None


def folder_now() -> Contents:
    """The data folder as it is at this moment, whatever was read of it before."""
    return Folder(settings.MEDICINE_FOLDER).contents()


@cache
def _folder(path: Path) -> Folder:
    return Folder(path)


@lru_cache(maxsize=FILES_KEPT)
def _read(key: str, text: str) -> Shelved | tuple[str, ...]:
    """A clinic's file, or what is wrong with it. Kept by its whole text, so that nobody gets another clinic's."""
    try:
        return Shelved(read_text(f"{key}.toml", text), text, "clinic")
    except FormularyError as error:
        return error.messages


def _sound(rows: Iterable[ClinicFile]) -> list[Shelved]:
    return [held for row in rows if isinstance(held := _read(row.key, row.text), Shelved)]

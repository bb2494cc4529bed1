"""The medicine files that somebody may use."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from planner.formulary.engine import engine_medicine
from planner.formulary.errors import FormularyError, UnknownMedicine
from planner.formulary.loading import read_file
from planner.formulary.model import MedicineFile
from planner.formulary.trial import trial_faults
from planner.taper.errors import BadInput
from planner.taper.medicine import Medicine

FOLDER = Path(__file__).parent
FIRST = "baclofen"  # the medicine with which the planner began
Origin = Literal["built-in", "data folder", "clinic"]


@dataclass(frozen=True)
class Shelved:
    """A medicine file that is in order, with its text and where it comes from."""

    file: MedicineFile
    text: str
    origin: Origin

    @cached_property
    def sha256(self) -> str:
        """Of the file's bytes, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def medicine(self) -> Medicine:
        """As the engine sees it."""
        return engine_medicine(self.file)


@dataclass(frozen=True)
class Shelf:
    """Medicine files by key. faults: messages about files that are passed over, each naming the file."""

    held: Mapping[str, Shelved]
    faults: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """In order of the alphabet."""
        return tuple(sorted(self.held))

    @property
    def first(self) -> str:
        """The one that a page shows before any is chosen."""
        return FIRST if FIRST in self.held else self.keys[0]

    def take(self, key: str) -> Shelved:
        """The file with this key, its text and hash. Raises UnknownMedicine."""
        try:
            return self.held[key]
        except KeyError:
            raise UnknownMedicine(key, self.keys) from None

    def load(self, key: str) -> MedicineFile:
        """The file with this key. Raises UnknownMedicine."""
        return self.take(key).file

    def hash(self, key: str) -> str:
        """SHA-256 of the file's bytes, in hex. Raises UnknownMedicine."""
        return self.take(key).sha256

    def find(self, key: str) -> Medicine:
        """The engine's medicine with this key. Raises BadInput when there is none."""
        try:
            return self.take(key).medicine
        except UnknownMedicine as error:
            raise BadInput("medicine", key, f"Known medicines: {', '.join(error.known)}.") from error

    def under(self, held: Mapping[str, Shelved], faults: tuple[str, ...]) -> "Shelf":
        """This shelf with other files laid over it: one of the same key takes the place of the one below."""
        return Shelf({**self.held, **held}, self.faults + faults)

    def without(self, keys: Collection[str]) -> "Shelf":
        return Shelf({key: held for key, held in self.held.items() if key not in keys}, self.faults)


@cache
def built_in() -> Shelf:
    """The files that come with the planner. Raises FormularyError where one is at fault."""
    return Shelf({key: shelve(FOLDER / f"{key}.toml", "built-in") for key in medicine_keys()})


def shelve(path: Path, origin: Origin) -> Shelved:
    """The file at a path. Raises FormularyError with a message for each fault."""
    return Shelved(*read_file(path), origin)


def tried(name: str, shelved: Shelved) -> Shelved:
    """A file that comes from outside, tried from its usual doses; name stands in the messages. Raises FormularyError.

    The built-in files are tried by a test, so that no start waits for it.
    """
    if found := trial_faults(shelved.file):
        raise FormularyError([f"{name}: {path}: {words}" for path, words in found])
    return shelved


def validate_all() -> list[str]:
    """A message for each fault in any built-in file, naming file and key; empty if all are in order."""
    if not medicine_keys():
        return ["There is no medicine file (*.toml) in the formulary."]
    return [message for key in medicine_keys() for message in _faults_of(FOLDER / f"{key}.toml")]


def _faults_of(path: Path) -> tuple[str, ...]:
    try:
        read_file(path)
    except FormularyError as error:
        return error.messages
    return ()


# The built-in files alone, for who knows of no install and no clinic


@cache
def medicine_keys() -> tuple[str, ...]:
    """The keys of the built-in files, in order of the alphabet."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load(key: str) -> MedicineFile:
    """The built-in file with this key. Raises UnknownMedicine, or FormularyError where one is at fault."""
    return built_in().load(key)


def file_hash(key: str) -> str:
    """SHA-256 of a built-in file's bytes, in hex. Raises UnknownMedicine."""
    return built_in().hash(key)


def find_medicine(key: str) -> Medicine:
    """The engine's medicine of a built-in file. Raises BadInput when there is none."""
    return built_in().find(key)

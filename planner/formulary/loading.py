"""Finding, reading and checking the medicine files."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from planner.formulary.engine import engine_medicine
from planner.formulary.errors import FormularyError, UnknownMedicine
from planner.formulary.faults import Fault, faults
from planner.formulary.model import MedicineFile
from planner.taper.errors import BadInput
from planner.taper.medicine import Medicine

FOLDER = Path(__file__).parent


@cache
def medicine_keys() -> tuple[str, ...]:
    """The keys of all medicine files, in order of the alphabet."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load(key: str) -> MedicineFile:
    """The medicine file with this key. Raises UnknownMedicine, or FormularyError if the file is at fault."""
    return read_file(_path(key))


@cache
def file_hash(key: str) -> str:
    """SHA-256 of the file's bytes, in hex. Raises UnknownMedicine."""
    return hashlib.sha256(_path(key).read_bytes()).hexdigest()


def read_file(path: Path) -> MedicineFile:
    """The medicine file at a path, checked. Raises FormularyError with a message for each fault."""
    try:
        return read_text(path.name, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise FormularyError([f"{path.name}: cannot be read as UTF-8 text: {error}"]) from error


def read_text(name: str, text: str) -> MedicineFile:
    """A medicine file from its text; name stands in the messages. Raises FormularyError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormularyError([f"{name}: is not TOML: {error}"]) from error
    _stop(name, [(path, _NO_FLOAT) for path in _floats(data)])
    try:
        file = MedicineFile.model_validate(data)
    except ValidationError as error:
        raise FormularyError([_message(name, _in_words(data, fault)) for fault in error.errors()]) from error
    _stop(name, faults(file))
    if f"{file.key}.toml" != name:
        raise FormularyError([f"{name}: key: It must be the file's name, {name.removesuffix('.toml')!r}."])
    return file


def validate_all() -> list[str]:
    """A message for each fault in any medicine file, naming file and key; empty if all are in order."""
    if not medicine_keys():
        return ["There is no medicine file (*.toml) in the formulary."]
    return [message for key in medicine_keys() for message in _faults_of(key)]


def find_medicine(key: str) -> Medicine:
    """The engine's medicine with this key. Raises BadInput when there is none."""
    try:
        return _in_the_engine(key)
    except UnknownMedicine as error:
        raise BadInput("medicine", key, f"Known medicines: {', '.join(error.known)}.") from error


@cache
def _in_the_engine(key: str) -> Medicine:
    return engine_medicine(load(key))


_NO_FLOAT = 'A number with decimals is written as text in quotes, such as "2.5".'
_NEED_NUMBER = "Give a whole number without quotes"


def _path(key: str) -> Path:
    if key not in medicine_keys():
        raise UnknownMedicine(key, medicine_keys())
    return FOLDER / f"{key}.toml"


def _faults_of(key: str) -> tuple[str, ...]:
    try:
        read_file(_path(key))
    except FormularyError as error:
        return error.messages
    return ()


def _stop(name: str, found: list[Fault]) -> None:
    if found:
        raise FormularyError([_message(name, fault) for fault in found])


def _message(name: str, fault: Fault) -> str:
    return f"{name}: {fault[0]}: {fault[1]}"


def _floats(value: object, path: str = "") -> Iterator[str]:
    if isinstance(value, float):
        yield path
    for name, inner in _items(value):
        yield from _floats(inner, f"{path}.{name}" if path else name)


def _items(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from ((_name(item, place), item) for place, item in enumerate(value))


def _name(item: object, place: int) -> str:
    known = (item.get("key") or item.get("country")) if isinstance(item, Mapping) else None
    return known if isinstance(known, str) else str(place)


def _in_words(data: object, error: ErrorDetails) -> Fault:
    names: list[str] = []
    inside = data
    for place in error["loc"]:
        if isinstance(place, int) and isinstance(inside, list):
            inside = inside[place]
            names.append(_name(inside, place))
        else:
            inside = inside.get(place) if isinstance(inside, Mapping) else None
            names.append(str(place))
    return ".".join(names), _allowed(error)


def _allowed(error: ErrorDetails) -> str:
    given = "" if error["type"] == "missing" else f" Given: {error['input']!r}."
    words = {
        "missing": "It is required.",
        "extra_forbidden": "Unknown key. Correct its name, or leave it out.",
        "int_type": f"{_NEED_NUMBER}.",
    }
    return words.get(error["type"], f"{error['msg'].removeprefix('Value error, ').rstrip('.')}.") + given

"""Reading and checking one medicine file."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from planner.formulary.errors import FormularyError
from planner.formulary.faults import Fault, faults
from planner.formulary.model import MedicineFile

MOST_BYTES = 500 * 1000
MOST_IN_A_LINE = 2000  # characters; longer keys would keep the reader of TOML busy for minutes
MOST_DEEP = 10  # levels; a medicine file needs five
MOST_GIVEN = 100  # characters of what stands in the file, in a message
MOST_VERSION = 999_999
MOST_KEY = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # all but tab and line feed
TAKEN_KEYS = ("by-hand", "inline", "own")  # they mean something else where a medicine is chosen


def read_file(path: Path) -> tuple[MedicineFile, str]:
    """The medicine file at a path, checked, and its text. Raises FormularyError with a message for each fault."""
    try:
        with path.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise FormularyError([f"{path.name}: It cannot be read: {error.strerror}."]) from error
    text = text_of(path.name, data)
    return read_text(path.name, text), text


def text_of(name: str, data: bytes) -> str:
    """The text of a file's bytes; name stands in the messages. Raises FormularyError.

    The text as bytes is the data again, so that a hash of either is that of both.
    """
    if len(data) > MOST_BYTES:
        raise FormularyError([f"{name}: It is larger than {MOST_BYTES // 1000} KB. A medicine file has at most that."])
    if not data.strip():
        raise FormularyError([f"{name}: It is empty."])
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line, byte = data.count(b"\n", 0, error.start) + 1, data[error.start]
        words = f"line {line}: It is not UTF-8 text (byte 0x{byte:02x}). Save the file as UTF-8."
        raise FormularyError([f"{name}: {words}"]) from error


def read_text(name: str, text: str) -> MedicineFile:
    """A medicine file from its text; name is its key with ".toml". Raises FormularyError."""
    file = read_under_any_name(name, text)
    if f"{file.key}.toml" != name:
        raise FormularyError([f"{name}: key: It must be the file's name, {name.removesuffix('.toml')!r}."])
    return file


def read_under_any_name(name: str, text: str) -> MedicineFile:
    """The same for a file whose name says nothing, such as a downloaded one; it stands in the messages."""
    _require_short_lines(name, text)
    data = _toml(name, text)
    _require_shallow(name, data)
    _stop(name, [(path, _NO_FLOAT) for path in _floats(data)])
    _stop(name, [(path, _NO_CONTROL) for path in _controls(data)])
    try:
        file = MedicineFile.model_validate(data)
    except ValidationError as error:
        raise FormularyError([_message(name, _in_words(data, fault)) for fault in error.errors()]) from error
    _stop(name, [*_own_names(file), *faults(file)])
    return file


def _require_short_lines(name: str, text: str) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MOST_IN_A_LINE:
            words = f"line {number}: It is too long. Give at most {MOST_IN_A_LINE:,} characters in a line."
            raise FormularyError([f"{name}: {words}"])


def _toml(name: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))  # a mark that some editors put first
    except RecursionError:
        raise _too_deep(name) from None
    except tomllib.TOMLDecodeError as error:
        raise FormularyError([f"{name}: is not TOML: {error}"]) from error


def _require_shallow(name: str, data: dict[str, object]) -> None:
    level: list[object] = [data]
    for _ in range(MOST_DEEP + 1):
        level = [inner for value in level for _, inner in items(value)]
    if level:
        raise _too_deep(name)


def _too_deep(name: str) -> FormularyError:
    return FormularyError([f"{name}: It is nested too deeply. Give at most {MOST_DEEP} levels."])


def _own_names(file: MedicineFile) -> Iterator[Fault]:
    """What a file may call itself: its key stands in addresses, and both in the database."""
    if not re.fullmatch("[a-z0-9-]+", file.key) or len(file.key) > MOST_KEY:
        yield "key", f"Give at most {MOST_KEY} small letters, digits and hyphens."
    if file.key in TAKEN_KEYS:
        yield "key", f"{file.key!r} means something else here. Give another."
    if file.version > MOST_VERSION:
        yield "version", f"Give a whole number from 1 to {MOST_VERSION:,}."


_NO_FLOAT = 'A number with decimals is written as text in quotes, such as "2.5".'
_NO_CONTROL = "Leave out the control characters: no page and no database takes them."
_NEED_NUMBER = "Give a whole number without quotes"


def _stop(name: str, found: list[Fault]) -> None:
    if found:
        raise FormularyError([_message(name, fault) for fault in found])


def _message(name: str, fault: Fault) -> str:
    return f"{name}: {fault[0]}: {fault[1]}"


def _floats(value: object, path: str = "") -> Iterator[str]:
    if isinstance(value, float):
        yield path
    for name, inner in items(value):
        yield from _floats(inner, f"{path}.{name}" if path else name)


def _controls(value: object, path: str = "") -> Iterator[str]:
    if isinstance(value, str) and _CONTROL.search(value):
        yield path
    for name, inner in items(value):
        yield from _controls(inner, f"{path}.{name}" if path else name)


def items(value: object) -> Iterator[tuple[str, object]]:
    """What stands in a table or a list of the file, each by its name: the key, else its place."""
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
    for place in (place for place in error["loc"] if place != "[key]"):
        if isinstance(place, int) and isinstance(inside, list):
            inside = inside[place]
            names.append(_name(inside, place))
        else:
            inside = inside.get(place) if isinstance(inside, Mapping) else None
            names.append(str(place))
    return ".".join(names), _allowed(error)


PATTERNS = {
    "cut": 'Give a percentage or an amount in quotes, as "20%" or "20 mg".',
    "down_to": 'Give a percentage or an amount in quotes, as "30%" or "20 mg".',
    "country": "Give two capitals, such as GB or US.",
    "unit": "Give letters, such as mg or micrograms; for a window hours or days.",
    "key": "Give small letters, digits and hyphens.",
    "read_on": 'Give a date, such as "2026-11-23".',
    "address": "Give an address that begins with http:// or https://.",
}  # by the last name of the place, for what a file writes in a form of its own


def _allowed(error: ErrorDetails) -> str:
    given = "" if error["type"] == "missing" else f" Given: {_shortened(error['input'])}."
    last = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] in ("string_pattern_mismatch", "string_type") and last in PATTERNS:
        return PATTERNS[last] + given
    words = {
        "missing": "It is required.",
        "extra_forbidden": "Unknown key. Correct its name, or leave it out.",
        "int_type": f"{_NEED_NUMBER}.",
    }
    return words.get(error["type"], f"{error['msg'].removeprefix('Value error, ').rstrip('.')}.") + given


def _shortened(value: object) -> str:
    words = repr(value)
    return words if len(words) <= MOST_GIVEN else f"{words[:MOST_GIVEN]} …"

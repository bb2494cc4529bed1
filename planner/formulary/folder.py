"""Medicine files in a folder outside of the program, read again when one changes."""

import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from planner.formulary.errors import FormularyError
from planner.formulary.shelf import Shelved, shelve, tried

LOOK_EVERY_SECONDS = 1
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Contents:
    """The files in order, by key, and a message for each fault in the others."""

    held: Mapping[str, Shelved] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Entry:
    """A file as it was when last read. good: the last that was in order, None where none was."""

    stamp: Stamp
    good: Shelved | None
    faults: tuple[str, ...]


class Folder:
    """The medicine files of a folder. A file at fault is passed over; the one by its name that was good before stays.

    Safe to share between threads. It looks for changes at most once a second.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._clock = path, clock
        self._lock = Lock()
        self._entries: dict[str, _Entry] = {}
        self._contents = Contents()
        self._next_look: float | None = None

    def contents(self) -> Contents:
        """The folder's files as they are now."""
        with self._lock:
            if self._next_look is None or self._clock() >= self._next_look:
                self._next_look = self._clock() + LOOK_EVERY_SECONDS
                self._look()
            return self._contents

    def _look(self) -> None:
        try:
            paths = sorted(_medicine_files(self._path))
        except OSError as error:  # what was read before stays
            words = f"{self._path.name}: The folder cannot be read: {error.strerror}."
            self._contents = Contents(self._contents.held, (words,))
            return
        self._entries = {path.name: _entry(path, self._entries.get(path.name)) for path in paths}
        entries = self._entries.values()
        self._contents = Contents(
            {entry.good.file.key: entry.good for entry in entries if entry.good},
            tuple(words for entry in entries for words in entry.faults),
        )


def _medicine_files(folder: Path) -> Iterator[Path]:
    """Those in a folder; none where there is no folder. Editors keep half-written files under a name with a dot."""
    if not folder.exists():
        return
    for path in folder.iterdir():
        if path.suffix.lower() == ".toml" and not path.name.startswith("."):
            yield path


def _entry(path: Path, before: _Entry | None) -> _Entry:
    good = before.good if before else None
    try:
        stamp = _stamp(path)
        if before and before.stamp == stamp:
            return before
        return _Entry(stamp, tried(path.name, shelve(path, "data folder")), ())
    except FormularyError as error:
        return _Entry(stamp, good, error.messages)
    except OSError as error:
        return _Entry((0, 0, 0), good, (f"{path.name}: It cannot be read: {error.strerror or error}.",))


def _stamp(path: Path) -> Stamp:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):  # a pipe would never end
        raise OSError("it is no file")
    return found.st_mtime_ns, found.st_size, found.st_ino

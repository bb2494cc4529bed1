"""What differs between two medicine files."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from planner.formulary.loading import items


@dataclass(frozen=True)
class Difference:
    """A value that two files do not share. path: where it stands, dotted; before or after: empty where it is not."""

    path: str
    before: str
    after: str


def differences(before: str, after: str) -> list[Difference]:
    """Every value that differs between the texts of two files that are in order, in the order of the second."""
    old, new = _values(before), _values(after)
    paths = [*new, *(path for path in old if path not in new)]
    return [Difference(path, old.get(path, ""), new.get(path, "")) for path in paths if old.get(path) != new.get(path)]


def _values(text: str) -> dict[str, str]:
    return dict(_leaves(tomllib.loads(text.removeprefix("\ufeff")), ""))


def _leaves(value: object, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict | list):
        yield path, {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    for name, inner in items(value):
        yield from _leaves(inner, f"{path}.{name}" if path else name)

"""Every place of a JSON document, and other values that could stand there."""

import copy
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from planner.plan_files.writing import digest_of

Place = tuple[str | int, ...]


def leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Each value that holds no others, empty lists and objects too."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not parts or not value:
        yield place, value
    for name, part in parts:
        yield from leaves(part, (*place, name))


def others(value: Any) -> Iterator[Any]:
    """Values like this one, but not it."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif value is None:
        yield from ("2027-01-20", 1)
    elif isinstance(value, str):
        yield from _other_texts(value)
    elif value == []:
        yield ["new"]
    else:
        yield {"new": "new"}


def _other_texts(text: str) -> Iterator[str]:
    try:
        yield str(int(text) + 5)
        return
    except ValueError:
        pass
    for read, later in ((date, timedelta(days=1)), (datetime, timedelta(days=2))):
        try:
            yield (read.fromisoformat(text) + later).isoformat()
            return
        except ValueError:
            continue
    yield f"{text}x"


def changed(document: Any, place: Place, value: Any) -> Any:
    made = copy.deepcopy(document)
    at = made
    for part in place[:-1]:
        at = at[part]
    at[place[-1]] = value
    return made


def sealed(content: Any, **whole: Any) -> bytes:
    """A file around a content, its digest made right."""
    document = {"format": "taper-plan", "format_version": 1, "sha256": digest_of(content), "content": content}
    return json.dumps(document | whole).encode()

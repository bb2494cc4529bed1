"""JSON as it is handed to a command: bytes in, plain values out."""

import json
from typing import Any

from planner.taper import BadInput

MOST_DEEP = 20  # a request needs seven levels; far deeper ones would break whoever walks them
MOST_DIGITS = 20


def read_json(content: bytes) -> Any:
    """The value of a JSON text; numbers with a point are taken as the text they are.

    Raises BadInput for what is not UTF-8 or not JSON, for a name that stands twice in an object, and for nesting
    or numbers beyond what any request needs.
    """
    try:
        text = content.decode()
        data = json.loads(
            text, parse_float=str, parse_int=_whole, parse_constant=_no_number, object_pairs_hook=_named_once
        )
    except UnicodeDecodeError as error:
        raise BadInput("request", readable(content), f"It is not UTF-8: byte {error.start + 1}.") from None
    except RecursionError:
        raise _too_deep(text) from None
    except ValueError as error:
        raise BadInput("request", readable(content), f"It is not JSON: {error}.") from None
    _require_shallow(data, text)
    return data


def readable(content: bytes) -> str:
    """The beginning of a text for a message, whatever its bytes are."""
    return content.strip()[:80].decode(errors="backslashreplace")


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise BadInput("request", digits, f"Give numbers of at most {MOST_DIGITS} digits.")
    return int(digits)


def _no_number(name: str) -> Any:
    raise BadInput("request", name, "JSON has no such number.")


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise BadInput(name, value, "The name stands twice in one object: give it once.")
        found[name] = value
    return found


def _require_shallow(data: Any, text: str) -> None:
    level, depth = [data], 0
    while level:
        if depth > MOST_DEEP:
            raise _too_deep(text)
        level, depth = [child for value in level for child in _children(value)], depth + 1


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _too_deep(text: str) -> BadInput:
    return BadInput("request", text.strip(), f"It is nested too deeply: at most {MOST_DEEP} levels.")

"""The bytes of a plan's file read into its shape; whatever is wrong is said in whole sentences."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from planner.plan_files.shape import Content
from planner.plan_files.writing import FORMAT, FORMAT_VERSION, digest_of

MOST_BYTES = 2_000_000
MOST_DEEP = 16  # a plan's file needs eleven
MOST_SAID = 50
_TEXT = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)  # one that is never closed goes to the end
_BRACKET = re.compile(r"[\[{\]}]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # all but tab and ends of lines; half letters
KNOWN = {"format", "format_version", "sha256", "content"}


class NotAPlan(Exception):
    """A file that cannot be brought in. messages: what is wrong, each a sentence."""

    def __init__(self, messages: Sequence[str]) -> None:
        self.messages = tuple(messages[:MOST_SAID])
        super().__init__(" ".join(self.messages))


def read_content(data: bytes) -> Content:
    """What a file holds, its digest compared. Raises NotAPlan."""
    whole = _json(data)
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise NotAPlan([f"This is another kind of file: “format” has to be “{FORMAT}”."])
    version = whole.get("format_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise NotAPlan(["“format_version” has to be a whole number from 1 on."])
    if version > FORMAT_VERSION:
        words = f"The file has version {version} of the format; this planner reads up to {FORMAT_VERSION}."
        raise NotAPlan([f"{words} Update the planner, or export the plan from an older one."])
    if set(whole) != KNOWN:
        raise NotAPlan([f"The file has to hold {', '.join(sorted(KNOWN))}, and nothing else."])
    if whole["sha256"] != digest_of(whole["content"]):
        raise NotAPlan(["The file was changed since it was exported: its SHA-256 does not match. Export it again."])
    return _shaped(whole["content"])


def _json(data: bytes) -> Any:
    if len(data) > MOST_BYTES:
        raise NotAPlan([f"The file is larger than {MOST_BYTES // 1000} KB. A plan has at most that."])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAPlan(["This is no JSON: the file is not UTF-8 text."]) from error
    if _depth(text) > MOST_DEEP:
        raise NotAPlan([f"The file is nested more than {MOST_DEEP} levels deep. No plan is."])
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_float=_no_float, parse_constant=_no_float)
    except json.JSONDecodeError as error:
        raise NotAPlan([f"This is no JSON: line {error.lineno}, column {error.colno} cannot be read."]) from error
    except ValueError as error:
        raise NotAPlan(["A number in the file has too many digits."]) from error


def _depth(text: str) -> int:
    """How deep objects and lists are nested, without reading them; brackets in texts do not count."""
    deepest = deep = 0
    for bracket in _BRACKET.findall(_TEXT.sub("", text)):
        deep += 1 if bracket in "[{" else -1
        deepest = max(deepest, deep)
    return deepest


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if any(_CONTROL.search(text) for pair in pairs for part in pair for text in _texts(part)):
        first = _CONTROL.sub("?", pairs[0][0][:80])
        raise NotAPlan([f"“{first}” stands beside a text with a control character. No plan has any."])
    if len(found) < len(pairs):
        times = Counter(name for name, _ in pairs)
        twice = next(name for name in found if times[name] > 1)
        raise NotAPlan([f"“{twice[:80]}” stands twice in one object of the file. Each name may stand once."])
    return found


def _texts(part: Any) -> Iterator[str]:
    """The texts of a value, and of the lists in it; objects in it were looked at before."""
    if isinstance(part, str):
        yield part
    for each in part if isinstance(part, list) else ():
        yield from _texts(each)


def _no_float(text: str) -> Any:
    raise NotAPlan([f"{text[:80]} is a bare number with decimals. Amounts are texts, such as “12.5”."])


def _shaped(content: Any) -> Content:
    try:
        return Content.model_validate_json(json.dumps(content))
    except ValidationError as error:
        raise NotAPlan(list(_words(error))) from error


def _words(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(str(part) for part in fault["loc"])
        yield f"{place[:200]}: {fault['msg']}."

"""Words in plain and bold, broken into lines by measure. Nothing in them is ever read as markup."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from planner.papers import fonts
from planner.papers.model import DoesNotFit
from planner.papers.numbers import MONTHS

_UNITS = r"mg|mL|mcg|micrograms?|g|units?"
_TOGETHER = (
    rf"(?<=\d) (?=(?:{_UNITS}|{'|'.join(MONTHS)}|\d)\b)",  # 20 mg, 7 December, telephone numbers
    *(rf"(?<={month}) (?=\d{{4}}\b)" for month in MONTHS),
    r" (?=in each mL)|(?<=in) (?=each mL)|(?<=each) (?=mL)",
)
_GLUE = re.compile("|".join(_TOGETHER))


@dataclass(frozen=True)
class Run:
    text: str
    bold: bool = False


Text = tuple[Run, ...]
Line = tuple[Run, ...]


def plain(text: str) -> Text:
    return (Run(text),)


def bold(text: str) -> Text:
    return (Run(text, True),)


def words_of(text: Text) -> str:
    """The text without its weights."""
    return "".join(run.text for run in text)


def width(line: Line, size: float) -> float:
    return sum(fonts.width(run.text, size, run.bold) for run in line)


def wrap(text: Text, size: float, room: float) -> list[Line]:
    """Lines no wider than room (points). A number stays with its unit, a day with its month.

    Raises DoesNotFit for a word that is wider than room.
    """
    lines: list[list[Line]] = [[]]
    space, used = max(fonts.width(" ", size), fonts.width(" ", size, bold=True)), 0.0
    for word in _split(text):
        wide = width(word, size)
        if wide > room:
            raise DoesNotFit(f"{words_of(word)!r} is too long for its place on the paper.")
        if lines[-1] and used + space + wide > room:
            lines.append([])
        used = used + space + wide if lines[-1] else wide
        lines[-1].append(word)
    return [_join(line) for line in lines if line]


def _split(text: Text) -> list[Line]:
    """Words; one may have parts in both weights."""
    words: list[list[Run]] = [[]]
    for run in text:
        for place, part in enumerate(_GLUE.sub("\N{NO-BREAK SPACE}", run.text).split(" ")):
            if place:
                words.append([])
            if part:
                words[-1].append(Run(part, run.bold))
    return [tuple(word) for word in words if word]


def _join(words: Iterable[Line]) -> Line:
    runs: list[Run] = []
    for word in words:
        for place, part in enumerate(word):
            space = " " if runs and place == 0 else ""
            if runs and runs[-1].bold == part.bold:
                runs[-1] = Run(runs[-1].text + space + part.text, part.bold)
            elif space:
                runs += [Run(" "), part] if part.bold else [Run(" " + part.text)]
            else:
                runs.append(part)
    return tuple(runs)

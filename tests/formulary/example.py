"""The README's smallest medicine file."""

import re
from pathlib import Path
from textwrap import dedent

README = Path(__file__).parent.parent.parent / "README.md"


def example() -> str:
    """The file as it stands in the chapter "A medicine of your own"."""
    chapter = README.read_text(encoding="utf-8").split("## A medicine of your own")[1].split("\n## ")[0]
    smallest, _ = examples(chapter)
    return smallest


def with_more() -> str:
    """The same with the published pace and the factor that the chapter shows."""
    smallest, more = examples(README.read_text(encoding="utf-8"))
    tables, sources = smallest.split("[sources.ours]")
    return f"{tables}{more}\n[sources.ours]{sources}"


def examples(text: str) -> list[str]:
    return [dedent(found) for found in re.findall(r"^ *```toml\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)]

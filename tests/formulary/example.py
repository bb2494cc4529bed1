"""The README's smallest medicine file."""

import re
from pathlib import Path

README = Path(__file__).parent.parent.parent / "README.md"


def example() -> str:
    """The file as it stands in the chapter "A medicine of your own"."""
    chapter = README.read_text(encoding="utf-8").split("## A medicine of your own")[1].split("\n## ")[0]
    found = re.search(r"```toml\n(.*?)```", chapter, re.DOTALL)
    assert found
    return found[1]

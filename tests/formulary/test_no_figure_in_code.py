"""No dose, percent or number of days of a medicine stands in Python: figures are data, with their sources."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.formulary import load, medicine_keys

PLANNER = Path(__file__).parent.parent.parent / "planner"
FIGURE = re.compile(r"\d\s?(mg|mcg|micrograms?|mL|%|(days?|weeks?|hours?)\b)")
EXAMPLES = {
    "forms/pace_lines.py": " every 28 days down to 50 ",
    "forms/product_text.py": "tablet 10 mg, capsule 300 mg, solution 1 mg/mL, 0.5 mL. What 1 mL holds.",
    "forms/schedule_steps.py": "as 20 15 20 7 days. as 0 7 days.",
    "forms/schedule_text.py": "as 20 15 20 7 days. as 7 days, 2 weeks or x 7. as 28 days or 4 weeks.",
    "management/commands/check_schedule.py": "100%",
    "management/commands/start.py": "within 24 hours",
    "management/request_options.py": "such as 10% such as 5 mg 10%|5 mg 20%|5 mg",
    "papers/legend.py": "1 mL in the syringe",
    "taper/given.py": "100%",
    "taper/read_pace.py": "at most 100%. such as 10% such as 5 ",
    "taper/rules_schedule.py": "1 day, ",
}  # how something is written, or no figure of a medicine; by file


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Every text in a module's code with its line, but for docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and said(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def said(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> bool:
    return ast.get_docstring(node) is not None


def modules() -> list[Path]:
    found = [path for path in PLANNER.rglob("*.py") if not {"formulary", "migrations"} & set(path.parts)]
    assert len(found) > 100
    return sorted(found)


def clinical(path: Path, allowed: str) -> list[str]:
    """Texts with a figure that is not allowed, or with a medicine's name."""
    names = re.compile("|".join(rf"\b{re.escape(name)}\b" for key in medicine_keys() for name in names_of(key)), re.I)
    found = []
    for line, text in strings(path):
        if any(figure[0] not in allowed for figure in FIGURE.finditer(text)) or names.search(text):
            found.append(f"{path.name}:{line}: {text!r}")
    return found


def names_of(key: str) -> set[str]:
    return {key, load(key).plain_name.lower()}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PLANNER)))
def test_no_clinical_figure_and_no_medicine_by_name(path: Path) -> None:
    assert clinical(path, EXAMPLES.get(path.relative_to(PLANNER).as_posix(), "")) == []


@pytest.mark.parametrize("line", ['LIMIT = "20%"', 'WORDS = f"at most {n} and 5 mg"', 'if key == "baclofen": pass'])
def test_a_figure_or_a_name_would_be_found(line: str, tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(f'"""Docstrings may say 5 mg."""\n{line}\n', encoding="utf-8")
    assert [found[:11] for found in clinical(module, "")] == ["module.py:2"]

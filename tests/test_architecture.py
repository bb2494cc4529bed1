"""Imports run one way, the engine is pure, and views do not query."""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "planner"

# What each room may import from the others. A room is a folder or a file of the package.
ARROWS = {
    "taper": set(),
    "formulary": {"taper"},
    "papers": {"formulary", "taper"},
    "recheck": set(),
    "models": {"taper", "formulary"},
    "guards": {"models"},
    "trail": {"models"},
    "shelves": {"formulary", "models"},
    "defaults": {"taper", "models", "shelves"},
    "closures": {"taper", "models"},
    "sign_offs": {"formulary", "models", "shelves"},
    "patient_words": set(),
    "patient_search": {"models", "patient_words"},
    "patient_list": {"models", "patient_search"},
    "agenda": {"taper", "models"},
    "course": {"taper", "models"},
    "standing": {"taper", "models", "course"},
    "revising": {"taper", "models", "course", "standing"},
    "suggestions": {"taper", "formulary", "models", "shelves", "course", "standing"},
    "context": {"taper", "models", "shelves", "defaults", "closures", "sign_offs"},
    "issuing": {"taper", "formulary", "models", "shelves", "context", "standing"},
    "learning": {"models", "course"},
    "later_reasons": {"taper", "models", "shelves", "issuing"},
    "plan_files": {
        "taper", "formulary", "models", "shelves", "course", "context", "issuing", "recheck", "revising",
    },
    "services": {
        "taper", "formulary", "models", "shelves", "defaults", "closures", "context", "issuing", "recheck", "sign_offs",
        "agenda", "course", "patient_words", "revising", "standing", "suggestions", "learning", "later_reasons",
        "plan_files",
    },
    "forms": {"taper", "formulary", "models", "shelves", "context"},
    "forms_clinic": {"taper", "formulary", "models", "context"},
    "forms_opening": {"taper", "models", "closures", "forms_clinic"},
    "forms_medicine": {"formulary"},
    "forms_formulary": set(),
    "forms_revise": {"taper", "formulary", "models", "forms", "revising", "standing"},
    "forms_audit": {"trail", "forms_clinic"},
    "forms_issue": {"taper", "formulary", "models", "context", "issuing", "forms_clinic"},
    "forms_patient": {"taper", "models", "context", "forms_clinic", "patient_search"},
    "forms_check_in": {"taper", "formulary", "models", "forms", "forms_clinic", "revising", "suggestions"},
    "forms_plan_files": {"plan_files"},
    "plans_table": {"taper", "models"},
    "views": {
        "taper", "formulary", "papers", "models", "shelves", "defaults", "closures", "context", "issuing", "services",
        "forms", "forms_audit", "forms_check_in", "forms_clinic", "forms_formulary", "forms_issue", "forms_medicine",
        "forms_opening", "forms_patient",
        "forms_revise", "sign_offs", "templatetags", "agenda", "course", "patient_words", "revising", "standing",
        "suggestions", "trail", "patient_list", "patient_search", "learning", "later_reasons", "plan_files",
        "plans_table",
        "forms_plan_files",
    },
    "urls": {"views"},
    "management": {"taper", "formulary", "papers", "models", "shelves", "services"},
    "checks": {"formulary", "shelves"},
    "apps": {"checks", "guards"},
    "templatetags": {"taper", "formulary", "papers"},
    "migrations": {"agenda", "patient_words", "learning"},
    "settings": set(),
    "middleware": set(),
    "accounts": set(),
    "wsgi": set(),
    "__init__": set(),
}  # fmt: skip


def sources(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, path.read_text(encoding="utf-8")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(source: str) -> Iterator[str]:
    """Every module that a source imports, wherever the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield "." * node.level
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def wrong_arrows(room: str, source: str) -> list[str]:
    """The imports of the package that this room may not make; relative ones, which hide the room, are none it may."""
    allowed = {room, *ARROWS[room]}
    inside = [name for name in imported(source) if name.startswith((".", "planner."))]
    return [name for name in inside if name.startswith(".") or name.split(".")[1] not in allowed]


def outside_standard_library(source: str) -> list[str]:
    known = {*sys.stdlib_module_names, "planner"}
    return [name for name in imported(source) if name.split(".")[0] not in known]


def floats(source: str) -> list[int]:
    """Lines with the name ``float`` or a float literal."""
    nodes = ast.walk(ast.parse(source))
    return [node.lineno for node in nodes if _is_float_name(node) or _is_float_literal(node)]  # type: ignore[attr-defined]


def _is_float_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "float"


def _is_float_literal(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def queries(source: str) -> list[int]:
    """Lines with ``.objects``."""
    nodes = ast.walk(ast.parse(source))
    return [node.lineno for node in nodes if isinstance(node, ast.Attribute) and node.attr == "objects"]


def writes(source: str) -> list[int]:
    """Lines that call what writes a row."""
    nodes = ast.walk(ast.parse(source))
    names = ("save", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update")
    return [n.lineno for n in nodes if isinstance(n, ast.Attribute) and n.attr in names]


def reached(name: str) -> set[str]:
    """The files of the engine that one of them imports, by way of others too."""
    found: set[str] = set()
    left = [name]
    while left:
        source = (PACKAGE / "taper" / f"{left.pop()}.py").read_text(encoding="utf-8")
        inside = {module.split(".")[2] for module in imported(source) if module.startswith("planner.taper.")}
        left += inside - found
        found |= inside
    return found


def clock_or_files(source: str) -> list[str]:
    """What would make the engine's answer depend on more than its request."""
    modules = ("time", "os", "io", "pathlib", "random", "secrets", "socket", "subprocess", "tempfile", "uuid")
    found = [name for name in imported(source) if name.split(".")[0] in modules]
    nodes = ast.walk(ast.parse(source))
    calls = [n.attr for n in nodes if isinstance(n, ast.Attribute) and n.attr in ("today", "now", "utcnow")]
    return found + calls


def where(faults: Iterable[tuple[Path, list[str] | list[int]]]) -> dict[str, list[str] | list[int]]:
    return {str(path.relative_to(ROOT)): found for path, found in faults if found}


def test_imports_run_one_way() -> None:
    assert not where((path, wrong_arrows(room_of(path), source)) for path, source in sources(PACKAGE))


def test_check_imports_nothing_of_propose() -> None:
    assert reached("check") & {"propose", "search", "ground", "shares", "pace", "remarks", "options"} == set()
    assert {"search", "ground", "shares"} < reached("propose")


def test_views_and_forms_do_not_write() -> None:
    rooms = ("views", "forms", "management", "templatetags")
    assert not where((path, writes(source)) for room in rooms for path, source in sources(PACKAGE / room))


def test_engine_imports_the_standard_library_only() -> None:
    assert not where((path, outside_standard_library(source)) for path, source in sources(PACKAGE / "taper"))


def test_engine_has_no_float() -> None:
    assert not where((path, floats(source)) for path, source in sources(PACKAGE / "taper"))


def test_engine_has_no_clock_and_no_files() -> None:
    assert not where((path, clock_or_files(source)) for path, source in sources(PACKAGE / "taper"))


def test_views_do_not_query() -> None:
    assert not where((path, queries(source)) for path, source in sources(PACKAGE / "views"))


def test_top_level_holds_nothing_else() -> None:
    known = {"manage.py", "planner", "templates", "static", "tests", "pyproject.toml", "README.md"}
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert {name for name in found - known if not name.endswith((".egg-info", "__pycache__"))} == set()


# The checks themselves, on small sources that break one rule each


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("taper", "from planner.formulary import load"),
        ("taper", "import planner.models"),
        ("taper", "def f():\n    from planner.papers import numbers"),
        ("formulary", "from planner.models import Clinic"),
        ("papers", "from planner.models import Patient"),
        ("models", "from planner.services import add_patient"),
        ("services", "from planner.papers import calendar_pdf"),
        ("services", "from planner.forms import PlannerForm"),
        ("forms", "from planner.services import add_patient"),
        ("views", "from planner.urls import urlpatterns"),
        ("urls", "from planner.models import Patient"),
        ("views", "from planner import urls"),
        ("taper", "from ..formulary import load"),
        ("middleware", "from planner import models"),
    ],
)
def test_wrong_arrow_is_found(room: str, source: str) -> None:
    assert wrong_arrows(room, source)


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("taper", "from planner.taper.amounts import show"),
        ("formulary", "from planner.taper.medicine import Medicine"),
        ("papers", "from planner.formulary import MedicineFile"),
        ("views", "from planner.papers import calendar_pdf"),
        ("services", "from django.db import transaction"),
    ],
)
def test_right_arrow_is_left_alone(room: str, source: str) -> None:
    assert not wrong_arrows(room, source)


@pytest.mark.parametrize("source", ["import django", "from pydantic import Field", "def f():\n    import csp.utils"])
def test_import_outside_the_standard_library_is_found(source: str) -> None:
    assert outside_standard_library(source)


@pytest.mark.parametrize("source", ["x = 0.1", "x = float('1')", "def f(x: float) -> None: ...", "x = 1e3"])
def test_float_is_found(source: str) -> None:
    assert floats(source)


@pytest.mark.parametrize("source", ["date.today()", "from os import environ", "import time", "datetime.now()"])
def test_clock_or_file_is_found(source: str) -> None:
    assert clock_or_files(source)


@pytest.mark.parametrize("source", ["Patient.objects.all()", "manager = Patient.objects", "f(a.b.objects)"])
def test_query_is_found(source: str) -> None:
    assert queries(source)


def test_room_without_arrows_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        wrong_arrows("somewhere-new", "import planner.taper")


@pytest.mark.parametrize("source", ["patient.save()", "Patient.objects.create(name='x')", "rows.bulk_create([])"])
def test_write_is_found(source: str) -> None:
    assert writes(source)

"""How long the lists take with few and with many plans, in turns, each in a process and a database of its own.

    python3 manage.py test_all tests/benchmarks/test_pages.py --numprocesses=0 --plans 100000

prints a table, and fails where a page asks more queries of the larger database or takes more than 1.5 times as long
(the best of its rounds). Without --plans it is passed over. The few plans began in the last year, so that the list
shows a full page of them; a list that they fill in part is reckoned as for as many rows, one that they hardly fill is
held against the list of all.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.conftest import TABLE, WIDTH
from tests.databases import fresh_address

FEW, FEW_WEEKS, MANY_WEEKS = 100, 52, 521
ROUNDS, MOST_TIMES = 15, 1.5
Figures = dict[str, Any]


@contextmanager
def filled(folder: Path, count: int, weeks: int) -> Iterator[subprocess.Popen[str]]:
    """A process that has filled its database and waits for a line."""
    folder.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with fresh_address() as address:
        env = {**kept, "PLANNER_DATA": str(folder), "DATABASE_URL": address}
        command = [sys.executable, str(Path(__file__).parent / "filled.py"), str(count), str(weeks)]
        process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            assert _line(process) == {"patients": count}
            yield process
        finally:
            process.communicate()


def _line(process: subprocess.Popen[str]) -> Figures:
    assert process.stdout
    found: Figures = json.loads(process.stdout.readline())
    return found


def once(process: subprocess.Popen[str]) -> Figures:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()
    return _line(process)


def test_pages_take_as_long_with_many_plans(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    many = request.config.getoption("--plans", default=0)
    if not many:
        pytest.skip("measures only with --plans")
    with (
        filled(tmp_path / "few", FEW, FEW_WEEKS) as small,
        filled(Path(request.config.getoption("--filled") or tmp_path / "many"), many, MANY_WEEKS) as large,
    ):
        once(small), once(large)
        rounds = [(once(small), once(large)) for _ in range(ROUNDS)]
    few, more = (best([both[place] for both in rounds]) for place in (0, 1))
    say = request.config.stash.setdefault(TABLE, []).append
    say(f"{'page':{WIDTH}} {'few ms':>8} {'many ms':>8} {'ratio':>6} {'queries':>9} {'rows':>7}")
    faults = []
    for page, (took, queries, rows) in more.items():
        usual = like(few, page, rows)
        ratio = took / usual
        asked, shown = few[page][1:]
        say(f"{page:{WIDTH}} {usual:8.1f} {took:8.1f} {ratio:6.2f} {asked:4}{queries:5} {shown:3}{rows:4}")
        faults += [page] if asked < queries or ratio > MOST_TIMES else []
    assert faults == []


def best(rounds: list[Figures]) -> Figures:
    """The least time of each page, with its queries and rows."""
    return {page: min(figures[page] for figures in rounds) for page in rounds[0]}


def like(few: Figures, page: str, rows: int) -> float:
    """How long a page takes with few plans: of a list that they fill only in part, as for as many rows."""
    took, _, shown = few[page]
    if page == "Today" or not rows:
        return float(took)
    return float(took * rows / shown if shown > rows / 2 else few["list"][0])

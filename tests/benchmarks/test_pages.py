"""How long the lists take with few and with many plans, in turns, each in a process and a database of its own.

    python3 manage.py test_all tests/benchmarks/test_pages.py --numprocesses=0 --plans 100000

prints a table, and fails where a page asks more queries of the larger database or takes more than 1.5 times as long.
Without --plans it is passed over. The few plans began in the last year, so that both show full pages.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
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
    faults = []
    say = request.config.stash.setdefault(TABLE, []).append
    say(f"{'page':{WIDTH}} {'few ms':>8} {'many ms':>8} {'ratio':>6} {'queries':>9} {'rows':>7}")
    for page in rounds[0][0]:
        times = [median(both[place][page][0] for both in rounds) for place in (0, 1)]
        (_, *few), (_, *more) = rounds[0][0][page], rounds[0][1][page]
        ratio = times[1] / times[0]
        say(f"{page:{WIDTH}} {times[0]:8.1f} {times[1]:8.1f} {ratio:6.2f} {few[0]:4}{more[0]:5} {few[1]:3}{more[1]:4}")
        faults += [page] if few[0] != more[0] or ratio > MOST_TIMES else []
    assert faults == []

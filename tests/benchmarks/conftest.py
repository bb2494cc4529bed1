"""The table at the end of a run with `--benchmark-enable`: medians, and how they stand to the floor."""

from collections.abc import Iterator
from typing import Any

import pytest

MILLISECONDS = 1000
WIDTH = 42
TABLE = pytest.StashKey[list[str]]()  # of the lists


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--plans", type=int, default=0, help="measure the lists with so many plans (test_pages.py)")
    parser.addoption("--filled", default="", help="a data folder that is filled with them already, to measure again")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in config.stash.get(TABLE, []):
        terminalreporter.write_line(line)
    medians = {tuple(bench.extra_info.values()): bench.stats.median for bench in _measured(config)}
    if not medians:
        return
    terminalreporter.write_line(f"{'case':{WIDTH}} {'median ms':>10} {'floor ms':>10} {'ratio':>8}")
    for case in dict.fromkeys(case for case, _ in medians):
        work, floor = (medians.get((case, kind)) for kind in ("work", "floor"))
        if work and floor:
            figures = f"{MILLISECONDS * work:10.2f} {MILLISECONDS * floor:10.3f} {work / floor:8.1f}"
            terminalreporter.write_line(f"{case:{WIDTH}} {figures}")


def _measured(config: pytest.Config) -> Iterator[Any]:
    session = getattr(config, "_benchmarksession", None)
    for bench in session.benchmarks if session else []:
        if "kind" in bench.extra_info and bench.stats.rounds:
            yield bench

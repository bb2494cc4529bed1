"""How long the engine takes, beside how long it takes to write down the same answer. Nothing fails for being slow.

    python3 manage.py test_all tests/benchmarks --numprocesses=0 --benchmark-enable

prints one table at the end. In the normal run each case runs once, and its floor has to give the same bytes.
"""

from typing import Any

import pytest

from tests.benchmarks.cases import CASES, MANY, Case, mixed


def measure(benchmark: Any, name: str, case: Case, kind: str) -> None:
    benchmark.extra_info.update(case=name, kind=kind)
    assert benchmark(case.work if kind == "work" else case.floor) == case.floor()


@pytest.mark.parametrize("kind", ["work", "floor"])
@pytest.mark.parametrize("name", CASES)
def test_one_answer(benchmark: Any, name: str, kind: str) -> None:
    measure(benchmark, name, CASES[name](), kind)


@pytest.mark.parametrize("kind", ["work", "floor"])
def test_many_requests_in_one_process(benchmark: Any, kind: str) -> None:
    count = MANY if benchmark.enabled else 13
    measure(benchmark, f"{count:,} mixed requests in one process", mixed(count), kind)

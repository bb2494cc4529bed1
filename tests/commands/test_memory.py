"""One process answers request after request in the same memory.

PLANNER_TEST_EXAMPLES=34 asks 102,000 of them.
"""

import gc
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from planner.management.commands.propose import answer_line
from planner.taper import Context

REQUESTS = 3000
WARM_UP = 200
MOST_KEPT = 2000  # blocks of memory, however many requests: one that stays from each would be more

Json = dict[str, Any]
TABLET: Json = {"form": "tablet", "strength": "5", "divides": 2}
LIQUID: Json = {"form": "solution", "strength": "1", "step_ml": "0.5"}
STOCKS: tuple[Json, ...] = ({"tablet": TABLET}, {"liquid": LIQUID}, {"tablet": TABLET, "liquid": LIQUID})
ODDITIES: tuple[Json, ...] = (
    {},
    {"coarse": "stretch"},
    {"coarse": "refuse"},
    {"shape": "one-time-first"},
    {"change_on": ["mon", "thu"]},
    {"target": "2.5"},
    {"target": "1.3"},  # bad input
    {"edits": [{"step": 1, "days": 30}]},
    {"on_hand": {"tablet": "7"}},
)


def different_request(number: int) -> bytes:
    """No two alike, so that whatever is remembered of one would stay."""
    start = date(2026, 12, 7) + timedelta(days=number % 9000)
    request = {
        "medicine": {"name": f"Example {number}", "unit": "mg", "products": STOCKS[number % len(STOCKS)]},
        "regimen": {"morning": str(5 + number % 4), "evening": f"{2 + number % 3}.5"},
        "start": start.isoformat(),
        "pace": [{"cut": f"{10 + number % 11}.{number % 100:02}%", "of": "current", "every": 7}],
        "limit": {"cut": f"{20 + number % 13}%", "of": "current", "days": 7},
        **ODDITIES[number % len(ODDITIES)],
    }
    return json.dumps(request).encode()


def baclofen(number: int) -> bytes:
    """One of the formulary's, whose file is read once."""
    start = (date(2026, 12, 7) + timedelta(days=number % 9000)).isoformat()
    regimen = {"morning": str(5 + 5 * (number % 4)), "midday": "5", "evening": "10"}
    return json.dumps({"medicine": "baclofen", "regimen": regimen, "start": start}).encode()


def requests(count: int) -> Iterator[bytes]:
    return (baclofen(number) if number % 10 == 0 else different_request(number) for number in range(count))


def answer_all(count: int) -> Counter[str]:
    return Counter(json.loads(answer_line(line, Context()))["outcome"] for line in requests(count))


def test_memory_stays_flat_over_many_requests() -> None:
    count = REQUESTS * int(os.environ.get("PLANNER_TEST_EXAMPLES", "1"))
    answer_all(WARM_UP)
    before = live_blocks()
    outcomes = answer_all(count)
    assert live_blocks() - before < MOST_KEPT
    assert outcomes["proposed"] > count / 2
    assert outcomes["refused"] > count / 20


def live_blocks() -> int:
    gc.collect()
    return sys.getallocatedblocks()

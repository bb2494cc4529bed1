"""What a schedule always is, held over random requests from the JSON answer alone, day by day.

Each request is held against every sentence. PLANNER_TEST_EXAMPLES=50 looks at fifty times as many: 100,000.
"""

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from tests.taper.arithmetic import schedule_for
from tests.taper.asking import Json
from tests.taper.sentences import SENTENCES
from tests.taper.strategies import examples, full_requests, requests
from tests.taper.supplied import SUPPLIED

EVERY_SENTENCE = (*SENTENCES, *SUPPLIED)


def hold(request: Json) -> None:
    answer = schedule_for(request)
    event("over the limit" if any(step["over_limit"] for step in answer["steps"]) else "within the limit")
    for sentence in EVERY_SENTENCE:
        sentence(request, answer)


KINDS: dict[str, tuple[int, st.SearchStrategy[Json]]] = {
    "short": (840, requests()),
    "short, with every field": (700, requests(new_fields=True)),
    "longer, with every field": (250, requests(most=30, new_fields=True)),
    "long, four times a day": (130, requests(most=90, most_times=4)),
    "long, with every field": (80, requests(most=90, most_times=4, new_fields=True)),
}
assert sum(count for count, _ in KINDS.values()) == 2000


@pytest.mark.parametrize("kind", KINDS)
def test_every_sentence_holds(kind: str) -> None:
    count, strategy = KINDS[kind]
    examples(count)(given(strategy)(hold))()


@examples(120)
@given(full_requests())
def test_the_same_holds_for_odd_amounts_and_a_medicine_with_figures_of_its_own(request: Json) -> None:
    hold(request)

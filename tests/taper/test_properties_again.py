"""A request as resolved, read again, and a change by hand that changes nothing: the same answer."""

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.taper.arithmetic import schedule_for
from tests.taper.asking import Json, ask
from tests.taper.strategies import examples, requests


@examples(90)
@given(requests(new_fields=True))
def test_a_request_as_resolved_gives_the_same_answer(request: Json) -> None:
    answer = schedule_for(request)
    assert ask(answer["request"]) == answer


@examples(60)
@given(requests(most=10, most_times=1, new_fields=True), st.integers(1, 5))
def test_a_change_by_hand_that_changes_nothing_gives_the_same_steps(request: Json, number: int) -> None:
    """With one time of day, so that no proportions change, and at the pace asked for, which is not judged anew."""
    answer = schedule_for(request)
    assume(number <= len(answer["steps"]) and answer["steps"][number - 1]["daily"] != "0")
    assume(all(finding["code"] != "pace-slowed" for finding in answer["findings"]))
    step = answer["steps"][number - 1]
    for same in ({"days": step["days"]}, {"regimen": step["regimen"]}, {"products": answer["request"]["products"]}):
        assert ask(request | {"edits": [{"step": number, **same}]})["steps"] == answer["steps"]

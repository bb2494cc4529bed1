"""Schedules made by hand, each breaking one rule, held against all of them."""

from datetime import date, timedelta

import pytest

from planner.taper import Context, answer_json, check
from tests.taper.asking import Json, proposed, read
from tests.taper.test_examples import BACLOFEN, SOLUTION_1, TABLET_5, TABLET_10, findings, inline

START = date(2026, 12, 7)
HALVED = TABLET_10 | {"divides": 2}


def step(day: int, days: int, **regimen: str) -> Json:
    return {"start": (START + timedelta(days=day)).isoformat(), "days": days, "regimen": regimen}


def checked(request: Json, *steps: Json) -> Json:
    return answer_json(check(read(request), list(steps)))


def blocking(answer: Json) -> set[str]:
    return {code for (code, _), weight in findings(answer).items() if weight == "block"}


ONE_TIME = inline({"tablet-10": TABLET_10}, {"morning": "40"})
TWO_TIMES = inline({"tablet-10": TABLET_10}, {"morning": "20", "evening": "20"})
TO_ZERO = step(14, 0, morning="0")


@pytest.mark.parametrize(
    ("code", "request_data", "steps"),
    [
        ("dose-rises", ONE_TIME, [step(0, 7, morning="30"), step(7, 7, morning="40"), TO_ZERO]),
        ("time-rises", TWO_TIMES, [step(0, 7, morning="30", evening="0"), step(7, 0, morning="0", evening="0")]),
        ("gap", ONE_TIME, [step(0, 6, morning="20"), step(7, 7, morning="10"), TO_ZERO]),
        ("overlap", ONE_TIME, [step(0, 8, morning="20"), step(7, 7, morning="10"), TO_ZERO]),
        ("not-makeable", ONE_TIME, [step(0, 7, morning="12"), step(7, 7, morning="10"), TO_ZERO]),
        ("divides-undividable", ONE_TIME, [step(0, 7, morning="15"), step(7, 7, morning="10"), TO_ZERO]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_broken_schedule_cannot_be_issued(code: str, request_data: Json, steps: list[Json]) -> None:
    assert code in blocking(checked(request_data, *steps))


def test_sound_schedule_has_nothing_that_blocks() -> None:
    answer = checked(ONE_TIME, step(0, 7, morning="20"), step(7, 7, morning="10"), TO_ZERO)
    assert findings(answer) == {("unverified-medicine", None): "acknowledge"}


def test_first_given_step_may_equal_the_current_dose() -> None:
    answer = checked(ONE_TIME, step(0, 7, morning="40"), step(7, 7, morning="10"), TO_ZERO)
    assert not blocking(answer)
    assert answer["days"] == 7


def test_small_cuts_may_not_do_together_what_one_may_not() -> None:
    """20 % of 40 mg in a week is 8 mg: 4 mg, 4 mg, then 4 mg more within the week is 12 mg."""
    request = inline({"liquid": SOLUTION_1}, {"morning": "40"}, target="28") | {
        "limit": {"cut": "20%", "of": "current", "days": 7}
    }
    answer = checked(request, step(0, 3, morning="36"), step(3, 3, morning="32"), step(6, 7, morning="28"))
    assert [given["over_limit"] for given in answer["steps"]] == [False, False, True]
    assert findings(answer)["over-limit", 3] == "acknowledge"


@pytest.mark.parametrize(("day", "over"), [(6, True), (7, False)])
def test_dose_begun_on_the_first_day_of_the_window_is_the_reference(day: int, over: bool) -> None:
    """From 40 to 32 mg on day 0; 26 mg is within a fifth of 32 mg, which is the reference from day 7 on."""
    request = inline({"liquid": SOLUTION_1}, {"morning": "40"}, target="26") | {
        "limit": {"cut": "20%", "of": "current", "days": 7}
    }
    answer = checked(request, step(0, day, morning="32"), step(day, 7, morning="26"))
    assert [given["over_limit"] for given in answer["steps"]] == [False, over]


def test_zero_from_above_the_final_dose_needs_a_reason() -> None:
    answer = checked(ONE_TIME, step(0, 7, morning="20"), step(7, 0, morning="0"))
    assert findings(answer)["abrupt-end", 2] == "acknowledge"


@pytest.mark.parametrize("final_dose", ["60", "55", "20"])
def test_request_cannot_lift_the_medicines_own_final_dose(final_dose: str) -> None:
    answer = answer_json(proposed(BACLOFEN | {"final_dose": final_dose}))
    assert ("abrupt-end", len(answer["steps"])) in findings(answer)


def test_more_pieces_than_max_units_need_a_reason_and_are_supplied() -> None:
    answer = checked(ONE_TIME | {"max_units": "2"}, step(0, 7, morning="30"), step(7, 7, morning="10"), TO_ZERO)
    assert findings(answer)["too-many-units", 1] == "acknowledge"
    assert answer["supply"]["total"] == {"tablet-10": "28"}


def test_schedule_that_ends_elsewhere_than_at_the_target_needs_a_reason() -> None:
    answer = checked(ONE_TIME, step(0, 7, morning="20"))
    assert findings(answer)["target-missed", 1] == "acknowledge"


@pytest.mark.parametrize(
    ("products", "confusing"),
    [
        ({"a": SOLUTION_1, "b": SOLUTION_1 | {"strength": "2"}}, True),
        ({"a": TABLET_10, "b": TABLET_10 | {"strength": "1"}}, True),
        ({"a": TABLET_10, "b": TABLET_5}, False),
        ({"a": TABLET_10, "b": SOLUTION_1}, False),
    ],
)
def test_strengths_easily_confused_need_a_reason(products: dict[str, Json], confusing: bool) -> None:
    answer = answer_json(proposed(inline(products, {"morning": "20"})))
    assert (findings(answer).get(("strength-confusion", None)) == "acknowledge") is confusing


@pytest.mark.parametrize(("country", "above"), [("US", True), ("GB", False)])
def test_dose_above_the_countrys_maximum_needs_a_reason(country: str, above: bool) -> None:
    """90 mg a day of baclofen: 80 mg is the US label's most, 100 mg the UK's."""
    request = BACLOFEN | {"regimen": {"morning": "30", "midday": "30", "evening": "30"}}
    answer = answer_json(proposed(request, Context(country=country)))
    assert (findings(answer).get(("above-maximum", None)) == "acknowledge") is above


@pytest.mark.parametrize(("factors", "blocked"), [(None, True), ([], False)])
def test_factors_not_asked_block_an_issue(factors: list[str] | None, blocked: bool) -> None:
    answer = answer_json(proposed(BACLOFEN | {"factors": factors}, Context(issuing=True)))
    assert ("factors-not-asked" in blocking(answer)) is blocked


def test_second_running_taper_needs_a_reason() -> None:
    answer = answer_json(proposed(BACLOFEN, Context(second_taper=True)))
    assert findings(answer)["second-taper", None] == "acknowledge"


def test_60_mg_typed_once_is_asked_about() -> None:
    answer = answer_json(proposed(BACLOFEN | {"regimen": {"morning": "60"}}))
    assert findings(answer)["unusual-times", None] == "acknowledge"


def test_emptied_time_of_a_short_lived_medicine_is_said() -> None:
    answer = answer_json(proposed(BACLOFEN))
    assert "advise" in {weight for (code, _), weight in findings(answer).items() if code == "dose-gap"}


def test_day_count_between_changes_ignores_steps_that_change_nothing() -> None:
    steps = [
        step(0, 3, morning="20", midday="20", evening="20"),
        step(3, 7, morning="20", midday="15", evening="20"),
        step(10, 3, morning="20", midday="15", evening="20"),
        step(13, 7, morning="15", midday="15", evening="20"),
    ]
    assert "too-soon" not in {code for code, _ in findings(checked(BACLOFEN, *steps))}

"""Each sentence about a step, redone by hand."""

from itertools import pairwise

from planner.taper import check, explain_step
from tests.taper.asking import Json, proposed, read
from tests.taper.test_examples import BACLOFEN, SOLUTION_1, TABLET_10, inline
from tests.taper.test_rules import step


def why(request: Json, number: int):  # type: ignore[no-untyped-def]
    answer = proposed(request)
    return explain_step(answer, answer.steps[number - 1])


def test_sums_of_a_cut_over_the_limit() -> None:
    found = why(BACLOFEN, 9)
    assert found.sums == ("20 − 15 = 5 mg", "5 ÷ 20 = 25.0 % of current", "5 ÷ 60 = 8.3 % of starting")
    assert found.limit == "20 % of 20 mg = 4 mg in 7 days, from 20 mg on 25 January 2027"
    assert found.makes.startswith("5 mg: half of one 10 mg tablet. From 20 mg the next dose down is 15 mg")
    assert "1 mg over the limit of 20 % of the current dose in 7 days" in found.sentence


def test_stop_says_from_which_dose_and_beside_which_final_dose() -> None:
    assert why(BACLOFEN, 12).sentence == "The next step from 5 mg a day is zero: at or below the final dose of 5 mg."


def test_phase_that_is_longer_is_not_called_a_hold() -> None:
    pace = [{"cut": "10%", "every": 7, "down_to": "30 mg"}, {"cut": "10%", "every": 14}]
    request = BACLOFEN | {"products": ["solution-1"], "pace": pace}
    answer = proposed(request)
    assert not any("lasts" in explain_step(answer, s).sentence for s in answer.steps)


def test_hold_for_the_window_is_said_with_its_days() -> None:
    answer = proposed(BACLOFEN | {"limit": {"cut": "20%", "of": "current", "days": 14}})
    after = [explain_step(answer, s).sentence for s, b in with_before(answer.steps) if b.days > 7]
    assert after
    assert all("lasts 14 days, until the window of 14 days" in sentence for sentence in after)


def with_before(steps):  # type: ignore[no-untyped-def]
    return [(step, before) for before, step in pairwise(steps) if step.daily]


def test_cut_over_a_window_names_the_dose_it_reckons_from() -> None:
    request = inline({"solution-1": SOLUTION_1}, {"morning": "60"})
    steps = [step(0, 3, morning="54"), step(3, 3, morning="48"), step(6, 3, morning="44")]
    answer = check(read(request | {"limit": {"cut": "20%", "days": 7}, "target": "44"}), steps)
    (finding,) = [f for f in answer.findings if f.code == "over-limit"]
    assert "from 6 December 2026 on, 60 mg a day falls to 44 mg; 12 mg is allowed: 4 mg over" in finding.message


def test_nothing_is_claimed_of_a_schedule_made_by_hand() -> None:
    answer = check(
        read(inline({"tablet-10": TABLET_10}, {"morning": "60"})), [step(0, 7, morning="30"), step(7, 0, morning="0")]
    )
    first, stop = (explain_step(answer, s) for s in answer.steps)
    assert "nearest" not in first.sentence + first.makes
    assert "above the final dose" in stop.sentence


def test_several_products_name_the_step_between_their_doses() -> None:
    assert "5 mg: the step between" in why(BACLOFEN | {"products": ["tablet-15", "tablet-20"]}, 1).makes


def test_stretched_hold_is_said_with_its_sum() -> None:
    """5 mg from 20 mg, where 4 mg may go in 7 days: 8.75 days."""
    held = why(BACLOFEN | {"coarse": "stretch"}, 9).sentence
    assert held.endswith("lasts 14 days, because the next cut is over the limit: at least 5 ÷ 4 × 7 days.")

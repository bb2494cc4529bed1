"""Random changes, check-ins, notes and days of a running plan, held against a diary."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.revisions.machine import PrintedPlan, RunningPlan

MORE = int(os.environ.get("PLANNER_TEST_EXAMPLES", "1"))


def runs(count: int, steps: int) -> settings:
    """So many random lives of a plan, times PLANNER_TEST_EXAMPLES for a longer search."""
    return settings(
        max_examples=count * MORE,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.django_db
def test_running_plan_is_what_the_diary_says() -> None:
    run_state_machine_as_test(RunningPlan, settings=runs(12, 20))


@pytest.mark.django_db
def test_papers_of_a_running_plan_say_what_the_diary_says() -> None:
    run_state_machine_as_test(PrintedPlan, settings=runs(2, 8))

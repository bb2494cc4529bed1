"""The rules: each looks at a schedule and says what it finds, without knowing how the schedule was made."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from planner.taper.complete import complete
from planner.taper.errors import BadInput
from planner.taper.factors import factor_findings
from planner.taper.given import read_steps
from planner.taper.request import Request
from planner.taper.rules_closures import CLOSURE_RULES
from planner.taper.rules_medicine import MEDICINE_RULES
from planner.taper.rules_running import RUNNING_RULES
from planner.taper.rules_schedule import SCHEDULE_RULES
from planner.taper.schedule import Answer, Finding, Step
from planner.taper.supply import supply

Rule = Callable[[Request, Sequence[Step]], Iterator[Finding]]
RULES: tuple[Rule, ...] = (*SCHEDULE_RULES, *MEDICINE_RULES, *RUNNING_RULES, *CLOSURE_RULES)
WEIGHTS = ("refuse", "block", "acknowledge", "advise")


def findings_of(request: Request, steps: Sequence[Step]) -> list[Finding]:
    """Everything that the rules find in a schedule, the weightiest first."""
    found = [finding for rule in RULES for finding in rule(request, steps)]
    return by_weight(found)


def by_weight(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (WEIGHTS.index(finding.severity), finding.step or 0))


def exclusions(request: Request) -> list[Finding]:
    """The patient factors with which no schedule is made."""
    return [finding for finding in factor_findings(request) if finding.severity == "refuse"]


def check(request: Request, given: Sequence[Mapping[str, Any]]) -> Answer:
    """A schedule that somebody made, completed and held against every rule.

    given: steps with ``start``, ``days`` and ``regimen``, in order; the first may equal the current dose. Raises
    BadInput where they cannot be read. A dose that cannot be made is a finding, not an error.
    """
    if not given:
        raise BadInput("steps", given, "Give at least one step with start, days and regimen.")
    steps = complete(request, read_steps(given, request))
    ends, lowered = steps[-1].start, next((s.start for s in steps if s.cut), steps[0].start)
    days = max(0, (ends - lowered).days)
    return Answer("checked", request, steps, tuple(findings_of(request, steps)), supply(request, steps), ends, days)

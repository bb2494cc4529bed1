"""The findings of a version that still wait for a reason, as of a plan that was brought in with them open."""

from collections.abc import Mapping
from typing import Any

from planner.issuing import Question
from planner.models import Version
from planner.shelves import file_behind
from planner.taper import Finding
from planner.taper.medicine import Source


def open_questions(version: Version) -> tuple[Question, ...]:
    """A question for each code that neither the version nor a later row gives a reason for."""
    given = {*version.reasons, *(code for row in version.acknowledgements.all() for code in row.reasons)}
    asked = [finding for finding in version.answer["findings"] if finding["severity"] == "acknowledge"]
    codes = [code for code in dict.fromkeys(finding["code"] for finding in asked) if code not in given]
    specialists = _specialist_factors(version) if codes else frozenset()
    return tuple(Question(code, _findings(asked, code), code in specialists) for code in codes)


def _findings(asked: list[dict[str, Any]], code: str) -> tuple[Finding, ...]:
    return tuple(_finding(finding) for finding in asked if finding["code"] == code)


def _finding(found: Mapping[str, Any]) -> Finding:
    source = Source(**found["source"]) if found["source"] else None
    return Finding(found["code"], found["severity"], found["message"], found["step"], source)


def _specialist_factors(version: Version) -> frozenset[str]:
    """The patient factors for which a specialist has to be named; none where the medicine's file has gone."""
    plan = version.plan
    file = file_behind(plan.clinic, plan.medicine, version.medicine_hash)
    return frozenset(factor.key for factor in file.factors if factor.specialist) if file else frozenset()

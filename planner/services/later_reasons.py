"""Reasons given after the issue, for findings with which a plan was brought in."""

from collections.abc import Mapping

from django.db import transaction

from planner.issuing import answer_faults
from planner.later_reasons import open_questions
from planner.models import Acknowledgement, Due, User, Version
from planner.services.common import Refused, audit, lock_clinic


@transaction.atomic
def acknowledge(
    *, by: User, version: Version, reasons: Mapping[str, str], specialists: Mapping[str, str]
) -> Acknowledgement:
    """A frozen row with a reason for every open finding; the plan asks for none any more.

    Refused for another clinic's version, for one that is replaced, where a reason is missing, and where none is open.
    """
    lock_clinic(by)
    found = Version.for_user(by).select_related("plan__patient", "plan__clinic").filter(pk=version.pk).first()
    if found is None:
        raise Refused({"": "This version belongs to another clinic."})
    if not found.is_current:
        raise Refused({"": "This version is replaced: the one in force has its own reasons."})
    questions = open_questions(found)
    if not questions:
        return _same(by, found, reasons)
    if faults := answer_faults(questions, reasons, specialists):
        raise Refused(faults)
    codes = [question.code for question in questions]
    named = {question.code: specialists[question.code].strip() for question in questions if question.specialist}
    made = Acknowledgement.objects.create(
        plan=found.plan,
        version=found,
        by=by,
        reasons={code: reasons[code].strip() for code in codes},
        specialists=named,
    )
    Due.objects.filter(plan=found.plan, kind=Due.REASON).delete()
    audit(by, "acknowledged", found, plan=found.plan_id, number=found.number, reasons=sorted(codes))
    return made


def _same(by: User, version: Version, reasons: Mapping[str, str]) -> Acknowledgement:
    """What the same form sent before made. Refused where somebody else, or other words, came first."""
    last: Acknowledgement | None = version.acknowledgements.last()
    given = {code: words.strip() for code, words in reasons.items()}
    if last and last.by_id == by.pk and given.items() <= last.reasons.items():
        return last
    raise Refused({"": "Every finding of this version has its reason already."})

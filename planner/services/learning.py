"""The cuts of a plan, made anew for the page that counts them."""

from planner.learning import cuts_of
from planner.models import LearnedCut, Plan, Version


def learn(plan: Plan) -> None:
    """To be called after every write that changes which cuts are made, or what is decided after them."""
    versions = list(Version.objects.filter(plan=plan).order_by("number"))
    LearnedCut.objects.filter(plan=plan).delete()
    LearnedCut.objects.bulk_create(
        LearnedCut(clinic_id=plan.clinic_id, plan=plan, medicine=plan.medicine, **columns)
        for columns in cuts_of(versions, plan.closed_on)
    )

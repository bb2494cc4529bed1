"""A clinic's patients in the order of their names, a page at a time."""

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from planner.models.clinics import ClinicQuerySet

if TYPE_CHECKING:
    from planner.models.plans import Patient

ORDER = ("name", "identifier")


class PatientQuerySet(ClinicQuerySet):
    """Pages begin beside a patient: counting those before would take longer with every page."""

    def with_few(self, plans: QuerySet) -> "PatientQuerySet":
        """Those of the plans, which are looked up first."""
        return self.filter(pk__in=plans.values("patient"))

    def with_many(self, plans: QuerySet) -> "PatientQuerySet":
        """The same, each patient being asked in the order of the names."""
        return self.filter(Exists(plans.filter(patient=OuterRef("pk"))))

    def after(self, patient: "Patient") -> "PatientQuerySet":
        """Those behind a patient, in the order of the names."""
        behind = Q(name__gt=patient.name) | Q(identifier__gt=patient.identifier)
        return self.filter(behind, name__gte=patient.name).order_by(*ORDER)

    def before(self, patient: "Patient") -> "PatientQuerySet":
        """Those in front of a patient, the nearest first."""
        in_front = Q(name__lt=patient.name) | Q(identifier__lt=patient.identifier)
        return self.filter(in_front, name__lte=patient.name).order_by(*(f"-{field}" for field in ORDER))

"""A clinic's patients in the order of their names, a page at a time."""

from typing import TYPE_CHECKING

from django.db.models import Q

from planner.models.clinics import ClinicQuerySet

if TYPE_CHECKING:
    from planner.models.plans import Patient

ORDER = ("name", "identifier")


class PatientQuerySet(ClinicQuerySet):
    """Pages begin beside a patient: counting those before would take longer with every page."""

    def after(self, patient: "Patient") -> "PatientQuerySet":
        """Those behind a patient, in the order of the names."""
        in_front = Q(name=patient.name, identifier__lte=patient.identifier)
        return self.filter(~in_front, name__gte=patient.name).order_by(*ORDER)

    def before(self, patient: "Patient") -> "PatientQuerySet":
        """Those in front of a patient, the nearest first."""
        behind = Q(name=patient.name, identifier__gte=patient.identifier)
        return self.filter(~behind, name__lte=patient.name).order_by(*(f"-{field}" for field in ORDER))

"""What is kept: clinics and their people, patients, plans and versions, papers, medicines, the audit trail."""

from planner.models.clinics import (
    CHECK_INS,
    COUNTRIES,
    PAGE_SIZES,
    Clinic,
    ClinicOwned,
    ClinicQuerySet,
    ClosingDay,
    OneTimeLink,
    User,
    UserManager,
)
from planner.models.frozen import AuditRow, Frozen, FrozenQuerySet, UnkeptPrint
from planner.models.medicines import ClinicFile, ClinicMedicine, SignOff
from planner.models.plans import Paper, Patient, Plan, Version

__all__ = [
    "CHECK_INS",
    "COUNTRIES",
    "PAGE_SIZES",
    "AuditRow",
    "Clinic",
    "ClinicFile",
    "ClinicMedicine",
    "ClinicOwned",
    "ClinicQuerySet",
    "ClosingDay",
    "Frozen",
    "FrozenQuerySet",
    "OneTimeLink",
    "Paper",
    "Patient",
    "Plan",
    "SignOff",
    "UnkeptPrint",
    "User",
    "UserManager",
    "Version",
]

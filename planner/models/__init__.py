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
from planner.models.course import (
    DECISIONS,
    END_REASONS,
    HOW,
    Acknowledgement,
    CheckIn,
    PlanEnd,
    TakenOtherwise,
)
from planner.models.frozen import AuditRow, Frozen, FrozenQuerySet, UnkeptPrint
from planner.models.learning import LearnedCut, LearnedCutQuerySet
from planner.models.medicines import ClinicFile, ClinicMedicine, SignOff
from planner.models.plans import KINDS, Due, Paper, Patient, PatientWord, Plan, PlanQuerySet, Version

__all__ = [
    "CHECK_INS",
    "COUNTRIES",
    "DECISIONS",
    "END_REASONS",
    "HOW",
    "KINDS",
    "PAGE_SIZES",
    "Acknowledgement",
    "AuditRow",
    "CheckIn",
    "Clinic",
    "ClinicFile",
    "ClinicMedicine",
    "ClinicOwned",
    "ClinicQuerySet",
    "ClosingDay",
    "Due",
    "Frozen",
    "FrozenQuerySet",
    "LearnedCut",
    "LearnedCutQuerySet",
    "OneTimeLink",
    "Paper",
    "Patient",
    "PatientWord",
    "Plan",
    "PlanEnd",
    "PlanQuerySet",
    "SignOff",
    "TakenOtherwise",
    "UnkeptPrint",
    "User",
    "UserManager",
    "Version",
]

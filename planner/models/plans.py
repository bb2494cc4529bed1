"""Patients, their plans, each version that was issued, and its papers."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Case, Count, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from planner.models.clinics import PAGE_SIZES, Clinic, ClinicOwned, ClinicQuerySet, User
from planner.models.dues import DueQuerySet
from planner.models.frozen import Frozen
from planner.models.patients import PatientQuerySet

KINDS = (
    ("first", "First plan"),
    ("again", "Planned anew"),
    ("hold", "Held"),
    ("wait", "Held until further notice"),
    ("resume", "Resumed"),
    ("step-back", "Stepped back"),
    ("pace", "Another pace"),
    ("products", "Other products"),
    ("target", "Another target"),
    ("stay", "Stays on this dose"),
    ("import", "Imported"),
)


class Patient(ClinicOwned):
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="patients")
    name = models.CharField(max_length=100)
    born = models.DateField()
    identifier = models.CharField(max_length=40)

    objects: ClassVar[Any] = PatientQuerySet.as_manager()

    class Meta:
        ordering = ["name", "identifier"]
        indexes = [models.Index(fields=["clinic", "name", "identifier"], name="patients_of_a_clinic")]
        constraints = [models.UniqueConstraint(fields=["clinic", "identifier"], name="one_patient_an_identifier")]

    def __str__(self) -> str:
        return f"{self.name} ({self.identifier})"

    def running(self, medicine: str, today: date) -> "Version | None":
        """The version of this medicine in force, which another one would replace."""
        running = self.plans.filter(medicine=medicine).running(today).select_related("current").first()
        return running.current if running else None


class PatientWord(ClinicOwned):
    """A word by which a patient is found: of the name, the identifier, the date of birth.

    word: as hexadecimal digits of its UTF-8, which every database sorts alike, so that a beginning is a range.
    """

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="+")
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="words")
    word = models.CharField(max_length=240)

    class Meta:
        indexes = [models.Index(fields=["clinic", "word", "patient"], name="patients_by_word")]

    def __str__(self) -> str:
        return bytes.fromhex(self.word).decode()


class PlanQuerySet(ClinicQuerySet):
    """States are told by the columns that every write brings up to date, so that a list reads no schedule."""

    def running(self, today: date) -> "PlanQuerySet":
        """Somebody takes medicine by them; one that ends above zero runs until it is closed."""
        return self.filter(runs_until__gte=today, current__isnull=False)

    def ended(self, today: date) -> "PlanQuerySet":
        return self.filter(Q(closed_on__isnull=False) | Q(ends__lt=today))

    def held(self, today: date) -> "PlanQuerySet":
        return self.running(today).filter(_is_held(today))

    def waiting(self, today: date) -> "PlanQuerySet":
        """Held until further notice: what comes next is not decided."""
        return self.held(today).filter(held_until__isnull=True)

    def ending(self, today: date, until: date) -> "PlanQuerySet":
        """Those that reach zero from today on, until a day."""
        return self.running(today).filter(ends__range=(today, until))

    def over_limit(self, today: date) -> "PlanQuerySet":
        """Running ones with a cut over the limit still to come."""
        return self.running(today).filter(last_over__gte=today)

    def asked_by(self, dues: DueQuerySet) -> "PlanQuerySet":
        """Those of rows that the user may see: looked up by number, and not gone through by clinic."""
        found: PlanQuerySet = self.model.objects.filter(pk__in=dues.order_by().values("plan"))
        return found

    def undecided(self, today: date) -> DueQuerySet:
        """Ends of holds until further notice that have come: of the few plans that wait, each looked up by number."""
        found: DueQuerySet = Due.objects.filter(plan__in=self.waiting(today).values("pk"))
        return found.filter(kind=Due.HOLD_ENDS, done=False, day__lte=today)

    def counts(self, today: date, until: date, most: int) -> dict[str, int]:
        """How many are running, held, and held or at zero by a day (special); of no more than one above the most."""
        held, ending = _is_held(today), Q(ends__lte=until)
        counted = {name: Count("pk", filter=state) for name, state in (("held", held), ("special", held | ending))}
        running = self.running(today).order_by()[: most + 1]
        found: dict[str, int] = running.aggregate(running=Count("pk"), **counted)
        return found


def _is_held(today: date) -> Q:
    return Q(held_from__lte=today) & (Q(held_until__isnull=True) | Q(held_until__gte=today))


class Plan(ClinicOwned):
    """A patient's taper of one medicine.

    The columns from ``current`` on say of the version in force what lists ask for; services alone write them.
    ends: the day of the stop, None where the medicine goes on; last_over: the day of the last cut over the limit.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="plans")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="plans")
    medicine = models.CharField(max_length=60)
    made_at = models.DateTimeField(default=timezone.now)
    current = models.ForeignKey("Version", models.PROTECT, null=True, related_name="+")
    ends = models.DateField(null=True)
    held_from = models.DateField(null=True)
    held_until = models.DateField(null=True)  # None beside held_from: until further notice
    last_over = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    # One day to look from, so that the running ones lie side by side in an index: none for a closed plan.
    runs_until = models.GeneratedField(
        expression=Case(When(closed_on__isnull=True, then=Coalesce("ends", Value(date.max)))),
        output_field=models.DateField(null=True),
        db_persist=True,
    )

    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [
            # All that a state is told by, so that the running ones are counted without reading their rows.
            models.Index(
                fields=["clinic", "runs_until", "ends", "held_from", "held_until", "last_over", "current", "patient"],
                name="plans_by_state",
            ),
            models.Index(fields=["clinic", "patient"], name="plans_of_a_patient"),
            models.Index(
                fields=["clinic", "runs_until", "held_from", "held_until", "current"],
                name="plans_that_wait",
                condition=Q(held_from__isnull=False, held_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.medicine}, plan {self.pk}"

    @property
    def newest_first(self) -> "list[Version]":
        return sorted(self.versions.all(), key=lambda version: -version.number)

    def is_running(self, today: date) -> bool:
        """Whether somebody takes medicine by it. One that ends above zero runs until it is closed."""
        return self.current_id is not None and self.closed_on is None and (self.ends is None or self.ends >= today)

    def is_held(self, today: date) -> bool:
        begun = self.held_from is not None and self.held_from <= today
        return begun and self.is_running(today) and (self.held_until is None or self.held_until >= today)


class Version(Frozen):
    """One issued state of a plan, as it was computed.

    why: the prescriber's reason for it, which the patient's record shows; summary: what changed, in words; elsewhere:
    it was issued before the plan was brought to this clinic, and has no paper here.
    """

    clinic_path: ClassVar[str] = "plan__clinic"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=KINDS, default="first")
    summary = models.CharField(max_length=300, blank=True, default="")
    why = models.CharField(max_length=500, blank=True, default="")
    begins = models.DateField()  # the first day that its papers say
    held_until = models.DateField(null=True)  # the last day of a hold with which it begins
    check_in = models.ForeignKey("CheckIn", models.PROTECT, null=True, related_name="versions")  # that led to it
    request = models.JSONField()
    answer = models.JSONField()
    reasons = models.JSONField()  # by finding code
    specialists = models.JSONField()  # by finding code
    record = models.TextField()  # copy for the record
    engine_version = models.CharField(max_length=20)
    medicine_version = models.PositiveIntegerField()
    medicine_hash = models.CharField(max_length=64)
    issued_by = models.ForeignKey(User, models.PROTECT)
    issued_at = models.DateTimeField()
    issued_on = models.DateField()
    ends = models.DateField(null=True)  # first day on the target; None while it is held until further notice
    submission = models.CharField(max_length=64)  # of the form that issued it, against double submission
    elsewhere = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_version_a_number"),
            models.UniqueConstraint(fields=["issued_by", "submission"], name="one_version_a_submission"),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"

    @property
    def is_current(self) -> bool:
        return self.pk == self.plan.current_id

    @property
    def in_force_from(self) -> date:
        """A plan made anew holds from its issue on: until its first lower dose the patient takes what it began from."""
        return min(self.begins, self.issued_on) if self.kind == "again" else self.begins

    @property
    def issuer(self) -> str:
        """Who stands for it here."""
        return f"elsewhere, brought in by {self.issued_by.name}" if self.elsewhere else self.issued_by.name

    @property
    def ends_at_zero(self) -> bool:
        return not Decimal(self.answer["steps"][-1]["daily"])

    def daily_on(self, day: date) -> Decimal:
        """The daily dose in force on a day, in the medicine's unit: before the first step the dose from before it."""
        begun = [step for step in self.answer["steps"] if date.fromisoformat(step["start"]) <= day]
        if begun:
            return Decimal(begun[-1]["daily"])
        return sum((Decimal(dose) for dose in self.answer["request"]["regimen"].values()), Decimal(0))


class Paper(Frozen):
    """A version's calendar, to the byte as it was read back and compared."""

    clinic_path: ClassVar[str] = "version__plan__clinic"

    version = models.ForeignKey(Version, models.PROTECT, related_name="papers")
    page_size = models.CharField(max_length=6, choices=PAGE_SIZES)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "page_size"], name="one_paper_a_size")]

    def __str__(self) -> str:
        return f"Calendar, {self.page_size}"


class Due(ClinicOwned):
    """Something that a running plan asks for on a day. Made anew from the version in force at every write.

    facts: what a line about it says, such as the doses before and after, as text.
    """

    CHANGE, CHECK_IN, HOLD_ENDS, SUPPLY_ENDS, LAST_DOSE, REASON = (
        "change", "check-in", "hold-ends", "supply-ends", "last-dose", "reason",
    )  # fmt: skip

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="dues")
    day = models.DateField()
    kind = models.CharField(max_length=12)
    facts = models.JSONField(default=dict)
    done = models.BooleanField(default=False)

    objects: ClassVar[Any] = DueQuerySet.as_manager()

    class Meta:
        ordering = ["day", "pk"]
        indexes = [
            models.Index(fields=["clinic", "day", "kind", "done"], name="due_by_day"),
            # With "done" in it too, though it is always false there: otherwise SQLite looks into each row.
            models.Index(fields=["clinic", "kind", "day", "plan", "done"], name="still_due", condition=Q(done=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.day:%Y-%m-%d}"

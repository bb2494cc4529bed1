"""What is kept: clinics and their people, patients, plans and versions, papers, the audit trail."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

COUNTRIES = (
    ("US", "United States"),
    ("GB", "United Kingdom"),
    ("IE", "Ireland"),
    ("CA", "Canada"),
    ("AU", "Australia"),
    ("NZ", "New Zealand"),
)
PAGE_SIZES = (("A4", "A4"), ("Letter", "US Letter"))
CHECK_INS = (
    ("usual", "After the first two cuts, each cut over the limit and the stop"),
    ("every", "After every cut and the stop"),
)


class Clinic(models.Model):
    name = models.CharField(max_length=100)
    country = models.CharField(max_length=2, choices=COUNTRIES)
    phone = models.CharField(max_length=40)
    hours = models.CharField(max_length=120)
    out_of_hours = models.CharField(max_length=120)
    emergency = models.CharField(max_length=20)
    page_size = models.CharField(max_length=6, choices=PAGE_SIZES)
    open_weekdays = models.CharField(max_length=7, default="01234")  # on which somebody answers; 0 is Monday
    closed_on_holidays = models.BooleanField(default=True)
    holiday_region = models.CharField(max_length=20, blank=True, default="")  # code; empty: what the country shares
    check_ins = models.CharField(max_length=5, choices=CHECK_INS, default="usual")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def is_set_up(cls) -> bool:
        return cls.objects.exists()


class ClinicQuerySet(models.QuerySet[Any]):
    def for_user(self, user: "User") -> Self:
        """The rows that this user may see: those of the user's clinic."""
        return self.filter(**{self.model.clinic_path: user.clinic_id})


class ClinicOwned(models.Model):
    """Belongs to one clinic, which is reached over ``clinic_path``."""

    clinic_path: ClassVar[str] = "clinic"
    objects = ClinicQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def for_user(cls, user: "User") -> ClinicQuerySet:
        """The rows that this user may see."""
        return cls.objects.all().for_user(user)


class UserManager(BaseUserManager.from_queryset(ClinicQuerySet)):  # type: ignore[misc]
    """Users by e-mail address, upper and lower case alike."""

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, ClinicOwned):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="users")
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name


class OneTimeLink(models.Model):
    """A link good once. Only the hash of its token is kept, so that reading the database opens nothing."""

    SET_UP, PASSWORD = "set-up", "password"

    purpose = models.CharField(max_length=10, choices=((SET_UP, "Set up"), (PASSWORD, "Password")))
    user = models.ForeignKey(User, models.CASCADE, null=True)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.purpose} link, until {self.expires_at:%Y-%m-%d %H:%M}"


class ClinicMedicine(ClinicOwned):
    """A clinic's own pace and limit for a medicine, in the form of a request; empty for the medicine's default."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="medicines")
    medicine = models.CharField(max_length=60)
    pace = models.JSONField(default=list)
    limit = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "medicine"], name="one_row_a_medicine")]

    def __str__(self) -> str:
        return self.medicine


class ClosingDay(ClinicOwned):
    """Days on which the clinic is closed besides its week and the public holidays, the first and the last counted."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="closing_days")
    first = models.DateField()
    last = models.DateField()
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["first", "last", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="closed_from_first_to_last")
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.first:%Y-%m-%d} to {self.last:%Y-%m-%d}"


class Patient(ClinicOwned):
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="patients")
    name = models.CharField(max_length=100)
    born = models.DateField()
    identifier = models.CharField(max_length=40)

    class Meta:
        ordering = ["name", "identifier"]
        constraints = [models.UniqueConstraint(fields=["clinic", "identifier"], name="one_patient_an_identifier")]

    def __str__(self) -> str:
        return f"{self.name} ({self.identifier})"

    def running(self, medicine: str, today: date) -> "Version | None":
        """The version of this medicine in force, which another one would replace."""
        plan = self.plans.filter(medicine=medicine).first()
        current = plan.current if plan else None
        return current if current and current.is_running(today) else None


class FrozenQuerySet(ClinicQuerySet):
    def update(self, **kwargs: Any) -> int:
        raise TypeError(f"{self.model.__name__} rows are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{self.model.__name__} rows are never deleted")


class Frozen(ClinicOwned):
    """Written once, then never changed or deleted."""

    objects: ClassVar[Any] = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError(f"{type(self).__name__} {self.pk} is frozen")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} {self.pk} is frozen")


class ClinicFile(Frozen):
    """A version of a clinic's own medicine file, or that the clinic has taken it out of use: then without a text."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="files")
    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the text
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["key", "pk"]

    def __str__(self) -> str:
        return f"{self.key}, file version {self.version}"

    @classmethod
    def in_use(cls, clinic: Clinic) -> "models.QuerySet[ClinicFile]":
        """The last row of each key that was not taken out of use."""
        newest = cls.objects.filter(clinic=clinic).order_by().values("key").annotate(last=models.Max("pk"))
        found: models.QuerySet[ClinicFile] = cls.objects.filter(pk__in=newest.values("last")).exclude(text="")
        return found


class Plan(ClinicOwned):
    """A patient's taper of one medicine."""

    clinic_path: ClassVar[str] = "patient__clinic"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="plans")
    medicine = models.CharField(max_length=60)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.medicine}, plan {self.pk}"

    @property
    def current(self) -> "Version | None":
        """The version in force: the last one issued."""
        return next(iter(self.newest_first), None)

    @property
    def newest_first(self) -> "list[Version]":
        return sorted(self.versions.all(), key=lambda version: -version.number)


class Version(Frozen):
    """One issued state of a plan, as it was computed."""

    clinic_path: ClassVar[str] = "plan__patient__clinic"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
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
    ends = models.DateField()  # first day on the target
    submission = models.CharField(max_length=64)  # of the form that issued it, against double submission

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_version_a_number"),
            models.UniqueConstraint(fields=["issued_by", "submission"], name="one_version_a_submission"),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"

    @property
    def begins(self) -> date:
        """The first day of the first lower dose."""
        return date.fromisoformat(self.answer["steps"][0]["start"])

    @property
    def is_current(self) -> bool:
        return self == self.plan.current

    @property
    def ends_at_zero(self) -> bool:
        return not Decimal(self.answer["steps"][-1]["daily"])

    def is_running(self, today: date) -> bool:
        """Whether somebody takes medicine by it. One that ends above zero runs until it is replaced."""
        return not self.ends_at_zero or self.ends >= today

    def daily_on(self, day: date) -> Decimal:
        """The daily dose in force on a day, in the medicine's unit: before the first step the dose from before it."""
        begun = [step for step in self.answer["steps"] if date.fromisoformat(step["start"]) <= day]
        if begun:
            return Decimal(begun[-1]["daily"])
        return sum((Decimal(dose) for dose in self.answer["request"]["regimen"].values()), Decimal(0))


class Paper(Frozen):
    """A version's calendar, to the byte as it was read back and compared."""

    clinic_path: ClassVar[str] = "version__plan__patient__clinic"

    version = models.ForeignKey(Version, models.PROTECT, related_name="papers")
    page_size = models.CharField(max_length=6, choices=PAGE_SIZES)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "page_size"], name="one_paper_a_size")]

    def __str__(self) -> str:
        return f"Calendar, {self.page_size}"


class SignOff(Frozen):
    """That a clinic takes an item of a medicine file as it stood: place and digest as the file's review has them.

    says: what it said, for whoever reads it when the file says something else.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="sign_offs")
    medicine = models.CharField(max_length=60)
    place = models.TextField()
    digest = models.CharField(max_length=64)
    says = models.TextField()
    file_version = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["clinic", "medicine", "digest"], name="one_sign_off_an_item")]

    def __str__(self) -> str:
        return f"{self.medicine}, {self.place}"

    @property
    def on(self) -> date:
        """The day, where the clinic is."""
        return timezone.localdate(self.at)


class AuditRow(Frozen):
    """Who did what, when. Never holds a patient's name."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    action = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    target = models.BigIntegerField()
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.target}"

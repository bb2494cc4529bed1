"""Clinics and their people, and how a row is found to belong to one."""

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
    def for_user(cls, user: "User") -> Any:
        """The rows that this user may see, as the model's own query set."""
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

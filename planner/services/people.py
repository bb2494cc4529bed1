"""Setting the clinic up, its people, and the links that are good once."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from allauth.account.signals import password_changed
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from planner.models import Clinic, OneTimeLink, User
from planner.services.clinic import ClinicDetails
from planner.services.common import Refused, audit

LINK_LASTS = timedelta(hours=24)
LINK_GONE = "This link is not good any more. Ask for a new one."


@transaction.atomic
def make_set_up_link() -> str:
    """The token of a new set-up link; earlier ones are void. Refused once there is a clinic."""
    if Clinic.is_set_up():
        raise Refused({"": "The clinic is set up already."})
    OneTimeLink.objects.filter(purpose=OneTimeLink.SET_UP).delete()
    return _new_link(OneTimeLink.SET_UP, None)


@transaction.atomic
def set_up_clinic(*, token: str, clinic: ClinicDetails, name: str, email: str, password: str) -> User:
    """The clinic and its first person. The link is used up."""
    _use_link(OneTimeLink.SET_UP, token)
    if Clinic.is_set_up():
        raise Refused({"": "The clinic is set up already."})
    made = Clinic.objects.create(**vars(clinic))
    user = _new_user(made, name, email)
    _set_password(user, password)
    audit(user, "set up", made)
    return user


@transaction.atomic
def add_colleague(*, by: User, name: str, email: str) -> tuple[User, str]:
    """A person of the same clinic, and the token with which they set their password."""
    user = _new_user(by.clinic, name, email)
    audit(by, "added", user)
    return user, _new_link(OneTimeLink.PASSWORD, user)


@transaction.atomic
def make_password_link(*, by: User, user: User, on_the_machine: bool = False) -> str:
    """The token of a link with which a person of the same clinic sets a new password; earlier ones are void.

    on_the_machine: made by whoever sits at the machine that the app runs on, not by ``by``; the audit row says so.
    """
    if user.clinic_id != by.clinic_id:
        raise Refused({"": "This person belongs to another clinic."})
    OneTimeLink.objects.filter(user=user).delete()
    audit(by, "made password link", user, **({"made": "on-the-machine"} if on_the_machine else {}))
    return _new_link(OneTimeLink.PASSWORD, user)


@transaction.atomic
def set_password(*, token: str, password: str) -> User:
    """A new password for the person whom the link names. The link is used up."""
    user = _use_link(OneTimeLink.PASSWORD, token).user
    assert user is not None
    _set_password(user, password)
    audit(user, "set password", user)
    return user


@receiver(password_changed, dispatch_uid="note_password_change")
@transaction.atomic
def note_password_change(*, user: User, **_: Any) -> None:
    """That somebody changed their own password on the password page, which django-allauth saves."""
    audit(user, "changed password", user)


def find_link(purpose: str, token: str) -> OneTimeLink | None:
    """The link of this token, if it is still good."""
    links = OneTimeLink.objects.filter(purpose=purpose, token_hash=_hash(token), expires_at__gt=timezone.now())
    return links.select_related("user").first()


def _new_user(clinic: Clinic, name: str, email: str) -> User:
    if User.objects.filter(email__iexact=email).exists():
        raise Refused({"email": "Somebody signs in with this e-mail address already."})
    user = User(clinic=clinic, name=name, email=email.lower())
    user.set_unusable_password()
    user.save()
    return user


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused({"password": " ".join(error.messages)}) from error
    user.set_password(password)
    user.save()


def _new_link(purpose: str, user: User | None) -> str:
    token = secrets.token_urlsafe(32)
    OneTimeLink.objects.create(
        purpose=purpose, user=user, token_hash=_hash(token), expires_at=timezone.now() + LINK_LASTS
    )
    return token


def _use_link(purpose: str, token: str) -> OneTimeLink:
    link = find_link(purpose, token)
    if link is None:
        raise Refused({"": LINK_GONE})
    if not OneTimeLink.objects.filter(pk=link.pk).delete()[0]:
        raise Refused({"": LINK_GONE})
    return link


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

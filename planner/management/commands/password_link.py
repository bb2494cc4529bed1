"""A one-time link for somebody who cannot sign in and has no colleague to ask."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.urls import reverse

from planner.management.failing import fail
from planner.models import User
from planner.services import make_password_link


class Command(BaseCommand):
    help = "Print a one-time link with which a person sets a new password."
    requires_system_checks: tuple[str, ...] = ()  # a medicine file at fault is no reason to keep somebody out

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *, email: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            fail(f"Nobody signs in with {email}.", code=1)
        token = make_password_link(by=user, user=user, on_the_machine=True)
        address = settings.PUBLIC_URL or "http://localhost:8000"
        self.stdout.write(address + reverse("new_password", args=[token]))

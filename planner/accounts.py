"""How django-allauth is used here: sign-in, sign-out and password change, nothing else."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """Nobody signs up by themselves, and no flash message says what the page already shows."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to say."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail server belongs to an installation; links are handed over by a person."""

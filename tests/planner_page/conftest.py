"""A signed-in browser, and what it sends for the usual taper: 60 mg a day in 10 mg tablets, to stop."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.web.conftest import clinic, owner, page, stranger, typed  # noqa: F401

LIVE = {"HX-Request": "true", "HX-Target": "result"}
Ask = Callable[..., str]


@pytest.fixture
def asked(page: Client, typed: dict[str, Any]) -> Ask:  # noqa: F811
    """The page for the usual taper with some fields changed; None leaves a field out."""

    def ask(live: bool = False, **changes: Any) -> str:
        fields = typed | {"shown_for": "baclofen"} | changes
        data = {name: value for name, value in fields.items() if value is not None}
        response: HttpResponse = page.get("/", data, headers=LIVE if live else {})
        assert response.status_code == 200
        return response.content.decode()

    return ask

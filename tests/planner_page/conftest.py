"""A signed-in browser, and what it sends for the usual taper: 60 mg a day in 10 mg tablets, to stop."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site, browser, signed_in_state, site  # noqa: F401
from tests.web.conftest import clinic, owner, page, stranger, typed  # noqa: F401

LIVE = {"HX-Request": "true", "HX-Target": "result"}
TODAY = date(2026, 11, 23)
Ask = Callable[..., str]
ASKED_FOR = re.compile(r"status of (422|500)|Response Status Error Code (422|500)")


@pytest.fixture
def today() -> Iterator[None]:
    """The day on which the pages are asked."""
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def asked(page: Client, typed: dict[str, Any]) -> Ask:  # noqa: F811
    """The page for the usual taper with some fields changed; None leaves a field out."""

    def ask(live: bool = False, **changes: Any) -> str:
        fields = typed | {"shown_for": "baclofen"} | changes
        data = {name: value for name, value in fields.items() if value is not None}
        response: HttpResponse = page.get("/plan/", data, headers=LIVE if live else {})
        assert response.status_code == 200
        return response.content.decode()

    return ask


@pytest.fixture
def tab(browser: Browser, site: Site, signed_in_state: object) -> Iterator[Page]:  # noqa: F811
    yield from _watched(browser, site, signed_in_state, scripts=True)


@pytest.fixture
def plain_tab(browser: Browser, site: Site, signed_in_state: object) -> Iterator[Page]:  # noqa: F811
    yield from _watched(browser, site, signed_in_state, scripts=False)


def _watched(browser: Browser, site: Site, state: object, *, scripts: bool) -> Iterator[Page]:  # noqa: F811
    """A signed-in page of Chromium; what it complains of fails the test, but the answers that tests ask for:
    422, what was typed is not accepted, and 500, the server failed.
    """
    context = browser.new_context(
        base_url=site.address,
        storage_state=state,  # type: ignore[arg-type]
        java_script_enabled=scripts,
    )
    watched = context.new_page()
    complaints: list[str] = []
    watched.on("console", lambda said: complaints.append(said.text) if not ASKED_FOR.search(said.text) else None)
    watched.on("pageerror", lambda error: complaints.append(str(error)))
    yield watched
    context.close()
    assert complaints == []

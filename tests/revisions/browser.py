"""A browser of few words: pages by http.client, cookies, the hidden fields of forms."""

import http.client
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from tests.web.filled import fields_of


@dataclass(frozen=True)
class Page:
    status: int
    location: str
    content: bytes

    def fields(self, named: str) -> dict[str, Any]:
        return fields_of(self, named)  # type: ignore[arg-type]


class Browser:
    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, SimpleCookie()

    def ask(self, method: str, path: str, fields: dict[str, Any] | None = None) -> Page:
        """Raises OSError or HTTPException where the server is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())}
        body = urlencode(fields or {}, doseq=True) if method == "POST" else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        for header in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.load(header)
        return Page(answer.status, answer.headers.get("Location") or "", content)

    def get(self, path: str) -> Page:
        return self.ask("GET", path)

    def post(self, path: str, fields: dict[str, Any]) -> Page:
        return self.ask("POST", path, {"csrfmiddlewaretoken": self.cookies["csrftoken"].value, **fields})

    def sign_in(self, email: str, password: str) -> None:
        self.get("/sign-in/")
        page = self.post("/sign-in/", {"login": email, "password": password})
        assert page.status == 302, page.content.decode()

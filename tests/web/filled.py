"""The fields of a page's form, as a browser would send them."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse


class _Form(HTMLParser):
    """Inputs, choices and text areas of the first form that has a field called ``named``."""

    def __init__(self, named: str) -> None:
        super().__init__()
        self.named, self.found, self.fields = named, False, dict[str, Any]()
        self._choice = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form" and not self.found:
            self.fields = {}
        elif self.found and tag == "form":
            self.named = ""
        elif not self.named:
            return
        elif tag == "input":
            self._input(given, name, value)
        elif tag == "select":
            self._choice = name
            self.fields.setdefault(name, "")
        elif tag == "option" and "selected" in given:
            self.fields[self._choice] = value
        elif tag == "textarea":
            self._text = name
            self.fields[name] = ""
        self.found = self.found or self.named in self.fields

    def _input(self, given: dict[str, str | None], name: str, value: str) -> None:
        if given.get("type") not in ("checkbox", "radio"):
            self.fields[name] = value
        elif "checked" in given:
            self.fields.setdefault(name, []).append(value) if given["type"] == "checkbox" else self.fields.update(
                {name: value}
            )

    def handle_data(self, data: str) -> None:
        if self._text:
            self.fields[self._text] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""
        elif tag == "form" and self.found:
            self.named = ""


def fields_of(response: HttpResponse, named: str = "based_on") -> dict[str, Any]:
    form = _Form(named)
    form.feed(response.content.decode())
    assert form.found, f"no form with {named}"
    return form.fields

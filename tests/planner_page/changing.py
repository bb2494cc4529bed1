"""Changing a step of the planner's page as a browser would, and reading what comes of it."""

import re
from html import unescape

from django.http import HttpResponse
from django.test import Client

from tests.planner_page.test_links import plan
from tests.planner_page.test_page import words

THREE = ("morning", "midday", "evening")


class Steps:
    """The planner's page, whose steps are changed as a browser would."""

    def __init__(self, page: Client) -> None:
        self.page = page

    def send(self, html: str, number: int, **changes: str) -> HttpResponse:
        """Sends the boxes of a step as they stand, some of them changed: days, morning, midday, evening, rest."""
        boxes = self.boxes(html, number) | changes
        doses = {f"dose-{time}": boxes[time] for time in THREE if time in boxes}
        sent = {"plan": plan(html), "step": str(number), "days": boxes["days"], "rest": boxes["rest"], **doses}
        return self.page.post("/change-step/", sent)

    def change(self, html: str, number: int, **changes: str) -> str:
        """The page to which the change leads."""
        response = self.send(html, number, **changes)
        assert response.status_code == 302, words(response.content.decode())[:600]
        assert response["Location"].endswith("#steps")
        return self.load(response["Location"])

    def load(self, address: str) -> str:
        response = self.page.get(address.partition("#")[0])
        assert response.status_code == 200
        return str(response.content.decode())

    def undo(self, html: str, name: str = "Undo the last change") -> str:
        found = re.search(rf'href="([^"]+)#steps">{name}<', html)
        assert found
        return self.load(unescape(found[1]))

    @staticmethod
    def boxes(html: str, number: int) -> dict[str, str]:
        form = re.search(rf'id="change-{number}".*?</form>', html, re.DOTALL)
        assert form
        values = dict(re.findall(rf'<input id="(\w+)-{number}"[^>]*? value="([^"]*)"', form[0]))
        return values | {"rest": "keep" if 'value="keep" selected' in form[0] else "again"}


def made(html: str) -> list[str]:
    """The changes by hand that the form of the inputs carries."""
    inputs = html.split('id="planner-form"')[1].split("</form>")[0]
    found = re.findall(r'<input type="hidden" name="edits" value="([^"]+)"', inputs)
    return [re.sub(r"^(\d+)@[0-9.]+:", r"\1:", text) for text in found]


def days(html: str) -> list[int]:
    """The days of every step with a dose, as its boxes show them."""
    return [int(found) for found in re.findall(r'<input id="days-\d+" name="days" value="(\d+)"', html)]


def without_token(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)

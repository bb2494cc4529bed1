"""Settings and set-up: texts that can be printed, paces that end, messages that say what to give."""

from typing import Any

import pytest
from django.test import Client

from planner.models import Clinic, ClinicMedicine
from planner.services import make_set_up_link
from tests.planner_page.test_page import words
from tests.web.conftest import CLINIC, PASSWORD

TYPED = {**vars(CLINIC), "clinic_name": CLINIC.name}
SET_UP = {**TYPED, "name": "First Person", "email": "first@example.org", "password": PASSWORD, "again": PASSWORD}
UNPRINTABLE = [
    ({"clinic_name": "عيادة"}, "font cannot draw"),
    ({"clinic_name": "W" * 60}, "does not fit"),
    ({"phone": "W" * 40}, "does not fit"),
    ({"emergency": "9\n9"}, "in one line"),
    ({"hours": "Monday\r\nFriday"}, "in one line"),
]


@pytest.mark.parametrize(("change", "said"), UNPRINTABLE)
def test_settings_refuse_what_cannot_be_printed(
    page: Client, clinic: Clinic, change: dict[str, str], said: str
) -> None:
    response = page.post("/settings/", TYPED | change)
    assert response.status_code == 422
    assert said in words(response.content.decode())
    assert f'id="id_{next(iter(change))}_error"' in response.content.decode()
    clinic.refresh_from_db()
    assert {name: getattr(clinic, name) for name in vars(CLINIC)} == vars(CLINIC)


@pytest.mark.parametrize(("change", "said"), [*UNPRINTABLE, ({"name": "د"}, "font cannot draw")])
def test_set_up_refuses_what_cannot_be_printed(client: Client, db: None, change: dict[str, str], said: str) -> None:
    response = client.post(f"/set-up/{make_set_up_link()}/", SET_UP | change)
    assert response.status_code == 422
    assert said in words(response.content.decode())
    assert not Clinic.objects.exists()


def test_usual_texts_are_saved(page: Client, clinic: Clinic) -> None:
    response = page.post("/settings/", TYPED | {"clinic_name": "Clinique Saint-Père, Łódź", "hours": "9 – 5"})
    assert response.status_code == 302
    clinic.refresh_from_db()
    assert clinic.hours == "9 – 5"


@pytest.mark.parametrize("cut", ["0.01", "0.1"])
def test_clinic_pace_that_never_ends_is_refused(page: Client, cut: str) -> None:
    typed = {"pace_cut": cut, "pace_of": "current", "pace_every": "90", "limit_of": "current"}
    response = page.post("/settings/medicines/baclofen/", typed)
    assert response.status_code == 422
    assert "Give a larger cut" in response.content.decode()
    assert not ClinicMedicine.objects.exists()


@pytest.mark.parametrize("name", ["pace_every", "limit_days"])
def test_clinic_days_are_bounded(page: Client, name: str) -> None:
    typed = {"pace_cut": "10", "pace_of": "current", "pace_every": "7", "limit_of": "current"}
    typed |= {"limit_cut": "20", "limit_days": "7", name: "91"}
    response = page.post("/settings/medicines/baclofen/", typed)
    assert response.status_code == 422
    assert "from 1 to 90" in response.content.decode()


DJANGOS = ("This field is required", "Enter a", "Select a valid", "Ensure this value")


WRONG = {"born": "x", "email": "x", "country": "x", "page_size": "x", "name": "x" * 200}


@pytest.mark.parametrize("typed", [{}, WRONG])
def test_messages_say_what_to_give(page: Client, typed: dict[str, Any]) -> None:
    for address in ("/settings/", "/settings/people/", "/patients/add/"):
        said = words(page.post(address, typed | {"x": "x"}).content.decode())
        assert "Nothing was saved yet" in said
        assert [text for text in DJANGOS if text in said] == []


@pytest.mark.parametrize("typed", [{"x": "x"}, {"email": "x", "country": "x", "page_size": "x", "phone": "1" * 200}])
def test_set_up_messages_say_what_to_give(client: Client, db: None, typed: dict[str, str]) -> None:
    said = words(client.post(f"/set-up/{make_set_up_link()}/", typed).content.decode())
    assert "Nothing was saved yet" in said
    assert [text for text in DJANGOS if text in said] == []

"""The pages on which a plan leaves and comes in: what they show, what they refuse, and for whom."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from planner.context import NewPatient
from planner.forms_plan_files import packed
from planner.models import Due, Plan, User, Version
from planner.plan_files import MOST_BYTES, Chosen
from planner.services import add_patient
from tests.carried.conftest import NOBODY, exported, imported
from tests.carried.leaves import changed, sealed
from tests.web.filled import fields_of
from tests.web.test_own_medicines import words

ADDRESS = "/plans/import/"


def send(browser: Client, data: bytes) -> Any:
    return browser.post(ADDRESS, {"file": SimpleUploadedFile("plan.json", data)})


def fields(response: Any) -> dict[str, Any]:
    """What the preview's form sends, with a reason for every question and a new patient."""
    found = fields_of(response, "shown")
    found |= {name: "Weighed anew here" for name in found if name.startswith("reason-")}
    return found | {"name": NOBODY.name, "born": NOBODY.born.isoformat(), "identifier": NOBODY.identifier}


# Taking along


def test_plan_page_offers_the_file(page: Client, lived: Plan) -> None:
    assert reverse("export_plan", args=[lived.pk]) in page.get(reverse("plan", args=[lived.pk])).content.decode()


@pytest.mark.parametrize(("ticked", "named"), [({}, False), ({"patient": "on", "notes": "on"}, True)])
def test_file_is_downloaded_under_a_plain_name(page: Client, lived: Plan, ticked: Any, named: bool) -> None:
    response = page.post(reverse("export_plan", args=[lived.pk]), ticked)
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == f'attachment; filename="plan-{lived.pk}.json"'
    assert (b"Test Patient" in response.content, b"Sleeps badly" in response.content) == (named, named)


def test_colleague_exports_and_a_stranger_does_not(
    client: Client, colleague: User, stranger: User, lived: Plan
) -> None:
    for who, status in ((colleague, 200), (stranger, 404)):
        client.force_login(who)
        assert client.post(reverse("export_plan", args=[lived.pk])).status_code == status


# Bringing in


def test_file_is_checked_shown_and_then_brought_in(there: Client, owner: User, lived: Plan) -> None:
    response = send(there, exported(lived, owner))
    assert response.status_code == 200
    said = words(response)
    for told in ("Baclofen, oral", "The file agrees with itself", "35 mg held 7 days: Mild signs, day 3",
                 "1 check-in, 1 note of doses taken otherwise", "In the file: Weekly visits from here on"):  # fmt: skip
        assert told in said
    assert Plan.objects.count() == 1
    done = there.post(reverse("issue_import"), fields(response), follow=True)
    made = Version.objects.get(kind="import")
    assert done.redirect_chain == [(reverse("version", args=[made.pk]), 302)]
    assert "The plan is brought in." in words(done)
    assert made.answer["steps"] == lived.current.answer["steps"]


def test_patient_of_the_file_is_filled_in_or_found(there: Client, stranger: User, owner: User, lived: Plan) -> None:
    response = send(there, exported(lived, owner))
    assert fields_of(response, "shown")["name"] == "Test Patient"
    assert fields_of(send(there, exported(lived, owner, Chosen())), "shown")["name"] == ""
    named = lived.patient
    here = add_patient(by=stranger, patient=NewPatient(named.name, named.born, named.identifier))
    assert fields_of(send(there, exported(lived, owner)), "shown")["patient"] == str(here.pk)


def test_nothing_typed_is_lost(there: Client, owner: User, lived: Plan) -> None:
    typed = fields(send(there, exported(lived, owner, Chosen()))) | {"identifier": "", "reason-over-limit": "."}
    response = there.post(reverse("issue_import"), typed)
    assert response.status_code == 422
    assert "Nothing was brought in yet" in words(response)
    again = fields_of(response, "shown")
    for name in ("content", "name", "born", "submission", "reason-over-ceiling"):
        assert again[name] == typed[name], name
    assert 'id="id_identifier_error"' in response.content.decode()
    mended = again | {"identifier": "X-1", "reason-over-limit": "Said so"}
    assert there.post(reverse("issue_import"), mended).status_code == 302


def test_reasons_may_be_kept_open_and_given_on_their_page(there: Client, owner: User, lived: Plan) -> None:
    response = send(there, exported(lived, owner, Chosen()))
    typed = {name: value for name, value in fields(response).items() if not name.startswith("reason-")}
    there.post(reverse("issue_import"), typed | {"keep_open": "on"})
    made = Version.objects.get(kind="import")
    assert Due.objects.filter(plan=made.plan, kind=Due.REASON).exists()
    address = reverse("acknowledge", args=[made.pk])
    for name, pk in (("version", made.pk), ("plan", made.plan_id)):
        shown = there.get(reverse(name, args=[pk]))
        assert "Reason still open" in words(shown) or "Reasons still open" in words(shown)
        assert address in shown.content.decode()
    asked = fields_of(there.get(address), "reason-over-limit")
    assert there.post(address, asked).status_code == 422
    given = asked | {name: "Spoke with them" for name in asked if name.startswith("reason-")}
    assert "Reason: Spoke with them" in words(there.post(address, given, follow=True))
    assert "Every finding of this version has its reason." in words(there.get(address))
    late = words(there.post(address, asked | {name: "Come too late" for name in asked if name.startswith("reason-")}))
    assert "You had written: Come too late" in late


def test_reason_that_the_file_does_not_say_is_no_missing_one(
    there: Client, stranger: User, owner: User, lived: Plan
) -> None:
    made = imported(stranger, exported(lived, owner, Chosen()))
    said = words(there.get(reverse("version", args=[made.plan.versions.get(number=1).pk])))
    assert "Reason: given where it was issued; the file does not say it" in said
    assert "Reason still open" not in said


def test_version_of_elsewhere_says_so(there: Client, stranger: User, owner: User, lived: Plan) -> None:
    made = imported(stranger, exported(lived, owner))
    old = made.plan.versions.get(number=1)
    said = words(there.get(reverse("version", args=[old.pk])))
    assert "Issued elsewhere on Thursday 26 November 2026; brought in by Test Stranger." in said
    assert "This version was issued elsewhere and has no paper here." in said
    assert there.get(reverse("version_calendar", args=[old.pk, "A4"])).status_code == 404
    assert "brought in from a file" in words(there.get(reverse("version_record", args=[old.pk])))
    assert "elsewhere, brought in by Test Stranger" in words(there.get(reverse("plan", args=[made.plan_id])))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"not a plan", "This is no JSON: line 1, column 1"),
        (b"", "The file is empty."),
        (b"x" * (MOST_BYTES + 1), "The file is larger than 2000 KB."),
        (b"x" * (MOST_BYTES + 200_000), "The file is larger than 2000 KB."),
    ],
    ids=["no JSON", "empty", "over the most", "over what is taken in"],
)
def test_file_that_cannot_be_is_refused_at_the_field(there: Client, data: bytes, said: str) -> None:
    response = send(there, data)
    assert response.status_code == 422
    assert said in words(response)
    assert 'id="id_file_error"' in response.content.decode()


def test_no_file_is_said(there: Client) -> None:
    response = there.post(ADDRESS)
    assert response.status_code == 422
    assert "Choose the file of a plan (JSON) on this device." in words(response)


@pytest.mark.parametrize("content", ["", "no base64!", "AAAA", packed(b""), packed(b"x" * (MOST_BYTES + 1))])
def test_preview_that_was_tampered_with_brings_nothing_in(there: Client, content: str) -> None:
    response = there.post(reverse("issue_import"), {"content": content, "submission": "x"})
    assert response.status_code == 422
    assert "Nothing was brought in" in words(response)


def test_tampered_content_is_read_again_at_the_issue(there: Client, owner: User, lived: Plan) -> None:
    typed = fields(send(there, exported(lived, owner)))
    other = exported(lived, owner).replace(b'"55"', b'"50"', 1)
    response = there.post(reverse("issue_import"), typed | {"content": packed(other)})
    assert response.status_code == 422
    assert "was changed since it was exported" in words(response)
    assert Plan.objects.count() == 1


def test_patient_with_a_running_plan_is_said_at_the_patient(
    there: Client, stranger: User, owner: User, lived: Plan
) -> None:
    made = imported(stranger, exported(lived, owner))
    typed = fields(send(there, exported(lived, owner, Chosen())))
    response = there.post(
        reverse("issue_import"),
        typed | {"patient": str(made.plan.patient_id), "name": "", "born": "", "identifier": ""},
    )
    assert response.status_code == 422
    assert "This patient has a running plan of Baclofen, oral." in words(response)
    assert 'id="id_patient_error"' in response.content.decode()


def test_words_of_a_file_are_never_markup(there: Client, owner: User, lived: Plan) -> None:
    content = json.loads(exported(lived, owner))["content"]
    for place in (("versions", 1, "why"), ("versions", 1, "summary"), ("versions", 1, "reasons", "over-limit")):
        content = changed(content, place, "<script>alert(1)</script>")
    html = send(there, sealed(content)).content.decode()
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert") == 3


def test_other_clinics_page_of_reasons_is_not_there(client: Client, owner: User, stranger: User, lived: Plan) -> None:
    made = imported(stranger, exported(lived, owner), keep_open=True, reasons={})
    client.force_login(owner)
    for method in (client.get, client.post):
        assert method(reverse("acknowledge", args=[made.pk])).status_code == 404


def test_colleague_brings_in_what_the_owner_exported(client: Client, colleague: User, owner: User, lived: Plan) -> None:
    client.force_login(colleague)
    response = send(client, exported(lived, owner, Chosen()))
    assert client.post(reverse("issue_import"), fields(response)).status_code == 302
    assert Version.objects.get(kind="import").issued_by == colleague


def test_patient_factor_that_the_clinics_file_lacks_is_named(there: Client, owner: User, lived: Plan) -> None:
    content = json.loads(exported(lived, owner))["content"]
    content = changed(content, ("versions", 1, "answer", "request", "factors"), ["new"])
    response = send(there, sealed(content))
    assert response.status_code == 422
    assert "factors: 'new' cannot be used. Baclofen, oral has: " in words(response)

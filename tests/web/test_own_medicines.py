"""A clinic's own medicine files: who sees them, what is refused, and a plan that is made with one."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planner import shelves
from planner.context import context_for
from planner.forms import PlannerForm
from planner.formulary import built_in
from planner.issuing import make_draft
from planner.models import AuditRow, Clinic, ClinicFile, Patient, User
from planner.services import (
    Refused,
    add_colleague,
    issue_version,
    keep_medicine_file,
    save_medicine_defaults,
    withdraw_medicine_file,
)
from planner.shelves import clinic_shelf, install_shelf
from planner.views.papers import InkedPapers
from tests.formulary.example import example
from tests.formulary.test_bad_files import BAD
from tests.web.test_services import PlainPapers, issued, request_data

ADDRESS = "/formulary/own/"
NAME = "examplazine.toml"
PLAN = {
    "medicine": "examplazine",
    "products": ["tablet-10"],
    "morning": "30",
    "evening": "30",
    "target": "0",
    "start": "2026-12-07",
    "factors_asked": "on",
}


VERSION = built_in().load("baclofen").version


def adjusted(newer_by: int = 1, ceiling: str = "22%") -> str:
    """The planner's baclofen with another ceiling."""
    text = built_in().take("baclofen").text.replace(f"\nversion = {VERSION}\n", f"\nversion = {VERSION + newer_by}\n")
    assert text.count('[ceiling]\ncut = "25%"') == 1
    return text.replace('[ceiling]\ncut = "25%"', f'[ceiling]\ncut = "{ceiling}"')


def newer(version: int) -> str:
    return example().replace("version = 1", f"version = {version}")


def keep(by: User, text: str = "", name: str = NAME) -> ClinicFile:
    return keep_medicine_file(by=by, name=name, data=(text or example()).encode())


def send(browser: Client, text: str | bytes, name: str = NAME) -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    return browser.post(ADDRESS, {"file": SimpleUploadedFile(name, data)})


def words(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def hidden(response: Any) -> dict[str, str]:
    """What the preview's form sends."""
    found = re.findall(r'<input type="hidden" name="(name|content)" value="([^"]*)"', response.content.decode())
    return {name: unescape(value) for name, value in found}


# The way from a file to a medicine


def test_file_is_checked_shown_and_then_kept(page: Client, clinic: Clinic) -> None:
    shown = send(page, example())
    assert shown.status_code == 200
    for said in ("Examplazine, oral", "Version 1.", "10 mg tablets", "25 % of the current dose in 14 days"):
        assert said in words(shown)
    assert not ClinicFile.objects.exists()
    response = page.post(reverse("keep_medicine_file"), hidden(shown), follow=True)
    assert "examplazine, version 1: Kept." in words(response)
    row = ClinicFile.objects.get()
    assert (row.clinic, row.key, row.version, row.text) == (clinic, "examplazine", 1, example())
    assert "examplazine" in clinic_shelf(clinic).keys
    assert "Examplazine, oral" in words(page.get("/plan/"))


def test_kept_file_has_an_audit_row(owner: User) -> None:
    row = keep(owner)
    audit = AuditRow.objects.get(action="kept medicine file")
    assert (audit.by, audit.kind, audit.target) == (owner, "clinicfile", row.pk)
    assert audit.detail == {"key": "examplazine", "version": 1, "sha256": row.sha256}


def test_preview_shows_what_would_change_and_nothing_else(page: Client) -> None:
    shown = words(send(page, adjusted(), "baclofen.toml"))
    assert f"Against version {VERSION}, in use now: the planner’s" in shown
    assert f"version {VERSION} {VERSION + 1} ceiling.cut 25% 22% Everybody" in shown


def test_preview_shows_what_a_tablet_divides_into(page: Client) -> None:
    keep(User.objects.get(email="owner@example.org"))
    shown = words(send(page, newer(2).replace("divides = 2", "divides = 1").replace('"5"', '"10"')))
    assert "products.tablet-10.divides 2 1" in shown
    assert "in use now: the clinic’s own" in shown


def test_name_of_a_downloaded_file_does_not_matter(page: Client) -> None:
    assert send(page, example(), "examplazine (1).toml").status_code == 200


def test_planners_file_can_be_downloaded_as_a_start(page: Client) -> None:
    response = page.get(reverse("medicine_text", args=["baclofen"]))
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == built_in().take("baclofen").text
    assert page.get(reverse("medicine_text", args=["aspirin"])).status_code == 404


def test_settings_cost_no_query_for_each_medicine(page: Client) -> None:
    page.get(reverse("settings"))
    with CaptureQueriesContext(connection) as queries:
        page.get(reverse("settings"))
    assert len(queries) < len(built_in().keys) / 2


def test_settings_lead_to_it(page: Client) -> None:
    assert ADDRESS in page.get(reverse("settings")).content.decode()


# What is refused

UPLOADED = {name: case for name, case in BAD.items() if name not in ("key of another file",)}


@pytest.mark.parametrize(("text", "said"), UPLOADED.values(), ids=UPLOADED)
def test_bad_file_is_refused_at_the_field_and_changes_nothing(page: Client, owner: User, text: str, said: str) -> None:
    keep(owner)
    response = send(page, newer(2) if text == example() else text)
    assert response.status_code == 422
    place = {"5 MB": "The file is larger than 500 KB", "zero bytes": "The file is empty"}
    found = [words for key, words in place.items() if UPLOADED[key][0] == text] or [" ".join(said.split())]
    assert found[0] in words(response)
    assert 'id="id_file_error"' in response.content.decode()
    assert clinic_shelf(owner.clinic).load("examplazine").version == 1
    assert ClinicFile.objects.count() == 1
    assert "Examplazine, oral" in words(page.get("/plan/"))


def test_file_that_is_not_utf_8_is_refused_by_its_line(page: Client) -> None:
    assert "examplazine.toml: line 2: It is not UTF-8 text (byte 0xff)." in words(send(page, b'key = "x"\n\xff'))


def test_every_fault_is_listed(page: Client) -> None:
    response = send(page, example().replace('strength = "10"', 'strength = "-10"').replace('cut = "25%"', "cut = 25"))
    listed = re.findall(r"<li>(examplazine.toml: [^<]+)</li>", response.content.decode())
    assert [line.split(": ")[1] for line in listed] == ["products.tablet-10.strength", "ceiling.cut"]


def test_no_more_faults_are_listed_than_can_be_read(page: Client) -> None:
    response = send(page, example() + "".join(f"\n[unknown-{number}]\n" for number in range(300)))
    assert response.content.decode().count("Unknown key") == 50
    assert "And 250 more." in words(response)


@pytest.mark.parametrize(
    ("sent", "said"),
    [({}, "Choose a medicine file (TOML) on this device."), ({"file": "no file"}, "Choose a medicine file")],
)
def test_no_file_is_said(page: Client, sent: dict[str, str], said: str) -> None:
    response = page.post(ADDRESS, sent)
    assert response.status_code == 422
    assert said in words(response)


@pytest.mark.parametrize("content", ["", "no base64!", "a2V5"])
def test_preview_that_was_tampered_with_keeps_nothing(page: Client, content: str) -> None:
    response = page.post(reverse("keep_medicine_file"), {"name": NAME, "content": content})
    assert response.status_code == 422
    assert not ClinicFile.objects.exists()


@pytest.mark.parametrize("version", [1, 2])
def test_second_version_must_be_higher(owner: User, version: int) -> None:
    keep(owner, newer(2))
    with pytest.raises(Refused) as refused:
        keep(owner, newer(version).replace("Examplazine 10 mg", "Our 10 mg"))
    assert refused.value.errors == {
        "file": f"{NAME}: version: There is a version 2 of examplazine already. Give at least 3."
    }
    assert keep(owner, newer(3)).version == 3
    assert clinic_shelf(owner.clinic).load("examplazine").version == 3


def test_adjusted_file_must_be_newer_than_the_planners(owner: User) -> None:
    with pytest.raises(
        Refused, match=rf"There is a version {VERSION} of baclofen already\. Give at least {VERSION + 1}"
    ):
        keep(owner, adjusted(newer_by=0))


def test_the_very_same_file_is_not_kept_twice(owner: User) -> None:
    keep(owner)
    with pytest.raises(Refused, match="This very file is in use already"):
        keep(owner)


def test_file_whose_ceiling_the_clinics_limit_passes_is_refused(owner: User) -> None:
    limit = {"cut": "24%", "of": "current", "days": 7}
    save_medicine_defaults(by=owner, medicine="baclofen", pace=[], limit=limit)
    with pytest.raises(Refused, match=r"do not fit it: .* at most 22\. Change them under Settings first"):
        keep(owner, adjusted())


@pytest.mark.parametrize("withdrawn", [False, True])
def test_unit_of_a_medicine_stays(owner: User, withdrawn: bool) -> None:
    keep(owner)
    if withdrawn:
        withdraw_medicine_file(by=owner, key="examplazine")
    micro = newer(2).replace('unit = "mg"', 'unit = "micrograms"').replace("10 mg tablets", "10 micrograms tablets")
    with pytest.raises(Refused, match=r"unit: Examplazine, oral is counted in mg here\. Give mg, or give the file ano"):
        keep(owner, micro)


def test_words_that_cannot_be_printed_are_said_before_it_is_kept(page: Client) -> None:
    response = send(page, example().replace("A seizure", "発作"))
    assert response.status_code == 422
    assert "A trial of its calendar failed." in words(response)


def test_limit_that_no_first_cut_keeps_is_found_by_a_trial(page: Client) -> None:
    text = example().replace('cut = "10%"', 'cut = "5%"').replace('cut = "20%"', 'cut = "5%"')
    response = send(page, text)
    assert response.status_code == 422
    said = "the smallest first cut that these products make is 5 mg, 8.3 % of the current dose; the limit is"
    assert f"examplazine.toml: default_products: From morning 30 mg, evening 30 mg: {said}" in words(response)


def test_number_of_files_is_bounded(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.services.medicine_files.MOST_FILES", 1)
    keep(owner)
    with pytest.raises(Refused, match="has 1 files of its own in use, which is the most"):
        keep(owner, adjusted())
    assert keep(owner, newer(2)).version == 2


def test_rows_are_never_changed_or_deleted(owner: User) -> None:
    row = keep(owner)
    row.text = "other"
    with pytest.raises(TypeError, match="frozen"):
        row.save()
    with pytest.raises(TypeError, match="never"):
        ClinicFile.objects.all().delete()


# Who sees it


def test_colleague_sees_it_and_takes_it_out_of_use(page: Client, owner: User) -> None:
    keep(owner)
    colleague, _ = add_colleague(by=owner, name="Test Colleague", email="colleague@example.org")
    theirs = Client()
    theirs.force_login(colleague)
    assert "The clinic’s own, version 1, kept by Test Owner" in words(theirs.get(ADDRESS))
    response = theirs.post(reverse("withdraw_medicine_file", args=["examplazine"]), follow=True)
    assert "does not offer this medicine any more" in words(response)
    assert "Examplazine" not in words(page.get("/plan/"))
    assert AuditRow.objects.get(action="withdrew medicine file").by == colleague


def test_stranger_sees_nothing_of_it(client: Client, owner: User, stranger: User) -> None:
    keep(owner)
    client.force_login(stranger)
    for address in ("/plan/", "/check/", "/settings/", ADDRESS):
        assert "xamplazine" not in client.get(address).content.decode()
    for address in (reverse("medicine_text", args=["examplazine"]), reverse("medicine_defaults", args=["examplazine"])):
        assert client.get(address).status_code == 404
    assert client.post(reverse("withdraw_medicine_file", args=["examplazine"])).status_code == 404
    assert "examplazine" in clinic_shelf(owner.clinic).keys


def test_stranger_gets_the_planners_text_of_a_key_that_another_clinic_adjusted(
    client: Client, owner: User, stranger: User
) -> None:
    keep(owner, adjusted())
    client.force_login(stranger)
    assert 'cut = "22%"' not in client.get(reverse("medicine_text", args=["baclofen"])).content.decode()


def ceiling_of(clinic: Clinic) -> str:
    ceiling = PlannerForm({"medicine": "baclofen"}, clinic=clinic).engine_medicine.ceiling
    assert ceiling
    return str(ceiling.cut.amount)


def test_two_clinics_with_one_key_each_get_their_own_ceiling(owner: User, stranger: User) -> None:
    keep(owner, adjusted(ceiling="22%"))
    keep(stranger, adjusted(ceiling="21%"))
    third = Clinic.objects.create(**{f: getattr(owner.clinic, f) for f in ("country", "phone", "page_size")})
    for _ in range(2):
        found = [ceiling_of(clinic) for clinic in (owner.clinic, stranger.clinic, third)]
        assert found == ["22", "21", "25"]
    assert install_shelf().find("baclofen").ceiling == built_in().find("baclofen").ceiling


def test_clinics_limit_stays_under_the_ceiling_of_its_own_file(owner: User, stranger: User) -> None:
    keep(owner, adjusted())
    limit = {"cut": "24%", "of": "current", "days": 7}
    with pytest.raises(Refused, match="at most 22"):
        save_medicine_defaults(by=owner, medicine="baclofen", pace=[], limit=limit)
    save_medicine_defaults(by=stranger, medicine="baclofen", pace=[], limit=limit)


def test_files_of_several_clinics_are_read_once() -> None:
    texts = [example().replace("Examplazine, oral", f"Examplazine {number}, oral") for number in range(3 * 50)]
    for text in texts:
        shelves._read("examplazine", text)
    before = shelves._read.cache_info().misses
    for text in texts:
        shelves._read("examplazine", text)
    assert shelves._read.cache_info().misses == before


# Out of use


def test_file_out_of_use_brings_back_the_planners_and_may_come_back(owner: User) -> None:
    keep(owner, adjusted())
    withdraw_medicine_file(by=owner, key="baclofen")
    assert ceiling_of(owner.clinic) == "25"
    with pytest.raises(Refused, match="no file of its own in use"):
        withdraw_medicine_file(by=owner, key="baclofen")
    keep(owner, adjusted())
    assert ceiling_of(owner.clinic) == "22"
    assert [bool(row.text) for row in ClinicFile.objects.all()] == [True, False, True]


def test_older_version_does_not_come_back(owner: User) -> None:
    keep(owner, newer(1))
    keep(owner, newer(2))
    withdraw_medicine_file(by=owner, key="examplazine")
    with pytest.raises(Refused, match="Give at least 3"):
        keep(owner, newer(1))


def spoil(row: ClinicFile) -> None:
    """Keeps the file once more, as one that this planner would refuse."""
    text = row.text.replace('unit = "mg"', 'unit = "mg"\nold = 1')
    ClinicFile.objects.create(clinic=row.clinic, key=row.key, version=row.version, text=text, by=row.by)


def test_file_in_order_no_more_takes_its_medicine_away_and_is_said(page: Client, owner: User, stranger: User) -> None:
    keep(owner)
    spoil(keep(owner, adjusted()))
    assert "baclofen" not in clinic_shelf(owner.clinic).keys
    assert "baclofen" in clinic_shelf(stranger.clinic).keys
    for address in ("/settings/", ADDRESS):
        assert "baclofen.toml: old: Unknown key." in words(page.get(address))
    assert "The clinic’s own, at fault: not offered" in words(page.get(ADDRESS))
    assert "old = 1" in page.get(reverse("medicine_text", args=["baclofen"])).content.decode()
    withdraw_medicine_file(by=owner, key="baclofen")
    assert ceiling_of(owner.clinic) == "25"


def test_limit_in_another_unit_is_left_out_and_said(page: Client, owner: User) -> None:
    micro = example().replace('unit = "mg"', 'unit = "micrograms"').replace("10 mg tablets", "10 micrograms tablets")
    keep(owner, micro)
    save_medicine_defaults(by=owner, medicine="examplazine", pace=[{"cut": "5 micrograms", "every": 14}], limit={})
    withdraw_medicine_file(by=owner, key="examplazine")
    row = keep(owner, micro)
    ClinicFile.objects.bulk_create([ClinicFile(clinic=owner.clinic, key=row.key, version=2, text=newer(2), by=owner)])
    assert context_for(owner.clinic, medicine="examplazine").pace is None
    assert "Set anew: what the clinic set is not in mg" in words(page.get("/settings/"))
    assert page.get("/plan/", PLAN).status_code == 200


# Planning and issuing


def test_plan_and_issue_with_an_own_medicine(page: Client, owner: User, patient: Patient) -> None:
    row = keep(owner)
    shown = words(page.get("/plan/", PLAN))
    assert "10 mg tablets" in shown
    assert "55 mg" in shown
    data = request_data(owner.clinic, PLAN)
    draft = make_draft(owner.clinic, patient, data)
    version = issue_version(
        by=owner, patient=patient, request_data=data, reasons=dict.fromkeys(draft.codes, "Weekly visits from here on"),
        specialists={}, papers=InkedPapers(), submission="first", shown=draft.digest,
    )  # fmt: skip
    assert (version.medicine_version, version.medicine_hash) == (1, row.sha256)
    withdraw_medicine_file(by=owner, key="examplazine")
    html = words(page.get(reverse("version", args=[version.pk])))
    assert "Examplazine, oral, version 1" in html
    assert "10 mg tablets" in html
    assert page.get(reverse("version_calendar", args=[version.pk, "A4"])).content.startswith(b"%PDF")
    assert "Examplazine, oral" in words(page.get(reverse("patient", args=[patient.pk])))


def test_version_is_read_with_the_file_it_was_made_with(page: Client, owner: User, patient: Patient) -> None:
    keep(owner)
    version = issued(owner, patient, PLAN)
    keep(owner, newer(2).replace("tablet-10", "tablets-10").replace('"10 mg tablets"', '"10 mg new tablets"'))
    html = words(page.get(reverse("version", args=[version.pk])))
    assert "10 mg tablets" in html
    assert "new tablets" not in html


def test_version_made_with_the_planners_file_is_read_with_it(
    page: Client, owner: User, patient: Patient, typed: dict[str, Any]
) -> None:
    version = issued(owner, patient, typed)
    keep(owner, adjusted().replace('short = "10 mg tablets"', 'short = "10 mg new tablets"'))
    html = words(page.get(reverse("version", args=[version.pk])))
    assert "10 mg tablets" in html
    assert "new tablets" not in html


def test_file_that_changed_since_it_was_seen_is_not_issued(owner: User, patient: Patient) -> None:
    keep(owner)
    data = request_data(owner.clinic, PLAN)
    draft = make_draft(owner.clinic, patient, data)
    keep(owner, newer(2).replace("A seizure", "A fit"))
    with pytest.raises(Refused, match="has changed since you saw it"):
        issue_version(
            by=owner, patient=patient, request_data=data, reasons=dict.fromkeys(draft.codes, "Weekly visits"),
            specialists={}, papers=PlainPapers(), submission="first", shown=draft.digest,
        )  # fmt: skip


# The data folder


def test_file_of_the_install_serves_every_clinic_and_an_own_one_goes_before(
    settings: Any, tmp_path: Path, owner: User, stranger: User
) -> None:
    settings.MEDICINE_FOLDER = tmp_path
    (tmp_path / "baclofen.toml").write_text(adjusted(ceiling="23%"), encoding="utf-8")
    keep(stranger, adjusted(newer_by=2, ceiling="21%"))
    assert ceiling_of(owner.clinic) == "23"
    assert ceiling_of(stranger.clinic) == "21"


def test_fault_in_the_data_folder_is_said_and_stops_nothing(page: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDICINE_FOLDER = tmp_path
    (tmp_path / "baclofen.toml").write_text(adjusted(ceiling="9%"), encoding="utf-8")
    (tmp_path / "other.toml").write_bytes(b"\xff")
    for address in ("/settings/", ADDRESS):
        shown = words(page.get(address))
        assert "baclofen.toml: limit.cut: It is above the ceiling" in shown
        assert "other.toml: line 1: It is not UTF-8 text" in shown
    assert "Baclofen, oral" in words(page.get("/plan/"))

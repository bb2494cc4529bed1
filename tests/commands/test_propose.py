"""`manage.py propose` as a script uses it: output, exit code, one line on standard error."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BACLOFEN = ["--medicine", "baclofen", "--regimen", "morning=20,midday=20,evening=20", "--start", "2026-12-07"]
REQUEST = {"medicine": "baclofen", "regimen": {"morning": "20", "midday": "20", "evening": "20"}, "start": "2026-12-07"}


def run(*arguments: str, text: str | bytes = "") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "manage.py", *arguments]
    environment = {"PATH": "/usr/bin:/bin"}
    content = text.encode() if isinstance(text, str) else text
    return subprocess.run(command, cwd=ROOT, input=content, capture_output=True, check=False, env=environment)


def test_table_shows_the_ladder_and_the_supply():
    done = run("propose", *BACLOFEN)
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "231 of tablet-10" in text
    assert "ends: 2027-02-22, after 77 days" in text
    assert text.count("over the limit\n") == 3


def test_json_has_the_contract_keys():
    answer = json.loads(run("propose", *BACLOFEN, "--format", "json").stdout)
    assert list(answer) == ["outcome", "request", "steps", "findings", "supply", "ends", "days"]
    assert [step["daily"] for step in answer["steps"]][:3] == ["55", "50", "45"]
    assert answer["supply"]["total"] == {"tablet-10": "231"}


def test_csv_has_a_row_a_day():
    rows = list(csv.DictReader(io.StringIO(run("propose", *BACLOFEN, "--format", "csv").stdout.decode())))
    assert len(rows) == 77
    assert rows[0]["date"] == "2026-12-07"


def test_pdf_is_written_and_says_that_it_is_not_issued(tmp_path):
    from pypdfium2 import PdfDocument

    file = tmp_path / "plan.pdf"
    assert run("propose", *BACLOFEN, "--format", "pdf", "--output", str(file)).returncode == 0
    pages = [page.get_textpage().get_text_range() for page in PdfDocument(file)]
    assert pages
    assert all("Not issued" in page for page in pages)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (["--regimen", "morning=1e9"], "regimen.morning"),
        (["--regimen", "morning=1,5"], "regimen"),
        (["--regimen", "morning=0"], "regimen"),
        (["--regimen", "morning=600"], "regimen"),
        (["--target", "60"], "target"),
        (["--target", "-5"], "target"),
        (["--target", "3"], "target"),
        (["--start", "2027-02-29"], "start"),
        (["--limit", "0%", "--limit-days", "7"], "limit.cut"),
        (["--products", "tablet-11"], "products"),
        (["--cut", "0.1%", "--every", "365", "--products", "solution-1"], "pace.0.cut"),
        (["--coarse", "hold"], "coarse"),
        (["--shape", "odd"], "shape"),
        (["--change-on", "monday"], "change_on"),
        (["--end-by", "2026-12-01"], "end_by"),
        (["--end-by", "2027-03-01", "--cut", "10%"], "end_by"),
        (["--format", "word"], "format"),
        (["--medicine", "aspirin"], "medicine"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(changes, field):
    done = run("propose", *BACLOFEN, *changes)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode().startswith(f"{field}: ")
    assert done.stderr.decode().count("\n") == 1


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        (["--coarse", "stretch"], "2027-04-05"),  # 20, 15, 10 and 5 mg held 14, 14, 21 and 21 days
        (["--shape", "one-time-first"], "2027-02-22"),
        (["--change-on", "wed"], "2027-02-24"),
        (["--end-by", "2027-03-01"], "2027-02-22"),
        (["--end-by", "2027-08-01", "--every", "14"], "2027-05-10"),
    ],
)
def test_ways_of_asking_end_as_they_should(changes, ends):
    assert json.loads(run("propose", *BACLOFEN, *changes, "--format", "json").stdout)["ends"] == ends


def test_stuck_is_exit_code_1_and_says_where():
    done = run("propose", *BACLOFEN, "--coarse", "refuse", "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["stuck_at"] == "20"
    assert "At 20 mg a day" in done.stderr.decode()


def test_requests_are_answered_in_order_and_a_bad_line_does_not_end_it():
    good, bad = (json.dumps(REQUEST | {"target": target}) for target in ("10", "70"))
    done = run("propose", "--requests", "-", text="\n".join([good, "not json", bad, good]) + "\n")
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert done.returncode == 0
    assert [answer["outcome"] for answer in answers] == ["proposed", "refused", "refused", "proposed"]
    assert answers[2]["findings"][0]["message"].startswith("target: ")


def test_same_request_same_bytes():
    assert run("propose", *BACLOFEN, "--format", "json").stdout == run("propose", *BACLOFEN, "--format", "json").stdout


def test_resolved_request_gives_the_same_answer():
    first = json.loads(run("propose", *BACLOFEN, "--format", "json").stdout)
    again = json.loads(run("propose", "--requests", "-", text=json.dumps(first["request"]) + "\n").stdout)
    assert again == first


def step(start, days, **regimen):
    return {"start": start, "days": days, "regimen": regimen}


def check(tmp_path, **changes):
    file = tmp_path / "schedule.json"
    file.write_text(json.dumps(REQUEST | changes))
    return run("check_schedule", str(file))


def test_check_schedule_completes_the_steps(tmp_path):
    first = step("2026-12-07", 7, morning="20", midday="15", evening="20")
    steps = [first, step("2026-12-14", 7, morning="15", midday="15", evening="20")]
    done = check(tmp_path, steps=steps, target="50")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["outcome"]) == (0, "checked")
    assert [s["cut_of_current"] for s in answer["steps"]] == ["8.3", "9.1"]
    assert answer["steps"][1]["take"]["midday"] == [{"product": "tablet-10", "units": "1.5"}]


def test_check_schedule_exits_1_for_a_rise(tmp_path):
    done = check(tmp_path, steps=[step("2026-12-07", 7, morning="20", midday="20", evening="25")])
    codes = {finding["code"] for finding in json.loads(done.stdout)["findings"]}
    assert done.returncode == 1
    assert {"dose-rises", "time-rises", "target-missed"} <= codes


def test_check_schedule_takes_a_medicine_without_any_limit_and_says_so(tmp_path):
    medicine = {"name": "P", "unit": "mg", "products": {"tablet-5": {"form": "tablet", "strength": "5", "divides": 1}}}
    steps = [step("2026-12-07", 7, morning="20"), step("2026-12-14", 7, morning="5")]
    done = check(tmp_path, medicine=medicine, regimen={"morning": "20"}, steps=steps)
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert "no-limit" in {finding["code"] for finding in answer["findings"]}
    assert not any(s["over_limit"] for s in answer["steps"])


def test_standard_input_is_read_as_bytes_and_the_country_holds_for_each_line():
    lines = [b'{"medicine": "\\ud800"}', b'{"medicine": "\xff"}', json.dumps(REQUEST).encode()]
    done = run("propose", "--requests", "-", "--country", "us", text=b"\n".join(lines))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert [answer["outcome"] for answer in answers] == ["refused", "refused", "proposed"]

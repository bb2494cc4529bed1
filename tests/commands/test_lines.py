"""`propose --requests`: whatever stands in one line is said in its answer, and the other lines are answered."""

import json
from typing import Any

import pytest

from planner.management.commands import propose
from planner.management.commands.propose import answer_all, answer_line, require_alone
from planner.taper import BadInput, Context

REQUEST = {"medicine": "baclofen", "regimen": {"morning": "20", "midday": "20", "evening": "20"}, "start": "2026-12-07"}
GOOD = json.dumps(REQUEST).encode()


def answered(line: bytes, context: Context | None = None) -> Any:
    content = answer_line(line, context or Context())
    assert content.count(b"\n") == 1
    return json.loads(content)


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        pytest.param(b"not json", "request", "It is not JSON", id="not-json"),
        pytest.param(b"null", "request", "Give a JSON object", id="no-object"),
        pytest.param(b'{"medicine": "\\ud800"}', "medicine", "Known medicines", id="half-a-surrogate-pair"),
        pytest.param(b'{"fill_days": ' + b"9" * 5000 + b"}", "request", "at most 20 digits", id="5000-digits"),
        pytest.param(b'{"fill_days": -' + b"9" * 5000 + b"}", "request", "at most 20 digits", id="below-zero"),
        pytest.param(b'{"medicine": "\xff"}', "request", "It is not UTF-8: byte 15", id="not-utf-8"),
        pytest.param(GOOD.decode().encode("utf-16"), "request", "It is not UTF-8: byte 1", id="utf-16"),
        pytest.param(b"[" * 100_000, "request", "nested too deeply", id="too-deep-to-read"),
        pytest.param(b'{"target": ' + b"[" * 500 + b"]" * 500 + b"}", "request", "nested too deeply", id="too-deep"),
        pytest.param(b'{"target": NaN}', "request", "no such number", id="not-a-number"),
        pytest.param(b'{"target": "20", "target": "0"}', "target", "stands twice", id="field-twice"),
        pytest.param(b'{"regimen": {"morning": "5", "morning": "9"}}', "morning", "stands twice", id="time-twice"),
    ],
)
def test_line_that_cannot_be_read_is_refused_by_name(line, field, words):
    answer = answered(line)
    assert (answer["outcome"], answer["field"]) == ("refused", field)
    assert words in answer["allowed"]
    assert [finding["code"] for finding in answer["findings"]] == ["bad-input"]


def test_field_of_half_a_surrogate_pair_is_named_by_its_escape():
    answer = answer_line(b'{"\\udfff": 1}', Context())
    assert b'"field": "\\udfff"' in answer
    assert "There is no such field" in json.loads(answer)["allowed"]


@pytest.mark.parametrize("error", [ZeroDivisionError("x"), RecursionError("x"), KeyError("x"), ValueError("\ud800")])
def test_fault_of_the_planner_is_said_and_the_rest_goes_on(error, tmp_path, monkeypatch):
    def broken_on_the_second(request):
        if request.target == 10:
            raise error
        return propose_as_ever(request)

    propose_as_ever = propose.propose
    monkeypatch.setattr(propose, "propose", broken_on_the_second)
    source, output = tmp_path / "requests", tmp_path / "answers"
    source.write_bytes(b"\n".join([GOOD, json.dumps(REQUEST | {"target": "10"}).encode(), b"", b"\xff", GOOD]))
    answer_all(str(source), output, Context())
    answers = [json.loads(line) for line in output.read_bytes().splitlines()]
    assert [answer["outcome"] for answer in answers] == ["proposed", "refused", "refused", "proposed"]
    finding = answers[1]["findings"][0]
    assert (finding["code"], finding["severity"]) == ("internal-error", "refuse")
    assert type(error).__name__ in finding["message"]


def test_country_holds_for_every_line():
    line = json.dumps(REQUEST | {"regimen": {"morning": "30", "midday": "30", "evening": "30"}}).encode()

    def above_maximum(country: str) -> list[str]:
        findings = answered(line, Context(country=country))["findings"]
        return [finding["message"] for finding in findings if finding["code"] == "above-maximum"]

    assert "US" in above_maximum("US")[0]
    assert above_maximum("US") != above_maximum("GB")


def test_requests_are_not_written_over(tmp_path):
    source = tmp_path / "requests"
    source.write_bytes(GOOD)
    with pytest.raises(BadInput, match="output"):
        answer_all(str(source), source, Context())
    assert source.read_bytes() == GOOD


@pytest.mark.parametrize("given", [{"format": "json"}, {"format": "table"}, {"medicine": "baclofen"}, {"target": "0"}])
def test_options_of_one_request_cannot_stand_beside_requests(given):
    nothing = dict.fromkeys((*propose.OPTIONS, "format"))
    require_alone(nothing)
    with pytest.raises(BadInput, match=f"--{next(iter(given))}"):
        require_alone(nothing | given)

"""Options of the commands: what is left out, what is misspelled, which country."""

import pytest

from planner.management.commands.check_schedule import Command as CheckSchedule
from planner.management.commands.propose import Command as Propose
from planner.management.request_options import context_from, request_data
from planner.taper import BadInput


@pytest.mark.parametrize(
    ("options", "missing", "allowed"),
    [
        ({"cut": "10%"}, "--every", "a whole number of days from 1 to 365"),
        ({"every": "7"}, "--cut", "a percentage such as 10%, or an amount such as 5 mg"),
        ({"of": "starting"}, "--cut", "a percentage"),
        ({"cut": "10%", "of": "starting"}, "--every", "a whole number of days"),
        ({"limit": "20%"}, "--limit-days", "a whole number of days from 1 to 365"),
        ({"limit_days": "7"}, "--limit", "a percentage such as 10%, or an amount such as 5 mg"),
        ({"limit_of": "current"}, "--limit", "a percentage"),
    ],
)
def test_option_left_out_is_named_with_what_is_allowed(options, missing, allowed):
    with pytest.raises(BadInput) as caught:
        request_data(options)
    assert str(caught.value).startswith(f"{missing}: missing. ")
    assert allowed in caught.value.allowed


def test_pace_and_limit_are_read_whole():
    pace = {"cut": "10%", "of": "starting", "every": "14"}
    limit = {"limit": "20%", "limit_of": "current", "limit_days": "7"}
    assert request_data(pace | limit) == {
        "pace": [{"cut": "10%", "of": "starting", "every": 14}],
        "limit": {"cut": "20%", "of": "current", "days": 7},
    }
    assert request_data({}) == {}


@pytest.mark.parametrize("days", ["7.5", "-7", "", "٧", "9" * 5000])
def test_days_that_are_no_whole_number_are_refused(days):
    with pytest.raises(BadInput, match="from 1 to 365"):
        request_data({"cut": "10%", "every": days})


@pytest.mark.parametrize(("given", "country"), [(None, None), ("GB", "GB"), ("us", "US")])
def test_country_is_two_letters_in_capitals(given, country):
    assert context_from({"country": given}).country == country


@pytest.mark.parametrize(
    ("given", "words"),
    [("USA", "two letters"), ("", "two letters"), ("U1", "two letters"), ("ÄÖ", "two letters"), ("uk", "GB")],
)
def test_other_countries_are_refused(given, words):
    with pytest.raises(BadInput, match=words) as caught:
        context_from({"country": given})
    assert caught.value.field == "country"


@pytest.mark.parametrize(
    ("command", "arguments", "words"),
    [
        (Propose, ["propose", "--colour", "red"], "unrecognized arguments: --colour red"),
        (Propose, ["propose", "--medi", "baclofen"], "unrecognized arguments: --medi baclofen"),
        (Propose, ["propose", "--medicine"], "argument --medicine: expected one argument"),
        (CheckSchedule, ["check_schedule"], "required: FILE"),
        (CheckSchedule, ["check_schedule", "-", "--country"], "argument --country: expected one argument"),
    ],
)
def test_wrong_option_is_one_line_and_exit_code_2(command, arguments, words, capsys):
    with pytest.raises(SystemExit) as ended:
        command().run_from_argv(["manage.py", *arguments])
    written = capsys.readouterr()
    assert (ended.value.code, written.out, written.err.count("\n")) == (2, "", 1)
    assert words in written.err


def test_a_named_pace_stands_alone():
    assert request_data({"pace": "slower"}) == {"pace": "slower"}
    with pytest.raises(BadInput) as bad:
        request_data({"pace": "slower", "every": "7"})
    assert (bad.value.field, bad.value.value) == ("--every", "7")


def test_help_names_the_options(capsys):
    with pytest.raises(SystemExit) as ended:
        Propose().run_from_argv(["manage.py", "propose", "--help"])
    assert ended.value.code == 0
    assert "--cut 10%|5 mg" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--requests", "-", "--country", "UK"], "country: 'UK' cannot be used. "),
        (["--requests", "-", "--format", "json"], "requests: '--format' cannot be used. "),
        (["--requests", "nowhere/requests"], "nowhere/requests: No such file"),
        (["--medicine", "baclofen", "--cut", "10%"], "--every: missing. "),
    ],
)
def test_options_that_do_not_fit_end_the_command(arguments, line, capsys):
    with pytest.raises(SystemExit) as ended:
        Propose().run_from_argv(["manage.py", "propose", *arguments])
    written = capsys.readouterr()
    assert (ended.value.code, written.out, written.err.count("\n")) == (2, "", 1)
    assert written.err.startswith(line)

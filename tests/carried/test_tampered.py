"""A file that was changed by hand is refused, even with its digest made right, where the rules can know it."""

import copy
import json
import re
from typing import Any

import pytest

from planner.models import Plan, User
from planner.plan_files import MOST_BYTES, NotAPlan, bring
from tests.carried.conftest import exported
from tests.carried.leaves import changed, leaves, others, sealed

# What no rule can know: who it is, what somebody typed, which program and file made it, what a contact was like, and
# what of the request or the findings leaves no mark in the steps.
FREE = re.compile(
    r"""medicine\.(name|version) | patient\..* | versions\.\d\.(summary|why|issued_on|engine_version|medicine_version)
    | versions\.\d\.reasons\..* | versions\.\d\.answer\.request\.(max_units|factors|taking_since)
    | versions\.\d\.answer\.findings\.\d\.(message|step|source\..*)
    | versions\.\d\.answer\.findings\.\d\.code
    | check_ins\.\d\.(day|signs|missed|note|reason) | taken_otherwise\.\d\.note""",
    re.VERBOSE,
)
# Beside them, findings that follow from the steps are known to the word.
OF_THE_STEPS = ("over-limit", "over-ceiling", "dose-gap")


@pytest.fixture
def content(owner: User, lived: Plan) -> Any:
    return json.loads(exported(lived, owner))["content"]


def refusal(clinic: Any, data: bytes) -> str:
    with pytest.raises(NotAPlan) as refused:
        bring(clinic, data)
    return str(refused.value)


def is_free(content: Any, place: tuple[str | int, ...]) -> bool:
    name = ".".join(map(str, place))
    if ".findings." not in name:
        return bool(FREE.fullmatch(name))
    finding = content["versions"][place[1]]["answer"]["findings"][place[4]]
    return ".source" in name or (bool(FREE.fullmatch(name)) and finding["code"] not in OF_THE_STEPS)


def test_untouched_file_is_taken(stranger: User, content: Any) -> None:
    assert bring(stranger.clinic, sealed(content)).newest.number == 2


def test_every_value_that_a_rule_can_know_is_held_against_it(stranger: User, content: Any) -> None:
    taken = []
    for place, value in leaves(content):
        for other in others(value) if not is_free(content, place) else ():
            try:
                bring(stranger.clinic, sealed(changed(content, place, other)))
            except NotAPlan:
                continue
            taken.append((place, value, other))
    assert taken == []


@pytest.mark.parametrize("part", ["versions", "check_ins", "taken_otherwise"])
def test_a_row_taken_out_is_noticed(stranger: User, content: Any, part: str) -> None:
    """Of the versions the first, of the rest what later versions knew of."""
    content[part] = content[part][1:]
    assert refusal(stranger.clinic, sealed(content))


def test_a_check_in_that_stands_twice_is_noticed(stranger: User, content: Any) -> None:
    twice = [*content["check_ins"], *content["check_ins"]]
    assert "A check-in stands twice" in refusal(stranger.clinic, sealed(changed(content, ("check_ins",), twice)))


def test_a_step_taken_out_is_noticed(stranger: User, content: Any) -> None:
    for place in range(len(content["versions"][0]["answer"]["steps"])):
        less = copy.deepcopy(content)
        del less["versions"][0]["answer"]["steps"][place]
        assert "Version 1: " in refusal(stranger.clinic, sealed(less))


def test_a_finding_over_the_limit_taken_out_is_noticed(stranger: User, content: Any) -> None:
    answer = content["versions"][1]["answer"]
    answer["findings"] = [found for found in answer["findings"] if found["code"] != "over-limit"]
    del content["versions"][1]["reasons"]["over-limit"]
    assert "over" in refusal(stranger.clinic, sealed(content))


def test_a_whole_other_dose_is_noticed_where_everything_beside_it_was_made_to_fit(stranger: User, content: Any) -> None:
    """Step 1 as 60 mg instead of 55, with its own cut and percents, but not what follows from it."""
    step = content["versions"][0]["answer"]["steps"][0]
    step["regimen"]["midday"], step["daily"], step["cut"] = "20", "60", "0"
    step["cut_of_current"] = step["cut_of_starting"] = "0.0"
    assert refusal(stranger.clinic, sealed(content)).startswith("Version 1: ")


def test_changed_file_with_its_old_digest_says_so(stranger: User, owner: User, lived: Plan) -> None:
    data = exported(lived, owner).replace(b'"55"', b'"50"', 1)
    assert "was changed since it was exported" in refusal(stranger.clinic, data)


NESTED = b"[" * 5000 + b"]" * 5000


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "This is no JSON: line 1, column 1 cannot be read."),
        (b"\xff\xfe", "not UTF-8"),
        (b"{", "This is no JSON: line 1, column 2"),
        (b"[]", "This is another kind of file"),
        (b'{"format": "other"}', "“format” has to be “taper-plan”"),
        (b'{"format": "taper-plan"}', "“format_version” has to be a whole number"),
        (b'{"format": "taper-plan", "format_version": true}', "“format_version” has to be a whole number"),
        (b'{"format": "taper-plan", "format_version": 2}', "version 2 of the format; this planner reads up to 1"),
        (b'{"format": "taper-plan", "format_version": 1}', "has to hold content, format"),
        (b'{"format": "taper-plan", "format": "taper-plan"}', "“format” stands twice"),
        (b'{"format": 1.5}', "1.5 is a bare number with decimals"),
        (b'{"format": NaN}', "NaN is a bare number"),
        (b'{"format": ' + b"9" * 5000 + b"}", "too many digits"),
        (b'{"format": "a\\u0000b"}', "a control character"),
        (b'{"format": ["a\\u0000b"]}', "a control character"),
        (b'{"\\ud800": "a", "\\ud800": "a"}', "a control character"),
        (b'"' + b'\\"' * 900_000, "line 1, column 1"),  # read in one go, not from each quote anew
        (b"{" + b",".join(b'"a%d":1' % n for n in range(150_000)) + b',"a7":1}', "“a7” stands twice"),
        (NESTED, "more than 16 levels deep"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "more than 16 levels deep"),
        (b" " * (MOST_BYTES + 1), "larger than 2000 KB"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_plan_is_said_plainly(stranger: User, data: bytes, said: str) -> None:
    assert said in refusal(stranger.clinic, data)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("versions", 0, "begins"), "2026-13-07", "versions.0.begins"),
        (("versions", 0, "begins"), "2026-02-30", "versions.0.begins"),
        (("versions", 0, "number"), "1", "versions.0.number"),
        (("versions", 0, "kind"), "other", "versions.0.kind"),
        (("versions", 0, "issued_at"), "2026-11-26T10:00:00", "versions.0.issued_at"),
        (("versions",), [], "versions"),
        (("unknown",), 1, "unknown"),
        (("check_ins", 0, "signs"), ["x" * 301], "check_ins.0.signs.0"),
        (("check_ins", 0, "day"), "1990-01-01", "Check-in 1: it is about a version or a day that is not there."),
        (("check_ins", 0, "at"), "0001-01-01T00:00:00+14:00", "check_ins.0.at"),
        (("exported_at",), "0001-01-01T00:00:00+14:00", "exported_at"),
        (("exported_at",), "2027-01-13T23:59:00-12:00", "written later than now"),
        (("versions", 0, "answer", "steps", 0, "regimen", "morning"), "-5", "steps.0.regimen.morning"),
        (("versions", 0, "answer", "steps", 0, "regimen", "morning"), "1e3", "steps.0.regimen.morning"),
        (("versions", 0, "answer", "steps", 0, "regimen", "morning"), "7.3", "Version 1: "),
        (("versions", 0, "answer", "steps", 0, "days"), 99999, "steps.0.days"),
        (("versions", 0, "answer", "steps", 0, "start"), "9999-12-31", "steps.0.start"),
        (("versions", 0, "answer", "steps"), [1], "steps"),
        (("versions", 0, "answer", "request"), {}, "another medicine"),
        (("versions", 0, "answer", "request", "medicine"), {"name": "x", "unit": "mg"}, "another medicine"),
        (("versions", 0, "answer", "request", "pace"), [{}], "Version 1: "),
        (("versions", 0, "answer", "request", "regimen"), [], "Version 1: regimen"),
        (("versions", 0, "answer", "supply"), {}, "Version 1: supply"),
        (("medicine", "products"), {}, "not among the products"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_cannot_be_is_named(stranger: User, content: Any, place: Any, value: Any, said: str) -> None:
    assert said in refusal(stranger.clinic, sealed(changed(content, place, value)))


def test_medicine_that_the_clinic_lacks_is_named(stranger: User, content: Any) -> None:
    words = refusal(stranger.clinic, sealed(changed(content, ("medicine", "key"), "examplazine")))
    assert "This clinic has no medicine “examplazine” (Baclofen, oral)." in words


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("unit",), "micrograms", "Baclofen, oral is counted in mg here, and in micrograms in the file."),
        (("products", "tablet-10", "strength"), "5", "tablet-10: its strength is 10 here, and 5 in the file."),
        (("products", "tablet-10", "divides"), 4, "tablet-10: its parts a piece may be cut into is 2 here"),
        (("products", "tablet-10", "form"), "capsule", "tablet-10: its form is tablet here, and capsule in the file."),
        (("products", "tablet-10", "step_ml"), "0.5", "tablet-10: its syringe step is none here, and 0.5 in the file."),
    ],
)
def test_what_differs_of_the_medicine_is_said(
    stranger: User, content: Any, place: tuple[str, ...], value: Any, said: str
) -> None:
    assert said in refusal(stranger.clinic, sealed(changed(content, ("medicine", *place), value)))


def test_plan_that_has_ended_is_a_record(stranger: User, content: Any) -> None:
    end = {"on": "2027-01-12", "reason": "stopped", "note": ""}
    words = refusal(stranger.clinic, sealed(changed(content, ("end",), end)))
    assert (
        words
        == "This plan was closed on 12 January 2027. Only a running plan can be brought in: keep the file as a record."
    )

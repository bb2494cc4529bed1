"""Changes by hand as short texts: there and back, and what is no change."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from planner.forms.edit_texts import MOST_EDITS, EditsField, from_text, is_readable, to_text
from planner.taper.medicine import TIMES

TEXTS: dict[str, dict[str, Any]] = {
    "3:days=14": {"step": 3, "days": 14, "rest": "again"},
    "3:days=14:keep": {"step": 3, "days": 14, "rest": "keep"},
    "12:dose=morning=12.5,evening=0": {"step": 12, "regimen": {"morning": "12.5", "evening": "0"}, "rest": "again"},
    "1:dose=bedtime=5:keep": {"step": 1, "regimen": {"bedtime": "5"}, "rest": "keep"},
    "8:with=tablet-10,solution-1": {"step": 8, "products": ["tablet-10", "solution-1"], "rest": "again"},
    "0:with=solution-1": {"step": 0, "products": ["solution-1"], "rest": "again"},
}
GARBAGE = [
    "", "3", "3:", "3:days", "3:days=", "3:days=x", "3:days=-1", "3:days=1.5", "x:days=7", "12345:days=7", "-1:days=7",
    "3:days=7:keep:keep", "3:days=7:gone", " 3:days=7", "3:days=7\n", "3:days=٧", "3:dose=", "3:dose=morning",
    "3:dose=morning=", "3:dose=morning=x", "3:dose=morning=1e3", "3:dose=noon=5", "3:dose=morning=5,", "3:dose=,",
    "3:dose=morning=5,morning=10", "3:dose=morning=1,midday=2,evening=3,bedtime=4,morning=5", "3:with=", "3:with=,",
    "3:with=tablet-10:keep", "3:with=Tablet 10", "3:days=99999", "3:days=7,dose=morning=5", "\N{GRINNING FACE}",
    "3:with=" + ",".join(["a" * 30] * 10), "3:days=7" + " " * 200,
]  # fmt: skip
DOSES = st.decimals(0, 999, places=3).map(lambda dose: format(dose.normalize(), "f"))
REST = st.sampled_from(["again", "keep"])
STEPS = st.integers(1, 999)
EDITS = st.one_of(
    st.fixed_dictionaries({"step": STEPS, "days": st.integers(1, 3653), "rest": REST}),
    st.fixed_dictionaries({
        "step": STEPS,
        "regimen": st.dictionaries(st.sampled_from(TIMES), DOSES, min_size=1),
        "rest": REST,
    }),
    st.fixed_dictionaries({
        "step": STEPS,
        "products": st.lists(st.sampled_from(["tablet-5", "tablet-10", "solution-1"]), min_size=1, unique=True),
        "rest": st.just("again"),
    }),
)  # fmt: skip


@pytest.mark.parametrize(("text", "edit"), TEXTS.items(), ids=TEXTS.keys())
def test_a_text_is_a_change_and_back(text: str, edit: dict[str, Any]) -> None:
    assert from_text(text) == edit
    assert to_text(edit) == text


@given(EDITS)
def test_any_change_comes_back_from_its_text(edit: dict[str, Any]) -> None:
    assert from_text(to_text(edit)) == edit


@pytest.mark.parametrize("text", GARBAGE)
def test_what_is_no_change_is_said(text: str) -> None:
    with pytest.raises(ValidationError, match="cannot be read"):
        from_text(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    if is_readable(text):
        try:
            assert from_text(to_text(from_text(text))) == from_text(text)
        except ValidationError:
            assert "dose=" in text  # a time named twice
    else:
        with pytest.raises(ValidationError):
            from_text(text)


def test_no_more_than_so_many_changes_are_kept() -> None:
    field = EditsField()
    assert len(field.clean(["3:days=14"] * MOST_EDITS)) == MOST_EDITS
    with pytest.raises(ValidationError, match="At most 40"):
        field.clean(["3:days=14"] * (MOST_EDITS + 1))

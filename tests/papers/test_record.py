import csv
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest

from planner.papers import PaperError, day_rows_csv, record_text
from planner.taper import Closures, Context
from tests.papers.samples import sample_answer, sample_paper


def test_record_gives_every_step_with_both_percents() -> None:
    text = record_text(sample_paper())
    assert (
        "8. 25 Jan to 31 Jan 2027: 20 mg a day: morning half a tablet (5 mg); midday half a tablet (5 mg); "
        "evening 1 tablet (10 mg) (cut 5 mg, 20% of current, 8.3% of starting)"
    ) in text
    assert "12. From 22 Feb 2027: stop, no more doses (cut 5 mg, 100% of current, 8.3% of starting)" in text
    assert "Stop: Monday 22 February 2027" in text
    assert "- Baclofen 10 mg tablets: 231" in text


def test_record_gives_findings_with_their_reasons() -> None:
    text = record_text(sample_paper(), {"over-limit": "No finer product to be had"})
    assert "- over-limit (acknowledge, step 9): From 20 mg to 15 mg is 25 % of the current dose." in text
    assert "Reason for over-limit: No finer product to be had" in text


def test_record_lists_the_check_ins() -> None:
    text = record_text(sample_paper())
    assert (
        "Check-ins (how is the patient?):\n"
        "- Tuesday 8 December 2026: step 1, first cuts\n"
        "- Tuesday 15 December 2026: step 2, first cuts\n"
        "- Tuesday 23 February 2027: step 12, the stop\n"
    ) in text


def test_record_marks_a_check_in_on_a_closed_day() -> None:
    answer = sample_answer("from New Year's Eve")
    long_weekend = Closures(frozenset({5, 6}), frozenset({date(2026, 12, 31), date(2027, 1, 1)}))
    closed = replace(answer, request=replace(answer.request, context=Context(closures=long_weekend)))
    text = record_text(sample_paper(closed))
    assert "- Friday 1 January 2027: step 1, first cuts; the clinic is closed that day: arrange a call\n" in text


def test_record_of_a_taper_above_zero_says_that_it_goes_on() -> None:
    text = record_text(sample_paper(sample_answer("to ten a day")))
    assert "Goes on at 10 mg a day from Monday 21 December 2026, supplied to Sunday 3 January 2027" in text
    assert "Stop:" not in text


def test_record_of_what_is_not_issued_says_so() -> None:
    assert "Not issued. Do not take medicine by this paper." in record_text(sample_paper(version=None))


def test_record_needs_a_schedule() -> None:
    with pytest.raises(PaperError, match="no schedule"):
        record_text(sample_paper(replace(sample_answer(), steps=())))


def test_csv_has_a_row_a_day() -> None:
    rows = list(csv.reader(StringIO(day_rows_csv(sample_answer()))))
    doses = ["morning (mg)", "midday (mg)", "evening (mg)", "daily (mg)"]
    assert rows[0] == ["date", "step", *doses, "tablet-10 (pieces)"]
    assert rows[1] == ["2026-12-07", "1", "20", "15", "20", "55", "5.5"]
    assert rows[-1] == ["2027-02-21", "11", "0", "0", "5", "5", "0.5"]
    assert len(rows) == 1 + 77
    assert sum(float(row[-1]) for row in rows[1:]) == 231


def test_csv_counts_liquids_in_ml() -> None:
    rows = list(csv.reader(StringIO(day_rows_csv(sample_answer("sixty steps")))))
    assert rows[0][-2:] == ["tablet-10 (pieces)", "solution-1 (mL)"]
    assert rows[1][-3:] == ["118", "11", "8"]

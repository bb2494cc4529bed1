"""The drawing of dose over time: every number in it comes from the schedule."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from planner.formulary import find_medicine, inline_medicine
from planner.taper import Answer, Closures, Context, parse_request, propose
from planner.taper.amounts import show
from planner.views.chart import phone_chart, spark, wide_chart
from planner.views.shown import told

USUAL = {
    "medicine": "baclofen",
    "regimen": {"morning": "20", "midday": "20", "evening": "20"},
    "start": "2026-12-07",
}
SOLUTION = {"products": ["tablet-10", "solution-1"]}
SLOW = {"pace": [{"cut": "2%", "of": "starting", "every": 21}], "products": ["solution-1"]}


def answer(**changes: Any) -> Answer:
    return propose(parse_request(USUAL | changes, find_medicine, inline_medicine))


def heights(path: str) -> list[str]:
    """Where the line stands after each change."""
    return re.findall(r"V([\d.]+)", path)


def test_line_falls_as_the_doses_do() -> None:
    usual = answer()
    chart = wide_chart(usual, show)
    scale = Decimal(278 - 18) / 60
    assert heights(chart.line) == [f"{278 - step.daily * scale:.1f}" for step in usual.steps]
    assert chart.line.startswith("M")
    assert chart.line.count("H") == 12


def test_band_is_where_the_next_dose_may_lie() -> None:
    """From 60 mg, a cut of up to 20 % is 12 mg: 260 lengths for 60 mg make 52 for it."""
    first = wide_chart(answer(), show).bands[0]
    assert (first.y, first.height) == ("18.0", "52.0")


def test_cuts_over_the_limit_have_riser_triangle_and_word() -> None:
    chart = wide_chart(answer(), show)
    assert len(chart.drops) == len(chart.marks) == 3
    said = [text.words for text in chart.texts if "t-stop" in text.look]
    assert said == ["25.0 %", "over", "33.3 %", "over", "50.0 %", "over"]


def test_phone_says_the_sum_of_the_cuts_over() -> None:
    chart = phone_chart(answer(), show)
    assert [text.words for text in chart.texts if "t-stop" in text.look] == ["3 cuts over"]


def test_nothing_is_marked_where_the_limit_is_kept() -> None:
    chart = wide_chart(answer(**SOLUTION), show)
    assert chart.drops == chart.marks == ()
    assert not [text for text in chart.texts if "t-stop" in text.look]


def test_target_above_zero_has_no_stop() -> None:
    chart = wide_chart(answer(target="20"), show)
    assert chart.stop is None
    assert "Stop" not in [text.words for text in chart.texts]


@pytest.mark.parametrize("draw", [wide_chart, phone_chart])
@pytest.mark.parametrize("changes", [{}, SOLUTION, SLOW, {"target": "55"}, {"regimen": {"bedtime": "5"}}])
def test_everything_lies_inside_the_drawing(draw: Any, changes: dict[str, Any]) -> None:
    chart = draw(answer(**changes), show)
    numbers = [Decimal(n) for path in (chart.line, chart.before) for n in re.findall(r"[\d.]+", path)]
    assert min(numbers) >= 0
    assert max(numbers) <= chart.width
    for text in chart.texts:
        assert 0 <= Decimal(text.x) <= chart.width, text
        assert 0 <= Decimal(text.y) <= chart.height, text


@pytest.mark.parametrize("draw", [wide_chart, phone_chart])
@pytest.mark.parametrize("changes", [{}, SOLUTION, SLOW])
def test_dates_below_do_not_run_into_each_other(draw: Any, changes: dict[str, Any]) -> None:
    chart = draw(answer(**changes), show)
    days = sorted({Decimal(text.x) for text in chart.texts if text.look == "c"})
    assert min(later - earlier for earlier, later in zip(days, days[1:], strict=False)) >= 29


def test_options_share_one_scale() -> None:
    short, long = answer(), answer(**SOLUTION)
    last = long.steps[-1].start
    ends = [Decimal(spark(each, last, Decimal(60)).stop[0]) for each in (short, long)]  # type: ignore[index]
    assert ends[1] == 248
    days = [(each.steps[-1].start - short.steps[0].start + timedelta(days=1)).days for each in (short, long)]
    assert abs((ends[0] - 2) / (ends[1] - 2) - Decimal(days[0]) / days[1]) < Decimal("0.01")


# Closed days and check-ins

CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})
OFFICE = Closures(frozenset({5, 6}), CHRISTMAS)


def with_closures(closures: Closures | None, **changes: Any) -> Answer:
    context = Context(closures=closures)
    return propose(parse_request(USUAL | changes, find_medicine, inline_medicine, context))


def test_closed_stretches_are_hatched_weekends_are_not() -> None:
    """77 days with 6 more on each side, 818 lengths wide: a day is 818/89. 25 to 28 December is 24 to 28 days on."""
    first, second = wide_chart(with_closures(OFFICE), show).closed
    each = Decimal(818) / 89
    assert first.edge == f"M{46 + 24 * each:.1f} 278H{46 + 28 * each:.1f}V285H{46 + 24 * each:.1f}z"
    assert second.edge.startswith(f"M{46 + 31 * each:.1f} 278H{46 + 34 * each:.1f}V")


def test_nothing_is_hatched_where_no_closed_days_are_known() -> None:
    assert wide_chart(with_closures(None), show).closed == ()


def test_stretch_too_narrow_to_see_is_left_out() -> None:
    """Some five years on 818 lengths: each of the ten single days is less than one length wide."""
    days = Closures(frozenset(), frozenset(date(2027, month, 1) for month in range(1, 11)))
    assert wide_chart(with_closures(days, **SLOW), show).closed == ()
    assert len(wide_chart(with_closures(days), show).closed) == 2


@pytest.mark.parametrize("draw", [wide_chart, phone_chart])
def test_closed_stretch_ends_with_the_drawing(draw: Any) -> None:
    always = Closures(frozenset(range(7)) - {2}, frozenset(date(2026, 11, 1) + timedelta(days=n) for n in range(400)))
    chart = draw(with_closures(always), show)
    (span,) = chart.closed
    assert max(Decimal(x) for x in re.findall(r"[MH]([\d.]+)", span.edge)) <= chart.width
    for x, wide in re.findall(r"M([\d.]+) [\d.]+l([\d.]+)", span.lines):
        assert Decimal(x) + Decimal(wide) <= chart.width


def test_check_ins_lie_on_the_line() -> None:
    """The day after the first cut, at 55 mg; the last, after the stop, at zero."""
    marks = wide_chart(with_closures(OFFICE), show).check_ins
    each, scale = Decimal(818) / 89, Decimal(260) / 60
    assert len(marks) == 6
    assert marks[0] == (f"{46 + 7 * each:.1f}", f"{278 - 55 * scale:.1f}")
    assert marks[-1] == (f"{46 + 84 * each:.1f}", "278.0")


def test_chart_in_words_tells_check_ins_and_closed_days() -> None:
    words = told(with_closures(OFFICE), show)
    assert words.endswith(
        "Check-in: 8 Dec 2026, 15 Dec 2026, 2 Feb 2027, 9 Feb 2027, 16 Feb 2027, 23 Feb 2027. "
        "Closed beside the usual week: 25 to 28 December 2026, 1 to 3 January 2027."
    )


def test_many_dates_are_told_by_their_number() -> None:
    holidays = Closures(frozenset({5, 6}), frozenset(date(2026, 12, 8) + timedelta(days=7 * n) for n in range(10)))
    assert "Closed beside the usual week: 10 times, first 8 December 2026." in told(with_closures(holidays), show)


def test_percent_above_a_first_cut_over_the_limit_stays_inside_the_drawing() -> None:
    """From the highest dose there is no room above the line: the drawing begins lower."""
    coarse = answer(regimen={"morning": "10"}, products=["tablet-10"])
    assert coarse.steps[0].over_limit
    for chart in (wide_chart(coarse, show), phone_chart(coarse, show)):
        said = [text for text in chart.texts if text.look and "t-stop" in text.look]
        assert said
        assert all(Decimal(text.y) >= 12 for text in said)

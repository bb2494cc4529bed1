"""The drawing of dose over time: every number in it comes from the schedule."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from planner.formulary import find_medicine, inline_medicine
from planner.taper import Answer, parse_request, propose
from planner.taper.amounts import show
from planner.views.chart import phone_chart, spark, wide_chart

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

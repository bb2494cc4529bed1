"""Closed days and check-ins in the drawing of dose over time, and the same in words."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from planner.papers.numbers import short_date
from planner.taper import Answer, check_ins
from planner.taper.closures import ONE_DAY, show_span, unusual_spans
from planner.views.frame import Frame, Hatched, written

HATCH_HEIGHT = 7  # below the axis, where neither line nor words run
HATCH_SPACING = 5
NARROWEST = 3  # of a stretch that still looks like one: less would be taken for a mark of the axis
MOST_TOLD = 8  # dates that are still listened to


def closed_spans(answer: Answer, frame: Frame) -> tuple[Hatched, ...]:
    """Stretches of closed days that hold more than the days closed every week, where they can be seen."""
    closures = answer.request.context.closures
    if closures is None:
        return ()
    spans = unusual_spans(closures, frame.first, frame.last)
    sides = ((frame.x(first), min(Decimal(frame.right), frame.x(last + ONE_DAY))) for first, last in spans)
    return tuple(_hatched(left, right, frame) for left, right in sides if right - left >= NARROWEST)


def _hatched(left: Decimal, right: Decimal, frame: Frame) -> Hatched:
    top, low = frame.bottom, frame.bottom + HATCH_HEIGHT
    edge = f"M{written(left)} {top}H{written(right)}V{low}H{written(left)}z"
    return Hatched(edge, "".join(_lines(left, right, top)))


def _lines(left: Decimal, right: Decimal, top: int) -> Iterable[str]:
    """Slanted lines, cut off at the right edge."""
    for place in range(int(right - left) // HATCH_SPACING + 1):
        x = left + place * HATCH_SPACING
        wide = min(Decimal(HATCH_HEIGHT), right - x)
        yield f"M{written(x)} {top + HATCH_HEIGHT}l{written(wide)} {written(-wide)}"


def check_in_marks(answer: Answer, frame: Frame) -> tuple[tuple[str, str], ...]:
    """Where each check-in lies on the line of doses."""
    days = [found.day for found in check_ins(answer) if found.day <= frame.last]
    return tuple((written(frame.x(day)), written(frame.y(_dose_on(answer, day)))) for day in days)


def _dose_on(answer: Answer, day: date) -> Decimal:
    return next(step.daily for step in reversed(answer.steps) if step.start <= day)


def told_days(answer: Answer) -> tuple[str, str]:
    """The check-ins and the unusual closed days in a sentence each; empty where there are none."""
    found, closures = check_ins(answer), answer.request.context.closures
    days = [short_date(each.day, year=True) for each in found]
    spans = unusual_spans(closures, answer.steps[0].start, answer.steps[-1].start) if closures else []
    return _sentence("Check-in", days), _sentence("Closed beside the usual week", [show_span(*span) for span in spans])


def _sentence(what: str, days: list[str]) -> str:
    if not days:
        return ""
    return f"{what}: {', '.join(days)}." if len(days) <= MOST_TOLD else f"{what}: {len(days)} times, first {days[0]}."

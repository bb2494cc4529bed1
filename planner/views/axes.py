"""The axes of a drawing of dose over time: the doses at its side and the days below it."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal

from planner.views.frame import Frame, Text
from planner.views.frame import written as _n

Say = Callable[[Decimal], str]
NARROWEST_DATED = 30  # of a step that has room for its date below
NARROWEST_TICK = 46


def spacing(most: Decimal) -> Decimal:
    """The distance between the lines of the scale: 1, 2 or 5 times a power of ten, at most five of them."""
    power = Decimal(10) ** (most.adjusted() - 1)
    return next(size * power for size in (1, 2, 5, 10, 20) if most <= 5 * size * power)


def top_of_scale(most: Decimal) -> Decimal:
    between = spacing(most)
    return (most / between).to_integral_value(ROUND_CEILING) * between


def scale(frame: Frame) -> list[Decimal]:
    between = spacing(frame.most)
    return [between * count for count in range(int(frame.most / between) + 1)]


def scale_lines(frame: Frame) -> tuple[str, ...]:
    return tuple(f"M{frame.left} {_n(frame.y(dose))}H{frame.right}" for dose in scale(frame)[1:])


def scale_texts(frame: Frame, unit: str, say: Say, roomy: bool) -> list[Text]:
    """roomy: with the unit at the top."""
    x = str(frame.left - (8 if roomy else 6))
    texts = [Text(x, _n(frame.y(dose) + Decimal("4.5")), say(dose), "e") for dose in scale(frame)]
    top = texts[-1]
    texts[-1] = Text(top.x, top.y, top.words + (f" {unit}" if roomy else ""), top.look)
    return texts


def days_named(starts: Sequence[date], frame: Frame) -> list[date]:
    """The days named below: every change where there is room, else the first, the last and months between."""
    gaps = [frame.x(later) - frame.x(earlier) for earlier, later in zip(starts, starts[1:], strict=False)]
    if min(gaps, default=Decimal(NARROWEST_DATED)) >= NARROWEST_DATED:
        return list(starts)
    kept = [starts[0]]
    for day in _month_firsts(starts[0], starts[-1]):
        if min(frame.x(day) - frame.x(kept[-1]), frame.x(starts[-1]) - frame.x(day)) >= NARROWEST_TICK:
            kept.append(day)
    return [*kept, starts[-1]]


def day_texts(days: Sequence[date], frame: Frame) -> list[Text]:
    texts, named = [], None
    for day in days:
        x = _n(frame.x(day))
        texts.append(Text(x, str(frame.bottom + 20), str(day.day), "c"))
        if (day.year, day.month) != named:
            year = f" {day:%Y}" if named is not None and day.year != named[0] and frame.width > 600 else ""
            texts.append(Text(x, str(frame.bottom + 36), f"{day:%b}{year}", "c"))
        named = (day.year, day.month)
    return texts


def ticks(days: Sequence[date], frame: Frame) -> str:
    return "".join(f"M{_n(frame.x(day))} {frame.bottom}v5" for day in days)


def _month_firsts(first: date, last: date) -> list[date]:
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in months]

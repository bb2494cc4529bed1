"""Dose over time as a drawing: exact numbers and paths, which the template sets into SVG."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from planner.taper import Answer, Step
from planner.taper.limits import Course
from planner.views.axes import Say, day_texts, days_named, scale_lines, scale_texts, ticks, top_of_scale
from planner.views.chart_days import check_in_marks, closed_spans
from planner.views.frame import Box, Chart, Frame, Text
from planner.views.frame import written as _n

LETTER = 8  # width of a digit in the chart's type, rounded up
NARROWEST_NAMED = 52  # of a step that has room for its percent and the word "over"


def wide_chart(answer: Answer, say: Say) -> Chart:
    """For 700 px and more."""
    return _chart(answer, _frame(answer, 880, 322, left=46, right=864, top=18, bottom=278, words=56), say, roomy=True)


def phone_chart(answer: Answer, say: Say) -> Chart:
    """For a phone: drawn anew, so that its words keep their size."""
    return _chart(answer, _frame(answer, 312, 250, left=28, right=306, top=16, bottom=210, words=42), say, roomy=False)


def spark(answer: Answer, last: date, most: Decimal) -> Chart:
    """The line alone, on a scale that several options share."""
    first = answer.steps[0].start - timedelta(days=1)
    frame = Frame(252, 62, 2, 248, 4, 54, first, max(last, first + timedelta(days=2)), most)
    return Chart(
        frame.width, frame.height, _line(answer, frame, _ends(answer)), _before(answer, frame),
        axis=f"M0 {frame.bottom}H{frame.width}", grid=(), ticks="", bands=(), drops=_drops(answer, frame),
        marks=_marks(answer, frame, 4), texts=(), stop=_stop(answer, frame),
    )  # fmt: skip


def _ends(answer: Answer) -> date:
    """The day on which the drawn line ends: the stop, or the last day that is counted at the target."""
    last = answer.steps[-1]
    return last.start + timedelta(days=last.days)


def _frame(
    answer: Answer, width: int, height: int, *, left: int, right: int, top: int, bottom: int, words: int
) -> Frame:
    """words: the height that stands above a cut over the limit, for its percent; the drawing begins below it."""
    starts, ends = answer.steps[0].start, _ends(answer)
    margin = timedelta(days=max(3, (ends - starts).days // 12))
    most = top_of_scale(max(_befores(answer)))
    frame = Frame(width, height, left, right, top, bottom, starts - margin, ends + margin, most)
    highest = max((before for before, _ in _over(answer)), default=None)
    is_cramped = highest is not None and frame.y(highest) < words
    return replace(frame, top=words) if is_cramped else frame


def _current(answer: Answer) -> Decimal:
    return answer.request.current


def _chart(answer: Answer, frame: Frame, say: Say, *, roomy: bool) -> Chart:
    days = days_named([step.start for step in answer.steps], frame)
    return Chart(
        frame.width, frame.height, _line(answer, frame, frame.last), _before(answer, frame),
        axis=f"M{frame.left} {frame.bottom}H{frame.right}",
        grid=scale_lines(frame), ticks=ticks(days, frame),
        bands=_bands(answer, frame), drops=_drops(answer, frame), marks=_marks(answer, frame, 6 if roomy else 5),
        texts=(
            *scale_texts(frame, answer.medicine.unit, say, roomy), *day_texts(days, frame),
            *_dose_texts(answer, frame, say, roomy), *_over_texts(answer, frame, roomy),
            *_end_text(answer, frame, roomy),
        ),
        stop=_stop(answer, frame), closed=closed_spans(answer, frame), check_ins=check_in_marks(answer, frame),
    )  # fmt: skip


def _line(answer: Answer, frame: Frame, until: date) -> str:
    """The dose from day to day; broken where days are missing between two steps."""
    parts = [f"M{_n(frame.x(answer.steps[0].start))} {_n(frame.y(_current(answer)))}"]
    for place, step in enumerate(answer.steps):
        height, ends = _n(frame.y(step.daily)), _until(answer, place, until)
        parts.append(f"V{height}H{_n(frame.x(ends))}")
        if place + 1 < len(answer.steps) and ends < answer.steps[place + 1].start:
            parts.append(f"M{_n(frame.x(answer.steps[place + 1].start))} {height}")
    return "".join(parts)


def _before(answer: Answer, frame: Frame) -> str:
    return f"M{frame.left} {_n(frame.y(_current(answer)))}H{_n(frame.x(answer.steps[0].start))}"


def _befores(answer: Answer) -> list[Decimal]:
    return [_current(answer), *(step.daily for step in answer.steps)]


def _over(answer: Answer) -> list[tuple[Decimal, Step]]:
    return [(before, step) for before, step in zip(_befores(answer), answer.steps, strict=False) if step.over_limit]


def _drops(answer: Answer, frame: Frame) -> tuple[str, ...]:
    return tuple(
        f"M{_n(frame.x(step.start))} {_n(frame.y(before))}V{_n(frame.y(step.daily))}" for before, step in _over(answer)
    )


def _marks(answer: Answer, frame: Frame, half: int) -> tuple[str, ...]:
    rise = Decimal(half) * 7 / 4
    return tuple(
        f"M{_n(frame.x(step.start))} {_n(frame.y(before) - 2 * rise)}l{half} {_n(rise)}h-{2 * half}z"
        for before, step in _over(answer)
    )


def _stop(answer: Answer, frame: Frame) -> tuple[str, str] | None:
    last = answer.steps[-1]
    return None if last.daily else (_n(frame.x(last.start)), _n(frame.y(Decimal(0))))


def _bands(answer: Answer, frame: Frame) -> tuple[Box, ...]:
    """From the dose before each cut down to the least that the limit's window lets in, as long as the step lasts."""
    found = []
    for place, step in enumerate(answer.steps):
        top, low = _befores(answer)[place], _lowest_allowed(answer, place)
        if step.daily and low < top:
            left, right = frame.x(step.start), frame.x(_until(answer, place, frame.last))
            high = frame.y(top)
            found.append(Box(_n(left), _n(high), _n(right - left), _n(frame.y(low) - high)))
    return tuple(found)


def _lowest_allowed(answer: Answer, place: int) -> Decimal:
    request, step = answer.request, answer.steps[place]
    found = Course(request, answer.steps, place).window(request.limit, step.start, step.daily)
    return max(Decimal(0), found.reference - found.allowed)


def _until(answer: Answer, place: int, last: date) -> date:
    """The day on which a step's line ends: of the next step, or the first of the days missing before it."""
    if place + 1 == len(answer.steps):
        return last
    step = answer.steps[place]
    return min(answer.steps[place + 1].start, step.start + timedelta(days=step.days))


def _dose_texts(answer: Answer, frame: Frame, say: Say, roomy: bool) -> list[Text]:
    """The daily dose at its step, where the step is wide enough."""
    if not roomy:
        return []
    texts = [Text(str(frame.left + 4), _n(frame.y(_current(answer)) + 18), f"{say(_current(answer))} now")]
    if frame.x(answer.steps[0].start) - frame.left < LETTER * len(texts[0].words):
        texts = []
    for place, step in enumerate(answer.steps):
        left, right = frame.x(step.start), frame.x(_until(answer, place, frame.last))
        words = say(step.daily)
        if step.daily and right - left > LETTER * len(words) + 4:
            below = frame.y(step.daily) + 17
            y = below if below < frame.bottom - 3 else frame.y(step.daily) - 6
            texts.append(Text(_n((left + right) / 2), _n(y), words, "c strong"))
    return texts


def _over_texts(answer: Answer, frame: Frame, roomy: bool) -> list[Text]:
    """At each cut over the limit its percent and the word; one sum of them where they stand too close."""
    over = _over(answer)
    if not over:
        return []
    places = [frame.x(step.start) for _, step in over]
    close = any(later - earlier < NARROWEST_NAMED for earlier, later in zip(places, places[1:], strict=False))
    if roomy and not close:
        return [text for before, step in over for text in _over_text(before, step, frame)]
    words = "1 cut over" if len(over) == 1 else f"{len(over)} cuts over"
    x = min(places[0] - 8, Decimal(frame.right - LETTER * len(words)))
    return [Text(_n(x), _n(frame.y(over[0][0]) - 28), words, "t-stop")]


def _over_text(before: Decimal, step: Step, frame: Frame) -> tuple[Text, Text]:
    x, y = frame.x(step.start), frame.y(before)
    return (
        Text(_n(x), _n(y - 42), f"{step.cut_of_current} %", "c t-stop"),
        Text(_n(x), _n(y - 28), "over", "c t-stop"),
    )


def _end_text(answer: Answer, frame: Frame, roomy: bool) -> list[Text]:
    last = answer.steps[-1]
    if last.daily:
        return []
    x = frame.x(last.start)
    return [Text(_n(x + 8), _n(frame.y(Decimal(0)) - 10), "Stop", "strong")] if roomy or frame.right - x > 40 else []

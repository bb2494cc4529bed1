"""Planned and taken as a drawing: exact numbers and paths, which the template sets into SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from planner.course import Span
from planner.models import CheckIn
from planner.views.axes import Say, day_texts, days_named, scale_lines, scale_texts, ticks, top_of_scale
from planner.views.frame import Frame, Text
from planner.views.frame import written as _n
from planner.views.plan_course import ONE_DAY, Course, Hold, Stretch

OPEN_DAYS = timedelta(days=14)  # that are drawn of a dose which goes on
LETTER = 7  # width of a letter in the chart's type
SIGN = 12  # height of a check-in's sign
SIGNS = {
    "well": ("c-well", "is-ok"), "mild": ("c-mild", "is-care"), "moderate": ("c-moderate", "is-care"),
    "severe": ("s-over", "is-over"), "emergency": ("c-help", "is-over"), "due": ("c-due", "is-due"),
}  # fmt: skip
BY_WEIGHT = ("due", "well", "mild", "moderate", "severe", "emergency")
Point = tuple[date, Decimal]


@dataclass(frozen=True)
class Placed:
    """A sign below the axis, by its left upper corner."""

    symbol: str
    look: str
    x: str
    y: str


@dataclass(frozen=True)
class PlanChart:
    """Everything in the drawing, in its own units of length."""

    width: int
    height: int
    axis: str
    grid: tuple[str, ...]
    ticks: str
    before: str
    old: str
    taken: str
    ahead: str
    drops: tuple[str, ...]
    marks: tuple[str, ...]
    rises: tuple[str, ...]
    brackets: tuple[str, ...]
    texts: tuple[Text, ...]
    today: str
    stop: tuple[str, str] | None
    signs: tuple[Placed, ...]


@dataclass(frozen=True)
class Drawn:
    """What is drawn. old: what the version before said; due: days on which a check-in is still asked for."""

    course: Course
    old: Sequence[Span]
    old_stop: date | None
    check_ins: Sequence[CheckIn]
    due: Sequence[date]
    today: date
    unit: str
    say: Say

    @property
    def points(self) -> list[Point]:
        """The day and the dose of each change, the stop among them."""
        found = [(stretch.first, stretch.daily) for stretch in self.course.stretches]
        return [*found, (self.course.stop, Decimal(0))] if self.course.stop else found


def wide_plan(drawn: Drawn) -> PlanChart:
    """For 700 px and more."""
    return _chart(drawn, _frame(drawn, 800, 326, left=72, right=784, top=40, bottom=246), roomy=True)


def phone_plan(drawn: Drawn) -> PlanChart:
    """For a phone: drawn anew, so that its words keep their size."""
    return _chart(drawn, _frame(drawn, 312, 256, left=28, right=306, top=34, bottom=184), roomy=False)


def sign_of(check_in: CheckIn) -> str:
    """The key of its sign in SIGNS."""
    return "emergency" if check_in.too_much or check_in.emergency else check_in.how


def _frame(drawn: Drawn, width: int, height: int, *, left: int, right: int, top: int, bottom: int) -> Frame:
    course = drawn.course
    lasts = [stretch.last or max(stretch.first, drawn.today) + OPEN_DAYS for stretch in course.stretches]
    olds = [span.last or span.first for span in drawn.old]
    told = (check_in.day for check_in in drawn.check_ins)
    ends = [*lasts, *olds, *told, *(day for day, _ in drawn.points), course.begins + ONE_DAY]
    if drawn.today < max(ends) + OPEN_DAYS:
        ends.append(drawn.today)
    first, last = min(course.begins, drawn.today), max(ends)
    margin = timedelta(days=max(3, (last - first).days // 12))
    doses = [sum(course.before.values(), Decimal(0)), *(stretch.daily for stretch in course.stretches)]
    most = top_of_scale(max([*doses, *(span.daily for span in drawn.old)]))
    return Frame(width, height, left, right, top, bottom, first - margin, last + margin, most)


def _chart(drawn: Drawn, frame: Frame, *, roomy: bool) -> PlanChart:
    days = days_named([day for day, _ in drawn.points] or [drawn.course.begins], frame)
    over = [stretch for stretch in drawn.course.stretches if stretch.over_limit]
    rises = [stretch for stretch in drawn.course.stretches if stretch.cut < 0 and not stretch.otherwise]
    return PlanChart(
        frame.width, frame.height, axis=f"M{frame.left} {frame.bottom}H{frame.right}", grid=scale_lines(frame),
        ticks=ticks(days, frame), before=_before(drawn, frame), old=_old(drawn, frame),
        taken=_taken(drawn, frame), ahead=_ahead(drawn, frame),
        drops=tuple(_riser(stretch, frame) for stretch in over),
        marks=tuple(_mark(stretch, frame) for stretch in over),
        rises=tuple(_riser(stretch, frame) for stretch in rises),
        brackets=tuple(_bracket(hold, frame) for hold in drawn.course.holds),
        texts=(
            *scale_texts(frame, drawn.unit, drawn.say, roomy), *day_texts(days, frame),
            *_today_text(drawn, frame), *_over_text(over, frame, roomy),
            *_stop_text(drawn, frame), *(_hold_text(hold, drawn, frame, roomy) for hold in drawn.course.holds),
            *(text for stretch in rises for text in _rise_text(stretch, drawn, frame, roomy)),
            *_sign_text(drawn, frame, roomy),
        ),
        today=f"M{_n(frame.x(drawn.today))} 18V{frame.bottom}" if drawn.today <= frame.last else "",
        stop=(_n(frame.x(drawn.course.stop)), _n(frame.y(Decimal(0)))) if drawn.course.stop else None,
        signs=_signs(drawn, frame),
    )  # fmt: skip


def _before(drawn: Drawn, frame: Frame) -> str:
    dose = sum(drawn.course.before.values(), Decimal(0))
    return f"M{frame.left} {_n(frame.y(dose))}H{_n(frame.x(drawn.course.begins))}"


def _old(drawn: Drawn, frame: Frame) -> str:
    points = [(span.first, span.daily) for span in drawn.old]
    if not points:
        return ""
    stops = [(drawn.old_stop, Decimal(0))] if drawn.old_stop else []
    return _steps([*points, *stops], drawn.old_stop or frame.last, drawn.course.daily_on(points[0][0]), frame)


def _taken(drawn: Drawn, frame: Frame) -> str:
    begun = [point for point in drawn.points if point[0] <= drawn.today]
    if not begun:
        return ""
    dose = sum(drawn.course.before.values(), Decimal(0))
    last = drawn.course.stretches[-1].last
    closed = last + ONE_DAY if last and not drawn.course.stop else drawn.today
    return _steps(begun, min(drawn.today, closed, frame.last), dose, frame)


def _ahead(drawn: Drawn, frame: Frame) -> str:
    later = [point for point in drawn.points if point[0] > drawn.today]
    dose = drawn.course.daily_on(drawn.today)
    points = [(drawn.today, dose), *later] if drawn.course.at(drawn.today) else later
    return _steps(points, frame.last, dose, frame) if points else ""


def _steps(points: Sequence[Point], until: date, dose: Decimal, frame: Frame) -> str:
    """A line that falls or rises at each point and runs level to the next, from a dose on."""
    parts = [f"M{_n(frame.x(points[0][0]))} {_n(frame.y(dose))}"]
    ends = [*(day for day, _ in points[1:]), until]
    for (_, daily), end in zip(points, ends, strict=True):
        parts.append(f"V{_n(frame.y(daily))}H{_n(frame.x(min(end, frame.last)))}")
    return "".join(parts)


def _riser(stretch: Stretch, frame: Frame) -> str:
    return f"M{_n(frame.x(stretch.first))} {_n(frame.y(stretch.daily + stretch.cut))}V{_n(frame.y(stretch.daily))}"


def _mark(stretch: Stretch, frame: Frame) -> str:
    return f"M{_n(frame.x(stretch.first))} {_n(frame.y(stretch.daily + stretch.cut) - 18)}l5.5 9.6h-11z"


def _bracket(hold: Hold, frame: Frame) -> str:
    left, right = frame.x(hold.first), _hold_end(hold, frame)
    y = frame.y(hold.daily)
    return f"M{_n(left)} {_n(y - 4)}v-5H{_n(right)}" + ("v5" if hold.last else "")


def _hold_end(hold: Hold, frame: Frame) -> Decimal:
    return frame.x(min(frame.last, hold.last + ONE_DAY if hold.last else frame.last))


def _hold_text(hold: Hold, drawn: Drawn, frame: Frame, roomy: bool) -> Text:
    days = hold.days_until(drawn.today)
    words = f"held {days} day{'' if days == 1 else 's'}" if hold.last else "held until further notice"
    middle = (frame.x(hold.first) + _hold_end(hold, frame)) / 2
    words = words if roomy else "held"
    half = Decimal(LETTER * len(words)) / 2
    x = max(frame.left + half, min(middle, frame.right - half))
    return Text(_n(x), _n(frame.y(hold.daily) - 14), words, "c")


def _rise_text(stretch: Stretch, drawn: Drawn, frame: Frame, roomy: bool) -> list[Text]:
    following = drawn.course.after(stretch.first)
    if not roomy or (following and following.cut < 0):  # a day on which only some doses rise: the next one is labelled
        return []
    x, y = frame.x(stretch.first) + 4, frame.y(stretch.daily) - 8
    earlier = [each.daily for each in drawn.course.stretches if each.first < stretch.first]
    side = "back" if stretch.daily in (*earlier, drawn.course.starting) else "up"
    return [Text(_n(x), _n(y), f"{side} to {drawn.say(stretch.daily)} {drawn.unit}", "strong")]


def _today_text(drawn: Drawn, frame: Frame) -> list[Text]:
    if drawn.today > frame.last:
        return []
    dose = drawn.course.daily_on(drawn.today)
    words = f"Today, {drawn.say(dose)} {drawn.unit}" if dose else "Today"
    x = frame.x(drawn.today)
    is_left = x + LETTER * len(words) < frame.right
    return [Text(_n(x + 6 if is_left else x + 4), "14", words, "strong" if is_left else "e strong")]


def _over_text(over: Sequence[Stretch], frame: Frame, roomy: bool) -> list[Text]:
    if not over:
        return []
    words = f"{len(over)} cut{'' if len(over) == 1 else 's'} over"
    words = f"{words}, with reason" if roomy else words
    x = min(frame.x(over[0].first) - 6, Decimal(frame.right - LETTER * len(words)))
    return [Text(_n(x), _n(frame.y(over[0].daily + over[0].cut) - 24), words, "t-stop")]


def _stop_text(drawn: Drawn, frame: Frame) -> list[Text]:
    """Beside its circle, where it fits; the sentence above the drawing says it too."""
    if not drawn.course.stop or frame.right - frame.x(drawn.course.stop) < 40:
        return []
    return [Text(_n(frame.x(drawn.course.stop) + 9), _n(frame.y(Decimal(0)) - 10), "Stop", "strong")]


def _sign_text(drawn: Drawn, frame: Frame, roomy: bool) -> list[Text]:
    """What the row below is; on a phone the key alone says it."""
    return [Text("0", str(frame.bottom + 68), "Check-ins")] if roomy and (drawn.check_ins or drawn.due) else []


def _signs(drawn: Drawn, frame: Frame) -> tuple[Placed, ...]:
    """A sign a day, the weightiest."""
    keys = [(day, "due") for day in drawn.due] + [(check_in.day, sign_of(check_in)) for check_in in drawn.check_ins]
    by_day = dict(sorted(keys, key=lambda each: BY_WEIGHT.index(each[1])))
    y = _n(Decimal(frame.bottom + 58))
    shown = [(day, *SIGNS[key]) for day, key in sorted(by_day.items()) if frame.first <= day <= frame.last]
    return tuple(Placed(symbol, look, _n(frame.x(day) - SIGN // 2), y) for day, symbol, look in shown)

"""A running plan in whole sentences: what is taken now, what changes next, and what happens then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from planner.formulary import FileProduct
from planner.models import END_REASONS, Plan, Version
from planner.papers.numbers import dose as write_dose
from planner.papers.numbers import long_date, millilitres, number, short_date
from planner.papers.wording import NAMES, piece_words
from planner.taper.schedule import Portion
from planner.taper.words import days_words, length_words, listed
from planner.views.plan_course import ONE_DAY, Course, Regimen, Stretch

MOST_TOLD = 12  # changes that are still listened to


@dataclass(frozen=True)
class Speaker:
    """Writes amounts of one medicine. products: those in use; one is missing where its file has lost it."""

    unit: str
    country: str
    products: Mapping[str, FileProduct]

    @property
    def several(self) -> bool:
        """Whether pieces of different strengths are in use, so that each is named."""
        return sum(not product.is_liquid for product in self.products.values()) > 1

    def dose(self, amount: Decimal) -> str:
        return write_dose(amount, self.unit, self.country)

    def number(self, amount: Decimal) -> str:
        return number(amount, self.country)

    @property
    def draws(self) -> bool:
        """Whether pieces beside their words can be drawn without a strength or a volume."""
        return len(self.products) == 1 and not any(product.is_liquid for product in self.products.values())

    def pieces(self, portions: Sequence[Portion]) -> str:
        """ "1 and a half tablets"; empty where nothing is taken or a product is not known any more."""
        if not portions or any(portion.product not in self.products for portion in portions):
            return ""
        return " and ".join(self._portion(portion) for portion in portions)

    def units(self, key: str, amount: Decimal) -> str:
        """ "46.5 tablets", "40 mL", "12 × 5 mg tablets"."""
        product = self.products.get(key)
        if product is None:
            return f"{self.number(amount)} × {key}"
        if product.is_liquid:
            return f"{millilitres(amount, self.country)} of {product.short}"
        if self.several:
            return f"{self.number(amount)} × {product.short}"
        return f"{self.number(amount)} {NAMES[product.form][amount > 1 or not amount]}"

    def regimen(self, regimen: Regimen) -> str:
        """ "morning 10 mg, evening 15 mg"."""
        return ", ".join(f"{time} {self.dose(dose)}" for time, dose in regimen.items() if dose) or "nothing"

    def _portion(self, portion: Portion) -> str:
        product = self.products[portion.product]
        words = piece_words(product.form, portion.units, self.country)
        return f"{words} of {self.dose(product.strength)}" if self.several and not product.is_liquid else words


@dataclass(frozen=True)
class Change:
    """What changes at one time of the day. instead: the pieces then and now, empty where they are not known."""

    time: str
    was: Decimal
    dose: Decimal
    instead: str


@dataclass(frozen=True)
class Next:
    """The next change. stretch: what it begins, None for the stop; same: the times that stay as they are, in words."""

    day: date
    stretch: Stretch | None
    changes: list[Change]
    same: str


def next_change(course: Course, today: date, speaker: Speaker) -> Next | None:
    """None where nothing is planned to change."""
    found = course.after(today)
    if found is None:
        return Next(course.stop, None, [], "") if course.stop and course.stop > today else None
    now = course.at(today)
    before = now.regimen if now else course.before
    taken: Mapping[str, Sequence[Portion]] = now.take if now else {}
    changed = [
        time
        for time in course.times
        if before[time] != found.regimen[time] or (time in taken and taken[time] != found.take.get(time))
    ]
    changes = [
        Change(time, before[time], found.regimen[time], _instead(speaker, taken.get(time, ()), found, time))
        for time in changed
    ]
    return Next(found.first, found, changes, _same([t for t in course.times if before[t] and t not in changed]))


def _instead(speaker: Speaker, was: Sequence[Portion], stretch: Stretch, time: str) -> str:
    before, after = speaker.pieces(was), speaker.pieces(stretch.take.get(time, ()))
    return f"{after} instead of {before}" if before and after else after


def _same(times: Sequence[str]) -> str:
    if not times:
        return ""
    return f"{listed(times).capitalize()} {'stays' if len(times) == 1 else 'stay'} the same."


def state_of(plan: Plan, course: Course, today: date, speaker: Speaker) -> tuple[str, str]:
    """What the plan is at today: a key and the words."""
    version = plan.current
    now = speaker.dose(course.daily_on(today))
    if plan.closed_on:
        return "closed", f"Closed on {_day(plan.closed_on)}"
    if course.stop and course.stop <= today:
        return "ended", f"Ended: nothing is taken from {_day(course.stop)} on"
    if plan.is_held(today) and version and version.kind == "step-back":
        back = speaker.dose(course.daily_on(plan.held_until) if plan.held_until else course.daily_on(today))
        return "stepped-back", f"Stepped back to {back}, until {_day(plan.held_until)}"
    if plan.is_held(today):
        return "held", f"Held at {now} until {_day(plan.held_until) if plan.held_until else 'further notice'}"
    if today < course.begins:
        return "not-begun", f"Begins on {_day(course.begins)}"
    words = {"pace": "Going on at another pace", "stay": f"Stays on {now}", "step-back": "Going on after a step back"}
    return "going-on", words.get(version.kind if version else "", "Going on")


def what_next(
    plan: Plan, course: Course, following: Next | None, today: date, speaker: Speaker, due: Sequence[date]
) -> list[str]:
    """What happens from today on, in whole sentences."""
    if plan.closed_on:
        reason = dict(END_REASONS)[plan.end.reason] if hasattr(plan, "end") else ""
        return [f"The plan was closed on {long_date(plan.closed_on)}. {reason}.".replace(" .", "")]
    if course.stop and course.stop <= today:
        stopped = f"The last dose was planned for {long_date(course.stop - ONE_DAY)}. Nothing is taken any more."
        return [stopped, *_check_in_due(due, today)]
    return [*_changes(plan, course, following, today, speaker), *_check_in_due(due, today)]


def _changes(plan: Plan, course: Course, following: Next | None, today: date, speaker: Speaker) -> list[str]:
    now = speaker.dose(course.daily_on(today))
    if following is None and plan.is_held(today):
        held = f"The dose is held at {now} a day until further notice."
        decided = plan.current.held_until if plan.current else None
        return [held, f"What comes next is to be decided by {long_date(decided)}."] if decided else [held]
    if following is None:
        return [f"The patient keeps taking {now} a day. No change is planned."]
    if following.stretch is None:
        return [f"The last dose is on {long_date(following.day - ONE_DAY)}. From then on nothing is taken."]
    return [*_until(course.daily_on(today), following, speaker), *_then(course, following, speaker)]


def _until(now: Decimal, following: Next, speaker: Speaker) -> list[str]:
    """The dose now, and what becomes of it on the day of the next change."""
    assert following.stretch is not None
    dose, to, day = speaker.dose(now), speaker.dose(following.stretch.daily), long_date(following.day)
    if following.stretch.daily == now:
        moved = any(change.was != change.dose for change in following.changes)
        return [f"On {day} the {'times' if moved else 'products'} change; the dose stays {dose} a day."]
    until = f"{dose} a day is taken until {long_date(following.day - ONE_DAY)}."
    return [until, f"On {day} the dose goes {'up' if following.stretch.daily > now else 'down'} to {to} a day."]


def _then(course: Course, following: Next, speaker: Speaker) -> list[str]:
    later = [stretch for stretch in course.stretches if stretch.first > following.day]
    cuts = len(later) + bool(course.stop)
    if not cuts:
        return ["That dose goes on."]
    further = "One further change follows" if cuts == 1 else f"{cuts} further changes follow"
    if course.stop:
        return [f"{further}, the last of them the stop on {long_date(course.stop)}."]
    return [f"{further}, to {speaker.dose(later[-1].daily)} a day from {long_date(later[-1].first)} on."]


def _check_in_due(due: Sequence[date], today: date) -> list[str]:
    if not due:
        return ["No further check-in is planned."]
    first = due[0]
    if first == today:
        return ["A check-in is due today."]
    if first < today:
        return [f"A check-in has been due since {long_date(first)}."]
    return [f"The next check-in is due on {long_date(first)}."]


def told_chart(course: Course, today: date, speaker: Speaker, stop_words: str, said: Sequence[tuple[date, str]]) -> str:
    """The drawing in words. said: each check-in with how the patient was."""
    before = speaker.dose(sum(course.before.values(), Decimal(0)))
    changes = [f"{speaker.dose(stretch.daily)} from {short_date(stretch.first)}" for stretch in course.stretches]
    left_out = len(changes) - MOST_TOLD
    told = [*changes[:MOST_TOLD], *([f"{left_out} more changes"] if left_out > 0 else [])]
    parts = [f"Planned and taken. {before} a day until {short_date(course.begins, year=True)}, then {', '.join(told)}."]
    parts += [_held(hold.days_until(today), hold.first, hold.last, speaker.dose(hold.daily)) for hold in course.holds]
    over = sum(stretch.over_limit for stretch in course.stretches)
    parts += [f"{over} cut{'' if over == 1 else 's'} over the limit, kept with a reason."] if over else []
    parts.append(f"Today {speaker.dose(course.daily_on(today))} a day. {stop_words}.")
    if said:
        shown = ", ".join(f"{how} on {short_date(day)}" for day, how in said[-MOST_TOLD:])
        parts.append(f"Check-ins: {shown}.")
    return " ".join(parts)


def _held(days: int, first: date, last: date | None, dose: str) -> str:
    if last is None:
        return f"{dose} held until further notice."
    return f"{dose} held {days_words(days)} longer, from {short_date(first)} to {short_date(last)}."


def stop_words(plan: Plan, course: Course, old: Version | None) -> str:
    """The stop, and by how much it has moved since the version before."""
    if plan.closed_on:
        return f"Closed on {_day(plan.closed_on)}"
    if not course.stop:
        return "No stop is planned"
    words = f"Stop on {_day(course.stop)}"
    was = date.fromisoformat(old.answer["steps"][-1]["start"]) if old and old.ends_at_zero else None
    if old is None or was is None or was == course.stop:
        return words
    moved = (course.stop - was).days
    side = "later" if moved > 0 else "earlier"
    return f"{words}, {length_words(abs(moved))} {side} than in version {old.number}"


def _day(day: date | None) -> str:
    assert day is not None
    return short_date(day, weekday=True, year=True)

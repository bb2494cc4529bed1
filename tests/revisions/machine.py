"""The rules by which a plan lives: what a clinician or the calendar does, in any order."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from planner.context import NewPatient
from planner.models import Clinic, User, Version
from planner.papers import doses_in_calendar
from planner.revising import Decision
from planner.services import Refused, end_plan, last_note, note_taken, record_check_in, revise_plan
from planner.suggestions import Report, suggest
from planner.taper import BadInput
from planner.taper.amounts import show
from planner.views.papers import InkedPapers
from tests.revisions.counted import written
from tests.revisions.diary import ONE_DAY, Diary, Doses, daily, doses, first_day
from tests.revisions.living import ALL_TIMES, LivingPlan
from tests.web.conftest import CLINIC

CASES: dict[str, dict[str, Any]] = {
    "baclofen, tablets": {
        "medicine": "baclofen", "products": ["tablet-10"],
        "regimen": {"morning": "20", "midday": "20", "evening": "20"}, "target": "0",
    },
    "baclofen, tablets and a solution": {
        "medicine": "baclofen", "products": ["tablet-10", "solution-1"],
        "regimen": {"morning": "10", "midday": "5", "evening": "15"}, "target": "5",
    },
    "prednisolone": {
        "medicine": "prednisolone", "products": ["tablet-5", "tablet-1"], "regimen": {"morning": "30"}, "target": "5",
    },
    "diazepam": {
        "medicine": "diazepam", "products": ["tablet-2", "tablet-5"],
        "regimen": {"morning": "4", "evening": "0", "bedtime": "10"}, "target": "0",
    },
}  # fmt: skip
begins_in = st.sampled_from([0, 0, 0, 1, 2, 5, 12, 40])
first_doses = st.sampled_from(["", "", "", *ALL_TIMES])
days_held = st.sampled_from([1, 2, 3, 7, 7, 14, 28])
paces = st.sampled_from(
    [
        [{"cut": "10%", "of": "current", "every": 14}],
        [{"cut": "10%", "of": "starting", "every": 7}],
        [{"cut": "5%", "of": "current", "every": 3}],
        [{"cut": "20%", "of": "current", "every": 7, "down_to": "50%"}, {"cut": "10%", "of": "starting", "every": 10}],
    ]
)
shares = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1), Fraction(3, 2), Fraction(2)])


def decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)


class RunningPlan(LivingPlan):
    """A plan of one of the cases."""

    @initialize(case=st.sampled_from(sorted(CASES)), ahead=st.sampled_from([0, 1, 7]))
    def issued(self, case: str, ahead: int) -> None:
        self.clinic = Clinic.objects.create(**vars(CLINIC))
        self.by = User.objects.create(clinic=self.clinic, name="Test Owner", email="owner@example.org")
        self.asked = CASES[case] | {"start": (self.today + ahead * ONE_DAY).isoformat(), "factors": []}
        self.case = case
        patient = NewPatient("Test Patient", date(1968, 3, 14), "TP-0001")
        version = self.issue(patient, self.asked)
        self.plan = version.plan
        self.starting = sum(map(Fraction, self.asked["regimen"].values()))
        self.diary = Diary(version.answer, self.today)
        self.new_version(version)

    @rule(days=st.sampled_from([1, 1, 2, 3, 4, 7, 7, 8, 14, 21]))
    def days_pass(self, days: int) -> None:
        self.time.shift(timedelta(days=days))
        self.diary.pass_days(days)

    @rule(ahead=begins_in, time=first_doses, days=days_held)
    def hold(self, ahead: int, time: str, days: int) -> None:
        before = self.expected(ahead, time)
        if version := self.revise("hold", ahead, from_time=time, days=days):
            self.assert_held(version, before)
            following = self.next_change(ahead, time, before)
            least = ((following or first_day(version.answer["steps"][0])) - version.begins).days + days
            assert version.answer["steps"][0]["days"] >= least

    @rule(ahead=begins_in, time=first_doses, days=days_held)
    def wait(self, ahead: int, time: str, days: int) -> None:
        before = self.expected(ahead, time)
        if version := self.revise("wait", ahead, from_time=time, days=days):
            self.assert_held(version, before)
            assert [step["days"] for step in version.answer["steps"]] == [days]
            assert (version.ends, self.now().ends) == (None, None)
            assert self.now().is_held(version.begins)

    @rule(ahead=begins_in, time=first_doses)
    def stay(self, ahead: int, time: str) -> None:
        before = self.expected(ahead, time)
        if version := self.revise("stay", ahead, from_time=time):
            self.assert_held(version, before)
            assert Fraction(version.answer["request"]["target"]) == daily(before)
            assert self.now().ends is None

    @rule(ahead=begins_in, time=first_doses, later=st.sampled_from([None, None, 0, 3, 10]))
    def resume(self, ahead: int, time: str, later: int | None) -> None:
        begins = self.today + ahead * ONE_DAY
        next_cut = None if later is None else begins + later * ONE_DAY
        if version := self.revise("resume", ahead, from_time=time, next_cut=next_cut):
            cuts = [first_day(step) for step in version.answer["steps"][bool(time) :] if Fraction(step["cut"]) > 0]
            assert not next_cut or all(cut >= next_cut for cut in cuts)

    @rule(ahead=begins_in, time=first_doses, days=days_held, which=st.integers(0, 30))
    def step_back(self, ahead: int, time: str, days: int, which: int) -> None:
        present = daily(self.expected(ahead, time))
        known = [daily(self.diary.before), *(daily(taken) for taken in self.diary.taken.values())]
        above = sorted({dose for dose in known if dose > present})
        if not above:
            return
        back = above[which % len(above)]
        if version := self.revise("step-back", ahead, from_time=time, days=days, daily=decimal(back)):
            stay = [step for step in version.answer["steps"][:2] if Fraction(step["daily"]) == back]
            assert stay[-1]["days"] >= days

    @rule(ahead=begins_in, time=first_doses, pace=paces)
    def other_pace(self, ahead: int, time: str, pace: list[Any]) -> None:
        if version := self.revise("pace", ahead, from_time=time, pace=pace):
            assert [phase["every"] for phase in version.answer["request"]["pace"]] == [p["every"] for p in pace]

    @rule(ahead=begins_in, time=first_doses, data=st.data())
    def other_products(self, ahead: int, time: str, data: st.DataObject) -> None:
        sold = list(self.file().products_in("GB"))
        keys = data.draw(st.lists(st.sampled_from(sold), min_size=1, max_size=3, unique=True))
        if version := self.revise("products", ahead, from_time=time, products=keys):
            used = {p["product"] for step in version.answer["steps"] for ps in step["take"].values() for p in ps}
            assert used <= set(keys)

    @rule(ahead=begins_in, time=first_doses, tenths=st.integers(0, 9))
    def other_target(self, ahead: int, time: str, tenths: int) -> None:
        target = decimal(Fraction(int(daily(self.expected(ahead, time)) * tenths / 10)))
        if version := self.revise("target", ahead, from_time=time, target=show(target)):
            assert version.answer["request"]["target"] == show(target)
            assert version.ends is None or version.answer["steps"][-1]["daily"] == show(target)

    @rule(how=st.sampled_from(["well", "mild", "moderate", "severe", "too much"]), which=st.integers(0, 5))
    def check_in(self, how: str, which: int) -> None:
        plan, before = self.now(), self.everything()
        report = Report(self.today, how == "too much", "" if how == "too much" else how)
        offered = suggest(plan, self.file(), report, self.today).offered
        try:
            made = record_check_in(
                by=self.by, plan=plan, based_on=plan.current_id, report=report, decision=offered[which % len(offered)],
                reason="As agreed", submission=self.token(),
            )  # fmt: skip
        except Refused:
            assert self.closed
            assert self.everything() == before
        else:
            assert Fraction(made.daily) == daily(self.diary.on(self.today))

    @rule(ago=st.integers(0, 20), days=st.sampled_from([None, 1, 2, 5]), data=st.data())
    def taken_otherwise(self, ago: int, days: int | None, data: st.DataObject) -> None:
        first = self.today - ago * ONE_DAY
        last = None if days is None else min(self.today, first + (days - 1) * ONE_DAY)
        said = self.diary.on(first)
        self.note(first, last, {time: said.get(time, Fraction(0)) * data.draw(shares) for time in self.times()})

    @precondition(lambda self: not self.over)
    @rule(ago=st.integers(1, 3), days=days_held, which=st.integers(0, 30))
    def went_without(self, ago: int, days: int, which: int) -> None:
        """Nothing was taken for some days, and a dose is gone back to."""
        self.note(self.today - ago * ONE_DAY, None, dict.fromkeys(self.times(), Fraction(0)))
        self.step_back(ahead=0, time="", days=days, which=which)

    def note(self, first: date, last: date | None, taken: Doses) -> None:
        before, regimen = self.everything(), {time: decimal(dose) for time, dose in taken.items()}
        plan = self.now()
        try:
            note_taken(by=self.by, plan=plan, first=first, last=last, regimen=regimen, note="", after=last_note(plan))
        except Refused:
            lived = self.diary.first <= first <= self.today
            assert self.over or not lived or sum(regimen.values()) > self.file().plausible_daily.daily
            assert self.everything() == before
        else:
            self.diary.note(first, last, doses({time: str(dose) for time, dose in regimen.items()}))

    @precondition(lambda self: not self.closed and self.count > 4)
    @rule(ago=st.integers(0, 3), rare=st.integers(0, 3))
    def end(self, ago: int, rare: int) -> None:
        if rare:
            return
        plan, before = self.now(), self.everything()
        try:
            end_plan(
                by=self.by,
                plan=plan,
                based_on=plan.current_id,
                on=self.today - ago * ONE_DAY,
                reason="elsewhere",
                note="",
            )
            self.closed = True
        except Refused:
            assert self.everything() == before
            assert self.over or ago

    @rule(
        ahead=begins_in,
        kind=st.sampled_from(["past", "far", "no days", "1,000 days", "never taken", "old", "unseen", "no why"]),
    )
    def refused(self, ahead: int, kind: str) -> None:
        begins = self.today + ahead * ONE_DAY
        decision, given = {
            "past": (Decision("hold", self.today - ONE_DAY), {}),
            "far": (Decision("hold", self.today + 91 * ONE_DAY), {}),
            "no days": (Decision("hold", begins, days=0), {}),
            "1,000 days": (Decision("wait", begins, days=1000), {}),
            "never taken": (Decision("step-back", begins, daily=Decimal("7777")), {}),
            "old": (Decision("hold", begins), {"based_on": 0}),
            "unseen": (Decision("hold", begins), {"shown": "another"}),
            "no why": (Decision("hold", begins), {"why": " "}),
        }[kind]
        before = self.everything()
        made = self.attempt(decision, **given)
        assert isinstance(made, (BadInput, Refused)), kind
        assert self.everything() == before

    @precondition(lambda self: self.count > 1)
    @rule()
    def sent_twice(self) -> None:
        """The same form once more, from the page that it was sent from."""
        before = self.everything()
        if self.last_sent:
            assert revise_plan(**self.last_sent) == self.last_made
        assert self.everything() == before

    @precondition(lambda self: not self.over)
    @rule(ahead=begins_in)
    def planned_anew(self, ahead: int) -> None:
        """On the planner's page, from the dose that is taken."""
        now = {time: show(decimal(dose)) for time, dose in self.diary.on(self.today).items()}
        start = self.today + ahead * ONE_DAY
        data = self.asked | {"regimen": now, "start": start.isoformat(), "target": "0"}
        if not now:
            return
        before = self.everything()
        try:
            version = self.issue(self.now().patient, data)
        except (BadInput, Refused):
            assert self.everything() == before
            return
        assert (version.plan, version.kind) == (self.plan, "again")
        past = self.diary.days(self.today)
        self.diary.add_sheet(version.answer, min(self.today, version.begins))
        assert written(version.answer["request"].get("history") or []) == past
        self.new_version(version)


class PrintedPlan(RunningPlan):
    """The same with real calendars, each read back and held against the diary."""

    papers = InkedPapers()

    def assert_stated(self, version: Version, pdf: bytes) -> None:
        for day in doses_in_calendar(pdf).days:
            if day.kind == "dose":
                read = {time: Fraction(dose.amount) for time, dose in day.doses.items() if dose.amount}
                assert read == self.diary.by_paper(day.date), day.date

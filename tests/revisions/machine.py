"""A running plan under random changes, held against a diary after each of them."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from planner.context import NewPatient
from planner.course import course_of
from planner.issuing import make_draft
from planner.models import AuditRow, CheckIn, Clinic, Due, Paper, Plan, PlanEnd, TakenOtherwise, User, Version
from planner.papers import doses_in_calendar
from planner.recheck import recheck
from planner.revising import Decision
from planner.services import Issue, Refused, end_plan, issue_version, revise_plan, revision_draft
from planner.services.issue import _plain
from planner.shelves import clinic_shelf
from planner.standing import in_hand
from planner.taper import BadInput, answer_json
from planner.taper.amounts import show
from planner.taper.medicine import TIMES
from planner.views.papers import InkedPapers
from tests.revisions.counted import assert_contiguous, assert_supplied, dues_of, written
from tests.revisions.diary import ONE_DAY, Diary, Doses, daily, doses, first_day
from tests.web.conftest import CLINIC

BEGUN = datetime(2026, 11, 30, 9, tzinfo=UTC)
KEPT = (Plan, Version, Paper, Due, AuditRow, CheckIn, TakenOtherwise, PlanEnd)
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
ALL_TIMES = list(TIMES)
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


class StatedPapers:
    """Papers that are the answer itself."""

    def calendar(self, issue: Issue, page_size: str) -> bytes:
        said = {"number": issue.number, "size": page_size, "answer": answer_json(issue.answer)}
        return json.dumps(said).encode()

    def record(self, issue: Issue) -> str:
        return f"version {issue.number}"


class RunningPlan(RuleBasedStateMachine):
    """Every rule is what a clinician or the calendar does; every invariant is asked after each."""

    papers: Any = StatedPapers()

    def __init__(self) -> None:
        super().__init__()
        self.kept = transaction.atomic()
        self.kept.__enter__()
        self.clock = time_machine.travel(BEGUN, tick=False)
        self.time = self.clock.start()
        self.frozen: dict[int, dict[str, Any]] = {}
        self.ended = self.closed = False
        self.count, self.last_sent = 0, None

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.kept.__exit__(None, None, None)

    # What is done

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

    @rule(how=st.sampled_from(["well", "mild", "moderate", "severe"]))
    def check_in(self, how: str) -> None:
        if self.closed:
            return
        CheckIn.objects.create(
            plan=self.plan, version=self.now().current, by=self.by, day=self.today, too_much=False, how=how,
            daily=show(decimal(daily(self.diary.on(self.today)))), decision="go-on", submission=self.token(),
        )  # fmt: skip

    @precondition(lambda self: not self.over and self.diary.first <= self.today)
    @rule(ago=st.integers(0, 20), days=st.sampled_from([None, 1, 2, 5]), data=st.data())
    def taken_otherwise(self, ago: int, days: int | None, data: st.DataObject) -> None:
        first = max(self.diary.first, self.today - ago * ONE_DAY)
        last = None if days is None else min(self.today, first + (days - 1) * ONE_DAY)
        said = self.diary.on(first)
        regimen = {time: show(decimal(said.get(time, Fraction(0)) * data.draw(shares))) for time in self.times()}
        if sum(map(Fraction, regimen.values())) > self.file().plausible_daily.daily:
            return
        TakenOtherwise.objects.create(plan=self.plan, by=self.by, first=first, last=last, regimen=regimen)
        self.diary.note(first, last, doses(regimen))

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
            assert revise_plan(**self.last_sent).pk == self.now().versions.latest("number").pk
        assert self.everything() == before

    # What always holds

    @invariant()
    def holds(self) -> None:
        self.what_was_taken_stays()
        self.one_version_is_current()
        self.versions_are_frozen()
        self.tasks_are_those_of_the_version_in_force()
        self.trail_matches()
        self.cupboard_holds_what_was_filled_and_not_taken()

    def what_was_taken_stays(self) -> None:
        """The course is the diary, day by day: the past as it was, what is still to come as the papers say."""
        plan = self.now()
        said = self.diary.days(self.today + 60 * ONE_DAY)
        spans = course_of(plan)
        for day, taken in said.items():
            covering = [span for span in spans if span.covers(day)]
            assert len(covering) <= 1, f"{day} stands twice"
            assert doses(covering[0].regimen if covering else {}) == taken, f"{day}: {covering}, {taken}"

    def one_version_is_current(self) -> None:
        plan = self.now()
        versions = list(plan.versions.order_by("number"))
        assert [version.number for version in versions] == list(range(1, len(versions) + 1))
        assert [version.pk for version in versions if version.is_current] == [versions[-1].pk]
        assert plan.current_id == versions[-1].pk
        steps = versions[-1].answer["steps"]
        assert plan.ends == (first_day(steps[-1]) if steps[-1]["daily"] == "0" else None)

    def versions_are_frozen(self) -> None:
        for row in Version.objects.values():
            assert self.frozen.setdefault(row["id"], row) == row

    def tasks_are_those_of_the_version_in_force(self) -> None:
        asked = Due.objects.filter(plan=self.plan)
        if self.closed:
            assert not asked.exists()
            return
        found = {(due.kind, due.day) for due in asked if due.kind in ("change", "last-dose")}
        assert found == dues_of(self.now().current.answer)

    def trail_matches(self) -> None:
        rows = AuditRow.objects.filter(kind="version", action="issued").order_by("pk")
        assert [row.target for row in rows] == list(self.plan.versions.order_by("number").values_list("pk", flat=True))
        assert [row.detail["number"] for row in rows] == list(range(1, len(rows) + 1))
        assert AuditRow.objects.filter(action="ended").count() == PlanEnd.objects.count() == self.closed

    def cupboard_holds_what_was_filled_and_not_taken(self) -> None:
        for day in (self.today, self.today + 3 * ONE_DAY):
            hand = {key: Fraction(units) for key, units in in_hand(self.now(), day).items()}
            assert hand == self.diary.in_cupboard(day), day

    # How it is done

    @property
    def today(self) -> date:
        return timezone.localdate()

    @property
    def over(self) -> bool:
        """Whether nobody takes the medicine by the plan any more."""
        return not self.now().is_running(self.today)

    def now(self) -> Plan:
        found: Plan = Plan.objects.select_related("current", "clinic", "patient__clinic").get(pk=self.plan.pk)
        return found

    def file(self) -> Any:
        return clinic_shelf(self.clinic).take(self.asked["medicine"]).file

    def times(self) -> list[str]:
        return [time for time in ALL_TIMES if time in self.asked["regimen"]]

    def token(self) -> str:
        self.count += 1
        return f"form-{self.count}"

    def everything(self) -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in KEPT]

    def expected(self, ahead: int, time: str) -> Doses:
        """The dose that a change would hold: of the day before, or of the day where it has begun."""
        return self.diary.on(self.today + ahead * ONE_DAY - (not time) * ONE_DAY)

    def next_change(self, ahead: int, time: str, held: Doses) -> date | None:
        """When the papers before the newest one would have changed the dose."""
        begins = self.today + ahead * ONE_DAY
        days = (begins + n * ONE_DAY for n in range(int(bool(time)), 400))
        return next((day for day in days if self.before_newest.get(day, held) != held), None)

    def issue(self, patient: Any, data: Mapping[str, Any]) -> Version:
        draft = make_draft(self.clinic, patient, data)
        return issue_version(
            by=self.by, patient=patient, request_data=data, papers=self.papers, submission=self.token(),
            shown=draft.digest, **self.answers(draft),
        )  # fmt: skip

    def answers(self, draft: Any) -> dict[str, Any]:
        return {
            "reasons": dict.fromkeys(draft.codes, "Weekly visits from here on"),
            "specialists": dict.fromkeys(draft.specialist_codes, "Consultant"),
        }

    def attempt(self, decision: Decision, **changes: Any) -> Version | Exception:
        plan = self.now()
        self.time.shift(timedelta(minutes=1))
        try:
            draft = revision_draft(self.clinic, plan, decision, self.today)
            sent = {
                "by": self.by, "plan": plan, "based_on": plan.current_id, "decision": decision, "why": "As agreed",
                "check_in": None, "papers": self.papers, "submission": self.token(), "shown": draft.digest,
                **self.answers(draft), **changes,
            }  # fmt: skip
            made = revise_plan(**sent)
        except (BadInput, Refused) as refused:
            return refused
        self.last_sent = sent
        return made

    def revise(self, kind: str, ahead: int, **given: Any) -> Version | None:
        begins = self.today + ahead * ONE_DAY
        settled = self.diary.on(begins)
        over, before = self.over, self.everything()
        self.before_newest = {begins + n * ONE_DAY: self.diary.on(begins + n * ONE_DAY) for n in range(400)}
        hand = in_hand(self.now(), begins) if begins.toordinal() % 2 else {}
        made = self.attempt(Decision(kind, begins, on_hand={key: show(units) for key, units in hand.items()}, **given))
        if isinstance(made, Exception):
            event(f"{kind} refused: {str(made)[:60]}")
            assert self.everything() == before
            self.may_be_refused(kind, over, made)
            return None
        assert not over
        event(f"{kind} issued")
        assert (made.begins, made.kind) == (begins, kind)
        past = self.diary.days(begins)
        self.diary.add_sheet(made.answer)
        self.new_version(made)
        assert written(made.answer["request"].get("history") or []) == past
        assert doses(made.answer["request"]["regimen"]) == self.diary.on(begins - ONE_DAY)
        if time := given.get("from_time"):
            earlier = ALL_TIMES[: ALL_TIMES.index(time)]
            first = doses(made.answer["steps"][0]["regimen"])
            assert {t: first.get(t) for t in earlier} == {t: settled.get(t) for t in earlier}
        return made

    def may_be_refused(self, kind: str, over: bool, refused: Exception) -> None:
        """A dose that is taken can always be held, where the products make it and it is not the last one already."""
        known = (
            "cannot be made from these products", "cannot make it", "at its target", "The plan stops on", "no way down",
            "Nothing is taken just before that",
        )  # fmt: skip
        assert over or kind not in ("hold", "wait", "stay") or any(words in str(refused) for words in known), refused

    def new_version(self, version: Version) -> None:
        answer = version.answer
        assert_contiguous(answer)
        assert_supplied(answer)
        given = answer["request"].get("starting")
        assert given is None if version.number == 1 else Fraction(given) == self.starting
        products = {key: _plain(self.product(key)) for key in answer["request"]["products"]}
        assert recheck(answer, products) == []
        for paper in version.papers.all():
            self.assert_stated(version, bytes(paper.pdf))
        assert version.papers.count() == 2

    def product(self, key: str) -> Any:
        return clinic_shelf(self.clinic).find(self.asked["medicine"]).products[key]

    def assert_stated(self, version: Version, pdf: bytes) -> None:
        said = json.loads(pdf)
        assert (said["number"], said["answer"]) == (version.number, version.answer)

    def assert_held(self, version: Version, before: Doses) -> None:
        first = version.answer["steps"][0]
        assert doses(first["regimen"]) == before


shares = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1), Fraction(3, 2), Fraction(2)])


class PrintedPlan(RunningPlan):
    """The same with real calendars, each read back and held against the diary."""

    papers = InkedPapers()

    def assert_stated(self, version: Version, pdf: bytes) -> None:
        for day in doses_in_calendar(pdf).days:
            if day.kind == "dose":
                read = {time: Fraction(dose.amount) for time, dose in day.doses.items() if dose.amount}
                assert read == self.diary.on(day.date), day.date


def decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)

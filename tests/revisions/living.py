"""A plan that lives, and what always holds of it: it is what the diary says."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import event
from hypothesis.stateful import RuleBasedStateMachine, invariant

from planner.course import course_of
from planner.issuing import make_draft, plain_product
from planner.models import AuditRow, CheckIn, Clinic, Due, Paper, Plan, PlanEnd, TakenOtherwise, User, Version
from planner.recheck import recheck
from planner.revising import Decision
from planner.services import Issue, Refused, issue_version, revise_plan, revision_draft
from planner.shelves import clinic_shelf
from planner.standing import in_hand
from planner.taper import BadInput, answer_json
from planner.taper.amounts import show
from planner.taper.medicine import TIMES
from tests.revisions.counted import assert_contiguous, assert_supplied, still_asked, written
from tests.revisions.diary import ONE_DAY, Diary, Doses, daily, doses, first_day

BEGUN = datetime(2026, 11, 30, 9, tzinfo=UTC)
KEPT = (Plan, Version, Paper, Due, AuditRow, CheckIn, TakenOtherwise, PlanEnd)
ALL_TIMES = list(TIMES)


class StatedPapers:
    """Papers that are the answer itself."""

    def calendar(self, issue: Issue, page_size: str) -> bytes:
        said = {"number": issue.number, "size": page_size, "answer": answer_json(issue.answer)}
        return json.dumps(said).encode()

    def record(self, issue: Issue) -> str:
        return f"version {issue.number}"


class LivingPlan(RuleBasedStateMachine):
    """A plan, its diary, and how a change is sent; after each, everything is looked at."""

    clinic: Clinic
    by: User
    plan: Plan
    diary: Diary
    asked: dict[str, Any]
    starting: Fraction
    papers: Any = StatedPapers()

    def __init__(self) -> None:
        super().__init__()
        self.kept = transaction.atomic()
        self.kept.__enter__()
        self.clock = time_machine.travel(BEGUN, tick=False)
        self.time = self.clock.start()
        self.frozen: dict[int, dict[str, Any]] = {}
        self.closed = False
        self.count, self.last_sent = 0, None

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.kept.__exit__(None, None, None)

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
        assert found == still_asked(self.diary.sheets)

    def trail_matches(self) -> None:
        rows = AuditRow.objects.filter(kind="version", action="issued").order_by("pk")
        assert [row.target for row in rows] == list(self.plan.versions.order_by("number").values_list("pk", flat=True))
        assert [row.detail["number"] for row in rows] == list(range(1, len(rows) + 1))
        assert AuditRow.objects.filter(action="ended").count() == PlanEnd.objects.count() == self.closed

    def cupboard_holds_what_was_filled_and_not_taken(self) -> None:
        ends = self.now().ends
        for day in (self.today, self.today + 3 * ONE_DAY):
            if ends and day >= ends:
                return
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
        self.last_sent, self.last_made = sent, made
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
            self.may_be_refused(kind, over, begins, made)
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

    def may_be_refused(self, kind: str, over: bool, begins: date, refused: Exception) -> None:
        """A dose that is taken can always be held, where the products make it, it is not the last one already, and no
        rise is still to come, which the hold would undo.
        """
        if "The dose goes up on" in str(refused):
            assert kind not in ("step-back", "stay")
            ahead = [daily(taken) for day, taken in self.before_newest.items() if day >= begins]
            assert any(after > before for before, after in pairwise([daily(self.diary.on(begins - ONE_DAY)), *ahead]))
            return
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
        begun_anew = version.kind in ("first", "again")  # by what the page asks: it may begin from more
        assert (given is None and begun_anew) or Fraction(given) == self.starting
        products = {key: plain_product(self.product(key)) for key in answer["request"]["products"]}
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

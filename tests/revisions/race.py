"""Two processes that change one plan at once: ``python -m tests.revisions.race``.

In each round both have looked at the same version and send another change of it at the same moment. One is issued, the
other is refused and told what changed; looked at anew it is issued after that one, so that the plan is what one of the
two orders makes of it. In every fifth round both send the very same form, as a double click does: that is one version.
"""

import argparse
import multiprocessing
import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from tests.revisions.throwaway import load, planner_of_its_own, say, set_up

HOLD, WAIT = "hold", "wait"
TWICE_EVERY = 5


@dataclass(frozen=True)
class Sent:
    """A change as one of the two sends it; based_on: the version that both looked at."""

    kind: str
    days: int
    submission: str


@dataclass(frozen=True)
class Outcome:
    """version: its key, where it was issued; told: what was said at ``based_on`` where it was refused."""

    version: int | None
    told: str = ""


def one_of_two(pipe: Connection, plan: int) -> None:
    """A process with a connection of its own: looks, waits for the word, sends, tells what came of it."""
    load()
    while (sent := pipe.recv()) is not None:
        send = _looked_at(plan, sent)
        pipe.send("looked")
        pipe.recv()
        pipe.send(send())


def _looked_at(pk: int, sent: Sent) -> Any:
    """The sending of a change whose draft was looked at."""
    from django.utils import timezone

    from planner.models import Plan
    from planner.revising import Decision
    from planner.services import Refused, revise_plan, revision_draft
    from tests.web.test_services import PlainPapers

    plan = Plan.objects.select_related("current", "clinic").get(pk=pk)
    decision = Decision(sent.kind, timezone.localdate(), days=sent.days)
    draft = revision_draft(plan.clinic, plan, decision, timezone.localdate())

    def send() -> Outcome:
        try:
            made = revise_plan(
                by=plan.clinic.users.get(), plan=plan, based_on=plan.current_id, decision=decision, why="As agreed",
                check_in=None, reasons=dict.fromkeys(draft.codes, "As agreed with the patient"), specialists={},
                papers=PlainPapers(), submission=sent.submission, shown=draft.digest,
            )  # fmt: skip
        except Refused as refused:
            return Outcome(None, refused.errors["based_on"])
        return Outcome(made.pk)

    return send


class Race:
    def __init__(self, plan: int) -> None:
        self.plan, self.counts = plan, Counter[str]()
        there = multiprocessing.get_context("spawn")
        pipes = [there.Pipe() for _ in range(2)]
        self.pipes = [ours for ours, _ in pipes]
        self.two = [there.Process(target=one_of_two, args=(theirs, plan)) for _, theirs in pipes]
        for process in self.two:
            process.start()

    def stop(self) -> None:
        for pipe, process in zip(self.pipes, self.two, strict=True):
            pipe.send(None)
            process.join(60)

    def both(self, one: Sent, other: Sent) -> list[Outcome]:
        for pipe, sent in zip(self.pipes, (one, other), strict=True):
            pipe.send(sent)
        for pipe in self.pipes:
            pipe.recv()
        for pipe in self.pipes:
            pipe.send("go")
        return [pipe.recv() for pipe in self.pipes]

    def round(self, number: int) -> None:
        before = self.versions()
        changes = [Sent(HOLD, number % 9 + 1, f"hold-{number}"), Sent(WAIT, number % 7 + 1, f"wait-{number}")]
        if number % 2:
            changes.reverse()
        outcomes = self.both(*changes)
        made = [outcome.version for outcome in outcomes if outcome.version]
        after = self.versions()
        assert after[: len(before)] == before
        assert [pk for pk, _, _ in after[len(before) :]] == made
        assert len(made) == 1
        won = 0 if outcomes[0].version else 1
        assert after[-1] == (made[0], len(before) + 1, changes[won].submission)
        assert f"Version {len(before) + 1} was issued by Test Owner" in outcomes[1 - won].told
        assert ("held until further notice" in outcomes[1 - won].told) == (changes[won].kind == WAIT)
        self.counts[f"{changes[won].kind} first"] += 1
        self.again(changes[1 - won], changes[won])

    def again(self, lost: Sent, won: Sent) -> None:
        """The one that was refused, looked at anew: the plan is what the two make of it in this order."""
        from planner.models import Version

        number = len(self.versions()) + 1
        alone = _looked_at(self.plan, lost)()
        version = Version.objects.get(pk=alone.version)
        assert (version.number, version.submission) == (number, lost.submission)
        first, second = Version.objects.filter(plan=self.plan).order_by("-number")[:2][::-1]
        assert [first.kind, second.kind] == [won.kind, lost.kind]
        assert second.request["starting"] == first.request["starting"]

    def twice(self, number: int) -> None:
        before = self.versions()
        same = Sent(HOLD, number % 9 + 1, f"twice-{number}")
        outcomes = self.both(same, same)
        after = self.versions()
        assert after[:-1] == before
        assert {outcome.version for outcome in outcomes} == {after[-1][0]}
        self.counts["sent twice"] += 1

    def versions(self) -> list[tuple[int, int, str]]:
        from planner.models import Version

        found = Version.objects.filter(plan=self.plan).order_by("number")
        return list(found.values_list("pk", "number", "submission"))


def plan_to_change() -> int:
    """A plan of its own: 60 mg of baclofen, to stop."""
    from datetime import date

    from django.utils import timezone

    from planner.context import NewPatient
    from planner.issuing import make_draft
    from planner.models import Clinic
    from planner.services import issue_version
    from tests.web.test_services import PlainPapers

    clinic = Clinic.objects.get()
    patient = NewPatient("Test Patient", date(1968, 3, 14), "TP-0001")
    asked = {
        "medicine": "baclofen", "products": ["tablet-10"], "target": "0",
        "regimen": {"morning": "20", "midday": "20", "evening": "20"}, "factors": [],
        "start": timezone.localdate().isoformat(),
    }  # fmt: skip
    draft = make_draft(clinic, patient, asked)
    version = issue_version(
        by=clinic.users.get(), patient=patient, request_data=asked, specialists={}, papers=PlainPapers(),
        reasons=dict.fromkeys(draft.codes, "As agreed with the patient"), submission="first", shown=draft.digest,
    )  # fmt: skip
    return version.plan_id


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=200)
    rounds = options.parse_args().rounds
    with ExitStack() as stack:
        stack.enter_context(planner_of_its_own())
        load()
        set_up()
        plan = plan_to_change()
        race = Race(plan)
        try:
            for number in range(1, rounds + 1):
                race.round(number)
                if number % TWICE_EVERY == 0:
                    race.twice(number)
        finally:
            race.stop()
        _assert_whole(plan)
    told = ", ".join(f"{name}: {count}" for name, count in sorted(race.counts.items()))
    say(f"{rounds} rounds. {told}. One was issued and one refused each time; no version is lost.")


def _assert_whole(plan: int) -> None:
    from django.db import connections

    from planner.models import Version
    from tests.revisions.whole import assert_all_whole

    made = dict(Version.objects.filter(plan=plan).values_list("submission", "pk"))
    assert_all_whole(made, read=set(made.values()))
    connections.close_all()


if __name__ == "__main__":
    sys.exit(main())

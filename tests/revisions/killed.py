"""The planner's process killed at random points of issue and revise requests: ``python -m tests.revisions.killed``.

Every version that was confirmed has to be there whole, none half, and the audit trail has to match. A form whose answer
never came is sent again after the restart, as somebody would, and has to give one version all the same.
"""

import argparse
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

from tests.revisions.browser import Browser, Page
from tests.revisions.throwaway import EMAIL, PASSWORD, load, planner_of_its_own, say, set_up

ROOT = Path(__file__).parents[2]
CHANGES = ("hold", "wait", "stay", "pace")
TYPED = {
    "medicine": "baclofen", "products": ["tablet-10"], "morning": "10", "midday": "10", "evening": "10", "target": "0",
    "factors_asked": "on",
}  # fmt: skip


class Server:
    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def start(self) -> None:
        command = [sys.executable, str(ROOT / "manage.py"), "start", "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                return
        raise AssertionError("".join(said))

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@dataclass(frozen=True)
class Form:
    """What is sent to make a version."""

    path: str
    fields: dict[str, Any]

    @property
    def submission(self) -> str:
        return str(self.fields["submission"])


class Trial:
    def __init__(self, seed: int) -> None:
        self.random, self.server = random.Random(seed), Server()
        self.browser = Browser(self.server.port)
        self.confirmed: dict[str, int] = {}
        self.counts: Counter[str] = Counter()
        self.read: set[int] = set()
        self.patients = 0
        self.lasts = 1.0  # seconds of a request that is let finish

    def begin(self) -> None:
        set_up()
        self.server.start()
        self.browser.sign_in(EMAIL, PASSWORD)
        for _ in range(3):
            form, began = self.new_plan(), time.monotonic()
            self.confirm(form, self.send(form))
            self.lasts = time.monotonic() - began

    def round(self, together: int) -> None:
        """So many forms sent at once, the process killed at a random moment of them, started again, all looked at."""
        forms = self.forms(together)
        with ThreadPoolExecutor(together) as pool:
            sent = [pool.submit(self.send, form) for form in forms]
            self.wait(together)
            self.server.kill()
        lost = []
        for form, page in zip(forms, [future.result() for future in sent], strict=True):
            self.counts["sent"] += 1
            if page is None:
                lost.append(form)
            else:
                self.confirm(form, page)
        self.server.start()
        self.look(lost)
        for form in lost:
            self.confirm_again(form)

    def wait(self, together: int) -> None:
        """To a random moment; every third time to that of a version's being kept, which nobody was told of yet."""
        longest = self.random.uniform(0, 1.2) * self.lasts * together
        if self.random.random() < 2 / 3:
            return time.sleep(longest)
        before, until = self.kept(), time.monotonic() + 2 * self.lasts * together
        while self.kept() == before and time.monotonic() < until:
            time.sleep(0.002)
        return None

    def kept(self) -> int:
        from planner.models import Version

        return Version.objects.count()

    def forms(self, number: int) -> list[Form]:
        """Each of its own plan, so that none waits for the answer of another."""
        plans = self.random.sample(sorted(self.running()), min(number, len(self.running())))
        return [self.change(plans.pop()) if self.random.random() < 0.6 else self.new_plan() for _ in range(number)]

    def running(self) -> set[int]:
        from planner.models import Plan

        return set(Plan.objects.filter(closed_on=None).values_list("pk", flat=True))

    def new_plan(self) -> Form:
        self.patients += 1
        start = datetime.now(UTC).date() + timedelta(days=self.random.randint(0, 9))
        page = self.browser.post("/issue/", {**TYPED, "start": start.isoformat()})
        who = {"name": "Test Patient", "born": "1968-03-14", "identifier": f"TP-{self.patients:04}"}
        return Form("/issue/", _answered(page.fields("submission")) | who)

    def change(self, plan: int) -> Form:
        path = f"/plans/{plan}/revise/"
        kind = self.random.choice(CHANGES)
        page = self.browser.get(f"{path}?kind={kind}&days={self.random.randint(1, 9)}")
        if b"at its target" in page.content:
            page = self.browser.post(path, page.fields("based_on") | {"kind": "target", "target": "0"})
        fields = _answered(page.fields("based_on")) | {"why": "As agreed", "act": "issue"}
        if not fields.get("shown"):
            return self.new_plan()
        return Form(path, fields)

    def send(self, form: Form) -> Page | None:
        try:
            return self.browser.post(form.path, form.fields)
        except (OSError, HTTPException):
            return None

    def confirm(self, form: Form, page: Page | None) -> None:
        assert page is not None
        assert page.status == 302, page.content.decode()
        assert page.location.startswith("/versions/"), page.location
        self.confirmed[form.submission] = int(page.location.strip("/").split("/")[-1])
        self.counts["confirmed"] += 1

    def look(self, lost: list[Form]) -> None:
        from planner.models import Version
        from tests.revisions.whole import assert_all_whole

        self.counts["versions"] = assert_all_whole(self.confirmed, self.read)
        made = set(Version.objects.values_list("submission", flat=True))
        self.counts["lost, not made"] += sum(form.submission not in made for form in lost)
        self.counts["lost, made"] += sum(form.submission in made for form in lost)

    def confirm_again(self, form: Form) -> None:
        """Sent anew it is one version, whether the first one came through or not."""
        from planner.models import Version

        page = self.send(form)
        self.confirm(form, page)
        assert Version.objects.filter(submission=form.submission).count() == 1


def _answered(fields: dict[str, Any]) -> dict[str, Any]:
    """The form with a reason at every question."""
    said = {name: "Weekly visits from here on" for name in fields if name.startswith("reason-")}
    return {name: value for name, value in fields.items() if name != "patient"} | said


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=300, help="requests in all")
    options.add_argument("--together", type=int, default=3, help="requests under way at each kill")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    with ExitStack() as stack:
        stack.enter_context(planner_of_its_own())
        load()
        trial = Trial(asked.seed)
        try:
            trial.begin()
            while trial.counts["sent"] < asked.times:
                trial.round(min(asked.together, asked.times - trial.counts["sent"]))
            trial.read.clear()
            trial.look([])
        finally:
            trial.server.kill()
            _close()
    told = ", ".join(f"{name}: {count}" for name, count in sorted(trial.counts.items()))
    say(f"{asked.times} requests killed. {told}. Every confirmed version is whole, none is half there.")


def _close() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    main()

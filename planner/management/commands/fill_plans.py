"""Practice patients with plans, to measure how the planner does with a full database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from planner.management.failing import fail
from planner.models import User
from planner.services import Refused, fill_practice

TOLD_EVERY = 10_000


class Command(BaseCommand):
    help = "Add practice patients with a plan each, over ten years, for measuring. Never on a clinic's real database."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("count", type=int, help="how many patients, with a plan each")
        parser.add_argument("--seed", type=int, default=0, help="another number makes other plans")
        parser.add_argument("--weeks", type=int, default=521, help="how long ago the first ones began; else ten years")
        parser.add_argument("--force", action="store_true", help="also where the clinic has patients already")

    def handle(self, *, count: int, seed: int, weeks: int, force: bool, **options: Any) -> None:
        people = User.objects.order_by("pk")
        by = people.first()
        if by is None:
            fail("No clinic is set up yet. Start the planner and set it up, then fill it.", code=1)
        if people.exclude(clinic=by.clinic_id).exists():
            fail("There is more than one clinic here. Practice patients are for an empty install.", code=1)
        try:
            fill_practice(by=by, count=count, seed=seed, weeks=weeks, force=force, told=self.tell)
        except Refused as refused:
            fail(refused, code=1)
        self.stdout.write(f"{count:,} practice patients with a plan each were added.")

    def tell(self, done: int) -> None:
        if done % TOLD_EVERY == 0:
            self.stdout.write(f"{done:,}")

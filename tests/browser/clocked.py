"""The planner's own start, in a process whose clock is set: ``python -m tests.browser.clocked MOMENT --port N``.

Each line on its standard input, such as ``2027-01-13T09:00+00:00``, sets the clock anew; it is answered with ``set``.
"""

import os
import sys
from datetime import datetime
from threading import Thread

import time_machine


def main() -> None:
    _, moment, *options = sys.argv
    with time_machine.travel(datetime.fromisoformat(moment)) as clock:
        Thread(target=_listen, args=(clock,), daemon=True).start()
        os.environ["DJANGO_SETTINGS_MODULE"] = "planner.settings"
        from django.core.management import execute_from_command_line

        execute_from_command_line(["manage.py", "start", *options])


def _listen(clock: time_machine.Traveller) -> None:
    for line in sys.stdin:
        clock.move_to(datetime.fromisoformat(line.strip()))
        sys.stdout.write("set\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

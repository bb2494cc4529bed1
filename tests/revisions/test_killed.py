"""The planner's process killed while it issues; ``tests.revisions.killed`` says how, and does it more often."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_whatever_moment_the_process_is_killed_no_confirmed_version_is_lost_and_none_is_half_there() -> None:
    command = [sys.executable, "-m", "tests.revisions.killed", "--times", "20", "--together", "5"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20 requests killed" in done.stdout

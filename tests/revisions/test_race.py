"""Two processes that change one plan at once; ``tests.revisions.race`` says how, and does it more often."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_of_two_changes_at_once_one_is_issued_and_one_is_told_of_it() -> None:
    command = [sys.executable, "-m", "tests.revisions.race", "--rounds", "10"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 rounds" in done.stdout

#!/usr/bin/env python3
"""Runs the planner's commands.

With a bare Python 3.11 it first makes .venv and installs the project there, then goes on inside it.
A Python that already stands in a virtual environment is used as it is.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
OLDEST_PYTHON = (3, 11)


def main() -> None:
    arguments = sys.argv[1:]
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("The planner needs Python 3.11 or later; this is Python %d.%d." % sys.version_info[:2])
    tests = arguments[:1] == ["test_all"]
    if sys.prefix == sys.base_prefix:
        go_inside(prepared_python("test" if tests else ""), arguments)
    if tests:
        run_tests(arguments[1:])
    run_command()


def run_command() -> None:
    if importlib.util.find_spec("django") is None:
        sys.exit(f"Django is not installed in {sys.prefix}. Use a Python outside of it, or install the project there.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


def run_tests(arguments: list[str]) -> NoReturn:
    if importlib.util.find_spec("pytest") is None:
        sys.exit(f"pytest is not installed in {sys.prefix}. Install the project with its test extras there.")
    os.chdir(ROOT)
    sys.exit(subprocess.call([sys.executable, "-m", "pytest", *arguments]))


def prepared_python(extras: str) -> Path:
    """The Python of .venv, with the project and these extras installed; installs only what is missing."""
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = VENV / f"installed-{extras or 'app'}"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    holding = {stamp, VENV / "installed-test"}  # what the tests need holds what the app needs
    if python.is_file() and any(s.is_file() and s.read_text() == wanted for s in holding):
        return python
    if not python.is_file():
        make_venv()
    print("Installing what the planner needs (the first time only) ...", file=sys.stderr, flush=True)
    project = f"{ROOT}[{extras}]" if extras else str(ROOT)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", project]
    if subprocess.call(install) != 0:
        sys.exit("The planner could not be installed: pip's message stands above. Is the network there?")
    stamp.write_text(wanted)
    return python


def make_venv() -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit("This Python has no venv module. On Debian and Ubuntu: apt install python3-venv")
    import venv

    try:
        venv.create(VENV, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"The folder {VENV} could not be made: {error}")


def go_inside(python: Path, arguments: list[str]) -> NoReturn:
    command = [str(python), str(Path(__file__).resolve()), *arguments]
    if os.name == "nt":  # exec on Windows gives the terminal back before the command ends
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()

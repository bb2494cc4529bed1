"""The set-up command: serves, finds everything again, stops cleanly, and says in one line why it cannot."""

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from tests.databases import ON_POSTGRESQL, fresh_address
from tests.formulary.example import example

ROOT = Path(__file__).parent.parent


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, **extra: str) -> dict[str, str]:
    ours = ("PLANNER_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PLANNER_DATA": str(data), "PYTHONUNBUFFERED": "1", **extra}


@contextmanager
def started(port: int, data: Path, **extra: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running planner and what it printed before it served."""
    command = [sys.executable, str(ROOT / "manage.py"), "start", "--port", str(port)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = subprocess.Popen(
        command,
        env=environment(data, **extra),
        text=True,
        preexec_fn=heeds_ctrl_c,
        **pipes,
    )
    try:
        yield process, printed(process)
    finally:
        process.kill()
        process.communicate()


def heeds_ctrl_c() -> None:
    """A run in the background, as of a build server, hands on that Ctrl-C is passed over."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def printed(process: subprocess.Popen[str]) -> str:
    lines = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    return "".join(lines)


def refused(data: Path, *arguments: str, root: Path = ROOT, **extra: str) -> str:
    """The one line on standard error of a start that cannot be."""
    command = [sys.executable, str(root / "manage.py"), "start", *arguments]
    there = environment(data, **extra)
    done = subprocess.run(command, env=there, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_start_serves_prints_a_set_up_link_and_stops_on_ctrl_c(free_port: int, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with started(free_port, data) as (process, said):
        link = re.search(rf"http://localhost:{free_port}(/set-up/\S+/)", said)
        assert link, said
        assert get(free_port, "/health/") == (200, "ok\n")
        status, page = get(free_port, link[1])
        assert status == 200
        assert "Set up the clinic" in page
        style = re.search(r'href="(/static/css/planner\.[0-9a-f]+\.css)"', page)
        assert style
        assert get(free_port, style[1])[0] == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stdout is not None
        assert process.stdout.read() == "Stopped.\n"


def test_second_start_finds_key_and_database_again(free_port: int, tmp_path: Path) -> None:
    with started(free_port, tmp_path) as (process, first):
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    key = (tmp_path / "secret-key").read_text()
    with started(free_port, tmp_path) as (_, second):
        assert get(free_port, "/health/") == (200, "ok\n")
        old_link = re.search(r"(/set-up/\S+/)", first)
        assert old_link
        assert get(free_port, old_link[1])[0] == 404
    assert (tmp_path / "secret-key").read_text() == key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert "/set-up/" in second


def test_port_in_use_is_said_in_one_line(free_port: int, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        assert f"Port {free_port}" in refused(tmp_path, "--port", str(free_port))


def test_unwritable_folder_is_said_in_one_line(free_port: int, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    words = refused(tmp_path / "file" / "data", "--port", str(free_port))
    assert "cannot be written" in words
    assert "PLANNER_DATA" in words


def test_broken_medicine_file_is_said_in_one_line(free_port: int, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "planner", copy / "planner", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("templates", "static"):
        shutil.copytree(ROOT / name, copy / name)
    shutil.copy(ROOT / "manage.py", copy)
    (copy / "planner" / "formulary" / "baclofen.toml").write_text('key = "baclofen"\nunit = 5')
    words = refused(tmp_path / "data", "--port", str(free_port), root=copy)
    assert "baclofen.toml" in words


def test_broken_file_in_the_data_folder_is_said_and_stops_nothing(free_port: int, tmp_path: Path) -> None:
    (tmp_path / "formulary").mkdir()
    (tmp_path / "formulary" / "mine.toml").write_text('key = "mine"\nunit = \n')
    with started(free_port, tmp_path) as (_, said):
        assert "mine.toml: is not TOML: Invalid value (at line 2, column 8)" in said
        assert get(free_port, "/health/") == (200, "ok\n")


def check(root: Path, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "manage.py"), "check"]
    return subprocess.run(command, env=environment(data), capture_output=True, text=True, timeout=60, check=False)


def test_check_names_every_fault_of_the_medicine_files(clone: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "formulary").mkdir(parents=True)
    assert check(clone, data).returncode == 0
    (data / "formulary" / "mine.toml").write_bytes(b'key = "mine"\n\xff')
    (clone / "planner" / "formulary" / "baclofen.toml").write_text('key = "baclofen"\nunit = 5')
    done = check(clone, data)
    assert done.returncode == 1
    assert (
        "baclofen.toml: unit: Give letters, such as mg or micrograms; for a window hours or days. Given: 5."
        in done.stderr
    )
    assert "mine.toml: line 2: It is not UTF-8 text (byte 0xff)." in done.stderr
    assert f"It stands in {data / 'formulary'}." in done.stderr


def test_check_says_which_files_of_the_data_folder_it_read(tmp_path: Path) -> None:
    (tmp_path / "formulary").mkdir()
    for name in ("examplazine.toml", "other.toml.txt"):
        (tmp_path / "formulary" / name).write_text(example(), encoding="utf-8")
    done = check(ROOT, tmp_path)
    assert (done.returncode, done.stderr.count("Read: ")) == (0, 1)
    assert "Read: examplazine.toml, version 1, in order." in done.stderr


def test_command_line_knows_the_medicines_of_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "formulary").mkdir()
    (tmp_path / "formulary" / "examplazine.toml").write_text(example(), encoding="utf-8")
    command = [sys.executable, str(ROOT / "manage.py"), "propose", "--medicine", "examplazine", "--start", "2026-12-07"]
    done = subprocess.run(
        [*command, "--regimen", "morning=30"], env=environment(tmp_path), capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert "Examplazine, oral, mg." in done.stdout, done.stderr


def test_unknown_database_is_said_in_one_line(free_port: int, tmp_path: Path) -> None:
    words = refused(tmp_path, "--port", str(free_port), DATABASE_URL=f"sqlite:///{tmp_path}/missing/db")
    assert "database" in words


@pytest.mark.skipif(not ON_POSTGRESQL, reason="DATABASE_URL names no PostgreSQL")
def test_start_on_postgresql_makes_the_tables_and_finds_them_again(free_port: int, tmp_path: Path) -> None:
    with fresh_address() as address:
        for _ in range(2):
            with started(free_port, tmp_path, DATABASE_URL=address) as (process, said):
                assert "/set-up/" in said, said
                assert get(free_port, "/health/") == (200, "ok\n")
                process.send_signal(signal.SIGTERM)
                assert process.wait(20) == 0
    assert not (tmp_path / "planner.sqlite3").exists()


def test_server_that_does_not_answer_is_said_in_one_line(free_port: int, tmp_path: Path) -> None:
    words = refused(tmp_path, "--port", str(free_port), DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert words.startswith("The database cannot be used: ")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The program in a folder of its own."""
    copy = tmp_path / "clone"
    for name in ("planner", "templates", "static"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", copy)
    return copy


@pytest.mark.parametrize("folder", ["", "static", "planner/formulary", ".git/data"])
def test_folder_of_the_program_is_not_taken_for_data(free_port: int, clone: Path, folder: str) -> None:
    before = sorted(path for path in clone.rglob("*") if path.suffix != ".pyc" and path.name != "__pycache__")
    words = refused(clone / folder, "--port", str(free_port), root=clone)
    assert "PLANNER_DATA" in words
    assert "folder of its own" in words
    after = sorted(path for path in clone.rglob("*") if path.suffix != ".pyc" and path.name != "__pycache__")
    assert after == before


def test_folders_that_git_keeps_are_all_named() -> None:
    from planner.management.commands.start import KEPT_BY_GIT

    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert {line.split("/")[0] for line in kept.splitlines() if "/" in line} <= set(KEPT_BY_GIT)


def test_only_a_folder_of_its_own_is_emptied_at_the_start(free_port: int, tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "kept").touch()
    with started(free_port, tmp_path) as (_, said):
        assert "Ctrl-C" in said
        assert (tmp_path / "static" / "kept").is_file()
        assert (tmp_path / "collected-static" / "css").is_dir()


@pytest.mark.parametrize("name", ["a#b", "a?b", "a%23b", "a b&c=d"])
def test_database_lies_in_the_folder_whatever_its_name(free_port: int, tmp_path: Path, name: str) -> None:
    with started(free_port, tmp_path / name) as (_, said):
        assert "Ctrl-C" in said
        assert (tmp_path / name / "planner.sqlite3").is_file()


@pytest.mark.parametrize("content", [None, "", " \n", b"\xff\xfe"], ids=["folder", "empty", "blank", "no text"])
def test_secret_key_that_cannot_be_read_is_said_in_one_line(
    free_port: int, tmp_path: Path, content: str | bytes | None
) -> None:
    key = tmp_path / "secret-key"
    if content is None:
        key.mkdir()
    else:
        key.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert "secret-key" in refused(tmp_path, "--port", str(free_port))


@pytest.mark.parametrize("port", ["99999", "0", "-1", "eighty", "8000.5"])
def test_port_that_cannot_be_says_the_range(tmp_path: Path, port: str) -> None:
    assert "1 to 65535" in refused(tmp_path, f"--port={port}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLANNER_PUBLIC_URL", "taper.example.org"),
        ("PLANNER_PUBLIC_URL", "http://[bad"),
        ("PLANNER_PUBLIC_URL", "http://taper.example.org:99999"),
        ("PLANNER_TIME_ZONE", "Mars/Base"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://localhost/planner"),
    ],
)
def test_environment_variable_that_cannot_be_used_is_named(
    free_port: int, tmp_path: Path, name: str, value: str
) -> None:
    assert name in refused(tmp_path, "--port", str(free_port), **{name: value})


def test_https_address_gets_secure_cookies_and_hsts_without_a_redirect(free_port: int, tmp_path: Path) -> None:
    with started(free_port, tmp_path, PLANNER_PUBLIC_URL="https://taper.example.org") as (_, said):
        assert "https://taper.example.org/set-up/" in said
        address = f"http://localhost:{free_port}/sign-in/"
        request = urllib.request.Request(address, headers={"Host": "taper.example.org"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 200
            assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
            assert "Secure" in answer.headers["Set-Cookie"]


# manage.py, which runs before anything is installed


@pytest.fixture
def manage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("manage", ROOT / "manage.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    return module


def called(module: ModuleType, monkeypatch: pytest.MonkeyPatch, result: int) -> list[list[str]]:
    calls: list[list[str]] = []

    def call(command: list[str]) -> int:
        calls.append(command)
        return result

    monkeypatch.setattr(module.subprocess, "call", call)
    return calls


def pretend_venv(module: ModuleType) -> Callable[[], None]:
    def make() -> None:
        (module.VENV / "bin").mkdir(parents=True)
        (module.VENV / "bin" / "python").touch()

    return make


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_python_without_venv_is_said(manage: ModuleType, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else found(name))
    with pytest.raises(SystemExit, match="no venv module"):
        manage.prepared_python("")


def test_unwritable_clone_is_said(manage: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(manage, "VENV", tmp_path / "file" / ".venv")
    with pytest.raises(SystemExit, match="could not be made"):
        manage.prepared_python("")


def test_installs_once_and_again_when_the_project_changes(manage: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = called(manage, monkeypatch, 0)
    monkeypatch.setattr(manage, "make_venv", pretend_venv(manage))
    manage.prepared_python("")
    manage.prepared_python("")
    assert len(calls) == 1
    assert calls[0][-1] == str(ROOT)
    (manage.VENV / "installed-app").write_text(hashlib.sha256(b"an older pyproject.toml").hexdigest())
    manage.prepared_python("")
    assert len(calls) == 2


def test_tests_install_their_extras(manage: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = called(manage, monkeypatch, 0)
    monkeypatch.setattr(manage, "make_venv", pretend_venv(manage))
    manage.prepared_python("test")
    assert calls[0][-1] == f"{ROOT}[test]"
    manage.prepared_python("")
    assert len(calls) == 1


def test_failed_install_is_said_and_tried_again(manage: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = called(manage, monkeypatch, 1)
    monkeypatch.setattr(manage, "make_venv", pretend_venv(manage))
    for _ in range(2):
        with pytest.raises(SystemExit, match="could not be installed"):
            manage.prepared_python("")
    assert len(calls) == 2


def test_older_python_is_said(manage: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or later; this is Python 3\.10"):
        manage.main()


# What the README has to name


def test_every_environment_variable_stands_in_the_readme() -> None:
    code = [path.read_text() for folder in ("planner", "tests") for path in (ROOT / folder).rglob("*.py")]
    used = set(re.findall(r'environ(?:\.get\(|\[)"([A-Z_]+)"', "\n".join([*code, (ROOT / "manage.py").read_text()])))
    named = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert used - {"DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"} == named


def test_every_dependency_has_its_reason_beside_it() -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    pinned = [line for line in lines if re.match(r'    "[\w\[\]-]+~=', line)]
    assert len(pinned) > 15
    assert [line for line in pinned if not re.search(r"# \w+", line)] == []

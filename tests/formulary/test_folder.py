"""Medicine files in the data folder: good, at fault, and changed while the planner runs."""

import os
from pathlib import Path

import pytest

from planner.formulary import Folder, built_in
from planner.formulary.folder import Contents
from tests.formulary.example import example


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path, clock: Clock) -> Folder:
    return Folder(tmp_path, clock)


def write(path: Path, text: str) -> None:
    """Writes a file so that its time differs from before, however fast the test is."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


def seen(folder: Folder, clock: Clock) -> Contents:
    clock.now += 2
    return folder.contents()


def test_good_file_is_there_with_its_hash(folder: Folder, clock: Clock, tmp_path: Path) -> None:
    write(tmp_path / "examplazine.toml", example())
    held = seen(folder, clock).held["examplazine"]
    assert (held.file.name, held.origin, held.text) == ("Examplazine, oral", "data folder", example())
    assert len(held.sha256) == 64


def test_no_folder_holds_nothing(tmp_path: Path) -> None:
    assert Folder(tmp_path / "none").contents() == Contents()


def test_file_changed_while_running_is_read_again_within_seconds(folder: Folder, clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "examplazine.toml"
    write(path, example())
    assert seen(folder, clock).held["examplazine"].file.version == 1
    write(path, example().replace("version = 1", "version = 2"))
    assert folder.contents().held["examplazine"].file.version == 1  # looked at less than a second ago
    assert seen(folder, clock).held["examplazine"].file.version == 2


def test_unchanged_file_is_not_read_again(folder: Folder, clock: Clock, tmp_path: Path) -> None:
    write(tmp_path / "examplazine.toml", example())
    assert seen(folder, clock).held["examplazine"] is seen(folder, clock).held["examplazine"]


def test_file_that_goes_bad_leaves_the_one_that_was_good_before(folder: Folder, clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "examplazine.toml"
    write(path, example())
    seen(folder, clock)
    write(path, example().replace('cut = "20%"', 'cut = "30%"'))
    for _ in range(2):
        found = seen(folder, clock)
        assert found.held["examplazine"].file.limit.cut == "20%"
        assert found.faults == (
            "examplazine.toml: limit.cut: It is above the ceiling: at most 25 % of the current dose in 14 days.",
        )
    write(path, example().replace('cut = "20%"', 'cut = "15%"'))
    found = seen(folder, clock)
    assert (found.held["examplazine"].file.limit.cut, found.faults) == ("15%", ())


def test_file_taken_away_is_gone(folder: Folder, clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "examplazine.toml"
    write(path, example())
    seen(folder, clock)
    path.unlink()
    assert seen(folder, clock) == Contents()


def test_bad_file_leaves_the_others(folder: Folder, clock: Clock, tmp_path: Path) -> None:
    write(tmp_path / "examplazine.toml", example())
    (tmp_path / "worse.toml").write_bytes(b"\xff")
    found = seen(folder, clock)
    assert set(found.held) == {"examplazine"}
    assert [words.split(":")[0] for words in found.faults] == ["worse.toml"]


def test_what_is_no_file_is_named_and_what_is_half_written_is_not(folder: Folder, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / ".examplazine.toml").write_text("key =")
    (tmp_path / "notes.txt").write_text("key =")
    (tmp_path / "dangling.toml").symlink_to(tmp_path / "nowhere")
    faults = seen(folder, clock).faults
    assert [words.split(":")[0] for words in faults] == ["dangling.toml", "folder.toml", "pipe.toml"]


def test_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "formulary").write_text("")
    found = Folder(tmp_path / "formulary").contents()
    assert found.faults == ("formulary: The folder cannot be read: Not a directory.",)


def test_file_of_a_built_in_key_takes_its_place(folder: Folder, clock: Clock, tmp_path: Path) -> None:
    used = built_in().take("baclofen")
    text = used.text.replace(f"\nversion = {used.file.version}\n", "\nversion = 70\n")
    write(tmp_path / "baclofen.toml", text)
    found = seen(folder, clock)
    shelf = built_in().under(found.held, found.faults)
    assert shelf.load("baclofen").version == 70
    assert shelf.hash("baclofen") != built_in().hash("baclofen")
    assert built_in().load("baclofen").version < 70

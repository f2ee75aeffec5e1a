"""Files are written through links, and what a killed process leaves behind is removed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from netviz import archive, files
from netviz.files import check_place, hidden_folder, replacing, unwritable
from netviz.problems import ProblemError


def dead_process() -> int:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


@pytest.mark.skipif(os.name != "posix", reason="processes can be asked on POSIX only")
def test_folders_of_processes_that_have_ended_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files._remove_left.cache_clear()
    machine = files._machine()
    left = [f".netviz-{machine}-{dead_process()}-abc_d1"]
    others = [f".netviz-{machine}-{os.getpid()}-x", ".netviz-elsewhere-1-x", ".netviz-old", "mine"]
    for name in left + others:
        (tmp_path / name).mkdir()
        (tmp_path / name / "draft.mp4").write_text("half")
    with hidden_folder(tmp_path) as folder:
        assert sorted(os.listdir(tmp_path)) == sorted([*others, folder.name])
        assert str(os.getpid()) in folder.name
    assert sorted(os.listdir(tmp_path)) == sorted(others)


def test_a_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    real, link = tmp_path / "data" / "real.npz", tmp_path / "link.npz"
    real.write_text("old")
    link.symlink_to(real)
    archive.write(link, {"x": np.ones(2)})
    assert link.is_symlink()
    assert archive.read(real)["x"].tolist() == [1, 1]
    assert [path.name for path in real.parent.iterdir()] == ["real.npz"]


def test_a_link_to_nowhere_is_refused_before_and_while_writing(tmp_path: Path) -> None:
    link = tmp_path / "link.npz"
    link.symlink_to(tmp_path / "gone" / "real.npz")
    with pytest.raises(ProblemError, match=r"link\.npz is a link to .*, which does not exist: exp"):
        check_place(link)
    with pytest.raises(ProblemError, match="is a link to"), replacing(link):
        pass


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this machine has no named pipes")
def test_a_device_or_a_pipe_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe.npz", tmp_path / "link.npz"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        with pytest.raises(ProblemError, match=rf"{path.name} is a device or a pipe, which would"):
            check_place(path)
        with pytest.raises(ProblemError, match="is a device"), replacing(path) as unfinished:
            unfinished.touch()
    assert pipe.is_fifo()
    assert set(tmp_path.iterdir()) == {pipe, link}


def test_places_that_cannot_be_written_are_found_before(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path, reason in {
        tmp_path: "is a directory",
        tmp_path / "file" / "x.npz": r"cannot be written \(Not a directory\)",
        tmp_path / ("x" * 300): r"cannot be written \(File name too long\)",
    }.items():
        with pytest.raises(ProblemError, match=reason):
            check_place(path)
    check_place(tmp_path / "new" / "folder" / "x.npz")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("kind", [OSError, av.error.OSError])
def test_a_full_disk_is_no_fault_of_the_path(kind: type[OSError]) -> None:
    full = OSError(28, "No space left on device")
    assert unwritable(Path("x"), full) is full
    expected = r"No space left on device: 'film\.mp4'"
    with (
        pytest.raises(OSError, match=expected),
        files.named(Path("film.mp4"), Path("hidden")),
    ):
        raise kind(28, "No space left on device", "hidden/draft.mp4")

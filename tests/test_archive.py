import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from netviz import archive
from netviz.archive import ArchiveError


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    archive.write(path, {"numbers": np.arange(3.0), "one": 7, "text": "ö"})
    arrays = archive.read(path)
    np.testing.assert_array_equal(arrays["numbers"], [0.0, 1.0, 2.0])
    assert int(arrays["one"]) == 7
    assert str(arrays["text"]) == "ö"


def test_a_file_that_cannot_be_written_whole_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    archive.write(path, {"numbers": np.ones(3)})
    before = path.read_bytes()
    with pytest.raises(ValueError, match="pickle"):
        archive.write(path, {"numbers": np.zeros(3), "late": object()})
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"the suffix is '\.np': expected '\.npz'"):
        archive.write(tmp_path / "a.np", {})


@pytest.mark.parametrize("content", [b"", b"PK", b"\x80\x04N."], ids=["empty", "cut", "pickle"])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=re.escape(f"{path}: the file cannot be read")):
        archive.read(path)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    archive.write(path, {"numbers": np.arange(1000.0)})
    path.write_bytes(path.read_bytes()[:4000])
    with pytest.raises(ArchiveError, match="cannot be read"):
        archive.read(path)


def test_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"the file does not exist: expected a \.npz file"):
        archive.read(tmp_path / "a.npz")
    with pytest.raises(ArchiveError, match="the file is a directory"):
        archive.read(tmp_path)


def test_a_file_too_large_to_unpack_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.npz"
    archive.write(path, {"numbers": np.zeros(1000)})
    monkeypatch.setattr(archive, "MAX_BYTES", 1000)
    with pytest.raises(ArchiveError, match=r"unpacks to \d+ bytes: expected at most 1000 bytes"):
        archive.read(path)


@pytest.mark.parametrize("shape", [(10**12,), (10**30,), (10**6, 10**6), (2**63,), (-1,)])
def test_a_shape_that_is_only_claimed_takes_no_memory(
    shape: tuple[int, ...], tmp_path: Path
) -> None:
    header = io.BytesIO()
    claimed = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(header, claimed)
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as file:
        file.writestr("inputs.npy", header.getvalue() + bytes(64))
    with pytest.raises(ArchiveError, match=r"x\.npz: the file cannot be read"):
        archive.read(tmp_path / "x.npz")


@pytest.mark.parametrize("name", ["inputs", "inputs.npy"])
def test_an_entry_that_is_no_array_is_refused(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as file:
        file.writestr(name, "hello")
    with pytest.raises(ArchiveError, match=r"x\.npz: the entry 'inputs' is not an array"):
        archive.read(tmp_path / "x.npz")

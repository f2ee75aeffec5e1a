"""Arrays in .npz files: written atomically, and read without running any code (no pickles)."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.files import replacing
from netviz.problems import Problem, ProblemError

MAX_BYTES = 2**31
"""The largest size of an unpacked file, in bytes."""

READ_ERRORS = (
    *(ValueError, OSError, EOFError, KeyError, RuntimeError, SyntaxError),
    *(MemoryError, OverflowError, TypeError, IndexError),  # of a size that is only claimed
    *(zipfile.BadZipFile, zlib.error),
)
"""What numpy and zipfile raise for a damaged file."""


class ArchiveError(ProblemError):
    """A .npz file that cannot be read or written."""


def write(path: str | Path, arrays: Mapping[str, object]) -> None:
    """Write arrays, numbers and texts by name to a .npz file, which is complete or not there.

    Args:
        path: The file, with the suffix ``.npz``. An existing file is replaced.
        arrays: Name → anything that ``np.asarray`` turns into numbers or texts.

    Raises:
        ArchiveError: The file has another suffix.
        ValueError: An array could only be written with pickle.
        OSError: The file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() != ".npz":
        found = f"is {path.suffix!r}" if path.suffix else "is missing"
        raise ArchiveError(Problem("the suffix", found, "'.npz'"), source=path)
    keywords: dict[str, Any] = dict(arrays)
    # By name, numpy would append .npz to .NPZ.
    with replacing(path) as unfinished, unfinished.open("wb") as file:
        np.savez(file, allow_pickle=False, **keywords)


def read(path: str | Path) -> dict[str, NDArray[Any]]:
    """Return the arrays in a .npz file by name.

    Args:
        path: The file.

    Raises:
        ArchiveError: The file does not exist, is damaged or too large, or needs pickle.
    """
    path = Path(path)
    if not path.is_file():
        found = "is a directory" if path.is_dir() else "does not exist"
        raise ArchiveError(Problem("the file", found, "a .npz file"), source=path)
    try:
        with zipfile.ZipFile(path) as file:
            size = sum(entry.file_size for entry in file.infolist())
        if size > MAX_BYTES:  # a small file can unpack to more than fits into memory
            problem = Problem("the file", f"unpacks to {size} bytes", f"at most {MAX_BYTES} bytes")
            raise ArchiveError(problem, source=path)
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
    except ArchiveError:
        raise
    except READ_ERRORS as error:
        right = "plain arrays as numpy.savez writes them"
        problem = Problem("the file", f"cannot be read ({error})", right)
        raise ArchiveError(problem, source=path) from error
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray):  # numpy gives the bytes of what is not .npy
            right = "plain arrays as numpy.savez writes them"
            problem = Problem(f"the entry {name!r}", "is not an array", right)
            raise ArchiveError(problem, source=path)
    return arrays


def kind_of(path: str | Path) -> str:
    """Return the kind that a file of netviz states; an empty text if it states none."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return str(arrays["kind"]) if "kind" in arrays.files else ""
    except READ_ERRORS:
        return ""


def check_kind(path: str | Path, arrays: Mapping[str, NDArray[Any]], kind: str) -> None:
    """Check the kind that a file of netviz states in its entry ``kind``.

    Raises:
        ArchiveError: The file states another kind, or none.
    """
    found = "an archive of other arrays"
    if "kind" in arrays and arrays["kind"].ndim == 0:
        found = str(arrays["kind"])
    if found != kind:
        raise ArchiveError(Problem("the file", f"is {found}", kind), source=path)

"""Arrays in .npz files: written whole or not at all, and read as numbers, never as programs."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_BYTES = 2**31
BROKEN = (
    *(ValueError, OSError, EOFError, KeyError, RuntimeError, SyntaxError),
    *(zipfile.BadZipFile, zlib.error),
)


class ArchiveError(ValueError):
    """A file that cannot be used; the message is one sentence."""


def write(path: str | Path, arrays: Mapping[str, object]) -> None:
    """Write arrays, numbers and texts by name to a .npz file; nobody ever sees half of it.

    Raises:
        ArchiveError: The name of the file has another suffix.
        OSError: The file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() != ".npz":
        raise ArchiveError(f"{path}: the file must end in .npz; found {path.suffix or 'no suffix'}")
    given: dict[str, Any] = dict(arrays)
    with replacing(path) as unfinished:
        np.savez(unfinished, allow_pickle=False, **given)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path to write to, and move what is there to ``path`` once it is complete."""
    with TemporaryDirectory(prefix=".netviz-", dir=path.parent) as folder:
        unfinished = Path(folder, f"unfinished{path.suffix}")
        yield unfinished
        unfinished.replace(path)


def read(path: str | Path) -> dict[str, NDArray[Any]]:
    """The arrays in a .npz file, by name.

    Raises:
        ArchiveError: There is no such file, it is broken, too large, or needs pickle.
    """
    path = Path(path)
    if not path.is_file():
        found = "is a directory" if path.is_dir() else "is missing"
        raise ArchiveError(f"{path}: the file {found}, expected a .npz file")
    try:
        with zipfile.ZipFile(path) as file:
            size = sum(entry.file_size for entry in file.infolist())
        if size > MAX_BYTES:  # a small file may unpack to more than fits the memory
            raise ArchiveError(f"{path}: the file holds {size} bytes, expected up to {MAX_BYTES}")
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except ArchiveError:
        raise
    except BROKEN as error:
        raise ArchiveError(
            f"{path}: the file cannot be read ({error}), expected plain arrays as numpy.savez "
            "writes them"
        ) from error


def check_kind(path: str | Path, arrays: Mapping[str, NDArray[Any]], kind: str) -> None:
    """Assert that a file says of itself that it is of that kind.

    Raises:
        ArchiveError: It does not.
    """
    found = str(arrays["kind"]) if "kind" in arrays else "an archive of other arrays"
    if found != kind:
        raise ArchiveError(f"{path}: the file is {found}, expected {kind}")

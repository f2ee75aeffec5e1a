"""Where files are written: atomically, through links, and without leaving drafts behind.

A file is written in a hidden folder next to its place, and moved there once it is complete. The
names of such folders, and of those for temporary files, contain the machine and the process that
made them: what a killed process has left is removed by the next one.
"""

from __future__ import annotations

import errno
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from netviz.problems import Problem, ProblemError

# What is wrong with the machine, not with the path: these errors are left as they are.
_MACHINE = {errno.ENOSPC, errno.EIO, errno.ENOMEM, errno.EMFILE, errno.ENFILE}
if hasattr(errno, "EDQUOT"):
    _MACHINE.add(errno.EDQUOT)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to, and move the file to ``path`` once it is complete.

    A link is followed.

    Raises:
        ProblemError: The path is a link to nowhere, a device or a pipe.
        OSError: The file cannot be written.
    """
    real = followed(path)
    with hidden_folder(real.parent) as folder, named(path, folder):
        unfinished = folder / f"unfinished{path.suffix}"
        yield unfinished
        unfinished.replace(real)


def followed(path: Path) -> Path:
    """Return the file that is written for a path: for a link, what it points to.

    Raises:
        ProblemError: The path is a link to nowhere, a device or a pipe.
    """
    real = path.resolve() if path.is_symlink() else path
    if path.is_symlink() and not real.exists():
        found = f"is a link to {real}, which does not exist"
        raise ProblemError(Problem(str(path), found, "a file, or a link to one"))
    if os.path.exists(real) and not (real.is_file() or real.is_dir()):
        found = "is a device or a pipe, which would be replaced"
        raise ProblemError(Problem(str(path), found, "the name of a file"))
    return real


def check_place(path: Path) -> None:
    """Check that a file can be written, as far as this can be known before.

    Raises:
        ProblemError: It is a directory, a device, a pipe or a link to nowhere, or its folder
            cannot be written to.
        OSError: The machine refuses to say.
    """
    try:
        if path.is_dir():
            raise ProblemError(Problem(str(path), "is a directory", "the name of a file"))
        followed(path)
        folder = next(each for each in path.absolute().parents if os.path.lexists(each))
        with suppress(FileNotFoundError):
            os.lstat(folder / path.name)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise unwritable(path, error) from error


@contextmanager
def hidden_folder(parent: Path) -> Iterator[Path]:
    """Make a hidden folder in another one, for files that are moved there when complete."""
    _remove_left(parent, ".netviz-")
    with tempfile.TemporaryDirectory(prefix=_prefix(".netviz-"), dir=parent) as folder:
        yield Path(folder)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder for temporary files."""
    _remove_left(Path(tempfile.gettempdir()), "netviz-")
    with tempfile.TemporaryDirectory(prefix=_prefix("netviz-")) as folder:
        yield Path(folder)


@contextmanager
def named(path: Path, folder: Path) -> Iterator[None]:
    """Let an error of the machine name the file that the user knows, not a draft in ``folder``."""
    try:
        yield
    except OSError as error:
        place = error.filename
        if place is not None and folder not in Path(os.fsdecode(place)).parents:
            raise
        # A new error: that of PyAV does not take another name.
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def unwritable(path: Path, error: OSError) -> Exception:
    """Return the error for a file that cannot be written: a problem, if another path would help."""
    if error.errno in _MACHINE:
        return error
    reason = error.strerror or str(error)
    return ProblemError(
        Problem(str(path), f"cannot be written ({reason})", "a path in a writable folder")
    )


def _machine() -> str:
    return re.sub(r"[^A-Za-z0-9]", "", platform.node()) or "here"


def _prefix(kind: str) -> str:
    return f"{kind}{_machine()}-{os.getpid()}-"


@cache
def _remove_left(folder: Path, kind: str) -> None:
    """Remove what processes of this machine that have ended left in a folder, once a process."""
    if os.name != "posix":  # elsewhere a process cannot be asked without ending it
        return
    begun = re.compile(rf"{re.escape(kind + _machine())}-(\d+)-\w+")
    try:
        names = os.listdir(folder)
    except OSError:  # what is wrong with it is found when it is used
        return
    for name in names:
        found = begun.fullmatch(name)
        if found and not _runs(int(found[1])):
            shutil.rmtree(folder / name, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # it is another user's
        return True
    return True

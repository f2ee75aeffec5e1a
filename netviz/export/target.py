"""Atomic writing: a file is written in a hidden folder next to its target, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from netviz.export.request import ExportError
from netviz.problems import Problem


@dataclass(frozen=True)
class Target:
    """A file that is being written.

    Attributes:
        draft: The path to write to.
        companions: After publishing, the other files that now stand next to the output.
    """

    draft: Path
    companions: list[Path] = field(default_factory=list)


@contextmanager
def open_target(output: Path) -> Iterator[Target]:
    """Publish what the block writes when it ends; if it raises, leave nothing behind.

    The draft becomes ``output``. Other files in the folder of the draft become companions: files
    next to ``output`` with the same stem.

    Raises:
        ExportError: The output is a directory, or its folder cannot be created or written to.
    """
    if output.is_dir():
        raise ExportError(Problem(str(output), "is a directory", "the name of a file"))
    missing = [folder for folder in output.parents if not folder.exists()]
    try:
        with _hidden_folder(output) as folder:
            target = Target(folder / f"draft{output.suffix.lower()}")
            yield target
            _publish(target, output)
    except BaseException:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _hidden_folder(output: Path) -> Iterator[Path]:
    # Next to the output, because a rename is atomic only within one file system.
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        folder = tempfile.TemporaryDirectory(prefix=".netviz-", dir=output.parent)
    except OSError as error:
        raise _unwritable(output, error) from error
    with folder:
        yield Path(folder.name)


def _publish(target: Target, output: Path) -> None:
    made = sorted(path for path in target.draft.parent.iterdir() if path != target.draft)
    try:
        for path in made:
            companion = output.with_suffix(path.suffix)
            os.replace(path, companion)
            target.companions.append(companion)
        os.replace(target.draft, output)
    except OSError as error:
        raise _unwritable(output, error) from error


def _unwritable(output: Path, error: OSError) -> ExportError:
    reason = (error.strerror or str(error)).lower()
    found = f"cannot be written ({reason})"
    return ExportError(Problem(str(output), found, "a path in a writable folder"))

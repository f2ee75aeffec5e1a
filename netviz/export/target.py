"""Where files appear: written in a hidden folder beside the target, then renamed into place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from netviz.export.errors import ExportError


@dataclass(frozen=True)
class Stage:
    """A file in the making: write to ``draft``; afterwards ``companions`` lie beside the output."""

    draft: Path
    companions: list[Path] = field(default_factory=list)


@contextmanager
def staged(output: Path) -> Iterator[Stage]:
    """Move what is written to the draft, and beside it with its stem, to ``output`` at the end.

    If anything is raised inside, nothing is moved and nothing is left.

    Raises:
        ExportError: The output is a directory, or its folder cannot be made or written in.
    """
    if output.is_dir():
        raise ExportError(f"{output} is a directory: expected the name of a file")
    missing = [folder for folder in output.parents if not folder.exists()]
    try:
        with _workshop(output) as folder:
            stage = Stage(folder / f"draft{output.suffix.lower()}")
            yield stage
            _publish(stage, output)
    except BaseException:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _workshop(output: Path) -> Iterator[Path]:
    # Beside the output, because only within one file system is a rename atomic.
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        folder = tempfile.TemporaryDirectory(prefix=".netviz-", dir=output.parent)
    except OSError as error:
        raise ExportError(f"{output} cannot be written: {_reason(error)}") from error
    with folder:
        yield Path(folder.name)


def _publish(stage: Stage, output: Path) -> None:
    made = sorted(path for path in stage.draft.parent.iterdir() if path != stage.draft)
    try:
        for path in made:
            companion = output.with_suffix(path.suffix)
            os.replace(path, companion)
            stage.companions.append(companion)
        os.replace(stage.draft, output)
    except OSError as error:
        raise ExportError(f"{output} cannot be written: {_reason(error)}") from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()

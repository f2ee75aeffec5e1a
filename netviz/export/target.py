"""Atomic writing: a file is written in a hidden folder next to its target, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from netviz.export.formats import FORMATS
from netviz.export.request import ExportError
from netviz.files import check_place, followed, hidden_folder, named, unwritable
from netviz.problems import Problem, ProblemError

# Files whose times differ by more seconds were not written together.
_WRITTEN_TOGETHER = 2.0
# The suffix of the text alternative of a film or a picture.
TEXT = ".txt"


@dataclass(frozen=True)
class Target:
    """A file that is being written.

    Attributes:
        draft: The path to write to.
        companions: After publishing, the other files that now stand next to the output.
    """

    draft: Path
    companions: list[Path] = field(default_factory=list)


def check_target(output: Path, companions: Sequence[str] = ()) -> None:
    """Check that a file can be written, as far as this can be known before.

    Args:
        output: The file.
        companions: The suffixes of files that may be written next to it.

    Raises:
        ExportError: The output is a directory, a device, a pipe or a link to nowhere, its folder
            cannot be written to, or a file would be replaced that was not written with it.
    """
    try:
        check_place(output)
    except ProblemError as error:
        raise ExportError(*error.problems) from error
    for suffix in companions:
        _check_companion(output, output.with_suffix(suffix))


def may_describe(output: Path) -> bool:
    """Return whether a text alternative may be written next to a film or picture.

    A text that was written by hand stays.
    """
    text = output.with_suffix(TEXT)
    return not text.exists() or (text.is_file() and _is_written(text))


def _is_written(companion: Path) -> bool:
    """Return whether a file was written together with a film or picture of the same name."""
    shown = (companion.with_suffix(suffix) for suffix in FORMATS)
    times = (path.stat().st_mtime for path in shown if path.is_file())
    return any(abs(companion.stat().st_mtime - time) <= _WRITTEN_TOGETHER for time in times)


def _check_companion(output: Path, companion: Path) -> None:
    """Check that captions replace only what was written with the film, in any format."""
    if companion.is_dir():
        expected = f"another name for {output.name}, whose captions have this name"
        raise ExportError(Problem(str(companion), "is a directory", expected))
    if not companion.exists():
        return
    made = output.stat().st_mtime if output.exists() else 0.0
    if companion.stat().st_mtime > made + _WRITTEN_TOGETHER and not _is_written(companion):
        found = f"was not written with {output.name}, whose captions would replace it"
        hint = "or rename or remove that file"
        raise ExportError(Problem(str(companion), found, "another name for the film", hint))


@contextmanager
def open_target(output: Path) -> Iterator[Target]:
    """Publish what the block writes when it ends; if it raises, leave nothing behind.

    The draft becomes ``output``, or what it is a link to. Other files in the folder of the draft
    become companions: files next to ``output`` with the same stem.

    Raises:
        ExportError: The file cannot be written.
        OSError: The disk is full or fails.
    """
    missing = [folder for folder in output.parents if not folder.exists()]
    try:
        with ExitStack() as stack:
            try:
                output.parent.mkdir(parents=True, exist_ok=True)
                # Next to the file, because a rename is atomic only within one file system.
                folder = stack.enter_context(hidden_folder(followed(output).parent))
            except OSError as error:
                raise _refused(output, error) from error
            stack.enter_context(named(output, folder))
            target = Target(folder / f"draft{output.suffix.lower()}")
            yield target
            _publish(target, output)
    except BaseException:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise


def _publish(target: Target, output: Path) -> None:
    made = sorted(path for path in target.draft.parent.iterdir() if path != target.draft)
    real = followed(output)
    try:
        for path in made:
            companion = real.with_suffix(path.suffix)
            os.replace(path, companion)
            target.companions.append(companion)
        os.replace(target.draft, real)
    except OSError as error:
        raise _refused(output, error) from error


def _refused(output: Path, error: OSError) -> Exception:
    found = unwritable(output, error)
    return ExportError(*found.problems) if isinstance(found, ProblemError) else found

"""What a command prints besides its result: errors and progress, both on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import click

from netviz.files import unwritable
from netviz.problems import Problem, ProblemError

MACHINE = 1
BAD_INPUT = 2
INTERRUPTED = 130


class Moves(Protocol):
    """Moves a progress bar."""

    def __call__(self, done: float, total: float, doing: str = ...) -> None:
        """Show what is done of a total."""


def say(sentence: str) -> None:
    """Print one line on stderr, with the name of the program."""
    click.echo(f"netviz: {' '.join(sentence.split())}", err=True)


def report(error: ProblemError | click.ClickException) -> int:
    """Print an error in one sentence, and return the exit status for it."""
    say(error.format_message() if isinstance(error, click.ClickException) else str(error))
    return BAD_INPUT


def report_machine(error: OSError) -> int:
    """Print what the machine refused in one sentence, and return the exit status for it."""
    place = error.filename or "the output or a temporary file"
    say(f"{place} cannot be read or written ({error.strerror or error})")
    with suppress(OSError):  # what is left for standard output cannot be written either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return MACHINE


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn the error of a file that cannot be written into a problem.

    Raises:
        ProblemError: The file cannot be written.
        OSError: The disk is full or fails.
    """
    try:
        yield
    except OSError as error:
        raise unwritable(path, error) from error


def expect_no_input(output: Path, inputs: Iterable[Path]) -> None:
    """Refuse to write over a file that the command reads.

    Args:
        output: The file to be written.
        inputs: The files that are read.

    Raises:
        ProblemError: The output is one of the inputs.
    """
    for path in inputs:
        same = path.exists() and output.exists() and output.samefile(path)
        if same or output.resolve() == path.resolve():
            found = f"is {path}, which this command reads"
            raise ProblemError(Problem(f"the output {output}", found, "another file"))


@contextmanager
def progress_bar(title: str, quiet: bool) -> Iterator[Moves | None]:
    """Show a progress bar on stderr, and yield what moves it: None if nobody would see it.

    It is called with what is done, the total, and if it is not the title, what is being done.
    """
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    with Bar(console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def move(done: float, total: float, doing: str = title) -> None:
            bar.update(task, completed=done, total=total, description=doing)

        yield move

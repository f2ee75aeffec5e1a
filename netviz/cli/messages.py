"""What a command prints besides its result: errors and progress, both on stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from netviz import export
from netviz.problems import Problem, ProblemError

BAD_INPUT = 2
INTERRUPTED = 130


def say(sentence: str) -> None:
    """Print one line on stderr, with the name of the program."""
    click.echo(f"netviz: {' '.join(sentence.split())}", err=True)


def report(error: ValueError | click.ClickException) -> int:
    """Print an error in one sentence, and return the exit status for it."""
    say(error.format_message() if isinstance(error, click.ClickException) else str(error))
    return BAD_INPUT


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn the error of a file that cannot be written into a problem.

    Raises:
        ProblemError: The file cannot be written.
    """
    try:
        yield
    except OSError as error:
        found = f"cannot be written ({error.strerror})"
        raise ProblemError(Problem(str(path), found)) from error


@contextmanager
def progress_bar(title: str, quiet: bool) -> Iterator[export.Progress | None]:
    """Show a progress bar on stderr, and yield what moves it: None if nobody would see it."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

"""What a command says: while it works, when it is done, and when it cannot be done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from netviz import export

BAD_INPUT = 2
INTERRUPTED = 130


def say(sentence: str) -> None:
    """One line on stderr, in the name of the program."""
    click.echo(f"netviz: {' '.join(sentence.split())}", err=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say in one sentence that a file cannot be written.

    Raises:
        ValueError: It cannot.
    """
    try:
        yield
    except OSError as error:
        raise ValueError(f"{path} cannot be written ({error.strerror})") from error


@contextmanager
def progress_bar(title: str, quiet: bool) -> Iterator[export.Progress | None]:
    """A bar on stderr if that is a terminal; None if nobody would see it."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

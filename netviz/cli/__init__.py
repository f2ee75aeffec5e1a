"""The command ``netviz``: render scenes, draw and train networks, print their numbers.

A command is imported when it is called, and imports most modules when it runs, so that it answers
quickly: manim alone takes longer to load than ``netviz explain`` takes to answer.
"""

from __future__ import annotations

import importlib
import pkgutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import cloup

from netviz import __version__
from netviz.cli import commands
from netviz.cli.messages import BAD_INPUT, INTERRUPTED, report, report_machine, say
from netviz.problems import ProblemError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line.

    Args:
        arguments: The arguments after the name of the program. By default those of the process.

    Returns:
        The exit status: 0; with one sentence on stderr, 2 for wrong input and 1 if the machine
        refuses to read or write; 130 if interrupted.
    """
    # SIGTERM is handled like Ctrl-C, so that a render cleans up in both cases.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        status = netviz.main(arguments, prog_name="netviz", standalone_mode=False) or 0
        sys.stdout.flush()  # so that a full disk is noticed here
        return int(status)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return BAD_INPUT
    except (ProblemError, click.ClickException) as error:
        return report(error)
    except OSError as error:
        return report_machine(error)
    except click.Abort:
        say("interrupted")
        return INTERRUPTED


class Commands(cloup.Group):
    """The commands, one file each, which are imported when they are called or listed."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; None if there is none of that name."""
        self._import([cmd_name] if cmd_name in self._names() else self._names())
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command. Click would print an empty line at Ctrl-C, before the sentence."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise click.Abort from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return self._names()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what all commands do."""
        self._import(self._names())
        super().format_commands(ctx, formatter)

    def _names(self) -> list[str]:
        return [file.name for file in pkgutil.iter_modules(commands.__path__)]

    def _import(self, names: Sequence[str]) -> None:
        for name in names:
            if name not in self.commands:
                module = importlib.import_module(f"{commands.__name__}.{name}")
                self.add_command(module.command)


def _run(files: Sequence[Path]) -> None:
    """Run Python files, and register the activations and losses in them."""
    for path in files:
        from netviz import plugins  # here, because it loads numpy

        plugins.run(path)


@cloup.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@cloup.option(
    "--with",
    "files",
    type=Path,
    multiple=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, param, files: _run(files),
    metavar="FILE.py",
    help="Run a Python file first: network files may use its activations and losses.",
)
@cloup.version_option(__version__, prog_name="netviz", message="%(prog)s %(version)s")
def netviz() -> None:
    """Make films, GIFs and pictures that explain a neural network with its own numbers."""

"""The command ``netviz``: render scenes, draw and train networks, print their numbers.

Each command imports most modules when it runs, so that it answers quickly: manim alone takes
longer to load than ``netviz explain`` takes to answer.
"""

from __future__ import annotations

import importlib
import pkgutil
import signal
import sys
from collections.abc import Sequence

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


@cloup.group(context_settings={"help_option_names": ["-h", "--help"]})
@cloup.version_option(__version__, prog_name="netviz", message="%(prog)s %(version)s")
def netviz() -> None:
    """Make films, GIFs and pictures that explain a neural network with its own numbers."""


for _file in pkgutil.iter_modules(commands.__path__):
    netviz.add_command(importlib.import_module(f"{commands.__name__}.{_file.name}").command)

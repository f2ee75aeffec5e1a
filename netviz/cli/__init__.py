"""The command `netviz`: list scenes, render them, explain a network in numbers.

Most modules are imported inside the command that needs them, so that each answers as soon as it
can: manim alone takes longer to load than `netviz explain` to answer.
"""

from __future__ import annotations

import importlib
import pkgutil
import signal
from collections.abc import Sequence

import click
import cloup

from netviz import __version__
from netviz.cli import commands
from netviz.cli.saying import BAD_INPUT, INTERRUPTED, say


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; without ``arguments``, the one netviz was called with.

    Returns:
        The exit status: 0, or 2 for a request that cannot be met, said in one sentence on stderr.
    """
    # A render that is told to stop cleans up, whichever way it is told.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return netviz.main(arguments, prog_name="netviz", standalone_mode=False) or 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
    except click.ClickException as error:
        say(error.format_message())
    except ValueError as error:
        say(str(error))
    except click.Abort:
        return INTERRUPTED
    return BAD_INPUT


@cloup.group(context_settings={"help_option_names": ["-h", "--help"]})
@cloup.version_option(__version__, prog_name="netviz", message="%(prog)s %(version)s")
def netviz() -> None:
    """Films, GIFs and pictures that explain a neural network with its own numbers."""


for _file in pkgutil.iter_modules(commands.__path__):
    netviz.add_command(importlib.import_module(f"{commands.__name__}.{_file.name}").command)

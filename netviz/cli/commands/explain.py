"""``netviz explain``: the numbers of a network, as tables, as JSON, or as text for a picture."""

from __future__ import annotations

import json

import click
import cloup

from netviz.cli.options import LANG, NETWORK
from netviz.problems import Problem, ProblemError


@cloup.command("explain")
@NETWORK
@cloup.option("--json", "as_json", is_flag=True, help="Print one JSON object with full precision.")
@cloup.option("--alt", is_flag=True, help="Print the text alternative of pictures of the network.")
@LANG
def command(network: str, as_json: bool, alt: bool, lang: str | None) -> None:
    """Print the numbers of both passes.

    These are z, activations and blame of every neuron, the loss, and the neurons with most blame.
    """
    from netviz import explain, interop, spec

    if as_json and alt:
        raise ProblemError(Problem("--json", "is given together with --alt", "one of the two"))
    description = spec.load(network, interop)
    if alt:
        click.echo(explain.alt_text(description, lang or description.language or "en"))
    elif as_json:
        click.echo(json.dumps(explain.as_json(description), ensure_ascii=False))
    else:
        from rich.console import Console

        # Names of neurons may have brackets, which are no markup.
        explain.as_tables(description, Console(markup=False, emoji=False))

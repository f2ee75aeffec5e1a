"""``netviz explain``: the numbers of a network, as tables or as JSON."""

from __future__ import annotations

import json

import click
import cloup

from netviz.cli.options import NETWORK


@cloup.command("explain")
@NETWORK
@cloup.option("--json", "as_json", is_flag=True, help="Print one JSON object with full precision.")
def command(network: str, as_json: bool) -> None:
    """Print the numbers of both passes.

    These are z, activations and blame of every neuron, the loss, and the neurons with most blame.
    """
    from netviz import explain, interop, spec

    description = spec.load(network, interop)
    if as_json:
        click.echo(json.dumps(explain.as_json(description), ensure_ascii=False))
    else:
        from rich.console import Console

        explain.as_tables(description, Console())

"""`netviz explain`: the numbers of a network, as tables or as JSON."""

from __future__ import annotations

import json

import click
import cloup

from netviz.cli.options import NETWORK


@cloup.command("explain")
@NETWORK
@cloup.option("--json", "as_json", is_flag=True, help="Print one JSON object, at full precision.")
def command(network: str, as_json: bool) -> None:
    """Print every number of both passes: z, activations, blame, and the largest blame."""
    from netviz import explain, interop, spec

    description = spec.load(network, interop)
    if as_json:
        click.echo(json.dumps(explain.as_json(description), ensure_ascii=False))
    else:
        from rich.console import Console

        explain.as_tables(description, Console())

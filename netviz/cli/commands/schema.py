"""`netviz schema`: what a network file may hold, for editors."""

from __future__ import annotations

import json

import click
import cloup


@cloup.command("schema")
def command() -> None:
    """Print the JSON Schema of network files, with which an editor checks and completes them."""
    from netviz import spec

    click.echo(json.dumps(spec.schema(), ensure_ascii=False, indent=2))

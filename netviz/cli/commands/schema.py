"""``netviz schema``: the JSON Schema of network files, for editors."""

from __future__ import annotations

import json

import click
import cloup


@cloup.command("schema")
def command() -> None:
    """Print the JSON Schema of network files.

    An editor uses it to check and complete them.
    """
    from netviz import spec

    click.echo(json.dumps(spec.schema(), ensure_ascii=False, indent=2))

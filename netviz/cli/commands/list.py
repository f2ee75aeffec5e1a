"""`netviz list`: what scenes there are."""

from __future__ import annotations

import click
import cloup

from netviz.cli import scene_files


@cloup.command("list")
def command() -> None:
    """List the scenes."""
    scenes = scene_files.scenes()
    column = max(map(len, scenes), default=0)
    for name, path in scenes.items():
        click.echo(f"{name:{column}}  {scene_files.about(path)}".rstrip())

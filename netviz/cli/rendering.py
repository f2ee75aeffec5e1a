"""How the commands render: a scene class is told what to show, played, and reported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netviz import export
from netviz.cli import scene_files
from netviz.cli.saying import progress_bar

if TYPE_CHECKING:
    from manim import Scene


def configured(scene_class: type[Scene], **told: Any) -> type[Scene]:
    """The scene with what is to be shown; only scenes of netviz can be told.

    Raises:
        ValueError: It is another scene, or one that shows no such thing.
    """
    options = {key: value for key, value in told.items() if value is not None}
    if not options:
        return scene_class
    if not hasattr(scene_class, "configured"):
        raise ValueError(
            f"{scene_class.__name__} is a plain manim Scene, so --network, --theme and --lang "
            "mean nothing to it: expected a NetworkScene"
        )
    if "recording" in options and not hasattr(scene_class, "recording"):
        raise ValueError(f"{scene_class.__name__} shows no recording: expected the scene training")
    made: type[Scene] = scene_class.configured(**options)
    return made


def render(
    path: Path, scene_class: type[Scene], output: Path, quiet: bool, picture: dict[str, Any]
) -> None:
    """Render a scene of a file, and say what was made."""
    sheet = export.Sheet(title=path.stem, description=scene_files.about(path))
    with scene_files.blaming(path), progress_bar(path.stem, quiet) as progress:
        made = export.render(scene_class, output, sheet=sheet, progress=progress, **picture)
    if not quiet:
        click.echo(made)

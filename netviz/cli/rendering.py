"""How the commands render: a scene class is told what to show, played, and reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netviz import export
from netviz.cli import scene_files
from netviz.cli.saying import progress_bar

if TYPE_CHECKING:
    from manim import Scene


@dataclass(frozen=True)
class Piece:
    """A scene, the file that it comes from, and what is said about its pictures."""

    scene_class: type[Scene]
    path: Path
    page: export.Page

    @classmethod
    def of(cls, text: str) -> Piece:
        """The scene that a person names: from `netviz list`, FILE.py or FILE.py:ClassName.

        Raises:
            ValueError: There is no such scene.
        """
        path, class_name = scene_files.find(text)
        scene_class = scene_files.scene_class(path, class_name)
        page = export.Page(title=path.stem, description=scene_files.about(path))
        return cls(scene_class, path, page)


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
            f"{scene_class.__name__} is a plain manim Scene, to which no network, theme or "
            "language can be told: expected a NetworkScene"
        )
    if "recording" in options and not hasattr(scene_class, "recording"):
        raise ValueError(f"{scene_class.__name__} shows no recording: expected the scene training")
    made: type[Scene] = scene_class.configured(**options)
    return made


def render(piece: Piece, output: Path, quiet: bool, picture: Mapping[str, Any]) -> None:
    """Render a scene, and say what was made."""
    with scene_files.blaming(piece.path), progress_bar(piece.page.title, quiet) as progress:
        made = export.render(
            piece.scene_class, output, page=piece.page, progress=progress, **picture
        )
    if not quiet:
        click.echo(made)

"""How the commands render: configure a scene class, render it, print what was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netviz import export
from netviz.cli import scene_files
from netviz.cli.messages import progress_bar
from netviz.cli.options import given
from netviz.problems import Problem, ProblemError
from netviz.theme import as_theme

if TYPE_CHECKING:
    from manim import Scene


@dataclass(frozen=True)
class Piece:
    """A scene, the file that defines it, and the title and description of its pictures."""

    scene_class: type[Scene]
    path: Path
    page: export.Page

    @classmethod
    def of(cls, text: str) -> Piece:
        """Return the scene that the user names: from `netviz list`, FILE.py or FILE.py:ClassName.

        Raises:
            ProblemError: There is no such scene.
        """
        path, class_name = scene_files.find(text)
        scene_class = scene_files.scene_class(path, class_name)
        page = export.Page(title=path.stem, description=scene_files.about(path))
        return cls(scene_class, path, page)


def configured(scene_class: type[Scene], *, theme: str | None, **options: Any) -> type[Scene]:
    """Return the scene with what is to be shown, as far as it is given.

    Args:
        scene_class: A scene. Only scenes of netviz can be configured.
        theme: Name of a theme.
        options: Other arguments of ``NetworkScene.configured``.

    Raises:
        ProblemError: The scene is a plain manim scene, does not show a network or a recording, or
            has no such option.
    """
    chosen = given({"theme": theme and as_theme(theme), **options})
    if not chosen:
        return scene_class
    if not hasattr(scene_class, "configured"):
        found = "is a plain manim Scene, without network, theme and language"
        raise ProblemError(Problem(scene_class.__name__, found, "a NetworkScene"))
    if "network" in chosen and not hasattr(scene_class, "network"):
        name = scene_class.__name__
        raise ProblemError(Problem(name, "is not about a network", "a scene that is"))
    if "recording" in chosen and not hasattr(scene_class, "recording"):
        name = scene_class.__name__
        raise ProblemError(Problem(name, "shows no recording", "the scene training"))
    made: type[Scene] = scene_class.configured(**chosen)
    return made


def render(
    piece: Piece, output: Path, quiet: bool, picture: Mapping[str, Any], jobs: int | None = None
) -> None:
    """Render a scene, with one process for each processor by default, and print what was made."""
    with scene_files.located_errors(piece.path), progress_bar(piece.page.title, quiet) as progress:
        made = export.render(
            piece.scene_class, output, page=piece.page, progress=progress, jobs=jobs, **picture
        )
    if not quiet:
        click.echo(made)

"""``netviz render``: a scene, or what a network file describes, as a film, a GIF or a picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloup

from netviz import export
from netviz.cli import rendering
from netviz.cli.messages import expect_no_input
from netviz.cli.options import (
    FPS,
    JOBS,
    LANG,
    QUALITY,
    QUIET,
    SET,
    THEME,
    WIDTH,
    file_option,
    given,
)
from netviz.cli.rendering import Piece
from netviz.problems import Problem, ProblemError, moved
from netviz.words import load_words

if TYPE_CHECKING:
    from netviz.spec import Film, SceneDescription

DEFAULT_SCENE = "loop"  # of a network file that names none


@cloup.command("render")
@cloup.argument(
    "scene",
    help="A name from `netviz list`, FILE.py, FILE.py:ClassName, or a network file, FILE.toml.",
)
@cloup.option_group(
    "What is shown",
    cloup.option(
        "--network",
        metavar="FILE|NAME",
        help="A network file, a model file, a built-in network, or a shape such as 3-4-2.",
    ),
    file_option("--recording", help="A recorded training run to show."),
    SET,
    THEME,
    LANG,
)
@cloup.option_group(
    "What is written",
    file_option(
        *("-o", "--output"),
        help=f"Its suffix chooses the format: {', '.join(export.FORMATS)}.  "
        "[default: media/SCENE.mp4]",
    ),
    QUALITY,
    FPS,
    WIDTH,
    cloup.option(
        "--at", type=float, metavar="SECONDS", help="Time of a still image.  [default: the end]"
    ),
    JOBS,
    QUIET,
)
def command(
    scene: str,
    network: str | None,
    recording: Path | None,
    settings: tuple[tuple[str, str], ...],
    theme: str | None,
    lang: str | None,
    output: Path | None,
    jobs: int | None,
    quiet: bool,
    **picture: Any,
) -> None:
    """Render a scene or a network file as a film, a GIF or a picture.

    A network file may define scene, theme, language and output. Options take precedence over it.
    """
    from netviz import interop, spec

    options: dict[str, Any] = {"theme": theme, "language": lang, "options": dict(settings) or None}
    read: list[Path] = []
    if scene.endswith(".toml"):
        if network is not None:
            found = f"is given together with {scene}, which is itself a network file"
            raise ProblemError(Problem("--network", found, "one of the two"))
        description = spec.load_film(scene, interop)
        about_network = isinstance(description, spec.Description)
        options["network" if about_network else "file"] = description
        read.extend(description.sources)
        piece = _piece(Path(scene), description, lang)
        target, picture = _wanted(description, output, given(picture))
    else:
        if network is not None:
            options["network"] = spec.load(network, interop)
            read.extend(options["network"].sources)
        piece = Piece.of(scene)
        name = piece.path.stem if ":" not in scene else piece.scene_class.__name__
        target, picture = output or Path("media", f"{name}.mp4"), given(picture)
    expect_no_input(target, [*read, *filter(None, [recording]), piece.path])
    if recording is not None:
        from netviz.recording import Recording

        options["recording"] = Recording.load(recording)
    scene_class = rendering.configured(piece.scene_class, **options)
    rendering.render(replace(piece, scene_class=scene_class), target, quiet, picture, jobs)


def _piece(path: Path, description: SceneDescription, language: str | None) -> Piece:
    """Return the scene of a file: its acts, its scene, or the default scene."""
    from netviz import explain
    from netviz.spec import Description

    film = description.film
    if not isinstance(description, Description):
        return _named(str(film.scene), path)
    words = load_words(language or description.language or "en")
    page = export.Page(title=description.name, description=explain.alt_text(description, words))
    if film.acts:
        export.import_manim()
        from netviz.scene import ActsScene

        return Piece(ActsScene, path, page)
    return replace(_named(film.scene or DEFAULT_SCENE, path), page=page)


def _named(scene: str, path: Path) -> Piece:
    """Return the scene that a network file names, or raise the error at its key."""
    try:
        return Piece.of(scene)
    except ProblemError as error:
        if error.problems[0].where != "scene":
            raise
        raise ProblemError(moved(error.problems[0], "scene.name"), source=path) from error


def _wanted(
    description: SceneDescription, output: Path | None, options: dict[str, Any]
) -> tuple[Path, dict[str, Any]]:
    """Return the file to write and its settings: the given options, then the network file."""
    film: Film = description.film
    target = output or film.output or Path("media", f"{description.name}.mp4")
    kind = export.FORMATS.get(target.suffix.lower())
    picture = {
        key: value
        for key, value in film.picture.items()
        if kind is None or _has_meaning(key, value, kind)
    }
    return target, picture | options


def _has_meaning(key: str, value: Any, kind: export.Format) -> bool:
    """Return whether a setting of the network file also applies to this format."""
    if key == "at":
        return kind.still
    return key != "fps" or not (kind.still or (kind.rates and value not in kind.rates))

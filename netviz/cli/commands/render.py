"""`netviz render`: a scene, or what a network file tells, as a film, a GIF or a picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloup

from netviz import export
from netviz.cli import rendering
from netviz.cli.options import (
    FPS,
    LANG,
    QUALITY,
    QUIET,
    THEME,
    WIDTH,
    file_option,
    theme_named,
    told,
)
from netviz.cli.rendering import Piece
from netviz.words import load_words

if TYPE_CHECKING:
    from netviz.spec import Description, Film

FALLBACK = "loop"  # the scene of a network file that names none


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
        help="A network or model file, a built-in network, a shape.",
    ),
    file_option("--recording", help="A recorded training run, to be shown."),
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
        "--at", type=float, metavar="SECONDS", help="The moment of a picture, else its end."
    ),
    QUIET,
)
def command(
    scene: str,
    network: str | None,
    recording: Path | None,
    theme: str | None,
    lang: str | None,
    output: Path | None,
    quiet: bool,
    **picture: Any,
) -> None:
    """Render a scene, or what a network file tells, as a film, a GIF or a picture.

    A network file may tell scene, theme, language and output; options win over it.
    """
    options: dict[str, Any] = {"theme": theme_named(theme), "language": lang}
    if scene.endswith(".toml"):
        if network is not None:
            raise ValueError(f"--network is given beside {scene}, which is a network file itself")
        description = options["network"] = _loaded(scene)
        piece = _piece(Path(scene), description, lang)
        target, picture = _wanted(description, output, told(picture))
    else:
        options["network"] = _loaded(network) if network is not None else None
        piece = Piece.of(scene)
        name = piece.path.stem if ":" not in scene else piece.scene_class.__name__
        target, picture = output or Path("media", f"{name}.mp4"), told(picture)
    if recording is not None:
        from netviz.recording import Recording

        options["recording"] = Recording.load(recording)
    scene_class = rendering.configured(piece.scene_class, **options)
    rendering.render(replace(piece, scene_class=scene_class), target, quiet, picture)


def _loaded(network: str) -> Description:
    from netviz import interop, spec

    return spec.load(network, interop)


def _piece(path: Path, description: Description, language: str | None) -> Piece:
    """What a network file wants to be rendered: its acts, its scene, or the loop."""
    from netviz import explain

    words = load_words(language or description.language or "en")
    sheet = export.Sheet(title=description.name, description=explain.alt_text(description, words))
    if description.film.acts:
        from netviz.scene import ActsScene

        return Piece(ActsScene, path, sheet)
    return replace(Piece.of(description.film.scene or FALLBACK), sheet=sheet)


def _wanted(
    description: Description, output: Path | None, given: dict[str, Any]
) -> tuple[Path, dict[str, Any]]:
    """Where the file goes, and how large it is: as given, or else as the network file tells."""
    film: Film = description.film
    target = output or film.output or Path("media", f"{description.name}.mp4")
    kind = export.FORMATS.get(target.suffix.lower())
    picture = {
        key: value
        for key, value in film.picture.items()
        if kind is None or _has_meaning(key, value, kind)
    }
    return target, picture | given


def _has_meaning(key: str, value: Any, kind: export.Format) -> bool:
    """Whether what a file tells of its own output can be told of another kind of output too."""
    if key == "at":
        return kind.still
    return key != "fps" or not (kind.still or (kind.rates and value not in kind.rates))

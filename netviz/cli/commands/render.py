"""``netviz render``: a scene, or what a network file describes, as a film, a GIF or a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from netviz import export
from netviz.cli import rendering
from netviz.cli.messages import expect_no_input
from netviz.cli.options import (
    CAPTIONS,
    FPS,
    JOBS,
    LANG,
    NETWORK_OF_CLIP,
    PACING,
    QUALITY,
    QUIET,
    SET,
    THEME,
    VOICE,
    WIDTH,
    file_option,
    given,
)

if TYPE_CHECKING:
    from netviz.spec import Film, SceneDescription


@cloup.command("render")
@cloup.argument(
    "scene",
    help="A name from `netviz list`, FILE.py, FILE.py:ClassName, a network file FILE.toml, the "
    "file of a model, or a recording.",
)
@cloup.option_group(
    "What is shown",
    NETWORK_OF_CLIP,
    file_option("--recording", help="A recorded training run to show."),
    cloup.option(
        "--trust",
        is_flag=True,
        help="Let a network file run a scene, and write a file, outside its own folder.",
    ),
    SET,
    THEME,
    LANG,
    CAPTIONS,
)
@cloup.option_group(
    "How fast it is played",
    *PACING,
    VOICE,
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
    cloup.option(
        "--dry-run",
        is_flag=True,
        help="List acts and beats with times and captions. Nothing is rendered.",
    ),
    JOBS,
    QUIET,
)
def command(
    scene: str,
    network: str | None,
    recording: Path | None,
    trust: bool,
    settings: tuple[tuple[str, str], ...],
    theme: str | None,
    lang: str | None,
    captions: bool | None,
    pace: float | None,
    hold: float | None,
    duration: float | None,
    voice: Path | None,
    output: Path | None,
    dry_run: bool,
    jobs: int | None,
    quiet: bool,
    **picture: Any,
) -> None:
    """Render a scene or a network file as a film, a GIF or a picture.

    A network file may define scene, theme, language and output. Options take precedence over it.
    A scene FILE.py that it names is run as a program.
    """
    plan = rendering.plan(
        scene,
        network=network,
        recording=recording,
        options=dict(settings) or None,
        theme=theme,
        language=lang,
        pacing=given({"pace": pace, "hold": hold, "duration": duration}),
        captions=captions,
        voice=voice,
        trust=trust,
    )
    if dry_run:
        from netviz.cli.timetable import Timetable

        click.echo("\n".join(Timetable.of(plan.piece).lines()))
        return
    if plan.description is not None:
        if output is None and not trust:
            rendering.expect_inside(Path(scene), "output.file", plan.description.film.output)
        target, picture_of_file = wanted(plan.description, output, given(picture))
    else:
        target, picture_of_file = output or Path("media", f"{plan.name}.mp4"), given(picture)
    expect_no_input(target, plan.read)
    if voice is not None:
        rendering.expect_sound(target)
    rendering.render(plan.piece, target, quiet, picture_of_file, jobs, plan.about)


def wanted(
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

"""``netviz render``: a scene, or what a network file describes, as a film, a GIF or a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from netviz import export
from netviz.cli import rendering
from netviz.cli.messages import expect_no_input
from netviz.cli.options import (
    ASPECT,
    AT,
    BOTH,
    CAPTIONS,
    CROP,
    CUT,
    FPS,
    JOBS,
    LANG,
    MAX_SIZE,
    NETWORK_OF_CLIP,
    PACING,
    QUALITY,
    QUIET,
    SET,
    THEME_OR_BOTH,
    TRANSPARENT,
    VOICE,
    WIDTH,
    file_option,
    files_option,
    given,
)

if TYPE_CHECKING:
    from netviz.spec import Film, SceneDescription


@cloup.command("render")
@cloup.argument(
    "scene",
    help="A scene or a network from `netviz list`, FILE.py, FILE.py:ClassName, a network file "
    "FILE.toml, the file of a model, a recording, or a finished film.",
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
    THEME_OR_BOTH,
    LANG,
    CAPTIONS,
    CROP,
    TRANSPARENT,
)
@cloup.option_group(
    "How fast it is played",
    *PACING,
    VOICE,
)
@cloup.option_group("Which part of the film is written, and how", *CUT)
@cloup.option_group(
    "What is written",
    files_option(
        f"Its suffix chooses the format: {', '.join(export.FORMATS)}. May be repeated: films of "
        "the same size and frame rate are drawn once.  [default: media/SCENE.mp4]",
    ),
    QUALITY,
    FPS,
    WIDTH,
    ASPECT,
    MAX_SIZE,
    cloup.option(
        "--sections", is_flag=True, help="Write a file for each act, NAME-1-ACT and so on."
    ),
    AT,
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
    outputs: tuple[Path, ...],
    sections: bool,
    dry_run: bool,
    jobs: int | None,
    quiet: bool,
    **picture: Any,
) -> None:
    """Render a scene or a network file as a film, a GIF or a picture.

    A network file may define scene, theme, language and output. Options take precedence over it.
    A scene FILE.py that it names is run as a program.
    """
    wanted_files = []
    for name in ("light", "dark") if theme == BOTH and not dry_run else (theme,):
        plan = rendering.plan(
            scene,
            network=network,
            recording=recording,
            options=dict(settings) or None,
            theme=None if name == BOTH else name,
            language=lang,
            pacing=given({"pace": pace, "hold": hold, "duration": duration}),
            captions=captions,
            voice=voice,
            trust=trust,
            quiet=quiet,
        )
        if dry_run:
            from netviz.cli.timetable import Timetable

            click.echo("\n".join(Timetable.of(plan.piece, quiet).lines()))
            return
        moments = rendering.in_seconds(plan.piece, given(picture), quiet)
        if plan.description is not None:
            if not outputs and not trust:
                rendering.expect_inside(Path(scene), "output.file", plan.description.film.output)
            targets, chosen = wanted(plan.description, outputs, moments)
        else:
            targets, chosen = list(outputs or [Path("media", f"{plan.name}.mp4")]), moments
        of_theme = f"-{name}" if theme == BOTH else ""
        parts = rendering.sections(plan.piece, chosen, quiet) if sections else {"": chosen}
        for part, settings_of_part in parts.items():
            files = [rendering.ending_in(of_theme + part, target) for target in targets]
            for file in files:
                expect_no_input(file, plan.read)
                export.check(file)
                if voice is not None:
                    rendering.expect_sound(file)
            wanted_files.append((plan, files, settings_of_part))
    for plan, files, chosen in wanted_files:
        rendering.render(plan.piece, files, quiet, chosen, jobs, plan.about)


def wanted(
    description: SceneDescription, outputs: Sequence[Path], options: dict[str, Any]
) -> tuple[list[Path], dict[str, Any]]:
    """Return the files to write and their settings: the given options, then the network file."""
    film: Film = description.film
    targets = list(outputs) or [film.output or Path("media", f"{description.name}.mp4")]
    kinds = [export.FORMATS.get(target.suffix.lower()) for target in targets]
    known = [kind for kind in kinds if kind is not None]
    return targets, rendering.applying(film.picture, known) | options

"""`netviz render`: a scene as a film, a GIF or a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cloup

from netviz import export
from netviz.cli import rendering, scene_files
from netviz.cli.options import FPS, LANG, QUALITY, QUIET, THEME, WIDTH, file_option
from netviz.theme import THEMES


@cloup.command("render")
@cloup.argument("scene", help="A name from `netviz list`, FILE.py, or FILE.py:ClassName.")
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
    """Render a scene as a film, a GIF or a picture."""
    path, class_name = scene_files.find(scene)
    options: dict[str, Any] = {"theme": theme and THEMES[theme], "language": lang}
    if network is not None:
        from netviz import interop, spec

        options["network"] = spec.load(network, interop)
    if recording is not None:
        from netviz.recording import Recording

        options["recording"] = Recording.load(recording)
    scene_class = rendering.configured(scene_files.scene_class(path, class_name), **options)
    target = output or Path("media", f"{class_name or path.stem}.mp4")
    rendering.render(path, scene_class, target, quiet, picture)

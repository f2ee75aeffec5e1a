"""``netviz compare``: two networks are trained side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cloup

from netviz import export
from netviz.cli import rendering
from netviz.cli.messages import expect_no_input
from netviz.cli.options import (
    CAPTIONS,
    FPS,
    JOBS,
    LANG,
    QUALITY,
    QUIET,
    THEME,
    WIDTH,
    file_option,
    given,
)
from netviz.cli.rendering import Piece

WHAT = "A network file, a model file, a built-in network, or a shape such as 3-4-2."


@cloup.command("compare")
@cloup.argument("first", help=WHAT)
@cloup.argument("second", help="Another one, with the same data and loss.")
@cloup.option_group(
    "What is shown",
    cloup.option(
        "--names",
        nargs=2,
        metavar="FIRST SECOND",
        help="What the networks are called.  [default: the names of the files]",
    ),
    THEME,
    LANG,
    CAPTIONS,
)
@cloup.option_group(
    "What is written",
    file_option(
        *("-o", "--output"),
        help=f"Its suffix chooses the format: {', '.join(export.FORMATS)}.  "
        "[default: media/compare.mp4]",
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
    first: str,
    second: str,
    names: tuple[str, str] | None,
    theme: str | None,
    lang: str | None,
    captions: bool | None,
    output: Path | None,
    jobs: int | None,
    quiet: bool,
    **picture: Any,
) -> None:
    """Train two networks side by side, on one timeline and one scale.

    They may differ in everything but data and loss: sigmoid and ReLU, good and bad initialization,
    two optimizers, more or fewer neurons.
    """
    from netviz import interop, spec

    networks = spec.load(first, interop), spec.load(second, interop)
    target = output or Path("media", "compare.mp4")
    for network in networks:
        expect_no_input(target, network.sources)
    export.check(target, **given(picture))
    export.import_manim()
    from netviz.scene import ComparisonScene

    scene = ComparisonScene.configured(
        networks=networks, names=names or None, theme=theme, language=lang
    ).paced(captions=captions)
    titles = scene().titles  # also checks that they can be compared
    title = f"{titles[0]} and {titles[1]}"
    about = f"The networks {title}, trained side by side on the same data."
    page = export.Page(title=title, description=about)
    rendering.render(Piece(scene, Path(first), page), [target], quiet, given(picture), jobs)

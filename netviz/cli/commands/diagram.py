"""``netviz diagram``: a network as a picture for a paper."""

from __future__ import annotations

from pathlib import Path

import click
import cloup

from netviz import export
from netviz.cli.messages import expect_no_input
from netviz.cli.options import LANG, NETWORK, QUIET, Name, file_option
from netviz.cli.rendering import located_options
from netviz.problems import Problem, ProblemError
from netviz.theme import THEMES, as_theme
from netviz.words import load_words

STILLS = [suffix for suffix, kind in export.FORMATS.items() if kind.still]


@cloup.command("diagram")
@NETWORK
@cloup.option_group(
    "What is shown",
    cloup.option(
        "--values/--no-values",
        default=True,
        help="Show the activations of the sample.  [default: shown]",
    ),
    cloup.option(
        "--blame/--no-blame",
        default=False,
        help="Show the blame for its loss.  [default: not shown]",
    ),
    cloup.option(
        "--theme",
        type=Name(list(THEMES)),
        help="Colour theme.  [default: that of the network file, or light]",
    ),
    cloup.option("--transparent", is_flag=True, help="Draw no background."),
    LANG,
)
@cloup.option_group(
    "What is written",
    file_option(
        *("-o", "--output"),
        help=f"Its suffix chooses the format: {', '.join(STILLS)}.  [default: media/NETWORK.svg]",
    ),
    cloup.option("--width", type=int, help="Width in pixels. An .svg or .pdf can be scaled later."),
    QUIET,
)
def command(
    network: str,
    values: bool,
    blame: bool,
    theme: str | None,
    transparent: bool,
    lang: str | None,
    output: Path | None,
    width: int | None,
    quiet: bool,
) -> None:
    """Draw a network as a still image, cropped to the drawing.

    An .svg or .pdf is sharp at any size, and its text can be searched and copied.
    """
    from netviz import explain, interop, spec

    if output is not None and output.suffix.lower() not in STILLS:
        found = f"has suffix {output.suffix!r}"
        raise ProblemError(Problem(str(output), found, f"one of {', '.join(STILLS)}"))
    description = spec.load(network, interop)
    page = export.Page(
        tight=True,
        transparent=transparent,
        title=description.name,
        description=explain.alt_text(description, load_words(lang or description.language or "en")),
    )
    target = output or Path("media", f"{description.name}.svg")
    expect_no_input(target, description.sources)
    export.check(target, width=width, page=page)
    export.import_manim()
    from netviz.scene import DiagramScene

    scene = DiagramScene.configured(
        network=description,
        theme=as_theme(theme) if theme else None,
        language=lang,
        values=values,
        blames=blame,
    )
    with located_options(description):
        made = export.render(scene, target, quality="high", width=width, page=page)
    if not quiet:
        click.echo(made)

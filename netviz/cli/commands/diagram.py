"""`netviz diagram`: a network as a picture for a paper."""

from __future__ import annotations

from pathlib import Path

import click
import cloup

from netviz import export
from netviz.cli.options import LANG, NETWORK, QUIET, file_option, theme_named
from netviz.theme import THEMES
from netviz.words import load_words

STILLS = ", ".join(suffix for suffix, kind in export.FORMATS.items() if kind.still)


@cloup.command("diagram")
@NETWORK
@cloup.option_group(
    "What is shown",
    cloup.option(
        "--values/--no-values", default=True, help="Activations of the sample.  [default: shown]"
    ),
    cloup.option(
        "--blame/--no-blame", default=False, help="Blame for its loss.  [default: not shown]"
    ),
    cloup.option(
        "--theme",
        type=cloup.Choice(list(THEMES)),
        help="Colours.  [default: those of the network file, or light]",
    ),
    cloup.option("--transparent", is_flag=True, help="No background."),
    LANG,
)
@cloup.option_group(
    "What is written",
    file_option(
        *("-o", "--output"),
        help=f"Its suffix chooses the format: {STILLS}.  [default: media/NETWORK.svg]",
    ),
    cloup.option("--width", type=int, help="Pixels; an .svg or .pdf can be scaled afterwards."),
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
    """Draw a network: sharp at any size as .svg or .pdf, cut to the drawing, with its text."""
    from netviz import explain, interop, spec

    description = spec.load(network, interop)
    sheet = export.Sheet(
        tight=True,
        transparent=transparent,
        title=description.name,
        description=explain.alt_text(description, load_words(lang or description.language or "en")),
    )
    target = output or Path("media", f"{description.name}.svg")
    export.check(target, width=width, sheet=sheet)
    from netviz.scene import DiagramScene

    scene = DiagramScene.configured(
        network=description, theme=theme_named(theme), language=lang, values=values, blames=blame
    )
    made = export.render(scene, target, quality="high", width=width, sheet=sheet)
    if not quiet:
        click.echo(made)

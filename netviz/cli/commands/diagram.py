"""``netviz diagram``: a network as a picture for a paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import cloup

from netviz import export
from netviz.cli.messages import expect_no_input
from netviz.cli.options import BOTH, LANG, MAX_SIZE, NETWORK, QUIET, Name, files_option, given
from netviz.cli.rendering import ending_in, located_options, settings_of
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
        type=Name([*THEMES, BOTH]),
        help="Colour theme; both for two files, NAME-light and NAME-dark.  "
        "[default: that of the network file, or light]",
    ),
    cloup.option("--transparent", is_flag=True, help="Draw no background."),
    cloup.option(
        "--crop/--no-crop",
        default=True,
        help="Cut to the drawing and a margin, or show the whole frame.  [default: cut]",
    ),
    LANG,
)
@cloup.option_group(
    "What is written",
    files_option(
        f"Its suffix chooses the format: {', '.join(STILLS)}. May be repeated.  "
        "[default: media/NETWORK.svg]",
    ),
    cloup.option("--width", type=int, help="Width in pixels. An .svg or .pdf can be scaled later."),
    cloup.option(
        "--aspect",
        type=Name(list(export.ASPECTS)),
        help="Width to height; by default that of the drawing.",
    ),
    MAX_SIZE,
    QUIET,
)
def command(
    network: str,
    values: bool,
    blame: bool,
    theme: str | None,
    lang: str | None,
    outputs: tuple[Path, ...],
    quiet: bool,
    **picture: Any,
) -> None:
    """Draw a network as a still image, cut to the drawing.

    An .svg or .pdf is sharp at any size, and its text can be searched and copied.
    """
    from netviz import explain, interop, spec

    for output in outputs:
        if output.suffix.lower() not in STILLS:
            found = f"has suffix {output.suffix!r}"
            raise ProblemError(Problem(str(output), found, f"one of {', '.join(STILLS)}"))
    description = spec.load(network, interop)
    page = export.Page(
        title=description.name,
        description=explain.alt_text(description, load_words(lang or description.language or "en")),
    )
    settings = settings_of({"quality": "high", **given(picture)}, page)
    for name in ("light", "dark") if theme == BOTH else (theme,):
        targets = outputs or (Path("media", f"{description.name}.svg"),)
        if theme == BOTH:
            targets = tuple(ending_in(f"-{name}", target) for target in targets)
        for target in targets:
            expect_no_input(target, description.sources)
            export.check(target, width=settings.get("width"), page=settings["page"])
        export.import_manim()
        from netviz.scene import DiagramScene

        scene = DiagramScene.configured(
            network=description,
            theme=as_theme(name) if name else None,
            language=lang,
            values=values,
            blames=blame,
        )
        with located_options(description):
            made = export.render_all(scene, targets, **settings)
        if not quiet:
            for file in made:
                click.echo(file)

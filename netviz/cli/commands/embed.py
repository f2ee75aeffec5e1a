"""``netviz embed``: the HTML and Markdown that show finished files on a web page."""

from __future__ import annotations

from pathlib import Path

import click
import cloup

from netviz.cli.options import Name


@cloup.command("embed")
@cloup.argument(
    "files",
    nargs=-1,
    required=True,
    type=Path,
    help="The same film in one or more formats, in one or two themes (NAME-dark.gif, "
    "NAME-light.gif), and a still image of it.",
)
@cloup.option("--alt", "text", help="Text alternative.  [default: the text in NAME.txt]")
@cloup.option("--folder", default="", help="Address of the folder of the files on the site.")
@cloup.option("--only", type=Name(["html", "markdown"]), help="Print only one of the two.")
def command(files: tuple[Path, ...], text: str | None, folder: str, only: str | None) -> None:
    """Print HTML and Markdown that show finished films and pictures.

    Pages in a light colour scheme show the light files, and readers who prefer reduced motion see
    the still image, if they are given.
    """
    from netviz.export.embed import Figure

    figure = Figure.of(files, text, folder)
    if only != "markdown":
        click.echo(figure.html())
    if only is None:
        click.echo()
    if only != "html":
        click.echo(figure.markdown())

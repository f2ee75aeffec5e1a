"""``netviz lecture``: scenes, network files and films of a playlist, joined into one film."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import cloup

from netviz.cli.messages import expect_no_input, progress_bar
from netviz.cli.options import ASPECT, clip_options, given


@cloup.command("lecture")
@cloup.argument(
    "playlist",
    required=False,
    type=Path,
    help="A playlist, FILE.toml. By default all scenes of the lecture, in order.",
)
@cloup.option(
    *("-o", "--output"),
    type=Path,
    metavar="FILE.mp4",
    default=Path("media", "lecture.mp4"),
    show_default=True,
    help="The film. Captions and a list of contents are written next to it.",
)
@clip_options(ASPECT)
def command(
    playlist: Path | None,
    output: Path,
    theme: str | None,
    lang: str | None,
    trust: bool,
    jobs: int | None,
    cluster: str | None,
    quiet: bool,
    **picture: Any,
) -> None:
    """Render a playlist as one film with title cards, chapters, captions and a list of contents.

    Clips are kept in a folder next to the film. Only what has changed is rendered again.
    """
    from netviz.cli import lecture
    from netviz.cli.films import Place
    from netviz.spec import load_playlist

    wanted = lecture.whole() if playlist is None else load_playlist(playlist)
    wanted = lecture.settled(wanted, theme=theme, language=lang, trust=trust)
    expect_no_input(output, lecture.inputs_of(wanted))
    with progress_bar(output.name, quiet) as progress:
        made = lecture.make(
            wanted, output, place=Place(jobs, cluster), progress=progress, picture=given(picture)
        )
    if not quiet:
        click.echo(made)

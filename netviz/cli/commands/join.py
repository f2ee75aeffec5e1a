"""``netviz join``: scenes, network files and films, joined into one film."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import cloup

from netviz.cli.messages import expect_no_input, progress_bar
from netviz.cli.options import ASPECT, clip_options, given
from netviz.problems import Problem, ProblemError


@cloup.command("join")
@cloup.argument(
    "clips",
    nargs=-1,
    required=True,
    help="Names from `netviz list`, FILE.py, FILE.py:ClassName, network files and films, in order.",
)
@cloup.option(
    *("-o", "--output"),
    type=Path,
    metavar="FILE.mp4",
    required=True,
    help="The film. Captions and a list of contents are written next to it.",
)
@cloup.option("--title", default="", help="A title on a card before all clips.")
@cloup.option(
    "--cards/--no-cards",
    default=False,
    help="Whether a card with its title stands before each clip.  [default: none]",
)
@clip_options(ASPECT)
def command(
    clips: tuple[str, ...],
    output: Path,
    title: str,
    cards: bool,
    theme: str | None,
    lang: str | None,
    trust: bool,
    jobs: int | None,
    cluster: str | None,
    quiet: bool,
    **picture: Any,
) -> None:
    """Join scenes, network files and films into one film with chapters, captions and contents.

    The same as `netviz lecture` with a playlist of these clips. Clips are kept in a folder next to
    the film. Only what has changed is rendered again.
    """
    from netviz.cli import lecture
    from netviz.cli.films import Place
    from netviz.spec import Clip, Playlist

    playlist = Playlist(tuple(map(Clip, clips)), title=title, cards=cards)
    playlist = lecture.settled(playlist, theme=theme, language=lang, trust=trust)
    for clip in playlist.clips:
        if clip.file is not None and not clip.file.is_file():
            raise ProblemError(Problem(str(clip.file), "does not exist", "a file, to be joined"))
    expect_no_input(output, lecture.inputs_of(playlist))
    with progress_bar(output.name, quiet) as progress:
        made = lecture.make(
            playlist, output, place=Place(jobs, cluster), progress=progress, picture=given(picture)
        )
    if not quiet:
        click.echo(made)

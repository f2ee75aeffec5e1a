"""``netviz slides``: a scene or a lecture as slides, one click a beat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import cloup

from netviz.cli.messages import expect_no_input, progress_bar
from netviz.cli.options import CLIP, NETWORK_OF_CLIP, SET, clip_options, given


@cloup.command("slides")
@CLIP
@cloup.option(
    *("-o", "--output"),
    type=Path,
    metavar="FILE",
    required=True,
    help="The slides: .html for a browser, .pptx for PowerPoint.",
)
@NETWORK_OF_CLIP
@SET
@clip_options()
def command(
    clip: str,
    output: Path,
    network: str | None,
    settings: tuple[tuple[str, str], ...],
    theme: str | None,
    lang: str | None,
    trust: bool,
    jobs: int | None,
    cluster: str | None,
    quiet: bool,
    **picture: Any,
) -> None:
    """Write a scene, a network file or a playlist as slides: a click plays the next beat.

    Captions are also speaker notes. The file needs no other and no network. Needs the extra
    `slides`.
    """
    from netviz.cli import lecture
    from netviz.cli.films import Place
    from netviz.export.slides import check_slides

    check_slides(output)
    playlist = lecture.playlist_of(
        clip, network=network, options=dict(settings), theme=theme, language=lang, trust=trust
    )
    expect_no_input(output, lecture.inputs_of(playlist))
    with progress_bar(output.name, quiet) as progress:
        count = lecture.make_slides(
            playlist, output, place=Place(jobs, cluster), progress=progress, picture=given(picture)
        )
    if not quiet:
        click.echo(f"{output}  {count} slides")

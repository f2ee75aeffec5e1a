"""``netviz script``: what is said when, for reading aloud."""

from __future__ import annotations

from pathlib import Path

import click
import cloup

from netviz.cli.messages import expect_no_input, writing
from netviz.cli.options import CLIP, LANG, NETWORK_OF_CLIP, PACING, SET, TRUST, given
from netviz.files import check_place, replacing


@cloup.command("script")
@CLIP
@cloup.option(
    *("-o", "--output"),
    type=Path,
    metavar="FILE.md",
    help="The text, as Markdown.  [default: print it]",
)
@NETWORK_OF_CLIP
@SET
@LANG
@TRUST
@cloup.option_group("How fast it is played", *PACING)
def command(
    clip: str,
    output: Path | None,
    network: str | None,
    settings: tuple[tuple[str, str], ...],
    lang: str | None,
    trust: bool,
    **pacing: float | None,
) -> None:
    """Write what a scene, a network file or a playlist says, beat by beat, with times.

    The key of each beat, or its number, is the name of its recording for `--voice`.
    """
    from netviz.cli import lecture

    playlist = lecture.playlist_of(
        clip,
        network=network,
        options=dict(settings),
        pacing=given(pacing),
        language=lang,
        trust=trust,
    )
    if output is not None:
        check_place(output)
        expect_no_input(output, lecture.inputs_of(playlist))
    scripts = []
    for place, (title, table) in enumerate(lecture.timetables(playlist)):
        heading = f"{place + 1}. {title}" if len(playlist.clips) > 1 else title
        scripts.append("\n\n".join(table.script(heading, 2 if playlist.title else 1)))
    titles = [f"# {playlist.title}"] if playlist.title else []
    text = "\n\n".join([*titles, *scripts]) + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    with writing(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        with replacing(output) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
    click.echo(output)

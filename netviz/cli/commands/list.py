"""`netviz list`: what scenes there are, and what a network file can put in order and rephrase."""

from __future__ import annotations

from collections.abc import Mapping

import click
import cloup

from netviz.catalogue import ACTS
from netviz.cli import scene_files
from netviz.cli.options import LANG
from netviz.words import load_words

CAPTION = "caption."


@cloup.command("list")
@cloup.option("--acts", is_flag=True, help="The acts for [scene] in a network file instead.")
@cloup.option("--captions", is_flag=True, help="The captions for [scene.captions] instead.")
@LANG
def command(acts: bool, captions: bool, lang: str | None) -> None:
    """List the scenes."""
    if acts and captions:
        raise ValueError("--acts and --captions are two lists: expected one of them")
    if acts:
        _print(ACTS)
    elif captions:
        texts = load_words(lang or "en").texts.items()
        _print({key.removeprefix(CAPTION): text for key, text in texts if key.startswith(CAPTION)})
    else:
        _print({name: scene_files.about(path) for name, path in scene_files.scenes().items()})


def _print(lines: Mapping[str, str]) -> None:
    column = max(map(len, lines), default=0)
    for name, about in lines.items():
        click.echo(f"{name:{column}}  {about}".rstrip())

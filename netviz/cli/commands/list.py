"""``netviz list``: the scenes, and the acts and captions that a network file may use."""

from __future__ import annotations

from collections.abc import Mapping

import click
import cloup

from netviz.cli import scene_files
from netviz.cli.options import LANG
from netviz.problems import Problem, ProblemError
from netviz.words import load_words

CAPTION = "caption."


@cloup.command("list")
@cloup.option("--acts", is_flag=True, help="List the acts for a network file.")
@cloup.option("--captions", is_flag=True, help="List the captions that a network file may replace.")
@LANG
def command(acts: bool, captions: bool, lang: str | None) -> None:
    """List the scenes for `netviz render`."""
    if acts and captions:
        raise ProblemError(Problem("--acts", "is given together with --captions", "one of the two"))
    if acts:
        from netviz.catalogue import ACTS

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

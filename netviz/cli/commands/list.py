"""``netviz list``: the scenes, and the acts and captions that a network file may use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
import cloup

from netviz.cli import scene_files
from netviz.cli.options import LANG
from netviz.problems import Problem, ProblemError
from netviz.words import load_words

CAPTION = "caption."


@cloup.command("list")
@cloup.argument("scene", required=False, help="A scene, to list its options.")
@cloup.option("--acts", is_flag=True, help="List the acts for a network file.")
@cloup.option("--captions", is_flag=True, help="List the captions that a network file may replace.")
@LANG
def command(scene: str | None, acts: bool, captions: bool, lang: str | None) -> None:
    """List the scenes for `netviz render` and their lengths, or the options of one scene."""
    if acts and captions:
        raise ProblemError(Problem("--acts", "is given together with --captions", "one of the two"))
    if scene is not None:
        if acts or captions:
            found = f"is given together with {'--acts' if acts else '--captions'}"
            raise ProblemError(Problem(f"the scene {scene}", found, "one of the two"))
        _print_options(scene)
    elif acts:
        from netviz.catalogue import ACTS

        _print(ACTS)
    elif captions:
        texts = load_words(lang or "en").texts.items()
        _print({key.removeprefix(CAPTION): text for key, text in texts if key.startswith(CAPTION)})
    else:
        files = scene_files.scenes().items()
        _print({name: f"{_length(path)}  {scene_files.about(path)}" for name, path in files})


def _length(path: Path) -> str:
    """Return the length of a scene as minutes and seconds, or spaces if it says nothing."""
    length = round(scene_files.length(path))
    return f"{length // 60}:{length % 60:02}" if length else " " * 4


def _print_options(scene: str) -> None:
    """Print name, default, description and possible values of each option of a scene."""
    scene_class = scene_files.scene_class(*scene_files.find(scene))
    options = getattr(scene_class, "options", ())
    if not options:
        click.echo(f"{scene} has no options")
    _print(
        {
            "NAME" if option.any_name else f"{option.name}={option.text}": (
                f"{option.about}: {option.expected}"
            )
            for option in options
        }
    )


def _print(lines: Mapping[str, str]) -> None:
    column = max(map(len, lines), default=0)
    for name, about in lines.items():
        click.echo(f"{name:{column}}  {about}".rstrip())

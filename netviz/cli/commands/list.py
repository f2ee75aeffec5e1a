"""``netviz list``: the scenes, and the acts and captions that a network file may use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
import cloup

from netviz import catalogue
from netviz.catalogue import ACTS, scenes
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
    """List scenes with their lengths, and networks; or the options of one scene."""
    from netviz.spec.load import built_in_networks

    if acts and captions:
        raise ProblemError(Problem("--acts", "is given together with --captions", "one of the two"))
    if scene is not None:
        if acts or captions:
            found = f"is given together with {'--acts' if acts else '--captions'}"
            raise ProblemError(Problem(f"the scene {scene}", found, "one of the two"))
        _print_options(scene)
    elif acts:
        _print(ACTS)
    elif captions:
        _print_captions(lang or "en")
    else:
        files = scenes().items()
        _print({name: f"{_length(path)}  {scene_files.about(path)}" for name, path in files})
        click.echo("\nbuilt-in networks, for `netviz render NAME` and `--network NAME`")
        _print(built_in_networks())


def _print_captions(language: str) -> None:
    """Print the captions of each act, with the scenes it is in, and then those of single scenes."""
    texts = load_words(language).texts
    groups = {name: catalogue.captions_of_act(name) for name in ACTS}
    acts = {name: catalogue.acts_of_scene(path) for name, path in scenes().items()}
    lines = []
    for name, keys in groups.items():
        places = [scene for scene, names in acts.items() if name in names]
        lines.append((f"act {name}", f" (in {', '.join(places)})" if places else "", keys))
    for scene, path in scenes().items():
        of_acts = {key for name in acts[scene] for key in groups[name]}
        own = [key for key in catalogue.captions_of_scene(path) if key not in of_acts]
        lines.append((f"scene {scene}", "", own))
    lines.append(("command compare", "", catalogue.captions_of_comparison()))
    for title, places_of_act, keys in lines:
        shown = {f"  {key}": texts[CAPTION + key] for key in keys if CAPTION + key in texts}
        if shown:
            click.echo(f"{title}{places_of_act}")
            _print(shown)


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

"""Arguments and options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cloup

from netviz import export
from netviz.theme import THEMES, Theme
from netviz.words import languages

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

NETWORK = cloup.argument(
    "network", help="A network or model file, a built-in network, or a shape like 3-4-2."
)
THEME = cloup.option("--theme", type=cloup.Choice(list(THEMES)), help="Colours.")
LANG = cloup.option(
    "--lang", type=cloup.Choice(languages()), help="Language of captions and names."
)
QUALITY = cloup.option(
    "--quality",
    type=cloup.Choice(list(export.QUALITIES)),
    help="Size and frame rate; a .gif has its own.  [default: low]",
)
FPS = cloup.option("--fps", type=float, help="Frames per second, instead of the quality's.")
WIDTH = cloup.option("--width", type=int, help="Pixels, instead of the quality's; frames are 16:9.")
QUIET = cloup.option("--quiet", is_flag=True, help="No progress bar and no closing line.")


def file_option(*names: str, help: str) -> Decorator:
    """An option that takes the path of a file."""
    return cloup.option(*names, type=Path, metavar="FILE", help=help)


def theme_named(name: str | None) -> Theme | None:
    """The theme of that name, if one is named."""
    return None if name is None else THEMES[name]


def told(values: dict[str, Any]) -> dict[str, Any]:
    """Those of the options that were given."""
    return {name: value for name, value in values.items() if value is not None}

"""Arguments and options that several commands have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import cloup

from netviz import export
from netviz.problems import expect, refuse_name
from netviz.theme import THEMES
from netviz.words import languages

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class Name(cloup.Choice):  # type: ignore[type-arg]  # generic only from click 8.2 on
    """One of several names. An error lists them and proposes the most similar one."""

    def __init__(self, names: Sequence[str]) -> None:
        """Keep the names in their order."""
        super().__init__(names)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name.

        Raises:
            ProblemError: It is not one of the names.
        """
        if value not in self.choices:
            refuse_name(value, self.choices, param.opts[0] if param else "the name")
        return value


NETWORK = cloup.argument(
    "network", help="A network file, a model file, a built-in network, or a shape such as 3-4-2."
)
THEME = cloup.option("--theme", type=Name(list(THEMES)), help="Colour theme.")
LANG = cloup.option("--lang", type=Name(languages()), help="Language of captions and names.")
QUALITY = cloup.option(
    "--quality",
    type=Name(list(export.QUALITY_PRESETS)),
    help="Width and frame rate. A .gif has defaults of its own.  [default: low]",
)
FPS = cloup.option("--fps", type=float, help="Frames per second, in place of the quality's.")
WIDTH = cloup.option(
    "--width", type=int, help="Width in pixels, in place of the quality's. Frames are 16:9."
)
CAPTIONS = cloup.option(
    "--captions/--no-captions",
    default=None,
    help="Whether captions are on screen; without them, the picture has their room.",
)
PACING = (
    cloup.option("--pace", type=float, help="How fast: 2 is twice as fast as it was made."),
    cloup.option("--hold", type=float, help="How long pictures stay: 2 is twice as long."),
    cloup.option(
        "--duration",
        type=float,
        metavar="SECONDS",
        help="Stretch or compress the film to this length.",
    ),
)
VOICE = cloup.option(
    "--voice",
    type=Path,
    metavar="FOLDER",
    help="Recordings of what is said, one a beat, named by its key or its number "
    "(`netviz script` lists them): .wav, .flac, .mp3 or .m4a.",
)
CLIP = cloup.argument(
    "clip",
    help="A name from `netviz list`, FILE.py, FILE.py:ClassName, a network file or a playlist.",
)
NETWORK_OF_CLIP = cloup.option(
    "--network",
    metavar="FILE|NAME",
    help="A network file, a model file, a built-in network, or a shape such as 3-4-2.",
)
CLIPS_AT_ONCE = cloup.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many clips are rendered at the same time.  [default: one for each processor]",
)
CLUSTER = cloup.option(
    "--cluster",
    metavar="ADDRESS",
    help="Render on the workers of a Dask cluster: the address of its scheduler, such as "
    "tcp://192.168.0.10:8786. Needs the extra `cluster`.",
)
JOBS = cloup.option(
    "--jobs",
    type=int,
    metavar="N",
    help="How many processes draw a film. The file is the same for any number.  "
    "[default: one for each processor]",
)
QUIET = cloup.option("--quiet", is_flag=True, help="Show no progress bar and no summary.")


class Setting(click.ParamType):  # type: ignore[type-arg]  # generic only from click 8.2 on
    """An option of a scene with its value, ``NAME=VALUE``."""

    name = "NAME=VALUE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return name and value.

        Raises:
            ProblemError: There is no equals sign, or nothing before it.
        """
        if isinstance(value, tuple):
            return value
        name, equals, text = value.partition("=")
        expect("--set", value, bool(name.strip() and equals), "NAME=VALUE, such as gate=NAND")
        return name.strip(), text.strip()


SET = cloup.option(
    "--set",
    "settings",
    type=Setting(),
    multiple=True,
    help="An option of the scene; `netviz list SCENE` lists them. May be repeated.",
)


def file_option(*names: str, help: str) -> Decorator:
    """Return an option that takes the path of a file."""
    return cloup.option(*names, type=Path, metavar="FILE", help=help)


def given(values: dict[str, Any]) -> dict[str, Any]:
    """Return only those options that were given on the command line."""
    return {name: value for name, value in values.items() if value is not None}

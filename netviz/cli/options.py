"""Arguments and options that several commands have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import cloup

from netviz import export
from netviz.export.formats import suffixes
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
BOTH = "both"
THEME_OR_BOTH = cloup.option(
    "--theme",
    type=Name([*THEMES, BOTH]),
    help="Colour theme; both for two files, NAME-light and NAME-dark.",
)
LANG = cloup.option("--lang", type=Name(languages()), help="Language of captions and names.")
QUALITY = cloup.option(
    "--quality",
    type=Name(list(export.QUALITY_PRESETS)),
    help="Width and frame rate. A .gif has defaults of its own.  [default: low]",
)
FPS = cloup.option("--fps", type=float, help="Frames per second, in place of the quality's.")
WIDTH = cloup.option("--width", type=int, help="Width in pixels, in place of the quality's.")
ASPECT = cloup.option(
    "--aspect",
    type=Name(list(export.ASPECTS)),
    help="Width to height. In a frame that is higher than 16:9, the picture keeps its shape, and "
    "larger captions are below it.  [default: 16:9]",
)
MAX_SIZE = cloup.option(
    "--max-size",
    metavar="SIZE",
    help="Most bytes of a file, such as 500kB or 1MB. If it is larger, its frame rate is lowered, "
    "then its width, then its colours or its quality.",
)


class Moment(click.ParamType):  # type: ignore[type-arg]  # generic only from click 8.2 on
    """A moment of a film: seconds, or the name of a beat or an act."""

    name = "SECONDS|BEAT"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | str:
        """Return the number, or the name."""
        try:
            return float(value)
        except ValueError:
            return str(value)


AT = cloup.option(
    "--at",
    type=Moment(),
    help="Time of a still image, or the beat that it shows.  [default: the end]",
)
CUT = (
    cloup.option(
        "--from",
        type=Moment(),
        help="Where the film begins: a time, or the beginning of a beat or an act that --dry-run "
        "lists.",
    ),
    cloup.option(
        "--to", type=Moment(), help="Where the film ends: a time, or the end of a beat or an act."
    ),
    cloup.option(
        "--speed",
        type=float,
        help="How fast the finished film runs, captions too: 2 is twice as fast.",
    ),
    cloup.option(
        "--hold-end", type=float, metavar="SECONDS", help="The last picture stays longer by this."
    ),
    cloup.option(
        "--loop",
        type=int,
        metavar="TIMES",
        help="How often an animated image is played; after that it shows its last picture.  "
        "[default: 0, endlessly]",
    ),
)
CROP = cloup.option(
    "--crop",
    is_flag=True,
    default=None,
    help="Cut to what is drawn, and a margin: in a film, to what is drawn at any moment.",
)
TRANSPARENT = cloup.option(
    "--transparent",
    is_flag=True,
    default=None,
    help=f"Draw no background ({suffixes(lambda kind: kind.alpha)}).",
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
TRUST = cloup.option(
    "--trust", is_flag=True, help="Let a network file run a scene outside its own folder."
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
    "[default: one for each processor, as far as memory has room for them]",
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


def files_option(help: str) -> Decorator:
    """Return the option for the files that are written, which may be repeated."""
    return cloup.option(
        *("-o", "--output", "outputs"), type=Path, metavar="FILE", multiple=True, help=help
    )


def clip_options(*more: Decorator) -> Decorator:
    """Return the options of commands that render clips side by side, and more of them."""
    shared: tuple[Any, ...] = (
        THEME,
        LANG,
        QUALITY,
        FPS,
        WIDTH,
        *more,
        TRUST,
        CLIPS_AT_ONCE,
        CLUSTER,
        QUIET,
    )

    def decorate(command: Any) -> Any:
        for option in reversed(shared):
            command = option(command)
        return command

    return decorate


def given(values: dict[str, Any]) -> dict[str, Any]:
    """Return only those options that were given on the command line."""
    return {name: value for name, value in values.items() if value is not None}

"""FORMATS: every kind of file there is, by the suffix that chooses it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netviz.export import embed, gif, pdf, still, svg, video
from netviz.export.errors import ExportError
from netviz.export.quality import Quality

if TYPE_CHECKING:
    from netviz.export.stage import Take

Writer = Callable[["Take", Path], tuple[float, tuple[int, int]]]
Embed = Callable[[Path, str], embed.Bundle]


@dataclass(frozen=True)
class Format:
    """How one kind of file is written, and what it can and cannot do.

    Attributes:
        write: Plays the take into the file given, and returns the seconds that it lasts (0 for a
            picture) and its size (width, height) in pixels. Files written beside it with the same
            stem go with it to the final place.
        embed: Shows the file in a notebook; is given a line of text that stands for it.
        still: A picture: a moment can be chosen, a frame rate cannot.
        preset: Its own width and frame rate, whatever the quality.
        rates: The only frame rates it can keep; empty if it can keep any.

    Example:
        >>> from netviz.export import FORMATS
        >>> FORMATS[".svg"].still, FORMATS[".gif"].preset.fps
        (True, 12.5)
    """

    write: Writer
    embed: Embed = embed.nothing
    still: bool = False
    preset: Quality | None = None
    rates: tuple[float, ...] = ()


# Paths have no pixels: this is how large they are shown unless told. Their frame rate is unseen.
PAPER = Quality(800, 15)

FORMATS = {
    ".mp4": Format(video.write, embed.video),
    ".webm": Format(video.write, embed.video),
    ".gif": Format(gif.write, embed.animation, preset=Quality(800, 12.5), rates=tuple(gif.DELAYS)),
    ".png": Format(still.write, embed.pixels, still=True),
    ".svg": Format(svg.write, embed.svg, still=True, preset=PAPER),
    ".pdf": Format(pdf.write, still=True, preset=PAPER),
}


def format_of(output: Path) -> Format:
    """The format that a file's suffix chooses.

    Raises:
        ExportError: No format has this suffix.
    """
    suffix = output.suffix.lower()
    if suffix not in FORMATS:
        found = f"suffix {output.suffix!r}" if suffix else "no suffix"
        raise ExportError(f"{output} has {found}: expected one of {', '.join(FORMATS)}")
    return FORMATS[suffix]

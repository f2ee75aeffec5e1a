"""What a caller may request: qualities, widths, frame rates and pages; ExportError for the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass

from netviz.problems import Problem, ProblemError, entry_named

WIDTHS = range(64, 7681)  # pixels
FASTEST = 240  # frames per second


class ExportError(ProblemError):
    """A file cannot be made as requested.

    Example:
        >>> from netviz.export import ExportError, check
        >>> try:
        ...     check("film.gif", fps=7)
        ... except ExportError as error:
        ...     print(error)
        fps is 7 for a .gif: expected one of 10, 12.5, 20, 25
    """


@dataclass(frozen=True)
class Quality:
    """A width in pixels and a frame rate in frames per second."""

    width: int
    fps: float


QUALITY_PRESETS = {
    "low": Quality(854, 15),
    "medium": Quality(1280, 30),
    "high": Quality(1920, 60),
    "4k": Quality(3840, 60),
}


@dataclass(frozen=True)
class Page:
    """How a still image is cut, its background, and its title and description.

    Attributes:
        tight: Whether the image is cut to what is drawn and a small margin. By default it is the
            whole 16:9 frame.
        transparent: Whether the image has no background.
        title: The title stored in an SVG or PDF; by default the name of the scene.
        description: The description stored in an SVG or PDF, for screen readers.

    Example:
        >>> from netviz.scene import DiagramScene
        >>> from netviz.export import Page, render
        >>> page = Page(tight=True, transparent=True, title="A small network")
        >>> made = render(DiagramScene, "net.svg", page=page)
        >>> "<title>A small network</title>" in made.path.read_text()
        True
    """

    tight: bool = False
    transparent: bool = False
    title: str = ""
    description: str = ""


WHOLE_FRAME = Page()


def quality_named(name: str) -> Quality:
    """Return the quality of that name.

    Raises:
        ExportError: There is no such quality.
    """
    try:
        return entry_named(name, QUALITY_PRESETS, "quality")
    except ProblemError as error:
        raise ExportError(*error.problems) from None


def frame_size(width: int) -> tuple[int, int]:
    """Return the size of the 16:9 frame of about that width.

    Args:
        width: In pixels.

    Returns:
        (width, height) in pixels, both even, as H.264 requires.

    Raises:
        ExportError: The width is out of range.
    """
    if width not in WIDTHS:
        expected = f"{WIDTHS[0]} to {WIDTHS[-1]} pixels"
        raise ExportError(Problem("width", f"is {width}", expected))
    return width - width % 2, 2 * round(width * 9 / 32)


def check_rate(fps: float, suffix: str, rates: tuple[float, ...]) -> None:
    """Check that a format supports a frame rate.

    Args:
        fps: Frames per second.
        suffix: The suffix of the format.
        rates: The frame rates that the format supports; empty if it supports any.

    Raises:
        ExportError: The format does not support the frame rate.
    """
    if rates and fps not in rates:
        expected = f"one of {', '.join(f'{rate:g}' for rate in rates)}"
        raise ExportError(Problem("fps", f"is {fps:g} for a {suffix}", expected))
    if not (math.isfinite(fps) and 1 <= fps <= FASTEST):
        raise ExportError(Problem("fps", f"is {fps:g}", f"1 to {FASTEST} frames per second"))

"""What a caller may request: sizes, frame rates, pages and cuts; ExportError for the rest."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields

from netviz.problems import Problem, ProblemError, entry_named, expect

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


# Width and height of a frame, as they are written: width to height.
ASPECTS = {"16:9": (16, 9), "4:3": (4, 3), "1:1": (1, 1), "4:5": (4, 5), "9:16": (9, 16)}
WIDEST = "16:9"
# How much faster and slower than it was made a film may be written.
SPEEDS = 0.1, 100.0
# The most seconds for which the last picture stays longer, and the most times a film is repeated.
LONGEST_HOLD, MOST_LOOPS = 600, 1000
# The size of a file, such as 1MB: a number and a unit.
FILE_SIZE = r"^(\d+(?:\.\d+)?) *([kKmMgG]?)[bB]?$"


@dataclass(frozen=True)
class Page:
    """How pictures are cut, their background, and their title and description.

    Attributes:
        tight: Whether pictures are cut to what is drawn and a small margin: in a still image at its
            moment, in a film at any moment. By default they are the whole frame.
        transparent: Whether pictures have no background.
        title: The title stored in an SVG or PDF; by default the name of the scene.
        description: The text alternative, for screen readers.

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


@dataclass(frozen=True)
class Cut:
    """Which part of a film is written, how fast it is, and how it ends.

    Attributes:
        start: The moment of the scene at which the film begins, in seconds.
        end: The moment at which it ends; None for the end of the scene.
        speed: How much faster the film is than the scene, with everything in it.
        hold: Seconds for which the last picture stays longer.
        loop: How often an animated image is played; 0 for endlessly.

    Example:
        >>> from netviz.export import Cut, render
        >>> from netviz.scene import ActsScene
        >>> class Passes(ActsScene):
        ...     network = "3-4-2"
        ...     acts = ("loop",)
        >>> render(Passes, "forward.gif", width=160, cut=Cut(end=4, speed=2, hold=1)).seconds
        2.96
    """

    start: float = 0.0
    end: float | None = None
    speed: float = 1.0
    hold: float = 0.0
    loop: int = 0

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            ProblemError: One is out of range.
        """
        slowest, fastest = SPEEDS
        moment, end = "a moment from 0 on, in seconds", self.end
        expect("from", self.start, 0 <= self.start < math.inf, moment)
        if end is not None:
            expected = f"a moment after {self.start:g}, in seconds"
            expect("to", end, self.start < end < math.inf, expected)
        right = slowest <= self.speed <= fastest
        expect("speed", self.speed, right, f"a number from {slowest:g} to {fastest:g}")
        expect(
            "hold_end", self.hold, 0 <= self.hold <= LONGEST_HOLD, f"0 to {LONGEST_HOLD} seconds"
        )
        loops = f"0 to {MOST_LOOPS} times; 0 is endlessly"
        expect("loop", self.loop, 0 <= self.loop <= MOST_LOOPS, loops)

    @property
    def given(self) -> dict[str, float | None]:
        """What differs from the whole film: name → value, by the names of the command line."""
        names = {"start": "from", "end": "to", "hold": "hold_end"}
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            names.get(name, name): value
            for name, value in values.items()
            if value != getattr(Cut, name)
        }

    def in_film(self, moment: float) -> float:
        """Return when a moment of the scene is in the film, in seconds from its beginning."""
        return (moment - self.start) / self.speed


WHOLE_FILM = Cut()


def size_in_bytes(text: str) -> int:
    """Return a size of a file, such as ``1MB`` or ``500 kB``, in bytes.

    Raises:
        ExportError: It is not a size.

    Example:
        >>> from netviz.export import size_in_bytes
        >>> size_in_bytes("1.5MB")
        1500000
    """
    found = re.match(FILE_SIZE, text)
    size = float(found[1]) * 1000 ** " kmg".index(found[2].lower() or " ") if found else 0.0
    if size < 1:
        raise ExportError(Problem("max_size", f"is {text!r}", "a size such as 1MB or 500kB"))
    return round(size)


def size_as_text(count: int) -> str:
    """Return a number of bytes as it is shown, such as ``1.9 MB``."""
    kilobytes = count / 1000
    return f"{kilobytes / 1000:.1f} MB" if kilobytes >= 1000 else f"{kilobytes:.0f} kB"


def quality_named(name: str) -> Quality:
    """Return the quality of that name.

    Raises:
        ExportError: There is no such quality.
    """
    try:
        return entry_named(name, QUALITY_PRESETS, "quality")
    except ProblemError as error:
        raise ExportError(*error.problems) from None


def frame_size(width: int, aspect: str = WIDEST) -> tuple[int, int]:
    """Return the size of the frame of about that width.

    Args:
        width: In pixels.
        aspect: Width to height; a name in ``ASPECTS``.

    Returns:
        (width, height) in pixels, both even, as H.264 requires.

    Raises:
        ExportError: The width is out of range, or there is no such aspect.
    """
    try:
        across, down = entry_named(aspect, ASPECTS, "aspect")
    except ProblemError as error:
        raise ExportError(*error.problems) from None
    if width not in WIDTHS:
        expected = f"{WIDTHS[0]} to {WIDTHS[-1]} pixels"
        raise ExportError(Problem("width", f"is {width}", expected))
    return width - width % 2, 2 * round(width * down / (2 * across))


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

"""Widths, heights and frame rates: what may be asked for, and what it comes to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import get_close_matches

from netviz.export.errors import ExportError

WIDTHS = range(64, 7681)
FASTEST = 240


@dataclass(frozen=True)
class Quality:
    """A width in pixels and a frame rate in frames per second."""

    width: int
    fps: float


QUALITIES = {
    "low": Quality(854, 15),
    "medium": Quality(1280, 30),
    "high": Quality(1920, 60),
    "4k": Quality(3840, 60),
}


def quality_named(name: str) -> Quality:
    """The quality of that name.

    Raises:
        ExportError: There is none.
    """
    if name not in QUALITIES:
        near = get_close_matches(name, QUALITIES, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ExportError(f"quality {name!r}: expected one of {', '.join(QUALITIES)}{hint}")
    return QUALITIES[name]


def frame_size(width: int) -> tuple[int, int]:
    """The 16:9 frame of about that width, (width, height): both even, as H.264 needs them.

    Raises:
        ExportError: The width is not a sensible number of pixels.
    """
    if width not in WIDTHS:
        raise ExportError(f"width {width}: expected {WIDTHS[0]} to {WIDTHS[-1]} pixels")
    return width - width % 2, 2 * round(width * 9 / 32)


def check_rate(fps: float, suffix: str, rates: tuple[float, ...]) -> None:
    """See that a file of that suffix can keep the frame rate; without ``rates``, it keeps any.

    Raises:
        ExportError: It cannot.
    """
    if rates and fps not in rates:
        *most, last = (f"{rate:g}" for rate in rates)
        raise ExportError(
            f"{fps:g} frames per second: a {suffix} keeps time only at {', '.join(most)} or {last}"
        )
    if not (math.isfinite(fps) and 1 <= fps <= FASTEST):
        raise ExportError(f"{fps:g} frames per second: expected 1 to {FASTEST}")

"""What netviz asks of any camera of manim: its pixels, its frame, its background.

With the other modules of this package, the only one that depends on how manim's cameras work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import BLACK, Camera, ManimColor, Mobject

Pixels = npt.NDArray[np.uint8]
"""RGBA, multiplied by the opacity, of shape (height, width, 4)."""


def pixels_of(camera: Camera) -> Pixels:
    """Return the frame that a camera has drawn last. The next one may overwrite it."""
    pixels: Pixels = camera.pixel_array
    return pixels


def drawn(camera: Camera, mobjects: Sequence[Mobject]) -> Pixels:
    """Draw mobjects on the background, and return the pixels."""
    camera.reset()
    camera.capture_mobjects(mobjects)
    return pixels_of(camera)


def size_of(camera: Camera) -> tuple[int, int]:
    """Return (width, height) of a frame in pixels."""
    return camera.pixel_width, camera.pixel_height


def frame_of(camera: Camera) -> tuple[float, float, float, float]:
    """Return the centre (x, y), the width and the height of a frame in frame units."""
    x, y, _ = camera.frame_center
    return x, y, camera.frame_width, camera.frame_height


def aim(camera: Camera, center: npt.ArrayLike, width: float, height: float) -> None:
    """Let a camera show a part of the plane on all its pixels.

    Args:
        camera: A camera of manim.
        center: Of the part, a point.
        width, height: Of the part, in frame units.
    """
    camera.frame_center = np.asarray(center)
    camera.frame_width, camera.frame_height = width, height


def cut(camera: Camera, center: npt.NDArray[np.float64], width: float, rows: int) -> None:
    """Let a camera show another part of the plane, with as many columns of pixels as before.

    Args:
        camera: A camera of manim.
        center: Of the part, a point.
        width: Of the part, in frame units.
        rows: Its height in pixels.
    """
    camera.frame_center, camera.frame_width = center, width
    camera.reset_pixel_shape(rows, camera.pixel_width)


def background_of(camera: Camera) -> tuple[str, float]:
    """Return the background colour, ``#RRGGBB``, and its opacity."""
    color = ManimColor(camera.background_color)  # a camera keeps any kind of colour
    return color.to_hex(), camera.background_opacity


def clear_background(camera: Camera) -> None:
    """Let a camera draw no background."""
    # Pixels are multiplied by their opacity: with opacity 0, they are black.
    if camera.background_opacity != 0 or camera.background_color != BLACK:
        camera.background_color, camera.background_opacity = BLACK, 0.0


class Projector(Camera):
    """A camera that shows pictures in place of mobjects.

    Attributes:
        picture: Returns the pixels to show for (width, height); None leaves the last ones.
    """

    picture: Callable[[tuple[int, int]], Pixels | None] | None = None

    def capture_mobjects(self, *args: Any, **options: Any) -> None:
        """Take a picture of its own in place of one of mobjects."""
        shown = None if self.picture is None else self.picture(size_of(self))
        if shown is not None:
            self.pixel_array = shown

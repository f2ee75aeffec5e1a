"""One moment of a scene: the visible part of the plane, as pixels or as paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import Camera, Mobject, Scene, VMobject
from manim.utils.family import extract_mobject_family_members

from netviz import memory
from netviz.camera import (
    Pixels,
    TextLine,
    background_of,
    clear_background,
    cut,
    draw_paths,
    drawn,
    frame_of,
    size_of,
)
from netviz.export.request import ASPECTS, WIDTHS, ExportError, Page
from netviz.problems import Problem, ProblemError

Extent = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""The lowest and the highest corner of something, in frame units."""

HIGHEST = 2 * WIDTHS[-1]  # pixels: cairo draws on at most 32767
MARGIN = 0.15  # around a tightly cut picture, in frame units


@dataclass(frozen=True)
class Window:
    """The visible part of the plane, in frame units."""

    left: float
    top: float
    width: float
    height: float

    @property
    def center(self) -> npt.NDArray[np.float64]:
        """The middle, as a point (x, y, 0)."""
        return np.array([self.left + self.width / 2, self.top - self.height / 2, 0.0])


@dataclass(frozen=True)
class Picture:
    """What the camera of a scene shows at one moment.

    Attributes:
        camera: The scene's own camera.
        mobjects: The mobjects on screen.
        page: Crop, background, title and description. The title is never empty.
    """

    camera: Camera
    mobjects: list[Mobject]
    page: Page

    @classmethod
    def of(cls, scene: Scene, page: Page, aspect: str | None = None) -> Picture:
        """Return the picture of a scene in its present state."""
        camera, mobjects = scene.camera, [*scene.mobjects, *scene.foreground_mobjects]
        if page.tight:
            _crop(camera, mobjects, aspect)
        if page.transparent:
            clear_background(camera)
        return cls(camera, mobjects, replace(page, title=page.title or str(scene)))

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return size_of(self.camera)

    @property
    def window(self) -> Window:
        """The visible part of the plane."""
        x, y, width, height = frame_of(self.camera)
        return Window(x - width / 2, y + height / 2, width, height)

    @property
    def background(self) -> tuple[str, float]:
        """The background colour, ``#RRGGBB``, and its opacity."""
        return background_of(self.camera)

    def pixels(self) -> Pixels:
        """Return the pixels, RGBA of shape (height, width, 4), multiplied by their opacity."""
        return drawn(self.camera, self.mobjects)

    def draw_on(self, context: Any) -> list[TextLine]:
        """Draw the picture, without its background, by the methods of a cairo context.

        Args:
            context: A context in frame units.

        Returns:
            The lines of text in the picture, from back to front.

        Raises:
            ExportError: The picture contains something that cannot be drawn as paths.
        """
        try:
            return draw_paths(self.camera, self.mobjects, context)
        except ProblemError as error:
            raise ExportError(*error.problems) from error


def _crop(camera: Camera, mobjects: Sequence[Mobject], aspect: str | None) -> None:
    """Cut the frame to what is drawn; keep the width in pixels."""
    corners = extent(mobjects)
    if corners is None:
        return
    window = around(corners, aspect)
    cut(camera, window.center, window.width, height_of(window, size_of(camera)[0]))


def extent(mobjects: Sequence[Mobject]) -> Extent | None:
    """Return the lowest and the highest corner of what is drawn, or None if nothing is."""
    paths = extract_mobject_family_members(mobjects, only_those_with_points=True)
    if not paths:
        return None
    low = np.min([path.points.min(axis=0) - _reach(path) for path in paths], axis=0)
    high = np.max([path.points.max(axis=0) + _reach(path) for path in paths], axis=0)
    return low, high


def around(corners: Extent, aspect: str | None) -> Window:
    """Return the window around what is drawn, with a margin.

    Args:
        corners: Its extent.
        aspect: Width to height, if the window is to have a shape of its own.
    """
    low, high = corners
    width, height = (high - low)[:2] + 2 * MARGIN
    if aspect is not None:
        across, down = ASPECTS[aspect]
        width, height = max(width, height * across / down), max(height, width * down / across)
    x, y = ((low + high) / 2)[:2]
    return Window(x - width / 2, y + height / 2, width, height)


def height_of(window: Window, width: int) -> int:
    """Return the height of a window in pixels.

    Args:
        window: The window.
        width: Its width in pixels.

    Raises:
        ExportError: It is too high, or takes too much memory.
    """
    pixels = round(width * window.height / window.width)
    hint = "give a smaller width, or larger spacings between layers"
    if pixels > HIGHEST:
        found = f"is {pixels} pixels high for a width of {width}"
        raise ExportError(Problem("the picture", found, f"at most {HIGHEST}", hint))
    for problem in memory.pixels(width, pixels, hint):
        raise ExportError(problem)
    return pixels


def _reach(mobject: Mobject) -> float:
    """Return half the width of a line in frame units."""
    if not isinstance(mobject, VMobject):
        return 0.0
    return max(mobject.get_stroke_width(background) for background in (False, True)) / 200

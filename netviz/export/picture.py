"""One moment of a scene: the visible part of the plane, as pixels or as paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from manim import Camera, Mobject, Scene, VMobject
from manim.utils.family import extract_mobject_family_members

from netviz import memory
from netviz.camera import (
    Line,
    Pixels,
    background_of,
    clear_background,
    cut,
    draw_paths,
    drawn,
    frame_of,
    size_of,
)
from netviz.export.request import WIDTHS, ExportError, Page
from netviz.problems import Problem, ProblemError

HIGHEST = 2 * WIDTHS[-1]  # pixels: cairo draws on at most 32767
MARGIN = 0.15  # around a tightly cut picture, in frame units


@dataclass(frozen=True)
class Window:
    """The visible part of the plane, in frame units."""

    left: float
    top: float
    width: float
    height: float


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
    def of(cls, scene: Scene, page: Page) -> Picture:
        """Return the picture of a scene in its present state."""
        camera, mobjects = scene.camera, [*scene.mobjects, *scene.foreground_mobjects]
        if page.tight:
            _crop(camera, mobjects)
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

    def draw_on(self, context: Any) -> list[Line]:
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


def _crop(camera: Camera, mobjects: Sequence[Mobject]) -> None:
    """Cut the frame to what is drawn; keep the width in pixels."""
    drawn = extract_mobject_family_members(mobjects, only_those_with_points=True)
    if not drawn:
        return
    low = np.min([path.points.min(axis=0) - _reach(path) for path in drawn], axis=0)
    high = np.max([path.points.max(axis=0) + _reach(path) for path in drawn], axis=0)
    width, height = (high - low)[:2] + 2 * MARGIN
    columns, _ = size_of(camera)
    pixels = round(columns * height / width)
    hint = "give a smaller width, or larger spacings between layers"
    if pixels > HIGHEST:
        found = f"is {pixels} pixels high for a width of {columns}"
        raise ExportError(Problem("the picture", found, f"at most {HIGHEST}", hint))
    for problem in memory.pixels(columns, pixels, hint):
        raise ExportError(problem)
    cut(camera, (low + high) / 2, width, pixels)


def _reach(mobject: Mobject) -> float:
    """Return half the width of a line in frame units."""
    if not isinstance(mobject, VMobject):
        return 0.0
    return max(mobject.get_stroke_width(background) for background in (False, True)) / 200

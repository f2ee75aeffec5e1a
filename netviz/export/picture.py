"""One moment of a scene: the visible part of the plane, as pixels or as paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
from manim import BLACK, Camera, ManimColor, Mobject, Scene, VMobject
from manim.utils.family import extract_mobject_family_members

from netviz import memory
from netviz.export.request import ASPECTS, WIDTHS, ExportError, Page
from netviz.problems import Problem

Pixels = npt.NDArray[np.uint8]
Extent = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""The lowest and the highest corner of something, in frame units."""

HIGHEST = 2 * WIDTHS[-1]  # pixels: cairo draws on at most 32767
MARGIN = 0.15  # around a tightly cut picture, in frame units


@dataclass(frozen=True)
class Line:
    """A line of text in a picture, in addition to its letters, which are drawn as paths.

    Attributes:
        text: The text.
        left, right, foot: The ends and the baseline of the line, in frame units.
        em: The font size, in frame units.
    """

    text: str
    left: float
    right: float
    foot: float
    em: float


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
            remove_background(camera)
        return cls(camera, mobjects, replace(page, title=page.title or str(scene)))

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.camera.pixel_width, self.camera.pixel_height

    @property
    def window(self) -> Window:
        """The visible part of the plane."""
        x, y, _ = self.camera.frame_center
        width, height = self.camera.frame_width, self.camera.frame_height
        return Window(x - width / 2, y + height / 2, width, height)

    @property
    def background(self) -> tuple[str, float]:
        """The background colour, ``#RRGGBB``, and its opacity."""
        color = ManimColor(self.camera.background_color)  # a camera keeps any kind of colour
        return color.to_hex(), self.camera.background_opacity

    def pixels(self) -> Pixels:
        """Return the pixels, RGBA of shape (height, width, 4), multiplied by their opacity."""
        self.camera.reset()
        self.camera.capture_mobjects(self.mobjects)
        pixels: Pixels = self.camera.pixel_array
        return pixels

    def draw_on(self, context: Any) -> list[Line]:
        """Draw the picture, without its background, by the methods of a cairo context.

        Args:
            context: A context in frame units.

        Returns:
            The lines of text in the picture, from back to front.

        Raises:
            ExportError: The picture contains something that cannot be drawn as paths.
        """
        camera = VectorCamera(self.camera, context)
        camera.capture_mobjects(self.mobjects)
        return camera.lines


def remove_background(camera: Camera) -> None:
    """Let a camera draw on nothing."""
    # Pixels are multiplied by their opacity: with opacity 0, they are black.
    if camera.background_opacity != 0 or camera.background_color != BLACK:
        camera.background_color, camera.background_opacity = BLACK, 0.0


def _crop(camera: Camera, mobjects: Sequence[Mobject], aspect: str | None) -> None:
    """Cut the frame to what is drawn; keep the width in pixels."""
    drawn = extent(mobjects)
    if drawn is None:
        return
    window = around(drawn, aspect)
    camera.frame_center = window.center
    camera.frame_width = window.width
    pixels = pixels_of(window, camera.pixel_width)
    camera.reset_pixel_shape(pixels, camera.pixel_width)


def extent(mobjects: Sequence[Mobject]) -> Extent | None:
    """Return the lowest and the highest corner of what is drawn, or None if nothing is."""
    drawn = extract_mobject_family_members(mobjects, only_those_with_points=True)
    if not drawn:
        return None
    low = np.min([path.points.min(axis=0) - _reach(path) for path in drawn], axis=0)
    high = np.max([path.points.max(axis=0) + _reach(path) for path in drawn], axis=0)
    return low, high


def around(drawn: Extent, aspect: str | None) -> Window:
    """Return the window around what is drawn, with a margin.

    Args:
        drawn: Its extent.
        aspect: Width to height, if the window is to have a shape of its own.
    """
    low, high = drawn
    width, height = (high - low)[:2] + 2 * MARGIN
    if aspect is not None:
        across, down = ASPECTS[aspect]
        width, height = max(width, height * across / down), max(height, width * down / across)
    x, y = ((low + high) / 2)[:2]
    return Window(x - width / 2, y + height / 2, width, height)


def pixels_of(window: Window, width: int) -> int:
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


class VectorCamera(Camera):
    """A camera with the frame of another one that draws paths on any context.

    Attributes:
        lines: The lines of text drawn so far.
    """

    def __init__(self, original: Camera, context: Any) -> None:
        """Copy the frame of ``original``.

        Raises:
            ExportError: It is not a 2-D camera.
        """
        if type(original).transform_points_pre_display is not Camera.transform_points_pre_display:
            name = type(original).__name__
            raise ExportError(Problem(name, "is not a 2-D camera", "a .png as output"))
        super().__init__(
            frame_center=original.frame_center,
            frame_width=original.frame_width,
            frame_height=original.frame_height,
            pixel_width=original.pixel_width,
            pixel_height=original.pixel_height,
        )
        self._context = context
        self.lines: list[Line] = []

    def get_cairo_context(self, pixel_array: Pixels) -> Any:
        """Return the given context, in place of one that draws into pixels."""
        return self._context

    def set_cairo_context_color(
        self, ctx: Any, rgbas: npt.NDArray[np.float64], vmobject: VMobject
    ) -> Camera:
        """Exchange red and blue, which manim exchanges again.

        manim's pixels are RGBA, cairo's are BGRA; a context without pixels needs no exchange.
        """
        return super().set_cairo_context_color(ctx, rgbas[:, [2, 1, 0, 3]], vmobject)

    def display_vectorized(self, vmobject: VMobject, ctx: Any) -> Camera:
        """Draw a path; if it is a line of text, add it to ``lines``."""
        if hasattr(vmobject, "baseline") and vmobject.get_fill_opacity() > 0:
            left, right, foot = vmobject.baseline
            self.lines.append(Line(vmobject.text, left, right, foot, vmobject.em))
        return super().display_vectorized(vmobject, ctx)

    def _refuse(self, *_: object) -> NoReturn:
        raise ExportError(
            Problem("the picture", "contains pixels", "only paths, or a .png as output")
        )

    display_multiple_image_mobjects = _refuse
    display_multiple_point_cloud_mobjects = _refuse
    display_multiple_background_colored_vmobjects = _refuse

"""A scene that stands still: the part of the plane that is seen, as pixels or as paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
from manim import BLACK, Camera, ManimColor, Mobject, Scene, VMobject
from manim.utils.family import extract_mobject_family_members

from netviz.export.errors import ExportError
from netviz.export.sheet import Sheet

Pixels = npt.NDArray[np.uint8]

MARGIN = 0.15  # around a picture that is cut tightly, in frame units


@dataclass(frozen=True)
class Line:
    """A line of text in a picture. Its letters are drawn as paths; this is what they say.

    Attributes:
        text: What is written.
        left, right, foot: Its ends and the foot of its letters, in frame units.
        em: Of its font, in frame units.
    """

    text: str
    left: float
    right: float
    foot: float
    em: float


@dataclass(frozen=True)
class Window:
    """The part of the plane that is seen, in frame units."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Picture:
    """What a camera sees of a scene at one moment.

    Attributes:
        camera: The scene's own.
        mobjects: What is on screen.
        sheet: What it stands on; its title is never empty.
    """

    camera: Camera
    mobjects: list[Mobject]
    sheet: Sheet

    @classmethod
    def of(cls, scene: Scene, sheet: Sheet) -> Picture:
        """The picture of a scene as it stands."""
        camera, mobjects = scene.camera, [*scene.mobjects, *scene.foreground_mobjects]
        if sheet.tight:
            _look_closely(camera, mobjects)
        if sheet.transparent:
            # Pixels are multiplied by their opacity: without any, they have no colour either.
            camera.background_color, camera.background_opacity = BLACK, 0.0
        return cls(camera, mobjects, replace(sheet, title=sheet.title or str(scene)))

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.camera.pixel_width, self.camera.pixel_height

    @property
    def window(self) -> Window:
        """The part of the plane that is seen."""
        x, y, _ = self.camera.frame_center
        width, height = self.camera.frame_width, self.camera.frame_height
        return Window(x - width / 2, y + height / 2, width, height)

    @property
    def background(self) -> tuple[str, float]:
        """The colour, ``#RRGGBB``, and its opacity."""
        color = ManimColor(self.camera.background_color)  # a camera keeps what it is told
        return color.to_hex(), self.camera.background_opacity

    def pixels(self) -> Pixels:
        """It in RGBA, shape (height, width, 4); colours are multiplied by their opacity."""
        self.camera.reset()
        self.camera.capture_mobjects(self.mobjects)
        pixels: Pixels = self.camera.pixel_array
        return pixels

    def draw_on(self, context: Any) -> list[Line]:
        """Draw it, without the background, with the methods of a cairo context.

        Args:
            context: One whose units are those of the frame.

        Returns:
            The lines of text in it, from back to front.

        Raises:
            ExportError: There is something in it that paths cannot show.
        """
        camera = VectorCamera(self.camera, context)
        camera.capture_mobjects(self.mobjects)
        return camera.lines


def _look_closely(camera: Camera, mobjects: Sequence[Mobject]) -> None:
    """Cut the frame to what is drawn; the width in pixels stays."""
    drawn = extract_mobject_family_members(mobjects, only_those_with_points=True)
    if not drawn:
        return
    low = np.min([path.points.min(axis=0) - _reach(path) for path in drawn], axis=0)
    high = np.max([path.points.max(axis=0) + _reach(path) for path in drawn], axis=0)
    width, height = (high - low)[:2] + 2 * MARGIN
    camera.frame_center = (low + high) / 2
    camera.frame_width = width
    camera.reset_pixel_shape(round(camera.pixel_width * height / width), camera.pixel_width)


def _reach(mobject: Mobject) -> float:
    """How far a line reaches to either side of its points, in frame units."""
    if not isinstance(mobject, VMobject):
        return 0.0
    return max(mobject.get_stroke_width(background) for background in (False, True)) / 200


class VectorCamera(Camera):
    """Sees what another camera sees, but draws it on any context.

    Attributes:
        lines: The lines of text that it has drawn.
    """

    def __init__(self, seen: Camera, context: Any) -> None:
        """Stand where ``seen`` stands."""
        if type(seen).transform_points_pre_display is not Camera.transform_points_pre_display:
            raise ExportError(f"a {type(seen).__name__} sees no plane: expected a .png")
        super().__init__(
            frame_center=seen.frame_center,
            frame_width=seen.frame_width,
            frame_height=seen.frame_height,
            pixel_width=seen.pixel_width,
            pixel_height=seen.pixel_height,
        )
        self._context = context
        self.lines: list[Line] = []

    def get_cairo_context(self, pixel_array: Pixels) -> Any:
        """The context, in place of one that draws into pixels."""
        return self._context

    def set_cairo_context_color(
        self, ctx: Any, rgbas: npt.NDArray[np.float64], vmobject: VMobject
    ) -> Camera:
        """Exchange red and blue, so that manim, which does it too, puts them right.

        For manim a pixel is RGBA, and for cairo BGRA; only pixels need that.
        """
        return super().set_cairo_context_color(ctx, rgbas[:, [2, 1, 0, 3]], vmobject)

    def display_vectorized(self, vmobject: VMobject, ctx: Any) -> Camera:
        """Draw a path, and remember what it says if it is a line of text."""
        if hasattr(vmobject, "baseline") and vmobject.get_fill_opacity() > 0:
            left, right, foot = vmobject.baseline
            self.lines.append(Line(vmobject.text, left, right, foot, vmobject.em))
        return super().display_vectorized(vmobject, ctx)

    def _refuse(self, *_: object) -> NoReturn:
        raise ExportError("there are pixels in the picture, not only paths: expected a .png")

    display_multiple_image_mobjects = _refuse
    display_multiple_point_cloud_mobjects = _refuse
    display_multiple_background_colored_vmobjects = _refuse

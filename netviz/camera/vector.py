"""A camera that draws paths on any context of cairo, and notes the lines of text among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
from manim import Camera, Mobject, VMobject

from netviz.camera.frames import Pixels
from netviz.problems import Problem, ProblemError


@dataclass(frozen=True)
class TextLine:
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


def draw_paths(camera: Camera, mobjects: Sequence[Mobject], context: Any) -> list[TextLine]:
    """Draw what a camera shows, without its background, by the methods of a cairo context.

    Args:
        camera: A camera of manim.
        mobjects: What is drawn.
        context: A context in frame units.

    Returns:
        The lines of text, from back to front.

    Raises:
        ProblemError: It is not a 2-D camera, or a mobject cannot be drawn as paths.
    """
    drawing = VectorCamera(camera, context)
    drawing.capture_mobjects(mobjects)
    return drawing.lines


class VectorCamera(Camera):
    """A camera with the frame of another one that draws paths on any context.

    Attributes:
        lines: The lines of text drawn so far.
    """

    def __init__(self, original: Camera, context: Any) -> None:
        """Copy the frame of ``original``.

        Raises:
            ProblemError: It is not a 2-D camera.
        """
        if type(original).transform_points_pre_display is not Camera.transform_points_pre_display:
            name = type(original).__name__
            raise ProblemError(Problem(name, "is not a 2-D camera", "a .png as output"))
        super().__init__(
            frame_center=original.frame_center,
            frame_width=original.frame_width,
            frame_height=original.frame_height,
            pixel_width=original.pixel_width,
            pixel_height=original.pixel_height,
        )
        self._context = context
        self.lines: list[TextLine] = []

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
            self.lines.append(TextLine(vmobject.text, left, right, foot, vmobject.em))
        return super().display_vectorized(vmobject, ctx)

    def _refuse(self, *_: object) -> NoReturn:
        raise ProblemError(
            Problem("the picture", "contains pixels", "only paths, or a .png as output")
        )

    display_multiple_image_mobjects = _refuse
    display_multiple_point_cloud_mobjects = _refuse
    display_multiple_background_colored_vmobjects = _refuse

"""A cel: part of a frame that is drawn once, and laid over what is below it again and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cairo
import numpy as np
from manim import VMobject

# cairo's own: a pointed corner reaches at most this many half widths beyond its point.
_MITER_LIMIT = 10


@dataclass(frozen=True)
class Lens:
    """How the plane is mapped to pixels: what a drawn frame depends on beside the mobjects.

    Attributes:
        width, height: Of the frame, in pixels.
        matrix: From the plane to pixels, as (xx, yx, xy, yy, x0, y0).
        thickness: Units of the plane in a unit of stroke width.
    """

    width: int
    height: int
    matrix: tuple[float, float, float, float, float, float]
    thickness: float

    def context(self, surface: cairo.ImageSurface) -> cairo.Context[cairo.ImageSurface]:
        """One that draws on a surface in units of the plane."""
        context = cairo.Context(surface)
        context.set_matrix(cairo.Matrix(*self.matrix))
        return context

    def cel(self, form: cairo.Format, paths: Iterable[VMobject]) -> cairo.ImageSurface:
        """An empty surface, as large as what is seen of some paths, and in its place.

        Args:
            form: ``FORMAT_ARGB32`` for a picture, ``FORMAT_A8`` for a mask.
            paths: With points.
        """
        left, top, right, bottom = self._box(paths)
        surface = cairo.ImageSurface(form, right - left, bottom - top)
        surface.set_device_offset(-left, -top)
        return surface

    def _box(self, paths: Iterable[VMobject]) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in pixels, within the frame and at least a pixel large."""
        lows, highs = [], []
        for path in paths:
            widths = [path.get_stroke_width(background) for background in (False, True)]
            reach = max(widths) * self.thickness * _MITER_LIMIT / 2
            lows.append(path.points[:, :2].min(axis=0) - reach)
            highs.append(path.points[:, :2].max(axis=0) + reach)
        xx, _, _, yy, x0, y0 = self.matrix
        (low_x, low_y), (high_x, high_y) = np.min(lows, axis=0), np.max(highs, axis=0)
        left, right = _within(xx * low_x + x0, xx * high_x + x0, self.width)
        top, bottom = _within(yy * high_y + y0, yy * low_y + y0, self.height)
        return left, top, right, bottom


def _within(low: float, high: float, end: int) -> tuple[int, int]:
    """Whole pixels between 0 and ``end`` that hold ``low`` … ``high``, one at least."""
    first = int(np.clip(np.floor(low) - 1, 0, end - 1))
    return first, int(np.clip(np.ceil(high) + 1, first + 1, end))


def lay(cel: cairo.ImageSurface, context: cairo.Context[cairo.ImageSurface]) -> None:
    """Lay a picture over what is there."""
    context.save()
    context.identity_matrix()
    context.set_source_surface(cel, 0, 0)
    context.paint()
    context.restore()

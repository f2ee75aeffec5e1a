"""Strands: paths of very many lines, which are stroked once and only painted in every frame.

A path with the attribute ``lines_apart`` consists of lines that cross each other. Stroked one by
one, they take time that is linear in their number; stroked at once, as manim does, quadratic. The
area that they cover is kept as a mask until the lines move, and a frame paints through the mask. So
a gradient can move over the lines at the cost of painting their bounding box.

Consecutive strands whose paint differs only in its opacity (their ``share``) have one mask.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import cairo
import numpy as np
from manim import CapStyleType, LineJointType, VMobject
from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP

from netviz.camera.versions import outline

if TYPE_CHECKING:
    from netviz.camera.layered import LayeredCamera

# The number of masks that are kept: the most recently used ones.
_MOST = 64


class Strands:
    """Draws strands for a camera."""

    def __init__(self, camera: LayeredCamera) -> None:
        self._camera = camera
        # Each mask with the values it depends on, which can be compared but not hashed.
        self._masks: deque[tuple[list[Any], cairo.ImageSurface]] = deque(maxlen=_MOST)

    def draw(self, strands: Sequence[VMobject], context: cairo.Context[Any]) -> None:
        """Draw strands in order."""
        for _, group in groupby(strands, key=_paint):
            alike = list(group)
            self._draw_alike(alike, max(alike, key=_share), context)

    def _draw_alike(
        self, strands: Sequence[VMobject], strongest: VMobject, context: cairo.Context[Any]
    ) -> None:
        rgbas = self._camera.get_stroke_rgbas(strongest)
        if not rgbas[:, 3].any():
            return
        context.save()
        self._camera.set_cairo_context_color(context, rgbas, strongest)
        context.identity_matrix()
        if not (rgbas[0, 3] or rgbas[-1, 3]):
            self._clip(strongest, context)
        context.mask_surface(self._mask(strands, _share(strongest)), 0, 0)
        context.restore()

    def _clip(self, strand: VMobject, context: cairo.Context[Any]) -> None:
        """Clip to a gradient that is transparent at both ends, as it is beyond them."""
        ends = self._camera.points_to_subpixel_coords(
            strand, np.array(strand.get_gradient_start_and_end_points())
        )
        lens = self._camera.lens
        low, high = np.floor(ends.min(axis=0)), np.ceil(ends.max(axis=0))
        if np.ptp(ends[:, 1]) < 1e-3:
            context.rectangle(low[0], 0, high[0] - low[0], lens.height)
        elif np.ptp(ends[:, 0]) < 1e-3:
            context.rectangle(0, low[1], lens.width, high[1] - low[1])
        else:
            return
        context.clip()

    # ---- masks ----------------------------------------------------------------------------------

    def _mask(self, strands: Sequence[VMobject], most: float) -> cairo.ImageSurface:
        """Return the area that strands cover, each as opaque as its share relative to the most."""
        key = [self._camera.lens, *((*_lines(s), _share(s) / most) for s in strands)]
        found = next((held for held in self._masks if held[0] == key), None)
        if found is None:
            found = key, self._covered(strands, most)
        else:
            self._masks.remove(found)
        self._masks.appendleft(found)
        return found[1]

    def _covered(self, strands: Sequence[VMobject], most: float) -> cairo.ImageSurface:
        lens = self._camera.lens
        covered = lens.cel(cairo.FORMAT_A8, strands)
        context = cairo.Context(covered)
        for strand in strands:
            mask = lens.cel(cairo.FORMAT_A8, [strand])
            self._stroke(strand, lens.context(mask))
            context.set_source_rgba(0, 0, 0, _share(strand) / most)
            context.mask_surface(mask, 0, 0)
        return covered

    def _stroke(self, strand: VMobject, context: cairo.Context[Any]) -> None:
        points = self._camera.transform_points_pre_display(strand, strand.points)
        context.set_line_width(strand.get_stroke_width() * self._camera.cairo_line_width_multiple)
        context.set_line_join(LINE_JOIN_MAP[LineJointType.AUTO])
        context.set_line_cap(CAP_STYLE_MAP[CapStyleType.AUTO])
        for curve in points[:, :2].reshape(-1, 8).tolist():
            context.move_to(*curve[:2])
            context.curve_to(*curve[2:])
            context.stroke()


def _share(strand: VMobject) -> float:
    share: float = strand.share
    return share


def _lines(strand: VMobject) -> tuple[Any, ...]:
    return outline(strand), strand.get_stroke_width()


def _paint(strand: VMobject) -> Hashable:
    """Return a key that is equal for strands whose paint differs only by their shares."""
    rgbas = strand.get_stroke_rgbas().copy()
    rgbas[:, 3] /= _share(strand)
    ends = strand.get_gradient_start_and_end_points() if len(rgbas) > 1 else ()
    return rgbas.round(6).tobytes(), np.array(ends).round(6).tobytes()

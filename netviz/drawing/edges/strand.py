"""A strand: the many lines of a dense layer that look alike, as one path."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import VMobject
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

# Opacity of a comet from its tail to its head; beyond that there is nothing.
_COMET = np.array([*np.linspace(0, 1, 30) ** 1.5, 0.0])


class Strand(VMobject):
    """Lines of one width and one paint, which cross each other.

    The first and the last curve of the path have no extent and draw nothing. They mark where the
    layer of edges begins and ends, so that comets run correctly wherever the strand is moved.

    Args:
        code: The key that the layer of edges gives it.
        options: As for ``manim.VMobject``.

    Attributes:
        members: Indices of the edges that these lines are, in the order of the lines.
        share: Opacity relative to the other strands of the layer, more than 0 and up to 1.
        lines_apart: Marks for a camera that the lines may be drawn one by one.
    """

    lines_apart = True

    def __init__(self, code: int, **options: object) -> None:
        super().__init__(fill_opacity=0, **options)
        self.code = code
        self.members: Indices = np.zeros(0, dtype=np.intp)
        self.share = 1.0
        self._span, self._opacities = (0.0, 1.0), np.ones(1)

    @property
    def curves(self) -> Array:
        """The lines as cubics, shape (n, 4, 3)."""
        return self.points[4:-4].reshape(-1, 4, 3)

    def hold(self, members: Indices, curves: Array, ends: Array) -> Self:
        """Replace the lines.

        Args:
            members: Indices of the edges that the lines are.
            curves: As cubics, shape (n, 4, 3).
            ends: Where the layer of edges begins and ends, shape (2, 3).
        """
        self.members = members
        start, end = (np.tile(point, (1, 4, 1)) for point in ends)
        return self.set_points(np.concatenate([start, curves, end]).reshape(-1, 3))

    def paint(self, colors: Array, opacity: float) -> Self:
        """Set one colour, or one at the start of the layer and another at its end.

        Args:
            colors: Red, green and blue, 0 … 1, shape (1 or 2, 3).
            opacity: 0 … 1, for a share of 1.
        """
        # One colour is not a gradient, which would be evaluated at every point.
        rows = colors if np.ptp(colors, axis=0).any() else colors[:1]
        return self._set_paint((0.0, 1.0), rows, np.ones(len(rows)), opacity)

    def show_comet(self, tail: float, head: float, color: Array, opacity: float) -> Self:
        """Show a comet of light, brightest in front, in place of the lines.

        Args:
            tail, head: Where it begins and ends, as fractions of the way from layer to layer.
            color: Red, green and blue, 0 … 1, shape (3,).
            opacity: 0 … 1, for a share of 1.
        """
        return self._set_paint((tail, head), np.tile(color, (len(_COMET), 1)), _COMET, opacity)

    def fade_to(self, opacity: float) -> Self:
        """Set the opacity, 0 … 1, for a share of 1."""
        self.stroke_rgbas[:, 3] = self.share * opacity * self._opacities
        return self

    def _set_paint(
        self, span: tuple[float, float], colors: Array, opacities: Array, opacity: float
    ) -> Self:
        self._span, self._opacities = span, opacities
        self.stroke_rgbas = np.column_stack([colors, opacities])
        return self.fade_to(opacity)

    def get_gradient_start_and_end_points(self) -> tuple[Array, Array]:
        """Return the points at which the gradient begins and ends."""
        start, end = self.points[0], self.points[-1]
        tail, head = (start + place * (end - start) for place in self._span)
        return tail, head

"""A plot of data with a line through them, and the squares of its errors."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import DOWN, RIGHT, Dot, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import Curve, PanelAxes, expect_count
from netviz.drawing.text import formula
from netviz.theme import Theme
from netviz.words import Words

Array = NDArray[np.float64]

# Space around the points, as a share of their range.
_MARGIN = 0.22
# Radius of a point, in frame units; strokes; fill of a square.
_POINT, _LINE_STROKE, _ERROR_STROKE, _FILL = 0.12, 5.0, 3.0, 0.22


class RegressionPlot(Panel):
    """Points, a line, and for each point its error as a stick and the square of it as an area.

    Both axes have the same scale, so that a square is a square.

    Args:
        inputs: Shape (n,).
        targets: Shape (n,).
        names: Of the axes, in Typst.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        axes: An ``Axes`` of manim: ``axes.c2p(x, y)`` is the position of a point.
        dots: A dot for each sample.
        line: The line of the model; empty until :meth:`set_line`.
        errors: For each sample the line from its target to the prediction.
        squares: For each sample the square over its error.

    Raises:
        ProblemError: There is not one target for each input.

    Example:
        >>> panel = RegressionPlot([-1, 0, 1.5], [-0.5, 0.8, 1.2])
        >>> scene.add(panel.set_line(0.6, 0.3, squares=1.0))
    """

    def __init__(
        self,
        inputs: ArrayLike,
        targets: ArrayLike,
        *,
        names: tuple[str, str] = ("x", "y"),
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        theme, box = self.theme, self.box
        self._x, self._y = (np.asarray(each, dtype=float) for each in (inputs, targets))
        expect_count("targets", self._y, len(self._x), "input")
        low, high = (np.array([end(self._x), end(self._y)]) for end in (np.min, np.max))
        margin = _MARGIN * np.maximum(high - low, 1e-9)
        low, high = low - margin, high + margin
        # One unit has the same length along both axes: the shorter range is widened.
        unit = min(np.array([box.width, box.height]) / (high - low))
        center, half = (low + high) / 2, np.array([box.width, box.height]) / unit / 2
        low, high = center - half, center + half
        self._ends = float(low[0]), float(high[0])
        self.axes = PanelAxes(self._ends, (float(low[1]), float(high[1])), theme=theme, box=box)
        across, up = (formula(name, theme) for name in names)
        across.next_to(self.axes.x_axis.get_end(), DOWN, buff=0.15).align_to(self.axes, RIGHT)
        up.next_to(self.axes.y_axis.get_end(), DOWN + RIGHT, buff=0.15)
        self.dots = VGroup(
            *(
                Dot(self.axes.c2p(x, y), radius=_POINT, color=theme.input)
                for x, y in zip(self._x, self._y, strict=True)
            )
        )
        self.line = Curve(theme.output, stroke=_LINE_STROKE)
        red = theme.blame
        self.errors = VGroup(*(Curve(red, stroke=_ERROR_STROKE) for _ in self._x))
        self.squares = VGroup(*(VMobject(fill_color=red, fill_opacity=_FILL) for _ in self._x))
        self.squares.set_stroke(red, _ERROR_STROKE / 2)
        self.add(self.axes, across, up, self.squares, self.errors, self.line, self.dots)

    def set_line(
        self, weight: float, bias: float, *, errors: float = 1.0, squares: float = 0.0
    ) -> Self:
        """Draw the line ``weight · x + bias``, with the errors of the points.

        Args:
            weight: Slope of the line.
            bias: Its height at 0.
            errors: 0 … 1, how far the sticks have grown from the targets towards the line.
            squares: 0 … 1, how far the squares have grown from the sticks sideways.
        """
        ends = np.array(self._ends)
        self.line.through(self._clipped(ends, weight, bias))
        parts = zip(self._x, self._y, self.errors, self.squares, strict=True)
        for x, y, stick, square in parts:
            reached = y + errors * (weight * x + bias - y)
            stick.through(np.array([self.axes.c2p(x, y), self.axes.c2p(x, reached)]))
            square.clear_points()
            side = squares * abs(reached - y)
            if side > 0:
                # Away from the nearer end of the plot.
                other = x + side if x < ends.mean() else x - side
                corners = [(x, y), (x, reached), (other, reached), (other, y), (x, y)]
                square.set_points_as_corners([self.axes.c2p(*corner) for corner in corners])
        return self

    def _clipped(self, ends: Array, weight: float, bias: float) -> Array:
        """Return the ends of a line within the plot, shape (2, 3)."""
        low, high = (self.axes.p2c(end)[1] for end in (self.axes.get_bottom(), self.axes.get_top()))
        x = np.linspace(ends[0], ends[1], 401)
        y = weight * x + bias
        inside = (y >= low) & (y <= high)
        if not inside.any():
            return np.zeros((0, 3))
        first, last = x[inside][[0, -1]]
        places: Array = self.axes.c2p(
            *np.array([[x, weight * x + bias] for x in (first, last)]).T
        ).T
        return places

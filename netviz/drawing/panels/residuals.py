"""Points, a line through them, and the error of each point as a square or as a bar."""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from manim import Circle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import Curve, PanelAxes, expect_count
from netviz.drawing.paths import Course, add_band, add_outline
from netviz.problems import expect
from netviz.theme import Theme
from netviz.words import Words

Array = NDArray[np.float64]

# Radius of a point, half the width of a bar, in frame units; strokes of the line and of a square,
# and the opacity of a square, under which others can be seen.
_DOT, _HALF_BAR = 0.11, 0.05
_LINE, _OUTLINE, _FILL = 4.5, 2.5, 0.22
# What is shorter, in frame units, is no error.
_SHORTEST = 1e-3


class ResidualPlot(Panel):
    """Points (x, y), a line ŷ = w x + b, and the error ŷ − y of each point.

    ``show_line`` may be called in every frame, with other points too. A squared error is a square
    whose side is the error, an absolute error a bar as long as it.

    Args:
        x, y: Of the points, shape (n,).
        x_limits, y_limits: Values at the ends of the axes.
        errors: ``"squares"`` or ``"bars"``.
        color: Of the line; by default that of the output layer.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        axes: An ``Axes`` of manim.
        dots, errors: One for each point.
        line: The line; empty at first, as the errors are.

    Raises:
        ProblemError: There is not one y for each x, or ``errors`` is something else.

    Example:
        >>> panel = ResidualPlot([1.0, 2.0, 3.0], [1.0, 3.0, 2.0], (0, 4), (0, 4))
        >>> scene.add(panel.show_line(0.5, 1.0))
        >>> len(panel.errors)
        3
    """

    def __init__(
        self,
        x: ArrayLike,
        y: ArrayLike,
        x_limits: tuple[float, float],
        y_limits: tuple[float, float],
        *,
        errors: Literal["squares", "bars"] = "squares",
        color: str | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        expect("errors", errors, errors in ("squares", "bars"), "'squares' or 'bars'")
        self._x, self._y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        expect_count("y", self._y, len(self._x), "x")
        self._limits, self._squares = x_limits, errors == "squares"
        self.axes = PanelAxes(x_limits, y_limits, theme=self.theme, box=self.box)
        blame = self.theme.blame
        stroke = _OUTLINE if self._squares else 0.0
        self.errors = VGroup(
            *(VMobject(stroke_color=blame, stroke_width=stroke, fill_color=blame) for _ in self._x)
        )
        self.dots = VGroup(
            *(
                Circle(_DOT, stroke_width=0, fill_color=self.theme.text, fill_opacity=1)
                for _ in self._x
            )
        )
        self.line = Curve(color or self.theme.output, stroke=_LINE)
        self.add(self.axes, self.errors, self.line, self.dots)
        self._place_dots()

    def _place_dots(self) -> None:
        for dot, x, y in zip(self.dots, self._x, self._y, strict=True):
            dot.move_to(self.axes.c2p(x, y))

    def show_line(
        self, w: float, b: float, *, y: ArrayLike | None = None, presence: float = 1.0
    ) -> Self:
        """Show a line, and the errors of the points.

        Args:
            w, b: Slope of the line, and its value at x = 0.
            y: Other y of the points, shape (n,).
            presence: 0 … 1, how far the errors have grown.
        """
        if y is not None:
            self._y = np.asarray(y, dtype=float)
            self._place_dots()
        ends = np.array(self._limits)
        self.line.through(self.axes.c2p(ends, w * ends + b).T)
        for error, x, value in zip(self.errors, self._x, self._y, strict=True):
            start, end = (self.axes.c2p(x, height) for height in (value, w * x + b))
            self._draw(error, start, start + presence * (end - start))
        return self

    def _draw(self, error: VMobject, start: Array, end: Array) -> None:
        """Draw the error from a point to the line."""
        error.clear_points()
        side = float(end[1] - start[1])
        if abs(side) < _SHORTEST:
            return
        if not self._squares:
            add_band(error, Course.straight(start, end), _HALF_BAR, dashed=False)
            error.set_fill(opacity=1)
            return
        # To the right, unless there is no room for it in the plot.
        right = self.axes.x_axis.get_end()[0]
        across = abs(side) if start[0] + abs(side) <= right else -abs(side)
        shift = np.array([across, 0.0, 0.0])
        add_outline(error, [start, end, end + shift, start + shift])
        error.set_fill(opacity=_FILL)

"""An activation's curve, with a dot that slides on it and the tangent at the dot."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import LEFT, Circle, Line, VGroup, VMobject
from numpy.typing import NDArray

from netviz.core import Activation
from netviz.drawing.layout.box import Box
from netviz.drawing.panels.reading import Reading
from netviz.drawing.paths import Course, add_dashes
from netviz.drawing.text import Number
from netviz.theme import Theme

Vector = NDArray[np.float64]

_SAMPLES = 161
_TANGENT, _BEYOND = 1.3, 0.2
_DOT = 0.1
_HEADLINE = 0.62


class ActivationCurve(VGroup):
    """The graph of an activation function, with ``σ(z) = a`` written above it.

    Args:
        activation: Elementwise (softmax has no curve of one variable).
        theme: Colours and fonts.
        box: What is filled.
        color: Of the curve, the role of the neuron.
        z: Where the dot will come to rest: the range in view is widened for it.

    Attributes:
        reading: ``σ(z) = a``.
        axes, curve, guides, dot, tangent: The parts of the graph.

    Example:
        >>> z = float(trace.layers[0].z[0])
        >>> tanh = network.layers[0].activation
        >>> curve = ActivationCurve(tanh, DARK_THEME, RIGHT_BOX, color=DARK_THEME.first_hidden, z=z)
        >>> scene.add(curve.set_z(z))
    """

    def __init__(
        self, activation: Activation, theme: Theme, box: Box, *, color: str, z: float = 0.0
    ) -> None:
        self.activation, self._theme = activation, theme
        self._plot = Box(box.left, box.right, box.bottom, box.top - _HEADLINE)
        self._reach = max(4.0, abs(z) + 1.5)
        samples = np.linspace(-self._reach, self._reach, _SAMPLES)
        values = activation.value(samples)
        self._low, self._high = min(float(values.min()), 0.0), max(float(values.max()), 1e-9)
        self.axes = self._axes()
        self.curve = VMobject(stroke_color=color, stroke_width=4.5).set_points_as_corners(
            [self.at(x, y) for x, y in zip(samples, values, strict=True)]
        )
        self.guides = VMobject(stroke_color=theme.forward, stroke_width=2)
        self.dot = VMobject(fill_color=theme.forward, fill_opacity=1, stroke_width=0)
        self.tangent = VMobject(stroke_color=theme.text, stroke_width=4)
        # Laid out for the numbers it comes to rest at: they are wider than those on the way.
        a = float(activation.value(np.array([z]))[0])
        self.reading = Reading(activation, theme, z, a, width=box.width)
        self.reading.move_to([box.center[0], box.top - self.reading.height / 2, 0])
        super().__init__(self.axes, self.curve, self.guides, self.tangent, self.dot, self.reading)

    @property
    def result(self) -> Number:
        """The number a of ``σ(z) = a``."""
        return self.reading.result

    def at(self, z: float, a: float) -> Vector:
        """The point of the frame for (z, a)."""
        across = (z + self._reach) / (2 * self._reach)
        up = (a - self._low) / (self._high - self._low)
        plot = self._plot
        return np.array([plot.left + across * plot.width, plot.bottom + up * plot.height, 0.0])

    def set_z(self, z: float) -> Self:
        """Put the dot at (z, f(z)), with guides to both axes, and write the two numbers."""
        a = float(self.activation.value(np.array([z]))[0])
        point = self.at(z, a)
        self.dot.set_points(Circle(radius=_DOT).move_to(point).points)
        self.guides.clear_points()
        for foot in (self.at(z, 0), self.at(0, a)):
            add_dashes(self.guides, Course.straight(foot, point), dash=0.07)
        self.reading.set_values(z, a)
        return self

    def set_tangent(self, z: float, presence: float = 1.0) -> Self:
        """Draw the tangent at z; its slope is f′(z).

        Args:
            z: Where it touches.
            presence: 0 … 1, how far it has grown from the dot.
        """
        a, slope = (
            float(f(np.array([z]))[0]) for f in (self.activation.value, self.activation.slope)
        )
        point, along = self.at(z, a), self.at(z + 1, a + slope) - self.at(z, a)
        unit = along / np.linalg.norm(along)
        ends = (point + presence * self._room(point, way) * way for way in (-unit, unit))
        self.tangent.set_points_as_corners(list(ends))
        return self

    def _room(self, point: Vector, way: Vector) -> float:
        """How far a tangent may go from ``point``: a little beyond the plot, never to the words."""
        plot = self._plot
        sides = [(plot.left, plot.right), (plot.bottom - _BEYOND, plot.top + _BEYOND)]
        rooms = (
            (high - x if step > 0 else low - x) / step
            for x, step, (low, high) in zip(point, way, sides, strict=False)
            if step
        )
        return min(_TANGENT, *rooms)

    def _axes(self) -> VGroup:
        across = Line(self.at(-self._reach, 0), self.at(self._reach, 0))
        up = Line(self.at(0, self._low), self.at(0, self._high))
        axes = VGroup(across, up).set_stroke(self._theme.muted, 2)
        if self.activation.bound is not None:
            axes.add(self._bound(self.activation.bound))
        return axes

    def _bound(self, bound: float) -> Number:
        """The largest value there can be, at the top of the axis."""
        theme = self._theme
        number = Number(bound, theme, decimals=0, em=theme.smallest_text, color=theme.muted)
        return number.next_to(self.at(0, bound), LEFT, buff=0.1)

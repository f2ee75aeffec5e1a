"""Activation functions: their values at the neurons of a layer, and their curve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UL, UP, Circle, Line, Mobject, VGroup, VMobject
from numpy.typing import NDArray

from netviz.core import Activation
from netviz.drawing.layout.box import Box
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import Curve, PanelAxes, column, expect_count, tick
from netviz.drawing.paths import Course, add_dashes
from netviz.drawing.text import Number, TextLabel, formula
from netviz.problems import Problem, ProblemError, expect_kind
from netviz.theme import Theme, as_theme
from netviz.words import Words

Array = NDArray[np.float64]

# Between the parts of σ(z) = a, and before its result, in frame units.
_PART_GAP, _RESULT_GAP = 0.04, 0.16
# Points at which a curve is sampled.
_SAMPLES = 161
# The curve reaches at least this far from z = 0, and this far beyond the z that it is made for.
_LEAST_REACH, _REACH_BEYOND = 4.0, 1.5
# Beyond this, places on the graph overflow; there the axis ends.
_FARTHEST = 1e100
# Lengths in frame units: half a tangent, how far a tangent may leave the plot, radius of the dot,
# dashes of the guides, height of the line above the plot, gap next to the upper bound.
_TANGENT, _TANGENT_BEYOND = 1.3, 0.2
_DOT_RADIUS = 0.1
_GUIDE_DASH = 0.07
_HEADLINE = 0.62
_BOUND_GAP = 0.1
# Half the length of a mark on the axis of z, and from there to its value, in frame units.
_HALF_MARK, _TICK_GAP = 0.07, 0.12
# Widths in manim's stroke units.
_CURVE_STROKE, _GUIDE_STROKE, _TANGENT_STROKE, _SLOPE_STROKE = 4.5, 2.0, 4.0, 3.0
# Below the name of a function, in frame units; a slope beyond this is a jump.
_BELOW_NAME, _JUMP = 0.12, 10.0
# Radius of the dot on a slope: where both dots meet, it is a ring around the other one.
_SLOPE_DOT = 0.16


class ActivationValue(VGroup):
    """An activation function at one point, ``σ(+1.17) = 0.76``.

    For softmax, and where that does not fit, it is ``z → a``.

    Args:
        function: Gives the symbol.
        z: Pre-activation.
        a: Activation, as computed by the core.
        theme: Colours and fonts, or the name of a theme.
        color: Of the result; by default that of the forward pass.
        width: The largest width in frame units; a longer line is scaled down.

    Attributes:
        z, result: The two numbers on screen.
    """

    def __init__(
        self,
        function: Activation,
        z: float,
        a: float,
        *,
        theme: Theme | str = "dark",
        color: str | None = None,
        width: float = math.inf,
    ) -> None:
        theme = as_theme(theme)
        self._width = width
        self.z = Number(z, theme, signed=True, color=theme.forward_ink)
        self.result = Number(a, theme, color=color or theme.forward_ink)
        super().__init__(*self._parts(function, theme))
        self._align()
        if self.result.em < theme.smallest_text - 1e-9:
            # The name of the function has no room.
            for number in (self.z, self.result):
                number.set_em(theme.number_size)
            self.submobjects = self._short(theme)
            self._align()

    def _parts(self, function: Activation, theme: Theme) -> list[VMobject]:
        if not function.elementwise:
            # a depends on every z of the layer: it is not a function of this one alone.
            return self._short(theme)
        whose = f"the activation {function.name!r}"
        name = formula(function.symbol, theme, color=theme.forward_ink, whose=whose)
        opening, closing = (
            TextLabel(text, theme, color=theme.forward_ink) for text in ("(", ") =")
        )
        return [name, opening, self.z, closing, self.result]

    def _short(self, theme: Theme) -> list[VMobject]:
        return [self.z, TextLabel("→", theme, color=theme.muted), self.result]

    def _align(self) -> None:
        center = self.get_center()
        for left, right in pairwise(self):
            right.next_to(left, RIGHT, buff=_RESULT_GAP if right is self.result else _PART_GAP)
        if self.width > self._width:
            self.scale(self._width / self.width)
        self.move_to(center)

    def set_values(self, z: float, a: float) -> Self:
        """Write other numbers."""
        self.z.set_value(z)
        self.result.set_value(a)
        self._align()
        return self


class ActivationTable(Panel):
    """``σ(z) = a`` for each neuron of a layer, above the formula.

    Args:
        heading: The formula, in Typst.
        function: The activation function of the layer.
        z: Pre-activations as computed by the core, shape (n,).
        a: Activations as computed by the core, shape (n,).
        heights: y of each row, such as those of the neurons; by default evenly spaced.
        color: Of the activations; by default the colour of the first hidden layer.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        heading: The formula.
        rows: An :class:`ActivationValue` for each neuron.

    Raises:
        ProblemError: ``a`` or ``heights`` does not have one entry for each z.

    Example:
        >>> layer, tanh = trace.layers[0], network.layers[0].activation
        >>> panel = ActivationTable("a_j = tanh(z_j)", tanh, layer.z, layer.activation)
        >>> bool(panel.rows[3].result.value == layer.activation[3])
        True
    """

    def __init__(
        self,
        heading: str,
        function: Activation,
        z: Array,
        a: Array,
        *,
        heights: Sequence[float] | None = None,
        color: str | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        expect_count("a", a, len(z), "z")
        self.heading = formula(heading, self.theme, width=self.box.width)
        ys, foot = self._heights_and_foot(len(z), heights)
        self.heading.move_to([self.box.center[0], foot, 0])
        ink = color or self.theme.first_hidden
        rows = [
            ActivationValue(function, zi, ai, theme=self.theme, color=ink, width=self.box.width)
            for zi, ai in zip(z, a, strict=True)
        ]
        self.rows = column(rows, self.box.center[0], ys)
        self.add(self.heading, self.rows)


def _expect_elementwise(function: Activation) -> None:
    expect_kind("function", function, Activation, 'ACTIVATIONS["tanh"]')
    if not function.elementwise:
        problem = Problem("function", f"is {function.name}", "an elementwise one, such as tanh")
        raise ProblemError(problem)


class ActivationCurve(Panel):
    """The graph of an activation function, with ``σ(z) = a`` above it.

    A dot slides on the curve (:meth:`set_z`), and a tangent grows out of it (:meth:`set_tangent`).
    Until then they are empty.

    Args:
        function: An elementwise activation function: softmax is not a function of one variable.
        z: The pre-activation at which the dot will come to rest; the graph is wide enough for it.
        color: Of the curve; by default the colour of the first hidden layer.
        ticks: Values of z that are written below its axis, with the name of the axis.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        value: The line ``σ(z) = a``, an :class:`ActivationValue`.
        axes: An ``Axes`` of manim: ``axes.c2p(z, a)`` is the position of a point of the graph.
        curve, guides, dot, tangent: The other parts of the graph.

    Raises:
        ProblemError: ``function`` is not elementwise, or not an activation function.

    Example:
        >>> z, tanh = float(trace.layers[0].z[1]), network.layers[0].activation
        >>> panel = ActivationCurve(tanh, z=z)
        >>> scene.add(panel.set_z(z).set_tangent(z))
        >>> bool(panel.result.value == trace.layers[0].activation[1])
        True
    """

    def __init__(
        self,
        function: Activation,
        *,
        z: float = 0.0,
        color: str | None = None,
        ticks: Sequence[float] = (),
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        _expect_elementwise(function)
        self.function = function
        reach = max(_LEAST_REACH, min(abs(z), _FARTHEST) + _REACH_BEYOND)
        samples = np.linspace(-reach, reach, _SAMPLES)
        values = function.value(samples)
        ends = min(float(values.min()), 0.0), max(float(values.max()), 1e-9)
        plot = Box(self.box.left, self.box.right, self.box.bottom, self.box.top - _HEADLINE)
        self.axes = PanelAxes((-reach, reach), ends, theme=self.theme, box=plot)
        ink = color or self.theme.first_hidden
        self.curve = Curve(ink, stroke=_CURVE_STROKE).through(self.axes.c2p(samples, values).T)
        if function.bound is not None:
            self.axes.add(self._bound(function.bound))
        if len(ticks):
            self.axes.add(self._scale(ticks))
        forward = self.theme.forward
        self.guides = VMobject(stroke_color=forward, stroke_width=_GUIDE_STROKE)
        self.dot = VMobject(fill_color=forward, fill_opacity=1, stroke_width=0)
        self.tangent = VMobject(stroke_color=self.theme.text, stroke_width=_TANGENT_STROKE)
        # Laid out for the numbers at rest: they are wider than those on the way.
        self.value = ActivationValue(
            function, z, self._a(z), theme=self.theme, width=self.box.width
        )
        self._put_at_top(self.value)
        self.add(self.axes, self.curve, self.guides, self.tangent, self.dot, self.value)

    @property
    def result(self) -> Number:
        """The number a of ``σ(z) = a``."""
        return self.value.result

    def set_z(self, z: float) -> Self:
        """Put the dot at (z, σ(z)), with guides to both axes, and write the two numbers."""
        self.value.set_values(z, self._a(z))
        return self.set_dot(z)

    def set_dot(self, z: float) -> Self:
        """Put the dot at (z, σ(z)), with guides to both axes, and leave the numbers."""
        z, a = np.clip([z, self._a(z)], -_FARTHEST, _FARTHEST)
        point = self.axes.c2p(z, a)
        self.dot.set_points(Circle(radius=_DOT_RADIUS).move_to(point).points)
        self.guides.clear_points()
        for foot in (self.axes.c2p(z, 0), self.axes.c2p(0, a)):
            add_dashes(self.guides, Course.straight(foot, point), dash=_GUIDE_DASH)
        return self

    def set_tangent(self, z: float, presence: float = 1.0) -> Self:
        """Draw the tangent at z, whose slope is σ′(z).

        Args:
            z: Where it touches the curve.
            presence: 0 … 1, how far it has grown out of the dot.
        """
        slope = float(self.function.slope(np.array([z]))[0])
        point = self.axes.c2p(*np.clip([z, self._a(z)], -_FARTHEST, _FARTHEST))
        # From the origin and as long as the axis: next to a large z, a step of 1 is lost.
        step = float(self.axes.x_range[1])
        along = self.axes.c2p(step, slope * step) - self.axes.c2p(0, 0)
        unit = along / np.linalg.norm(along)
        ends = [point + presence * self._reach(point, way) * way for way in (-unit, unit)]
        self.tangent.set_points_as_corners(ends)
        return self

    def _a(self, z: float) -> float:
        return float(self.function.value(np.array([z]))[0])

    def _reach(self, point: Array, way: Array) -> float:
        """How far a tangent may go: a little beyond the plot, but not into the line above it."""
        left, right = self.axes.x_axis.get_start()[0], self.axes.x_axis.get_end()[0]
        bottom, top = self.axes.y_axis.get_start()[1], self.axes.y_axis.get_end()[1]
        sides = [(left, right), (bottom - _TANGENT_BEYOND, top + _TANGENT_BEYOND)]
        reaches = (
            (high - x if step > 0 else low - x) / step
            for x, step, (low, high) in zip(point, way, sides, strict=False)
            if step
        )
        return min(_TANGENT, *reaches)

    def _scale(self, ticks: Sequence[float]) -> VGroup:
        """Marks and values on the axis of z, and its name at the right end."""
        em, color, scale = self.theme.number_size, self.theme.muted, VGroup()
        for z in ticks:
            place = self.axes.c2p(z, 0)
            mark = Line(place + _HALF_MARK * DOWN, place + _HALF_MARK * UP, stroke_color=color)
            mark.set_stroke(width=_GUIDE_STROKE)
            scale.add(mark, tick(z, em, self.theme).next_to(mark, DOWN, buff=_TICK_GAP))
        name = formula("z", self.theme, em=em, color=color)
        end = self.axes.c2p(self.axes.x_range[1], 0)
        return scale.add(name.move_to([end[0], scale[-1].get_y(), 0], aligned_edge=RIGHT))

    def _bound(self, bound: float) -> Mobject:
        """The largest value of the function, at the top of the axis."""
        em, color = self.theme.smallest_text, self.theme.muted
        number = Number(bound, self.theme, decimals=0, em=em, color=color)
        return number.next_to(self.axes.c2p(0, bound), LEFT, buff=_BOUND_GAP)


class SlopeCurve(Panel):
    """The graph of an activation function and of its slope, with a dot that slides on both.

    The slope of a function that cannot be differentiated, such as step, is drawn where it exists.

    Args:
        function: An elementwise activation function.
        reach: The graph goes from ``-reach`` to ``reach``.
        low, high: Ends of the vertical axis; what lies beyond is not drawn.
        theme, box, words: As for every :class:`Panel`. The name fills the top of the box.

    Attributes:
        name: The name of the function, as in a network file.
        axes: An ``Axes`` of manim: ``axes.c2p(z, a)`` is the position of a point of the graph.
        tick: The value 1 at the vertical axis, if it is in the plot.
        curve, slope: Both graphs; that of the slope is thinner.
        dot, slope_dot: The dots on them; empty until :meth:`set_z`.

    Raises:
        ProblemError: ``function`` is not elementwise, or not an activation function.

    Example:
        >>> panel = SlopeCurve(network.layers[0].activation)
        >>> scene.add(panel.set_z(0.7))
    """

    def __init__(
        self,
        function: Activation,
        *,
        reach: float = 4.0,
        low: float = -1.2,
        high: float = 2.0,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        _expect_elementwise(function)
        self.function = function
        self.name = TextLabel(function.text, self.theme, color=self.theme.first_hidden)
        top = self._put_at_top(self.name) - _BELOW_NAME
        plot = Box(self.box.left, self.box.right, self.box.bottom, top)
        self.axes = PanelAxes((-reach, reach), (low, high), theme=self.theme, box=plot)
        self.tick = VGroup()
        if low < 1 < high:
            one = tick(1, self.theme.smallest_text, self.theme)
            self.tick.add(one.next_to(self.axes.c2p(0, 1), UL, buff=_TICK_GAP / 2))
        self._z = np.linspace(-reach, reach, _SAMPLES)
        self._a = function.value(self._z)
        self._slopes = self._slopes_of(function)
        self._range = low, high
        self.curve = self._graph(self._a, self.theme.first_hidden, _CURVE_STROKE)
        self.slope = self._graph(self._slopes, self.theme.blame, _SLOPE_STROKE)
        self.dot, self.slope_dot = (
            VMobject(fill_color=hue, fill_opacity=1, stroke_width=0)
            for hue in (self.theme.forward, self.theme.blame)
        )
        self.add(self.axes, self.slope, self.curve, self.slope_dot, self.dot, self.name, self.tick)

    def set_z(self, z: float) -> Self:
        """Put the dots at (z, a) and at (z, slope).

        Where a value is beyond the plot, or there is no slope, there is no dot.
        """
        for dot, values, radius in (
            (self.dot, self._a, _DOT_RADIUS),
            (self.slope_dot, self._slopes, _SLOPE_DOT),
        ):
            dot.clear_points()
            value = float(values[np.abs(self._z - z).argmin()])
            if self._range[0] <= value <= self._range[1]:
                dot.set_points(Circle(radius=radius).move_to(self.axes.c2p(z, value)).points)
        return self

    def _slopes_of(self, function: Activation) -> Array:
        if function.differentiable:
            return function.slope(self._z)
        slopes: Array = np.gradient(self._a, self._z)
        # A jump has none.
        return np.where(np.abs(slopes) > _JUMP, np.nan, slopes)

    def _graph(self, values: Array, color: str, stroke: float) -> VMobject:
        """Return the graph, without what lies outside the plot."""
        known = np.nan_to_num(values, nan=np.inf)
        inside = (known >= self._range[0]) & (known <= self._range[1])
        graph = VMobject(stroke_color=color, stroke_width=stroke)
        for piece in np.split(np.arange(len(values)), np.flatnonzero(np.diff(inside)) + 1):
            if inside[piece[0]] and len(piece) > 1:
                places = self.axes.c2p(self._z[piece], values[piece]).T
                graph.start_new_path(places[0])
                for place in places[1:]:
                    graph.add_line_to(place)
        return graph

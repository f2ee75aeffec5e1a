"""The edges into one layer: lines whose width is |w|, dashes for w < 0, and what flows over them.

Edges belong to the layer that receives them, as the weights do: ``layer[j][k]`` is w[j, k].
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Self

import numpy as np
from manim import VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing.edges.course import Course
from netviz.drawing.edges.paint import Paint, to_hex
from netviz.drawing.edges.strokes import add_band, add_dashes, add_outline
from netviz.drawing.morphing.morph import Morphing
from netviz.drawing.neuron import Neuron
from netviz.theme import mix

Array = NDArray[np.float64]

# In manim's stroke units, 1/100 of a frame unit: one pixel of an 800-pixel GIF is 1.8 of them.
HAIRLINE, WIDEST = 1.5, 7.0
# What stands out lies above labels that are dimmed, and below those that are not.
Z_EDGE, Z_DIMMED_TAG, Z_AHEAD, Z_FLOW, Z_TAG = 0, 0.25, 0.75, 1, 2
# A layer with more edges than this tells the sign of a weight by tint instead of by dashes.
MOST_DASHED = 36
_DENSE_OPACITY = 0.6
# What stands out is wider by this many stroke units, and, where colours tell nothing, this far on
# the way to the text's colour.
_AHEAD_WIDER, _AHEAD_LIGHTER = 3.0, 0.6
_FLOW_WIDEST = 0.15
_FLOW_NARROWEST = 0.028
_TIP_LENGTH, _TIP_WIDTH = 0.2, 0.2


class Edge(Morphing):
    """A line from a neuron to a neuron of the next layer.

    Args:
        paint: Says what it looks like.
        address: (layer, source, target) as in ``diagram.edge(layer, source, target)``.
        dense: Whether a negative weight is told by a second tint, because among so many edges
            dashes would be noise.

    Attributes:
        weight: w[j, k] as drawn.
        hidden: Whether the weight is too small to be drawn; nothing flows over a hidden edge.
        light: 0 … 2: less than 1 steps back, 1 is at rest, 2 stands out.
        flow: What travels over it, a mobject of its own; empty when nothing does.
    """

    def __init__(
        self, paint: Paint, address: tuple[int, int, int] = (0, 0, 0), *, dense: bool = False
    ) -> None:
        super().__init__(z_index=Z_EDGE)
        self.set_sheen_direction(paint.flow)
        self.paint, self.address, self.dense = paint, address, dense
        self.weight, self.light, self.hidden = 0.0, 1.0, False
        self._line_scale = 1.0
        self._width = HAIRLINE
        self._colors, self._colored = [paint.theme.edge], False
        self._overhang = (0.0, 0.0)
        self.flow = VMobject(stroke_width=0, fill_opacity=1, z_index=Z_FLOW)
        self.add(self.flow)

    def connect(
        self, source: Neuron, target: Neuron, weight: float, share: float, *, hidden: bool = False
    ) -> Self:
        """Draw the line from the rim of one neuron to the rim of another.

        Args:
            source, target: The two neurons; crowded ones are small, and their edges thin.
            weight: Its sign decides between a line and dashes.
            share: Its width, 0 … 1: |w| / max |w|.
            hidden: Whether it is left out. Its course stays, so that it can be asked for places.
        """
        ends = source.disc.get_center(), target.disc.get_center()
        reach = source.reach, target.reach
        course = self.paint.course(*ends, reach)
        scale = min(source.line_scale, target.line_scale)
        return self.follow(course, reach, weight, share, scale, hidden=hidden)

    def follow(
        self,
        course: Course,
        reach: tuple[float, float],
        weight: float,
        share: float,
        line_scale: float,
        *,
        hidden: bool = False,
    ) -> Self:
        """Draw the line along a course.

        Args:
            course: From rim to rim.
            reach: From these rims to the centres of the neurons, in frame units.
            weight, share, hidden: As for :meth:`connect`.
            line_scale: 0 … 1, how thick lines are between neurons of this size.
        """
        way = float(np.linalg.norm(course.along))
        self._overhang = (reach[0] / way, reach[1] / way)
        self.weight, self.hidden, self._line_scale = weight, hidden, line_scale
        widest = max(WIDEST * line_scale, HAIRLINE)
        self._width = 0.0 if hidden else HAIRLINE + (widest - HAIRLINE) * share
        self.clear_points()
        if weight < 0 and not self.dense and not hidden:
            add_dashes(self, course)
        if not self.has_points():  # also where there is no room for dashes
            self.append_points(course.piece())
        return self.set_light(self.light)

    def align_points(self, vmobject: VMobject) -> Self:
        """Cut the pieces of one line until both have as many: dashes open out of a line."""
        fewer, more = sorted((self, vmobject), key=VMobject.get_num_curves)
        fewer.insert_n_curves(more.get_num_curves() - fewer.get_num_curves())
        return self.align_rgbas(vmobject)

    @property
    def course(self) -> Course:
        """Read off the line, which may have been moved with the diagram."""
        start, end, ahead = self.points[0], self.points[-1], self.points[1] - self.points[0]
        return Course.curved(start, end, ahead / np.linalg.norm(ahead))

    @property
    def length(self) -> float:
        """From rim to rim, in frame units."""
        return self.course.length

    def at(self, fraction: float) -> Array:
        """The point ``fraction`` of the way from the upstream neuron (0) to the downstream (1)."""
        return self.course.at(fraction)

    def between(self, fraction: float) -> Array:
        """The point of the line ``fraction`` of the way from column to column.

        On edges that meet in a neuron these points stand exactly below each other.
        """
        before, after = self._overhang
        return self.at(fraction * (1 + before + after) - before)

    def set_colors(self, colors: Array, *, colored: bool) -> Self:
        """Colour of the line where it begins and where it ends.

        Args:
            colors: rgb, shape (2, 3).
            colored: Whether they tell something, and so are kept when the line stands out.
        """
        self._colors, self._colored = [to_hex(color) for color in colors], colored
        return self.set_light(self.light)

    def set_light(self, light: float) -> Self:
        """How far the line is in the light, whatever flows over it.

        Args:
            light: 0 is gone, 1 at rest; up to 2 it becomes wider, lies above labels that are
                dimmed and, if its colour tells nothing, goes to the text's.
        """
        self.light = light
        told, ahead = min(light, 1.0), max(light - 1.0, 0.0)
        lighter = 0.0 if self._colored else _AHEAD_LIGHTER * ahead
        colors = [mix(color, self.paint.theme.text, lighter) for color in self._colors]
        width = self._width and self._width + _AHEAD_WIDER * self._line_scale * ahead
        opacity = told * (_DENSE_OPACITY + (1 - _DENSE_OPACITY) * ahead if self.dense else 1.0)
        # One colour is no gradient, which would have to be looked up at every point.
        self.set_stroke(
            colors if colors[0] != colors[-1] else colors[0],
            width=width,
            opacity=opacity,
            family=False,
        )
        return self.set_z_index(Z_AHEAD if ahead else Z_EDGE, family=False)

    def set_flow(
        self,
        tail: float,
        head: float,
        strength: float,
        color: str,
        opacity: float = 1.0,
    ) -> Self:
        """Show something travelling from ``tail`` to ``head``, both fractions of the edge.

        Towards 1 it runs forward, towards 0 backward; it ends in an arrow head, so that a still
        shows the direction too. ``tail == head`` takes it away.

        Args:
            tail, head: Where it begins and ends, 0 … 1 from upstream to downstream.
            strength: Its width, −1 … 1; 0 leaves a hair, and a negative one is dashed, as negative
                weights are.
            color: ``#RRGGBB``.
            opacity: 0 … 1.
        """
        self.flow.clear_points()
        course = self.course
        if self.hidden or abs(head - tail) * course.length < 1e-3 or opacity <= 0:
            return self
        half = self._half_width(strength)
        _add_arrow(self.flow, course, tail, head, half, dashed=strength < 0)
        self.flow.set_fill(color, opacity=opacity)
        return self

    def set_swell(self, strength: float, opacity: float = 1.0) -> Self:
        """Show how much the weight is corrected: a bar in the text colour, without direction.

        Args:
            strength: ∂L/∂W beside the largest |∂L/∂W|, −1 … 1; 0 leaves a hair, and a negative one
                is dashed.
            opacity: 0 … 1.
        """
        self.flow.clear_points()
        if self.hidden:
            return self
        add_band(self.flow, self.course, self._half_width(strength), dashed=strength < 0)
        self.flow.set_fill(self.paint.theme.text, opacity=opacity)
        return self

    def _half_width(self, strength: float) -> float:
        width = _FLOW_NARROWEST + (_FLOW_WIDEST - _FLOW_NARROWEST) * abs(strength)
        return width / 2 * self._line_scale


class EdgeLayer(VGroup):
    """All edges from ``layer`` to the next, those of its neurons that are drawn.

    Matrices have the shape of the weights, (n_out, n_in): ``edge(j, k)`` leads from neuron k to
    neuron j and reads entry [j, k].

    Args:
        layer: The layer before, counted from the input.
        targets, sources: Which neurons of the next layer and of this one are drawn.
        paint: Says what they look like.

    Attributes:
        dense: Whether the sign of a weight is told by tint, because dashes would be noise.
        weights: As drawn.
    """

    def __init__(
        self, layer: int, targets: Sequence[int], sources: Sequence[int], paint: Paint
    ) -> None:
        self.layer, self.paint = layer, paint
        self.targets, self.sources = list(targets), list(sources)
        self.weights: Array = np.zeros((max(targets) + 1, max(sources) + 1))
        self._values: Array | None = None
        self.dense = len(self.sources) * len(self.targets) > MOST_DASHED
        super().__init__(*self._parts())

    def _parts(self) -> list[VGroup]:
        return [
            VGroup(*(Edge(self.paint, (self.layer, k, j), dense=self.dense) for k in self.sources))
            for j in self.targets
        ]

    # ---- parts ----------------------------------------------------------------------------------

    def edge(self, j: int, k: int) -> Edge:
        """The edge from neuron k to neuron j of the next layer."""
        return self[self.targets.index(j)][self.sources.index(k)]

    def into(self, j: int) -> list[Edge]:
        """The edges that end at neuron j, in order of their sources."""
        return [self.edge(j, k) for k in self.sources]

    def out_of(self, k: int) -> list[Edge]:
        """The edges that begin at neuron k, in order of their targets."""
        return [self.edge(j, k) for j in self.targets]

    def edges(self) -> Iterator[tuple[int, int, Edge]]:
        """Every (j, k, edge)."""
        for j, row in zip(self.targets, self, strict=True):
            for k, edge in zip(self.sources, row, strict=True):
                yield j, k, edge

    def lines(self) -> list[VMobject]:
        """What appears one after the other when the layer is drawn."""
        return [edge for _, _, edge in self.edges()]

    # ---- place and weights ----------------------------------------------------------------------

    def connect(self, sources: Sequence[Neuron], targets: Sequence[Neuron], weights: Array) -> Self:
        """Draw the lines between the neurons that are drawn.

        Args:
            sources, targets: One mobject for each of ``self.sources`` and ``self.targets``.
            weights: Widths are |w| beside the largest |w|.
        """
        self.weights = weights
        largest = max(float(np.abs(weights).max()), 1e-12)
        visible = self.paint.visible(weights)
        for j, target, row in zip(self.targets, targets, self, strict=True):
            for k, source, edge in zip(self.sources, sources, row, strict=True):
                weight, hidden = float(weights[j, k]), not visible[j, k]
                edge.connect(source, target, weight, abs(weight) / largest, hidden=hidden)
        return self.color_by(self._values)

    def color_by(self, values: Array | None) -> Self:
        """Let colours tell other numbers than the style does.

        Args:
            values: −1 … 1, on the scale between the theme's ``negative`` and ``positive``; ``None``
                for what the style says.
        """
        self._values = values
        colors = self.paint.colors(self.weights, dense=self.dense, values=values)
        colored = self.paint.is_colored(values)
        for j, k, edge in self.edges():
            edge.set_colors(colors[j, k], colored=colored)
        return self

    # ---- what is on them ------------------------------------------------------------------------

    def set_flow(
        self, tail: float, head: float, strengths: Array, color: str, opacity: float = 1.0
    ) -> Self:
        """:meth:`Edge.set_flow` on every edge but those whose strength is NaN."""
        for j, k, edge in self.edges():
            if not np.isnan(strengths[j, k]):
                edge.set_flow(tail, head, float(strengths[j, k]), color, opacity)
        return self

    def set_swell(self, strengths: Array, opacity: float = 1.0) -> Self:
        """:meth:`Edge.set_swell` on every edge; nothing where the strength is 0."""
        for j, k, edge in self.edges():
            strength = float(strengths[j, k])
            edge.set_swell(strength, opacity if strength else 0.0)
        return self

    def fade_flow(self, opacity: float) -> Self:
        """Let whatever is on the edges be seen less, 0 … 1."""
        for _, _, edge in self.edges():
            edge.flow.set_fill(opacity=opacity)
        return self

    def clear_flow(self) -> Self:
        """Take away whatever is on the edges."""
        for _, _, edge in self.edges():
            edge.flow.clear_points()
        return self

    def is_flowing(self) -> bool:
        """Whether anything is on the edges."""
        return any(edge.flow.has_points() for _, _, edge in self.edges())

    # ---- light ----------------------------------------------------------------------------------

    def lights(self) -> Array:
        """How far each edge is in the light, 0 … 2, as :meth:`set_lights` takes it."""
        return np.array([edge.light for _, _, edge in self.edges()])

    def lights_on(
        self, lit: Collection[tuple[int, int]] | None, dimmed: float, bright: float = 1.0
    ) -> Array:
        """Lights with the edges ``lit``, addresses (j, k), bright and others dimmed.

        ``None`` for all edges as they are at rest.
        """
        if lit is None:
            return np.ones(len(self.sources) * len(self.targets))
        return np.array([bright if (j, k) in lit else dimmed for j, k, _ in self.edges()])

    def set_lights(self, lights: Array) -> Self:
        """:meth:`Edge.set_light` on every edge."""
        for (_, _, edge), light in zip(self.edges(), lights, strict=True):
            edge.set_light(float(light))
        return self


def _add_arrow(
    path: VMobject, course: Course, tail: float, head: float, half: float, *, dashed: bool
) -> None:
    unit = math.copysign(1 / float(np.linalg.norm(course.slope(head))), head - tail)
    neck = head - unit * min(_TIP_LENGTH, 0.6 * abs((head - tail) / unit))
    wing = max(min(_TIP_WIDTH / 2, 4 * half), 1.7 * half) * course.normal(neck)
    # The shaft reaches into the tip, so that no seam shows between them.
    add_band(path, course, half, dashed=dashed, part=(tail, neck + 0.02 * unit))
    add_outline(path, [course.at(neck) + wing, course.at(head), course.at(neck) - wing])

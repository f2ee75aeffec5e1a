"""The edges into one layer: lines whose width is |w|, dashes for w < 0, and what flows over them.

Edges belong to the layer that receives them, as the weights do: ``layer[j][k]`` is w[j, k].
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Self

import numpy as np
from manim import RoundedRectangle, VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing.course import Course
from netviz.drawing.neuron import Neuron
from netviz.drawing.strokes import add_band, add_dashes, add_outline
from netviz.drawing.text import Number
from netviz.theme import Theme, mix

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

# In manim's stroke units, 1/100 of a frame unit: one pixel of an 800-pixel GIF is 1.8 of them.
HAIRLINE, WIDEST = 1.5, 7.0
Z_EDGE, Z_FLOW, Z_TAG = 0, 1, 2
# A layer with more edges than this tells the sign of a weight by tint instead of by dashes.
MOST_DASHED = 36
_DENSE_OPACITY = 0.6
_FLOW_WIDEST = 0.15
_FLOW_NARROWEST = 0.028
_TIP_LENGTH, _TIP_WIDTH = 0.2, 0.2


class Edge(VMobject):
    """A line from a neuron to a neuron of the next layer.

    Attributes:
        address: (layer, source, target) as in ``diagram.edge(layer, source, target)``.
        weight: w[j, k] as drawn.
        dense: Whether a negative weight is told by a second tint, because among so many edges
            dashes would be noise.
        flow: What travels over it, a mobject of its own; empty when nothing does.
    """

    def __init__(
        self, theme: Theme, address: tuple[int, int, int] = (0, 0, 0), *, dense: bool = False
    ) -> None:
        super().__init__(stroke_color=theme.edge, z_index=Z_EDGE)
        self.theme, self.address, self.dense = theme, address, dense
        self._line_scale = 1.0
        self.weight = 0.0
        self.flow = VMobject(stroke_width=0, fill_opacity=1, z_index=Z_FLOW)
        self._overhang = (0.0, 0.0)
        self._rest = (0.0, 1.0)
        self.add(self.flow)

    def connect(self, source: Neuron, target: Neuron, weight: float, share: float) -> Self:
        """Draw the line from the rim of one neuron to the rim of another.

        Args:
            source, target: The two neurons; crowded ones are small, and their edges thin.
            weight: Its sign decides between a line and dashes.
            share: Its width, 0 … 1: |w| / max |w|.
        """
        a, b = source.disc.get_center(), target.disc.get_center()
        along = (b - a) / np.linalg.norm(b - a)
        start, end = a + source.reach * along, b - target.reach * along
        course = Course.straight(start, end)
        self._overhang = (source.reach / course.length, target.reach / course.length)
        self.weight, self._line_scale = weight, source.line_scale
        widest = max(WIDEST * self._line_scale, HAIRLINE)
        self.set_stroke(width=HAIRLINE + (widest - HAIRLINE) * share, family=False)
        self.clear_points()
        if weight < 0 and not self.dense:
            add_dashes(self, course)
        if not self.has_points():  # also where there is no room for dashes
            self.append_points(course.piece())
        return self.set_rest(*self._rest)

    @property
    def course(self) -> Course:
        """Read off the line, which may have been moved with the diagram."""
        start, end, ahead = self.points[0], self.points[-1], self.points[1] - self.points[0]
        return Course.curved(start, end, ahead / np.linalg.norm(ahead))

    @property
    def length(self) -> float:
        """From rim to rim, in frame units."""
        return self.course.length

    def at(self, fraction: float) -> Vector:
        """The point ``fraction`` of the way from the upstream neuron (0) to the downstream (1)."""
        return self.course.at(fraction)

    def between(self, fraction: float) -> Vector:
        """The point of the line ``fraction`` of the way from column to column.

        On edges that meet in a neuron these points stand exactly below each other.
        """
        before, after = self._overhang
        return self.at(fraction * (1 + before + after) - before)

    @property
    def light(self) -> float:
        """How far the edge is in the light, 0 … 1."""
        return self._rest[1]

    def set_rest(self, light: float = 0.0, opacity: float = 1.0) -> Self:
        """Look of the line itself, whatever flows over it.

        Args:
            light: 0 is the edge's own colour, 1 the theme's text colour.
            opacity: 0 … 1.
        """
        self._rest = (light, opacity)
        theme = self.theme
        own = theme.negative_edge if self.dense and self.weight < 0 else theme.edge
        if self.dense:
            opacity *= _DENSE_OPACITY
        return self.set_stroke(mix(own, theme.text, light), opacity=opacity, family=False)

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
        if abs(head - tail) * course.length < 1e-3 or opacity <= 0:
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
        add_band(self.flow, self.course, self._half_width(strength), dashed=strength < 0)
        self.flow.set_fill(self.theme.text, opacity=opacity)
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
        theme: Gives the colours.

    Attributes:
        dense: Whether the sign of a weight is told by tint, because dashes would be noise.
    """

    def __init__(
        self, layer: int, targets: Sequence[int], sources: Sequence[int], theme: Theme
    ) -> None:
        self.targets, self.sources = list(targets), list(sources)
        self.dense = len(self.sources) * len(self.targets) > MOST_DASHED
        super().__init__(
            *(
                VGroup(*(Edge(theme, (layer, k, j), dense=self.dense) for k in self.sources))
                for j in self.targets
            )
        )

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

    def connect(
        self, sources: Sequence[Neuron], targets: Sequence[Neuron], weights: Matrix
    ) -> Self:
        """Draw the lines between the neurons that are drawn.

        Args:
            sources, targets: One mobject for each of ``self.sources`` and ``self.targets``.
            weights: Widths are |w| beside the largest |w|.
        """
        largest = max(float(np.abs(weights).max()), 1e-12)
        for j, target, row in zip(self.targets, targets, self, strict=True):
            for k, source, edge in zip(self.sources, sources, row, strict=True):
                weight = float(weights[j, k])
                edge.connect(source, target, weight, abs(weight) / largest)
        return self

    # ---- what is on them ------------------------------------------------------------------------

    def set_flow(
        self, tail: float, head: float, strengths: Matrix, color: str, opacity: float = 1.0
    ) -> Self:
        """:meth:`Edge.set_flow` on every edge but those whose strength is NaN."""
        for j, k, edge in self.edges():
            if not np.isnan(strengths[j, k]):
                edge.set_flow(tail, head, float(strengths[j, k]), color, opacity)
        return self

    def set_swell(self, strengths: Matrix, opacity: float = 1.0) -> Self:
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

    def lights(self) -> Vector:
        """How far each edge is in the light, 0 … 1, as :meth:`set_lights` takes it."""
        return np.array([edge.light for _, _, edge in self.edges()])

    def lights_on(self, lit: Collection[tuple[int, int]] | None, dimmed: float) -> Vector:
        """Lights with only the edges ``lit``, addresses (j, k), undimmed; ``None`` for all."""
        return np.array(
            [1.0 if lit is None or (j, k) in lit else dimmed for j, k, _ in self.edges()]
        )

    def set_lights(self, lights: Vector) -> Self:
        """Dim each edge to its opacity, 0 … 1."""
        for (_, _, edge), light in zip(self.edges(), lights, strict=True):
            edge.set_rest(opacity=float(light))
        return self


class EdgeTag(VGroup):
    """A number on an edge, on a plate of the background's colour so that no line crosses it.

    Args:
        edge: Where it stands.
        value: What it says.
        theme: Gives font and colours.
        at: Fraction of the way from column to column, the upstream neuron's first, so that
            the numbers on edges that meet in a neuron stand below each other.
        color: Of the number.
        decimals: Digits after the point.
    """

    def __init__(
        self,
        edge: Edge,
        value: float,
        theme: Theme,
        *,
        at: float = 0.45,
        color: str | None = None,
        decimals: int = 2,
        signed: bool = True,
    ) -> None:
        self.number = Number(
            value, theme, decimals=decimals, signed=signed, color=color, em=0.94 * theme.number_size
        )
        self.plate = RoundedRectangle(
            width=self.number.width + 0.12,
            height=1.05 * self.number.em,
            corner_radius=0.08,
            stroke_width=0,
            fill_color=theme.background,
            fill_opacity=1,
        )
        super().__init__(self.plate, self.number)
        self.move_to(edge.between(at))
        self.plate.set_z_index(Z_TAG)
        self.number.set_z_index(Z_TAG + 0.5)


def _add_arrow(
    path: VMobject, course: Course, tail: float, head: float, half: float, *, dashed: bool
) -> None:
    unit = math.copysign(1 / float(np.linalg.norm(course.slope(head))), head - tail)
    neck = head - unit * min(_TIP_LENGTH, 0.6 * abs((head - tail) / unit))
    wing = max(min(_TIP_WIDTH / 2, 4 * half), 1.7 * half) * course.normal(neck)
    # The shaft reaches into the tip, so that no seam shows between them.
    add_band(path, course, half, dashed=dashed, part=(tail, neck + 0.02 * unit))
    add_outline(path, [course.at(neck) + wing, course.at(head), course.at(neck) - wing])

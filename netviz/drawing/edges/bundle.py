"""The edges between two large layers as a few paths: one for all that look alike.

Each edge of a small layer is a mobject; of 100,000 edges that would be too dear, and dashes and
arrows would be noise. Here |w| is told by width and opacity, so that the few strong edges stand
out of a mist, the sign by tint, and what flows is a comet of light.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Self

import numpy as np
from manim import VGroup, VMobject, color_to_rgb
from numpy.typing import NDArray

from netviz.drawing.edges.course import Course
from netviz.drawing.edges.layer import WIDEST, Z_AHEAD, Z_EDGE, Z_FLOW, Edge, EdgeLayer
from netviz.drawing.edges.paint import Paint
from netviz.drawing.edges.strand import Strand
from netviz.drawing.neuron import Neuron
from netviz.theme import mix

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

# A layer with more edges than this is a bundle.
MOST_SINGLE = 128
# Width of the weakest edges and, where neurons are small, of the strongest: manim's stroke units.
_THINNEST, _THICKEST = 0.7, 2.4
# So many lines can be told apart. Each time they become twice as many, the weaker ones are fainter
# by 2 to this power; none is fainter than this, nor are the strongest, however many there are.
_STRONG = 30
_FADING = 1.3
_FAINTEST, _STRONGEST = 0.012, 0.3
# At rest edges are fainter than what flows.
_AT_REST = 0.7
# How far the light of something negative goes to the tint of negative edges.
_NEGATIVE_TINT = 0.6
# The light at which an edge among many is seen, when it is spoken of.
_BRIGHT = 1.6
# What stands out is wider by this many stroke units, and, where colours tell nothing, this far on
# the way to the text's colour.
_AHEAD_WIDER, _AHEAD_LIGHTER = 1.5, 0.75
# What flows is so many times as wide as the line that it flows over.
_FLOW_WIDER = 1.6
# Steps of red, green and blue that are told apart.
_SHADES = 15


def edges_between(
    layer: int, targets: Sequence[int], sources: Sequence[int], paint: Paint
) -> EdgeLayer:
    """The edges from ``layer`` to the next: one by one if they are few, or else as a bundle."""
    kind = Bundle if len(targets) * len(sources) > MOST_SINGLE else EdgeLayer
    return kind(layer, targets, sources, paint)


class Bundle(EdgeLayer):
    """Like an :class:`EdgeLayer`, and used in the same way, for very many edges.

    ``edge(j, k)`` makes a single edge when it is asked for, over which something may flow; its line
    at rest is the bundle's.
    """

    def __init__(
        self, layer: int, targets: Sequence[int], sources: Sequence[int], paint: Paint
    ) -> None:
        self.layer = layer
        self.rest, self.flows, self.singles = VGroup(), VGroup(), VGroup()
        count = len(targets) * len(sources)
        self._lights, self._shares = np.ones(count), np.zeros(count)
        self._levels = np.zeros(count, dtype=np.intp)
        self._colors = np.zeros((count, 2, 3))
        self._codes = np.zeros(0, dtype=np.intp)
        self._reach, self._line_scale = (0.0, 0.0), 1.0
        self._places: list[Array] = []
        # What the flows are of.
        self._told = np.zeros(0)
        super().__init__(layer, targets, sources, paint)

    def _parts(self) -> list[VGroup]:
        return [self.rest, self.flows, self.singles]

    # ---- parts ----------------------------------------------------------------------------------

    def edge(self, j: int, k: int) -> Edge:
        """A single edge from neuron k to neuron j, its own line not seen."""
        address = (self.layer, k, j)
        for edge in self.singles:
            if edge.address == address:
                return edge
        edge = Edge(self.paint, address, dense=True).set_light(0.0)
        self.singles.add(edge)
        return self._place(edge, self._curves())

    def _place(self, edge: Edge, curves: Array) -> Edge:
        _, k, j = edge.address
        at = self.targets.index(j) * len(self.sources) + self.sources.index(k)
        start, ahead, _, end = curves[at]
        course = Course.curved(start, end, (ahead - start) / np.linalg.norm(ahead - start))
        share = abs(float(self.weights[j, k])) / largest(self.weights)
        hidden = not self._levels[at]
        weight = float(self.weights[j, k])
        return edge.follow(course, self._reach, weight, share, self._line_scale, hidden=hidden)

    def edges(self) -> Iterator[tuple[int, int, Edge]]:
        """Every (j, k, edge) that has been asked for."""
        for edge in self.singles:
            _, k, j = edge.address
            yield j, k, edge

    def lines(self) -> list[VMobject]:
        """The strands, the weakest first."""
        return list(self.rest)

    # ---- place and weights ----------------------------------------------------------------------

    def connect(self, sources: Sequence[Neuron], targets: Sequence[Neuron], weights: Array) -> Self:
        """Draw the lines between the neurons that are drawn; see :meth:`EdgeLayer.connect`."""
        self.weights = weights
        self._reach = sources[0].reach, targets[0].reach
        self._line_scale = min(sources[0].line_scale, targets[0].line_scale)
        a, b = (np.array([n.disc.get_center() for n in column]) for column in (sources, targets))
        if not all(map(np.array_equal, self._places, (a, b))):
            self.flows.submobjects = []
        self._places = [a, b]
        size = (len(b), len(a), 3)
        begin, end = np.broadcast_to(a, size), np.broadcast_to(b[:, np.newaxis], size)
        course = self.paint.course(begin.reshape(-1, 3), end.reshape(-1, 3), self._reach)
        visible = self._of_drawn(self.paint.visible(weights))
        shares = np.abs(self._of_drawn(weights)) / largest(weights)
        self._shares = np.where(visible, shares, np.nan)
        self._levels = levels(self._shares)
        self._tell_colors()
        self._sort(course.piece())
        for edge in self.singles:
            self._place(edge, course.piece())
        return self

    def color_by(self, values: Array | None) -> Self:
        """Let colours tell other numbers; see :meth:`EdgeLayer.color_by`."""
        self._values = values
        self._tell_colors()
        return self._sort_again()

    def _tell_colors(self) -> None:
        colors = self.paint.colors(self.weights, dense=True, values=self._values)
        self._colors = self._of_drawn(colors)

    def _of_drawn(self, matrix: NDArray[Any]) -> NDArray[Any]:
        """The entries of a matrix of the layer that belong to edges that are drawn, row by row."""
        drawn = matrix[np.ix_(self.targets, self.sources)]
        return drawn.reshape(-1, *matrix.shape[2:])

    # ---- strands --------------------------------------------------------------------------------

    def _sort_again(self) -> Self:
        """Sort the lines where they are, if they are no longer as they were sorted."""
        return self._repaint() if np.array_equal(self._sorting(), self._codes) else self._sort()

    def _sort(self, curves: Array | None = None) -> Self:
        """Put lines that look alike in one strand, the dim and the weak first."""
        if curves is None:
            curves = self._curves()
        self._codes = self._sorting()
        held = {strand.code: strand for strand in self.rest}
        ends = self._ends(curves)
        self.rest.submobjects = [
            held.get(code, Strand(code, z_index=Z_EDGE)).hold(members, curves[members], ends)
            for code, members in sorted_by(self._codes)
        ]
        return self._repaint()

    def _sorting(self) -> Indices:
        """For each line a number, the same for those that look alike."""
        lights = np.unique(self._lights, return_inverse=True)[1]
        shades = np.round(_SHADES * self._colors.reshape(-1, 6)).astype(np.intp)
        code = lights * (self._levels.max() + 1) + self._levels
        for shade in shades.T:
            code = code * (_SHADES + 1) + shade
        return code

    def _repaint(self) -> Self:
        opacities = _AT_REST * opacities_of(self._levels)
        text = np.array(color_to_rgb(self.paint.theme.text))
        lighter = 0.0 if self.paint.is_colored(self._values) else _AHEAD_LIGHTER
        for strand in self.rest:
            first = strand.members[0]
            level, light = self._levels[first], self._lights[first]
            ahead = max(light - 1.0, 0.0)
            colors = np.median(self._colors[strand.members], axis=0)
            strand.share = opacities[level] + (1 - opacities[level]) * ahead
            width = self._width(self._shares[strand.members]) + _AHEAD_WIDER * ahead
            strand.set_stroke(width=width).set_z_index(Z_AHEAD if ahead else Z_EDGE)
            strand.paint(colors + lighter * ahead * (text - colors), min(light, 1.0) * (level > 0))
        return self

    def _width(self, shares: Array) -> float:
        """Of a strand, rounded: it has to be drawn again whenever its width changes."""
        thickest = max(WIDEST * self._line_scale, _THICKEST)
        share = 0.0 if np.isnan(shares[0]) else float(shares.mean())
        return round(_THINNEST + (thickest - _THINNEST) * share, 1)

    def _curves(self) -> Array:
        """The lines where they are now, shape (n, 4, 3): moved with the diagram."""
        curves = np.empty((len(self._lights), 4, 3))
        for strand in self.rest:
            curves[strand.members] = strand.curves
        return curves

    def _ends(self, curves: Array) -> Array:
        """Where the layer of edges begins and ends, as points in its middle."""
        flow, middle = self.paint.flow, curves.mean(axis=(0, 1))
        first, last = (curves[:, 0] @ flow).min(), (curves[:, 3] @ flow).max()
        return np.array([middle + (place - middle @ flow) * flow for place in (first, last)])

    # ---- what is on them ------------------------------------------------------------------------

    def set_flow(
        self, tail: float, head: float, strengths: Array, color: str, opacity: float = 1.0
    ) -> Self:
        """A comet of light on every edge but those whose strength is NaN.

        Its width and opacity tell |strength|, its tint the sign.
        """
        if abs(head - tail) < 1e-3 or opacity <= 0:
            self.flows.submobjects = []
            return self
        for strand in self._show(strengths):
            strand.light(tail, head, self._tint(color, strand), opacity)
        return self

    def set_swell(self, strengths: Array, opacity: float = 1.0) -> Self:
        """Let edges glow in the text's colour: as brightly as the largest strength is large."""
        most = float(np.abs(strengths).max())
        if most * opacity <= 0:
            self.flows.submobjects = []
            return self
        for strand in self._show(strengths / most):
            color = self._tint(self.paint.theme.text, strand)
            strand.paint(color[np.newaxis], opacity * most)
        return self

    def _tint(self, color: str, strand: Strand) -> Array:
        tint = _NEGATIVE_TINT if strand.code < 0 else 0.0
        return np.array(color_to_rgb(mix(color, self.paint.theme.negative_edge, tint)))

    def _show(self, strengths: Array) -> list[Strand]:
        """Strands for what is on the edges; those that are there, if they are of the same."""
        if not (self.flows.submobjects and _same(self._told, strengths)):
            self.flows.submobjects = self._strands_of(self._of_drawn(strengths), self._curves())
        self._told = strengths
        return list(self.flows)

    def _strands_of(self, strengths: Array, curves: Array) -> list[Strand]:
        nothing = np.isnan(self._shares) | (strengths == 0)
        sizes = np.where(nothing, np.nan, np.abs(strengths))
        classes = levels(sizes)
        opacities, ends = opacities_of(classes), self._ends(curves)
        strands = []
        for code, members in sorted_by(np.where(strengths < 0, -classes, classes)):
            if code:
                strand = Strand(code, z_index=Z_FLOW).hold(members, curves[members], ends)
                strand.share = opacities[abs(code)]
                strand.set_stroke(width=_FLOW_WIDER * self._width(sizes[members]))
                strands.append(strand)
        return sorted(strands, key=lambda strand: (strand.code > 0, abs(strand.code)))

    def fade_flow(self, opacity: float) -> Self:
        """Let whatever is on the edges be seen less, 0 … 1."""
        for strand in self.flows:
            strand.fade_to(opacity)
        return super().fade_flow(opacity)

    def clear_flow(self) -> Self:
        """Take away whatever is on the edges."""
        self.flows.submobjects = []
        return super().clear_flow()

    def is_flowing(self) -> bool:
        """Whether anything is on the edges."""
        return bool(self.flows.submobjects) or super().is_flowing()

    # ---- light ----------------------------------------------------------------------------------

    def lights(self) -> Array:
        """How far each edge is in the light, 0 … 2, as :meth:`set_lights` takes it."""
        return self._lights.copy()

    def lights_on(
        self, lit: Collection[tuple[int, int]] | None, dimmed: float, bright: float = 1.0
    ) -> Array:
        """Lights as :meth:`EdgeLayer.lights_on` has them; ``lit`` edges are always bright.

        A weak edge of many would not be seen.
        """
        if lit is None:
            return np.ones(len(self._lights))
        lights = np.full((len(self.targets), len(self.sources)), dimmed)
        for j, k in lit:
            lights[self.targets.index(j), self.sources.index(k)] = max(bright, _BRIGHT)
        return lights.ravel()

    def set_lights(self, lights: Array) -> Self:
        """Dim or brighten each line."""
        self._lights = np.asarray(lights, dtype=float)
        return self._sort_again()


def _same(one: Array, other: Array) -> bool:
    return one is other or (
        one.shape == other.shape and np.allclose(one, other, rtol=0, atol=1e-6, equal_nan=True)
    )


def levels(sizes: Array) -> Indices:
    """Classes of sizes by rank: 0 for NaN, and the strongest have the highest.

    The class of the strongest has ``_STRONG`` members, and each further one makes twice as many of
    those before it. Equal sizes are in the same class.
    """
    told = np.sort(sizes[~np.isnan(sizes)])[::-1]
    doublings = max(int(np.log2(max(len(told), 1) / _STRONG)) + 1, 0)
    ranks = _STRONG * 2 ** np.arange(doublings)
    thresholds = told[np.minimum(ranks, len(told)) - 1][::-1] if len(told) else told
    classes = 1 + np.searchsorted(thresholds, sizes, side="right")
    return np.where(np.isnan(sizes), 0, classes)


def opacities_of(levels: Indices) -> Array:
    """The opacity of each level: the fainter, the more edges are at least as strong."""
    counts = np.bincount(levels)
    at_least = np.cumsum(counts[::-1])[::-1]
    opacities = (2 * _STRONG / np.maximum(at_least, 2 * _STRONG)) ** _FADING
    opacities[-1] = max(opacities[-1], _STRONGEST)
    return np.maximum(opacities, _FAINTEST)


def sorted_by(codes: Indices) -> Iterator[tuple[int, Indices]]:
    """Every code, in order, and where it stands."""
    order = np.argsort(codes, kind="stable")
    found, starts = np.unique(codes[order], return_index=True)
    yield from zip(found.tolist(), np.split(order, starts[1:]), strict=True)


def largest(weights: Array) -> float:
    """The largest |w|, never 0."""
    return max(float(np.abs(weights).max()), 1e-12)

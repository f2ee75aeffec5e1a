"""The edges between two large layers as a few paths: one for all edges that look alike.

Each edge of a small layer is a mobject. For 100,000 edges that would be too slow, and dashes and
arrows would be noise. Here width and opacity show |w|, so that the few strong edges stand out among
many faint ones; a tint shows the sign, and what flows is a comet of light.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Self

import numpy as np
from manim import VGroup, VMobject, color_to_rgb
from numpy.typing import NDArray

from netviz.drawing.edges.layer import (
    WIDEST,
    Z_EDGE,
    Z_FLOW,
    Z_HIGHLIGHT,
    Address,
    Edge,
    EdgeLayer,
    largest,
)
from netviz.drawing.edges.paint import Mask, Paint
from netviz.drawing.edges.strand import Strand
from netviz.drawing.neuron import Neuron
from netviz.drawing.paths import Course
from netviz.theme import mix

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

# A layer with more edges than this is a bundle.
MOST_SINGLE = 128
# Widths in stroke units: of the weakest edges, of the strongest where neurons are small, and what
# is added to an edge that stands out.
_THINNEST, _THICKEST, _HIGHLIGHT_WIDER = 0.7, 2.4, 1.5
# Number of lines that can be distinguished. Each time their number doubles, the weaker ones become
# fainter by 2 to the power of ``_FADING``.
_STRONG = 30
_FADING = 1.3
# Least opacities: of any edge, and of the strongest, however many there are.
_FAINTEST, _STRONGEST = 0.012, 0.3
# Opacity of edges at rest relative to what flows.
_AT_REST = 0.7
# How far the colour of something negative goes towards the tint of negative edges.
_NEGATIVE_TINT = 0.6
# How far the colour of an edge that stands out goes towards the text's, if it has no meaning.
_HIGHLIGHT_LIGHTER = 0.75
# Least brightness at which one edge is visible among many.
_BRIGHT = 1.6
# Width of what flows relative to the line that it flows over.
_FLOW_WIDER = 1.6
# Number of distinguished steps of red, green and blue.
_SHADES = 15


def edges_between(
    layer: int,
    sources: Sequence[int],
    targets: Sequence[int],
    paint: Paint,
    mask: Mask | None = None,
    *,
    dense: bool = False,
) -> EdgeLayer:
    """Return the edges from ``layer`` to the next: a mobject each if they are few, else a bundle.

    Args:
        layer, sources, targets, paint, mask, dense: As for :class:`EdgeLayer`.
    """
    if number_of_edges(sources, targets, mask) > MOST_SINGLE:
        return Bundle(layer, sources, targets, paint, mask)
    return EdgeLayer(layer, sources, targets, paint, mask, dense=dense)


def number_of_edges(
    sources: Sequence[int], targets: Sequence[int], mask: Mask | None = None
) -> int:
    """Return the number of edges between drawn neurons."""
    if mask is None:
        return len(sources) * len(targets)
    return int(mask[np.ix_(targets, sources)].sum())


class Bundle(EdgeLayer):
    """An :class:`EdgeLayer` for very many edges, used in the same way.

    ``edge(source, target)`` makes a single edge on request, over which something may flow. Its line
    at rest is drawn by the bundle.

    Attributes:
        rest: The strands of lines at rest, the weakest first.
        flows: The strands of what flows.
        singles: The single edges that have been requested.
    """

    def __init__(
        self,
        layer: int,
        sources: Sequence[int],
        targets: Sequence[int],
        paint: Paint,
        mask: Mask | None = None,
    ) -> None:
        self.rest, self.flows, self.singles = VGroup(), VGroup(), VGroup()
        count = len(targets) * len(sources)
        self._brightness, self._shares = np.ones(count), np.zeros(count)
        self._levels = np.zeros(count, dtype=np.intp)
        self._colors = np.zeros((count, 2, 3))
        self._codes = np.zeros(0, dtype=np.intp)
        self._reach, self._line_scale = (0.0, 0.0), 1.0
        self._places: list[Array] = []
        # The strengths that the flows show.
        self._strengths = np.zeros(0)
        super().__init__(layer, sources, targets, paint, mask, dense=True)

    def _build(self) -> None:
        self.submobjects = [self.rest, self.flows, self.singles]

    # ---- parts ----------------------------------------------------------------------------------

    def edge(self, source: int, target: int) -> Edge:
        """Return a single edge from neuron ``source`` to neuron ``target``, its line invisible."""
        address = (self.layer, source, target)
        for edge in self.singles:
            if edge.address == address:
                return edge
        if not self.has(source, target):
            raise self._not_connected(source, target)
        edge = Edge(self.paint, address, dense=True).set_brightness(0.0)
        self.singles.add(edge)
        return self._place(edge, self._curves())

    def _place(self, edge: Edge, curves: Array) -> Edge:
        _, source, target = edge.address
        at = self.targets.index(target) * len(self.sources) + self.sources.index(source)
        start, ahead, _, end = curves[at]
        course = Course.curved(start, end, (ahead - start) / np.linalg.norm(ahead - start))
        weight = float(self.weights[target, source])
        share, hidden = abs(weight) / largest(self.weights), not self._levels[at]
        return edge.follow(course, self._reach, weight, share, self._line_scale, hidden=hidden)

    def edges(self) -> Iterator[tuple[int, int, Edge]]:
        """Yield (source, target, edge) of every edge that has been requested."""
        for edge in self.singles:
            _, source, target = edge.address
            yield source, target, edge

    def lines(self) -> list[VMobject]:
        """Return the strands, the weakest first."""
        return list(self.rest)

    # ---- place and weights ----------------------------------------------------------------------

    def connect(
        self,
        sources: Sequence[Neuron],
        targets: Sequence[Neuron],
        weights: Array,
        mask: Mask | None = None,
    ) -> Self:
        """Draw the lines between the drawn neurons; see :meth:`EdgeLayer.connect`."""
        self._set_mask(mask)
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
        visible = self._of_drawn(self.paint.visible(weights, self.mask))
        shares = np.abs(self._of_drawn(weights)) / largest(weights)
        self._shares = np.where(visible, shares, np.nan)
        self._levels = levels(self._shares)
        self._find_colors()
        self._sort(course.piece())
        for edge in self.singles:
            self._place(edge, course.piece())
        return self

    def color_by(self, values: Array | None) -> Self:
        """Let the colours show other numbers; see :meth:`EdgeLayer.color_by`."""
        self._values = values
        self._find_colors()
        return self._sort_again()

    def _find_colors(self) -> None:
        colors = self.paint.colors(self.weights, dense=True, values=self._values)
        self._colors = self._of_drawn(colors)

    def _of_drawn(self, matrix: NDArray[Any]) -> NDArray[Any]:
        """Return the entries of a matrix of the layer that belong to drawn pairs, row by row."""
        drawn = matrix[np.ix_(self.targets, self.sources)]
        return drawn.reshape(-1, *matrix.shape[2:])

    # ---- strands --------------------------------------------------------------------------------

    def _sort_again(self) -> Self:
        """Sort the lines where they are, if their order has changed."""
        return self._repaint() if np.array_equal(self._sorting(), self._codes) else self._sort()

    def _sort(self, curves: Array | None = None) -> Self:
        """Put lines that look alike into one strand, the dimmed and the weak first."""
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
        """Return a number for each line, the same for those that look alike."""
        steps = np.unique(self._brightness, return_inverse=True)[1]
        shades = np.round(_SHADES * self._colors.reshape(-1, 6)).astype(np.intp)
        code = steps * (self._levels.max() + 1) + self._levels
        for shade in shades.T:
            code = code * (_SHADES + 1) + shade
        return code

    def _repaint(self) -> Self:
        opacities = _AT_REST * opacities_of(self._levels)
        text = np.array(color_to_rgb(self.paint.theme.text))
        lighter = 0.0 if self.paint.is_colored(self._values) else _HIGHLIGHT_LIGHTER
        for strand in self.rest:
            first = strand.members[0]
            level, brightness = self._levels[first], self._brightness[first]
            ahead = max(brightness - 1.0, 0.0)
            colors = np.median(self._colors[strand.members], axis=0)
            strand.share = opacities[level] + (1 - opacities[level]) * ahead
            width = self._width(self._shares[strand.members]) + _HIGHLIGHT_WIDER * ahead
            strand.set_stroke(width=width).set_z_index(Z_HIGHLIGHT if ahead else Z_EDGE)
            opacity = min(brightness, 1.0) * (level > 0)
            strand.paint(colors + lighter * ahead * (text - colors), opacity)
        return self

    def _width(self, shares: Array) -> float:
        """Return the width of a strand, rounded: each new width means drawing it again."""
        thickest = max(WIDEST * self._line_scale, _THICKEST)
        share = 0.0 if np.isnan(shares[0]) else float(shares.mean())
        return round(_THINNEST + (thickest - _THINNEST) * share, 1)

    def _curves(self) -> Array:
        """Return the lines where they are now, moved with the diagram, shape (n, 4, 3)."""
        curves = np.empty((len(self._brightness), 4, 3))
        for strand in self.rest:
            curves[strand.members] = strand.curves
        return curves

    def _ends(self, curves: Array) -> Array:
        """Return where the layer of edges begins and ends, as points in its middle."""
        flow, middle = self.paint.flow, curves.mean(axis=(0, 1))
        first, last = (curves[:, 0] @ flow).min(), (curves[:, 3] @ flow).max()
        return np.array([middle + (place - middle @ flow) * flow for place in (first, last)])

    # ---- what flows -----------------------------------------------------------------------------

    def set_flow(
        self, tail: float, head: float, strengths: Array, color: str, opacity: float = 1.0
    ) -> Self:
        """Show a comet of light on every edge whose strength is not NaN.

        Its width and opacity show |strength|. Its tint shows the sign, backward that of the weight.
        """
        if abs(head - tail) < 1e-3 or opacity <= 0:
            self.flows.submobjects = []
            return self
        if head < tail:
            strengths = np.copysign(strengths, self.weights)
        for strand in self._show(strengths):
            strand.show_comet(tail, head, self._tint(color, strand), opacity)
        return self

    def set_halo(self, strengths: Array, opacity: float = 1.0) -> Self:
        """Let the edges glow in the colour of texts, with the opacity of the largest strength."""
        most = float(np.abs(strengths).max())
        if most * opacity <= 0:
            self.flows.submobjects = []
            return self
        for strand in self._show(strengths / most):
            color = self._tint(self.paint.theme.text, strand)
            strand.paint(color[np.newaxis], opacity * most)
        return self

    def set_ghosts(self, weights: Array | None, widths: Array, opacity: float = 1.0) -> Self:
        """Do nothing: among so many edges, no ghost could be seen."""
        return self

    def _tint(self, color: str, strand: Strand) -> Array:
        tint = _NEGATIVE_TINT if strand.code < 0 else 0.0
        return np.array(color_to_rgb(mix(color, self.paint.theme.negative_edge, tint)))

    def _show(self, strengths: Array) -> list[Strand]:
        """Return strands for what flows; the present ones, if they show the same strengths."""
        if not (self.flows.submobjects and _same(self._strengths, strengths)):
            self.flows.submobjects = self._strands_of(self._of_drawn(strengths), self._curves())
        self._strengths = strengths
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
        """Set the opacity, 0 … 1, of whatever flows."""
        for strand in self.flows:
            strand.fade_to(opacity)
        return super().fade_flow(opacity)

    def clear_flow(self) -> Self:
        """Remove whatever flows."""
        self.flows.submobjects = []
        return super().clear_flow()

    def is_flowing(self) -> bool:
        """Whether anything flows."""
        return bool(self.flows.submobjects) or super().is_flowing()

    # ---- brightness -----------------------------------------------------------------------------

    def brightness(self) -> Array:
        """Return the brightness of every pair of drawn neurons, 0 … 2, row by row."""
        return self._brightness.copy()

    def brightness_at(self, addresses: Sequence[Address]) -> list[float]:
        """Return the brightness, 0 … 2, of the edges with addresses (source, target)."""
        grid = self._brightness.reshape(len(self.targets), len(self.sources))
        return [
            float(grid[self.targets.index(target), self.sources.index(source)])
            for source, target in addresses
        ]

    def brightness_for(
        self, kept: Collection[Address] | None, dimmed: float, bright: float = 1.0
    ) -> Array:
        """Return brightness as :meth:`EdgeLayer.brightness_for` does; ``kept`` edges stand out.

        A weak edge would not be visible among many.
        """
        if kept is None:
            return np.ones(len(self._brightness))
        brightness = np.full((len(self.targets), len(self.sources)), dimmed)
        for source, target in kept:
            at = self.targets.index(target), self.sources.index(source)
            brightness[at] = max(bright, _BRIGHT)
        return brightness.ravel()

    def set_brightness(self, brightness: Array) -> Self:
        """Set what :meth:`brightness` returns."""
        self._brightness = np.asarray(brightness, dtype=float)
        return self._sort_again()


def _same(one: Array, other: Array) -> bool:
    return one is other or (
        one.shape == other.shape and np.allclose(one, other, rtol=0, atol=1e-6, equal_nan=True)
    )


def levels(sizes: Array) -> Indices:
    """Return classes of sizes by rank: 0 for NaN, and the highest for the strongest.

    The class of the strongest has ``_STRONG`` members, and each further class doubles the number
    of those in it and before it. Equal sizes are in the same class.
    """
    ranked = np.sort(sizes[~np.isnan(sizes)])[::-1]
    doublings = max(int(np.log2(max(len(ranked), 1) / _STRONG)) + 1, 0)
    ranks = _STRONG * 2 ** np.arange(doublings)
    thresholds = ranked[np.minimum(ranks, len(ranked)) - 1][::-1] if len(ranked) else ranked
    classes = 1 + np.searchsorted(thresholds, sizes, side="right")
    return np.where(np.isnan(sizes), 0, classes)


def opacities_of(levels: Indices) -> Array:
    """Return the opacity of each level: the more edges are at least as strong, the fainter."""
    counts = np.bincount(levels)
    at_least = np.cumsum(counts[::-1])[::-1]
    opacities = (2 * _STRONG / np.maximum(at_least, 2 * _STRONG)) ** _FADING
    opacities[-1] = max(opacities[-1], _STRONGEST)
    return np.maximum(opacities, _FAINTEST)


def sorted_by(codes: Indices) -> Iterator[tuple[int, Indices]]:
    """Yield every code, in order, and where it occurs."""
    order = np.argsort(codes, kind="stable")
    found, starts = np.unique(codes[order], return_index=True)
    yield from zip(found.tolist(), np.split(order, starts[1:]), strict=True)

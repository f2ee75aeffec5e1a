"""The edges between two layers: lines as wide as |w|, dashed if w < 0, and what flows over them.

An edge is addressed by (layer, source, target). Matrices have the shape of the weights,
(n_out, n_in): the edge from neuron ``source`` to neuron ``target`` has entry [target, source].
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Self

import numpy as np
from manim import ManimColor, ParsableManimColor, VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing.edges.paint import Mask, Paint, to_hex
from netviz.drawing.morphing.morph import Morphing
from netviz.drawing.neuron import Neuron
from netviz.drawing.paths import DASH, Course, add_arrow, add_band, add_dashes
from netviz.problems import PartError, Problem
from netviz.theme import Theme, mix

Array = NDArray[np.float64]
# A source and a target.
Address = tuple[int, int]

# Widths in stroke units (1/100 frame unit; a pixel of an 800-pixel GIF is 1.8 of them).
HAIRLINE, WIDEST = 1.5, 7.0
# How much wider an edge becomes that stands out.
_HIGHLIGHT_WIDER = 3.0
# Widths of what flows, in frame units.
_FLOW_WIDEST, _FLOW_NARROWEST = 0.15, 0.028
# Stacking order. An edge that stands out lies above dimmed tags and below the others; a halo lies
# under all edges.
Z_HALO, Z_EDGE, Z_DIMMED_TAG, Z_HIGHLIGHT, Z_FLOW, Z_TAG = -0.5, 0, 0.25, 0.75, 1, 2
# How far the widest halo reaches beyond its edge, in frame units, and the stroke of its rim.
_HALO, _HALO_STROKE = 0.085, 1.6
# How far the rim of a halo and its inside are from the background to the colour of texts, and a
# ghost to that of edges: the line and its dashes are seen within them.
_RIM_INK, _HALO_INK, _GHOST_INK = 0.75, 0.3, 0.55
# How much wider halos become with lines, and where lines are thin so that halos stand out; stroke
# and stacking order of the outline of a ghost on its line.
_MOST_HALO, _GHOST_STROKE, _Z_GHOST = 2.5, 1.6, 0.8
# How wide halos are among edges that are too many for dashes, relative to others.
_DENSE_HALO = 0.35
# How far a weight may grow beyond the largest one at first until all edges become thinner.
_MOST_GROWN = 1.4
# In a layer with more edges than this a tint shows the sign of a weight, instead of dashes.
MOST_DASHED = 36
_DENSE_OPACITY = 0.7
# Least brightness of an edge among these that is not dimmed while others are.
_DENSE_BRIGHT = 1.4
# How far the colour of an edge that stands out goes towards the text's, if it has no meaning.
_HIGHLIGHT_LIGHTER = 0.6


class Edge(Morphing):
    """A line from a neuron to a neuron of the next layer.

    Args:
        paint: How it looks.
        address: (layer, source, target), as in ``diagram.edge(layer, source, target)``.
        dense: Whether a negative weight has a second tint, because dashes would be noise among so
            many edges.

    Attributes:
        weight: The weight as drawn.
        hidden: Whether the weight is too small to be drawn. Nothing flows over a hidden edge.
        brightness: 0 … 2: below 1 the edge is dimmed, above 1 it stands out.
        flow: The mobject that shows what travels over the edge; empty if nothing does.
        halo: The mobject that shows the gradient of the weight around the edge.
        ghost: The mobject that shows an earlier weight.
        own_color: The colour that manim's ``set_color`` or ``set_stroke`` has given it,
            ``#RRGGBB``, in place of that of the style; ``None`` for none.
        magnification: How much wider than usual the line is drawn, so that a small change of its
            width can be seen.
    """

    def __init__(
        self, paint: Paint, address: tuple[int, int, int] = (0, 0, 0), *, dense: bool = False
    ) -> None:
        super().__init__(z_index=Z_EDGE)
        self.set_sheen_direction(paint.flow)
        self.paint, self.address, self.dense = paint, address, dense
        self.weight, self.brightness, self.hidden = 0.0, 1.0, False
        self._line_scale = 1.0
        self._width = HAIRLINE
        self._colors, self._colored = [paint.theme.edge], False
        self.own_color: str | None = None
        self._overhang = (0.0, 0.0)
        self.magnification = 1.0
        self.flow = VMobject(stroke_width=0, fill_opacity=1, z_index=Z_FLOW)
        self.halo = VMobject(stroke_width=0, fill_opacity=0, z_index=Z_HALO)
        self.ghost = VMobject(stroke_width=0, fill_opacity=0, z_index=Z_HIGHLIGHT)
        self.add(self.flow, self.halo, self.ghost)

    def connect(
        self, source: Neuron, target: Neuron, weight: float, share: float, *, hidden: bool = False
    ) -> Self:
        """Draw the line from the rim of one neuron to the rim of another.

        Args:
            source, target: The two neurons. Crowded neurons are small, and their edges thin.
            weight: Its sign decides between a solid line and dashes.
            share: The width, 0 … 1: |w| / max |w|.
            hidden: Whether the line is invisible. Its course stays, so that places on it can be
                found.
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
            line_scale: 0 … 1, the width of lines between neurons of this size, relative to large
                ones.
        """
        way = float(np.linalg.norm(course.along))
        self._overhang = (reach[0] / way, reach[1] / way)
        self.weight, self.hidden, self._line_scale = weight, hidden, line_scale
        widest = max(WIDEST * line_scale, HAIRLINE)
        width = 0.0 if hidden else HAIRLINE + (widest - HAIRLINE) * share
        self._width = self.magnification * width
        self.clear_points()
        if weight < 0 and not self.dense and not hidden:
            add_dashes(self, course, self._dash)
        if not self.has_points():  # also where there is no room for dashes
            self.append_points(course.piece())
        return self.set_brightness(self.brightness)

    def align_points(self, vmobject: VMobject) -> Self:
        """Cut the pieces of one line until both have equally many: a line becomes dashes."""
        fewer, more = sorted((self, vmobject), key=VMobject.get_num_curves)
        fewer.insert_n_curves(more.get_num_curves() - fewer.get_num_curves())
        return self.align_rgbas(vmobject)

    @property
    def course(self) -> Course:
        """The course of the line where it is now: it may have been moved with the diagram."""
        start, end, ahead = self.points[0], self.points[-1], self.points[1] - self.points[0]
        return Course.curved(start, end, ahead / np.linalg.norm(ahead))

    @property
    def length(self) -> float:
        """Length from rim to rim, in frame units."""
        return self.course.length

    def at(self, fraction: float) -> Array:
        """Return the point ``fraction`` of the way from the source (0) to the target (1)."""
        return self.course.at(fraction)

    def between(self, fraction: float) -> Array:
        """Return the point of the line ``fraction`` of the way from column to column.

        On edges that meet in a neuron these points are exactly below each other.
        """
        before, after = self._overhang
        return self.at(fraction * (1 + before + after) - before)

    def set_colors(self, colors: Array, *, colored: bool) -> Self:
        """Set the colours of the line at its start and at its end.

        Args:
            colors: Red, green and blue, 0 … 1, shape (2, 3).
            colored: Whether the colours have a meaning, and so are kept when the line stands out.
        """
        self._colors, self._colored = [to_hex(color) for color in colors], colored
        return self.set_brightness(self.brightness)

    def set_stroke(
        self,
        color: ParsableManimColor | Sequence[ParsableManimColor] | None = None,
        width: float | None = None,
        opacity: float | None = None,
        background: bool = False,
        family: bool = True,
    ) -> Self:
        """Set the stroke as manim does. A colour stays, whatever the edge shows later."""
        if isinstance(color, ManimColor | str | int) and not background:
            self.own_color = ManimColor(color).to_hex()
        return super().set_stroke(color, width, opacity, background, family)

    def set_brightness(self, brightness: float) -> Self:
        """Dim the line or let it stand out, whatever flows over it.

        Args:
            brightness: 0 is invisible, 1 normal. Up to 2 the line becomes wider, lies above dimmed
                labels and, if its colour has no meaning, takes on the colour of texts.
        """
        self.brightness = brightness
        visible, ahead = min(brightness, 1.0), max(brightness - 1.0, 0.0)
        colored = self._colored or self.own_color is not None
        lighter = 0.0 if colored else _HIGHLIGHT_LIGHTER * ahead
        given = [self.own_color] if self.own_color is not None else self._colors
        colors = [mix(color, self.paint.theme.text, lighter) for color in given]
        # A magnified line keeps its width: that is what is looked at.
        wider = _HIGHLIGHT_WIDER * self._line_scale * ahead if self.magnification == 1 else 0.0
        width = self._width and self._width + wider
        opacity = visible * (_DENSE_OPACITY + (1 - _DENSE_OPACITY) * ahead if self.dense else 1.0)
        # One colour is not a gradient, which would be evaluated at every point.
        super().set_stroke(
            colors if colors[0] != colors[-1] else colors[0],
            width=width,
            opacity=opacity,
            family=False,
        )
        return self.set_z_index(Z_HIGHLIGHT if ahead else Z_EDGE, family=False)

    def set_flow(
        self,
        tail: float,
        head: float,
        strength: float,
        color: str,
        opacity: float = 1.0,
    ) -> Self:
        """Show something that travels from ``tail`` to ``head``, both fractions of the edge.

        Towards 1 it runs forward, towards 0 backward. It ends in an arrow head, so that a still
        shows the direction too. ``tail == head`` removes it.

        Args:
            tail, head: Where it begins and ends, 0 … 1 from the source to the target.
            strength: Its width, −1 … 1. At 0 it is a hairline. Forward it is dashed if it is
                negative; backward if the weight is, like the line that it follows.
            color: ``#RRGGBB``.
            opacity: 0 … 1.
        """
        self.flow.clear_points()
        course = self.course
        if self.hidden or abs(head - tail) * course.length < 1e-3 or opacity <= 0:
            return self
        half = self._half_width(strength)
        dashed = (strength if head > tail else self.weight) < 0
        add_arrow(self.flow, course, tail, head, half, dashed=dashed)
        self.flow.set_fill(color, opacity=opacity)
        return self

    @property
    def line_width(self) -> float:
        """Width of the line while it neither stands out nor is dimmed, in stroke units."""
        return self._width

    @property
    def _dash(self) -> float:
        return DASH * min(max(1.0, self.magnification / 2), 2.0)

    def magnify(self, magnification: float) -> Self:
        """Draw the line this many times as wide as usual."""
        self._width *= magnification / self.magnification
        self.magnification = magnification
        if self.weight < 0 and not self.dense and not self.hidden:
            course = self.course
            self.clear_points()
            add_dashes(self, course, self._dash)
            if not self.has_points():
                self.append_points(course.piece())
        return self.set_brightness(self.brightness)

    def set_halo(self, strength: float, opacity: float = 1.0) -> Self:
        """Show the gradient of the weight: a halo around the line, which has no direction.

        Dashes stay those of the weight: the halo of a positive gradient is filled, that of a
        negative one hollow.

        Args:
            strength: ∂L/∂W relative to the largest |∂L/∂W|, −1 … 1. At 0 there is no halo.
            opacity: 0 … 1.
        """
        self.halo.clear_points()
        if self.hidden or strength == 0 or opacity <= 0:
            return self
        wider = min(max(self.magnification, 1 / self.magnification), _MOST_HALO)
        halo = _HALO * abs(strength) * self._line_scale * wider
        half = self._width / 200 + halo * (_DENSE_HALO if self.dense else 1.0)
        add_band(self.halo, self.course, half, dashed=False)
        halo_ink(self.halo, self.paint.theme, strength, opacity)
        return self

    def set_ghost(self, weight: float | None, width: float = 0.0, opacity: float = 1.0) -> Self:
        """Leave an earlier weight visible, pale: behind the line where it was wider, else in it.

        Args:
            weight: The earlier weight, which is dashed if it was negative; ``None`` removes it.
            width: Its ``line_width``.
            opacity: 0 … 1.
        """
        self.ghost.clear_points()
        if weight is None or self.hidden or width <= 0 or opacity <= 0:
            return self
        dashed = weight < 0 and not self.dense
        add_band(self.ghost, self.course, width / 200, dashed=dashed, dash=self._dash)
        theme = self.paint.theme
        color = mix(theme.background, theme.edge, _GHOST_INK)
        opacity, inside = opacity * min(self.brightness, 1.0), width < 0.999 * self._width
        self.ghost.set_fill(color, opacity=0.0 if inside else opacity)
        self.ghost.set_stroke(color, width=_GHOST_STROKE if inside else 0.0, opacity=opacity)
        # The outline of what was narrower lies on the line, and a wider band behind it.
        self.ghost.set_z_index(_Z_GHOST if inside else Z_HALO)
        return self

    def _half_width(self, strength: float) -> float:
        return flow_width(strength) / 2 * self._line_scale


def halo_ink(halo: VMobject, theme: Theme, strength: float, opacity: float = 1.0) -> None:
    """Colour a halo: pale within a rim if the gradient is positive, hollow if it is negative."""
    color = mix(theme.background, theme.text, _HALO_INK)
    halo.set_fill(color, opacity=opacity if strength > 0 else 0.0)
    rim = mix(theme.background, theme.text, _RIM_INK)
    halo.set_stroke(rim, width=_HALO_STROKE, opacity=opacity)


def flow_width(strength: float) -> float:
    """Return the width, in frame units, of what flows between large neurons."""
    return _FLOW_NARROWEST + (_FLOW_WIDEST - _FLOW_NARROWEST) * abs(strength)


class EdgeLayer(VGroup):
    """All edges from ``layer`` to the next, as far as their neurons are drawn.

    Matrices have the shape of the weights, (n_out, n_in): ``edge(source, target)`` leads from
    neuron ``source`` of ``layer`` to neuron ``target`` of the next and has entry [target, source].
    An edge exists only where its pair of neurons is connected.

    Args:
        layer: The layer before, counted from the input.
        sources, targets: Which neurons of this layer and of the next are drawn.
        paint: How the edges look.
        mask: Which pairs are connected, shape (n_out, n_in); by default all.
        dense: Whether a tint shows the sign of a weight, because another layer of the diagram has
            too many edges for dashes.

    Attributes:
        dense: Whether a tint shows the sign of a weight, because dashes would be noise.
        weights: The weights as drawn.
        mask: Which pairs are connected, or ``None`` for all.
    """

    def __init__(
        self,
        layer: int,
        sources: Sequence[int],
        targets: Sequence[int],
        paint: Paint,
        mask: Mask | None = None,
        *,
        dense: bool = False,
    ) -> None:
        self.layer, self.paint = layer, paint
        self.sources, self.targets = list(sources), list(targets)
        self.weights: Array = np.zeros((max(targets) + 1, max(sources) + 1))
        self.mask = _unless_full(mask)
        self._values: Array | None = None
        self._first_most = 0.0
        self.dense = dense or len(self.addresses()) > MOST_DASHED
        super().__init__()
        self._build()

    def _build(self) -> None:
        """Make the edges that exist and are not there yet, and remove the others."""
        there = {edge.address[1:]: edge for _, _, edge in self.edges()}
        rows: dict[int, list[Edge]] = {target: [] for target in self.targets}
        for address in self.addresses():
            edge = there.get(address) or Edge(self.paint, (self.layer, *address), dense=self.dense)
            rows[address[1]].append(edge)
        self.submobjects = [VGroup(*row) for row in rows.values()]

    # ---- parts ----------------------------------------------------------------------------------

    def addresses(self) -> list[Address]:
        """Return (source, target) of every edge: by targets, and for each target by sources."""
        return [
            (source, target)
            for target in self.targets
            for source in self.sources
            if self.has(source, target)
        ]

    def has(self, source: int, target: int) -> bool:
        """Whether neuron ``source`` is connected to neuron ``target`` of the next layer."""
        return self.mask is None or bool(self.mask[target, source])

    def edge(self, source: int, target: int) -> Edge:
        """Return the edge from neuron ``source`` to neuron ``target`` of the next layer.

        Raises:
            PartError: The two neurons are not connected.
        """
        for edge in self[self.targets.index(target)]:
            if edge.address[1] == source:
                return edge
        raise self._not_connected(source, target)

    def _not_connected(self, source: int, target: int) -> PartError:
        where = f"neuron {source} of layer {self.layer}"
        found = f"is not connected to neuron {target} of layer {self.layer + 1}"
        others = [other for other, end in self.addresses() if end == target]
        return PartError(Problem(where, found, f"one of the sources {others}" if others else ""))

    def into(self, target: int) -> list[Edge]:
        """Return the edges that end at neuron ``target``, in order of their sources."""
        return [self.edge(source, target) for source in self.sources if self.has(source, target)]

    def out_of(self, source: int) -> list[Edge]:
        """Return the edges that begin at neuron ``source``, in order of their targets."""
        return [self.edge(source, target) for target in self.targets if self.has(source, target)]

    def edges(self) -> Iterator[tuple[int, int, Edge]]:
        """Yield (source, target, edge) of every edge: by targets, and for each by sources."""
        for row in self:
            for edge in row:
                _, source, target = edge.address
                yield source, target, edge

    def lines(self) -> list[VMobject]:
        """Return what appears one after the other when the layer is drawn."""
        return [edge for _, _, edge in self.edges()]

    # ---- place and weights ----------------------------------------------------------------------

    def connect(
        self,
        sources: Sequence[Neuron],
        targets: Sequence[Neuron],
        weights: Array,
        mask: Mask | None = None,
    ) -> Self:
        """Draw the lines between the drawn neurons.

        Args:
            sources, targets: One mobject for each of ``self.sources`` and ``self.targets``.
            weights: Shape (n_out, n_in). Widths are |w| relative to the largest |w|.
            mask: Which pairs are connected, shape (n_out, n_in); by default all.
        """
        self._set_mask(mask)
        self.weights = weights
        most = self._scale(weights)
        visible = self.paint.visible(weights, self.mask)
        before = dict(zip(self.sources, sources, strict=True))
        after = dict(zip(self.targets, targets, strict=True))
        for source, target, edge in self.edges():
            weight, hidden = float(weights[target, source]), not visible[target, source]
            share = abs(weight) / most
            edge.connect(before[source], after[target], weight, share, hidden=hidden)
        return self.color_by(self._values)

    def scale_to(self, most: float) -> None:
        """Let edges of |w| = ``most`` be the widest when weights are drawn next."""
        self._first_most = most

    def _scale(self, weights: Array) -> float:
        """Return the |w| of the widest edges.

        It is that of the first weights, so that a weight that shrinks becomes thinner, unless the
        weights grow far beyond these.
        """
        most = largest(weights)
        self._first_most = self._first_most or most
        return max(self._first_most, most / _MOST_GROWN)

    def _set_mask(self, mask: Mask | None) -> None:
        mask = _unless_full(mask)
        same = mask is self.mask or (
            mask is not None and self.mask is not None and np.array_equal(mask, self.mask)
        )
        if not same:
            self.mask = mask
            self._build()

    def color_by(self, values: Array | None) -> Self:
        """Let the colours of the edges show other numbers than the style says.

        Args:
            values: −1 … 1, shape (n_out, n_in), on the scale between the theme's ``negative`` and
                ``positive``; ``None`` for what the style says.
        """
        self._values = values
        colors = self.paint.colors(self.weights, dense=self.dense, values=values)
        colored = self.paint.is_colored(values)
        for source, target, edge in self.edges():
            edge.set_colors(colors[target, source], colored=colored)
        return self

    def forget_colors(self) -> None:
        """Forget the colours that edges have been given one by one."""
        for _, _, edge in self.edges():
            edge.own_color = None

    # ---- what flows -----------------------------------------------------------------------------

    def set_flow(
        self, tail: float, head: float, strengths: Array, color: str, opacity: float = 1.0
    ) -> Self:
        """Call :meth:`Edge.set_flow` of every edge whose strength is not NaN."""
        for source, target, edge in self.edges():
            if not np.isnan(strengths[target, source]):
                edge.set_flow(tail, head, float(strengths[target, source]), color, opacity)
        return self

    def set_halo(self, strengths: Array, opacity: float = 1.0) -> Self:
        """Call :meth:`Edge.set_halo` of every edge."""
        for source, target, edge in self.edges():
            edge.set_halo(float(strengths[target, source]), opacity)
        return self

    def line_widths(self) -> Array:
        """Return the width of each line, in the order of :meth:`addresses`."""
        return np.array([edge.line_width for _, _, edge in self.edges()])

    def set_ghosts(self, weights: Array | None, widths: Array, opacity: float = 1.0) -> Self:
        """Call :meth:`Edge.set_ghost` of every edge.

        Args:
            weights: Earlier weights, shape (n_out, n_in); ``None`` removes the ghosts.
            widths: What :meth:`line_widths` returned then.
            opacity: 0 … 1.
        """
        for width, (source, target, edge) in zip(widths, self.edges(), strict=True):
            weight = None if weights is None else float(weights[target, source])
            edge.set_ghost(weight, float(width), opacity)
        return self

    def magnify(self, magnification: float) -> Self:
        """Draw every line this many times as wide as usual."""
        for _, _, edge in self.edges():
            edge.magnify(magnification)
        return self

    def fade_flow(self, opacity: float) -> Self:
        """Set the opacity, 0 … 1, of whatever flows, and of halos."""
        for _, _, edge in self.edges():
            edge.flow.set_fill(opacity=opacity)
            edge.halo.set_fill(opacity=opacity if edge.halo.get_fill_opacity() else 0.0)
            edge.halo.set_stroke(opacity=opacity)
        return self

    def clear_flow(self) -> Self:
        """Remove whatever flows, and halos."""
        for _, _, edge in self.edges():
            edge.flow.clear_points()
            edge.halo.clear_points()
        return self

    def is_flowing(self) -> bool:
        """Whether anything flows, or there is a halo."""
        return any(
            part.has_points() for _, _, edge in self.edges() for part in (edge.flow, edge.halo)
        )

    # ---- brightness -----------------------------------------------------------------------------

    def brightness(self) -> Array:
        """Return the brightness of each edge, 0 … 2, in the order of :meth:`addresses`."""
        return np.array([edge.brightness for _, _, edge in self.edges()])

    def brightness_at(self, addresses: Sequence[Address]) -> list[float]:
        """Return the brightness, 0 … 2, of the edges with addresses (source, target)."""
        values = {(source, target): edge.brightness for source, target, edge in self.edges()}
        return [values[address] for address in addresses]

    def brightness_for(
        self, kept: Collection[Address] | None, dimmed: float, bright: float = 1.0
    ) -> Array:
        """Return the brightness of each edge if all but some are dimmed.

        Args:
            kept: Addresses (source, target) of the edges that are not dimmed; ``None`` for all of
                them, with normal brightness.
            dimmed, bright: Brightness of the others, and of those.
        """
        if kept is None:
            return np.ones(len(self.addresses()))
        if self.dense:
            # These lines are fainter than others, so they can be dimmed less, and stand out more.
            dimmed, bright = min(dimmed / _DENSE_OPACITY, 1.0), max(bright, _DENSE_BRIGHT)
        return np.array([bright if at in kept else dimmed for at in self.addresses()])

    def set_brightness(self, brightness: Array) -> Self:
        """Set what :meth:`brightness` returns."""
        for (_, _, edge), value in zip(self.edges(), brightness, strict=True):
            edge.set_brightness(float(value))
        return self


def largest(weights: Array) -> float:
    """Return the largest |w|, never 0."""
    return max(float(np.abs(weights).max()), 1e-12)


def _unless_full(mask: Mask | None) -> Mask | None:
    return None if mask is None or mask.all() else mask

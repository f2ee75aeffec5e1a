"""Residual connections: arcs around the layers between their two ends, and what flows over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np
from manim import DOWN, RIGHT, UP, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from netviz.drawing.edges.layer import Z_EDGE, Z_FLOW, Z_HIGHLIGHT, Z_TAG, flow_width
from netviz.drawing.edges.tags import lift, plate
from netviz.drawing.layout.box import Box
from netviz.drawing.layout.layout import Point
from netviz.drawing.paths import Polyline, add_arrow, add_outline
from netviz.drawing.text import Number, TextLabel
from netviz.problems import PartError, Problem
from netviz.style import Direction
from netviz.theme import Theme, mix

Vector = NDArray[np.float64]

# Widths in stroke units: of an arc, and what is added to one that stands out.
_WIDTH, _HIGHLIGHT_WIDER = 3.0, 3.0
# How far the colour of an arc that stands out goes towards the text's.
_HIGHLIGHT_LIGHTER = 0.6

# Lengths in frame units.
# From the layers to the lowest arc.
_LEG = 0.5
# From an arc to the one outside it, with room for a label, a line or a column of numbers.
_STEP = {"right": 0.42, "down": 0.8}
# Between a layer and the ends of its arcs, and between arcs that end at one layer.
_AIR, _APART = 0.08, 0.24
# Radius of the corners of an arc; length and width of its head.
_CORNER = 0.22
_HEAD_LENGTH, _HEAD_WIDTH = 0.17, 0.17
# Between the numbers of a label, in a line and in a column; margin of their plate; from the arc to
# the label, and from the label to the corners of the arc.
_NUMBER_GAP = {"right": 0.14, "down": 0.04}
_PADDING, _LABEL_GAP, _LABEL_AIR = 0.02, 0.08, 0.12

# Handles of a quarter of a circle, relative to its radius.
_QUARTER = 0.5523
# The largest number of values that a label shows, and what stands for the others.
MOST_VALUES, MORE = 6, "…"


class Skip(VGroup):
    """The arc of a residual connection, from one layer to a later one, with an arrow head.

    Args:
        layers: The two layers, (source, target).
        direction: The direction in which activations flow.
        theme: Gives the font and the colours.

    Attributes:
        layers: The two layers, which are its address.
        brightness: 0 … 2: below 1 the arc is dimmed, above 1 it stands out.
        line, tip: The arc and its head.
        flow: The mobject that shows what travels over the arc; empty if nothing does.
        label: The numbers that travel, or have travelled last; empty if there are none.
    """

    def __init__(self, layers: tuple[int, int], direction: Direction, theme: Theme) -> None:
        self.layers, self.brightness, self._theme = layers, 1.0, theme
        self._along, self._out = (DOWN, RIGHT) if direction == "down" else (RIGHT, UP)
        self._number_gap = _NUMBER_GAP[direction]
        self.line = VMobject(stroke_color=theme.muted, stroke_width=_WIDTH, z_index=Z_EDGE)
        self.tip = VMobject(stroke_width=0, fill_color=theme.muted, fill_opacity=1, z_index=Z_EDGE)
        self.flow = VMobject(stroke_width=0, fill_opacity=1, z_index=Z_FLOW)
        self.label = VGroup()
        self._labelled: tuple[tuple[float, ...], str] = ((), "")
        self._flowing: tuple[Any, ...] | None = None
        super().__init__(self.line, self.tip, self.flow, self.label)

    # ---- the arc --------------------------------------------------------------------------------

    def draw(self, start: Vector, end: Vector, out: Vector, height: float) -> Self:
        """Draw the arc: outward from ``start``, along the flow at a height, inward to ``end``.

        Args:
            start, end: Points of the frame, shape ``(3,)``.
            out: Unit vector outward, shape ``(3,)``.
            height: Distance of the part along the flow from the middle of the frame, outward, in
                frame units.
        """
        corners = [point + (height - point @ out) * out for point in (start, end)]
        along = corners[1] - corners[0]
        length = float(np.linalg.norm(along))
        along, bend = along / length, min(_CORNER, length / 2)
        self.line.clear_points()
        self.line.start_new_path(start)
        for corner, before, after in ((corners[0], out, along), (corners[1], along, -out)):
            first, last = corner - bend * before, corner + bend * after
            self.line.add_line_to(first)
            handle = _QUARTER * bend
            self.line.add_cubic_bezier_curve_to(
                first + handle * before, last - handle * after, last
            )
        neck = end + _HEAD_LENGTH * out
        self.line.add_line_to(neck)
        self.tip.clear_points()
        wing = _HEAD_WIDTH / 2 * along
        add_outline(self.tip, [neck - wing, end, neck + wing])
        if self._flowing is None:
            return self
        *flow, values = self._flowing
        return self.clear_flow().set_flow(*flow, values=values)

    @property
    def way(self) -> Polyline:
        """The way from the source to the target, where the arc is now."""
        neck, end = self.line.points[-1], self.tip.points[3]
        last = np.array([neck, (2 * neck + end) / 3, (neck + 2 * end) / 3, end])
        return Polyline.along(VMobject().set_points(np.concatenate([self.line.points, last])))

    def set_brightness(self, brightness: float) -> Self:
        """Dim the arc or let it stand out, whatever flows over it.

        Args:
            brightness: 0 is invisible, 1 normal. Up to 2 the arc becomes wider and takes on the
                colour of texts.
        """
        self.brightness = brightness
        visible, ahead = min(brightness, 1.0), max(brightness - 1.0, 0.0)
        color = mix(self._theme.muted, self._theme.text, _HIGHLIGHT_LIGHTER * ahead)
        self.line.set_stroke(color, width=_WIDTH + _HIGHLIGHT_WIDER * ahead, opacity=visible)
        self.tip.set_fill(color, opacity=visible)
        for part in (self.line, self.tip):
            part.set_z_index(Z_HIGHLIGHT if ahead else Z_EDGE)
        return self

    # ---- what flows -----------------------------------------------------------------------------

    def set_flow(
        self,
        tail: float,
        head: float,
        strength: float,
        color: str,
        opacity: float = 1.0,
        *,
        values: ArrayLike = (),
    ) -> Self:
        """Show something that travels from ``tail`` to ``head``, both fractions of the arc.

        Towards 1 it runs forward, towards 0 backward. ``tail == head`` removes it; ``values``, if
        there are any, are still written.

        Args:
            tail, head: Where it begins and ends, 0 … 1 from the source to the target.
            strength: Its width, −1 … 1. At 0 it is a hairline; if negative it is dashed.
            color: ``#RRGGBB``, of the label too.
            opacity: 0 … 1.
            values: The numbers that travel, shape (n,): written next to the arc, at most
                ``MOST_VALUES`` of them. By default nothing is written.
        """
        self.flow.clear_points()
        way, numbers = self.way, tuple(np.asarray(values, dtype=float).tolist())
        moving = abs(head - tail) * way.length >= 1e-3
        if opacity <= 0 or not (moving or numbers):
            return self.clear_flow()
        if moving:
            add_arrow(self.flow, way, tail, head, flow_width(strength) / 2, dashed=strength < 0)
            self.flow.set_fill(color, opacity=opacity)
        self._write(numbers, color)
        self._flowing = (tail, head, strength, color, opacity, values)
        return self.fade_flow(opacity)

    def fade_flow(self, opacity: float) -> Self:
        """Set the opacity, 0 … 1, of what flows and of its label."""
        self.flow.set_fill(opacity=opacity)
        for part in self.label.family_members_with_points():
            part.set_fill(opacity=opacity)
            if isinstance(part, Number | TextLabel):
                part.set_stroke(opacity=opacity)
        return self

    def clear_flow(self) -> Self:
        """Remove what flows, and its label."""
        self.flow.clear_points()
        self.label.submobjects, self._labelled, self._flowing = [], ((), ""), None
        return self

    def is_flowing(self) -> bool:
        """Whether anything flows."""
        return bool(self.flow.has_points())

    def _write(self, values: tuple[float, ...], color: str) -> None:
        if self._labelled == (values, color):
            return
        self._labelled = values, color
        self.label.submobjects = []
        run = abs(float((self.line.points[-1] - self.line.points[0]) @ self._along))
        room = run - 2 * (_CORNER + _LABEL_AIR)
        for count in range(min(len(values), MOST_VALUES), 0, -1):
            texts = self._texts(values, count, color)
            extent = abs(texts.width * self._along[0] + texts.height * self._along[1])
            if extent <= room or count == 1:
                size = texts.width + 2 * _PADDING, texts.height + 2 * _PADDING
                away = _LABEL_GAP + abs(float(np.array([*size, 0.0]) @ self._out)) / 2
                self.label.add(plate(*size, self._theme), *texts)
                self.label.move_to(self._middle + away * self._out)
                for text in texts:
                    lift(self.label[0], text, Z_TAG)
                break

    def _texts(self, values: Sequence[float], count: int, color: str) -> VGroup:
        """Return the first values, and … if there are more."""
        theme, em = self._theme, self._theme.smallest_text
        texts: list[VMobject] = [
            Number(value, theme, signed=True, em=em, color=color) for value in values[:count]
        ]
        if count < len(values):
            texts.append(TextLabel(MORE, theme, em=em, color=color))
        return VGroup(*texts).arrange(self._along, buff=self._number_gap)

    @property
    def _middle(self) -> Vector:
        """The middle of the part that runs along the flow."""
        start, end = self.line.points[0], self.line.points[-1]
        middle: Vector = (start + end) / 2
        return middle + ((self.line.points @ self._out).max() - middle @ self._out) * self._out


class Skips(VGroup):
    """The arcs of all residual connections of a diagram: above columns, or right of rows.

    Args:
        pairs: The layers (source, target) of each connection, as in ``network.skips``.
        direction: The direction in which activations flow.
        theme: Gives the font and the colours.
    """

    def __init__(
        self, pairs: Iterable[tuple[int, int]], direction: Direction, theme: Theme
    ) -> None:
        down = direction == "down"
        self._along, self._out = (DOWN, RIGHT) if down else (RIGHT, UP)
        self.pairs = tuple(pairs)
        self._levels, self._step = levels(self.pairs), _STEP[direction]
        super().__init__(*(Skip(pair, direction, theme) for pair in self.pairs))

    def skip(self, source: int, target: int) -> Skip:
        """Return the arc from one layer to another.

        Raises:
            PartError: There is no residual connection between them.
        """
        if (source, target) not in self.pairs:
            found = f"has no residual connection from layer {source} to layer {target}"
            expected = f"one of {list(self.pairs)}" if self.pairs else "a network with skips"
            raise PartError(Problem("the network", found, expected))
        return self[self.pairs.index((source, target))]

    @property
    def ends(self) -> frozenset[int]:
        """The layers at which arcs begin or end."""
        return frozenset(layer for pair in self.pairs for layer in pair)

    @property
    def _room(self) -> float:
        """What the arcs with their labels take of the box, in frame units."""
        return _LEG + (max(self._levels) + 1) * self._step if self._levels else 0.0

    def within(self, box: Box) -> Box:
        """Return the part of a box that the arcs leave free."""
        across, up, _ = self._room * self._out
        return replace(box, right=box.right - across, top=box.top - up)

    def place(
        self, box: Box, centers: Sequence[Sequence[Point]], columns: Sequence[VMobject]
    ) -> Self:
        """Draw the arcs between the part of the box that they leave free and its edge.

        Args:
            box: The box of the whole diagram.
            centers: For each layer the points of its neurons.
            columns: For each layer all mobjects that belong to it.
        """
        free = self.within(box)
        height = float(np.array([free.right, free.top, 0.0]) @ self._out) + _LEG
        for skip, level in zip(self, self._levels, strict=True):
            start, end = (
                self._aside(skip.layers, layer) * self._along
                + (np.array(centers[layer][0]) @ self._along) * self._along
                + ((columns[layer].get_all_points() @ self._out).max() + _AIR) * self._out
                for layer in skip.layers
            )
            skip.draw(start, end, self._out, height + level * self._step)
        return self

    def _aside(self, layers: tuple[int, int], layer: int) -> float:
        """Arcs that end at a layer come before those that begin there, so that none cross."""
        here = sorted(
            (skip.layers for skip in self if layer in skip.layers),
            key=lambda pair: (
                pair[0] == layer,
                pair[1] - pair[0] if pair[1] == layer else -pair[1],
            ),
        )
        return (here.index(layers) - (len(here) - 1) / 2) * _APART


def levels(pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Return how far outside each arc runs: 0, or one more than the arcs that it passes.

    >>> levels([(0, 3), (1, 3), (3, 5)])
    [1, 0, 0]
    """
    found: dict[int, int] = {}
    for i in sorted(range(len(pairs)), key=lambda i: pairs[i][1] - pairs[i][0]):
        start, end = pairs[i]
        passed = [found[k] for k in found if pairs[k][0] < end and start < pairs[k][1]]
        found[i] = max(passed, default=-1) + 1
    return [found[i] for i in range(len(pairs))]

"""Skip connections: arcs that pass outside the layers between their two ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

import numpy as np
from manim import DOWN, RIGHT, UP, VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing.edges.layer import Z_EDGE
from netviz.drawing.edges.strokes import add_outline
from netviz.drawing.layout.box import Box
from netviz.drawing.layout.layout import Point as Spot
from netviz.style import Style
from netviz.theme import Theme

Point = NDArray[np.float64]

_WIDTH = 3.0
# From the layers to the lowest arc, and from an arc to the one outside it, in manim units.
_LEG, _STEP = 0.5, 0.26
# Between a layer and the ends of its arcs; between arcs that end at one layer.
_AIR, _APART = 0.08, 0.24
_CORNER = 0.22
_TIP_LENGTH, _TIP_WIDTH = 0.17, 0.17
# Handles of a quarter of a circle, beside its radius.
_QUARTER = 0.5523


class Skip(VGroup):
    """An arc from one layer to a later one, with an arrow head.

    Args:
        layers: The two layers.
        theme: Gives the colour.

    Attributes:
        light: 0 … 1, how far it is in the light.
        line, tip: Its two parts.
    """

    def __init__(self, layers: tuple[int, int], theme: Theme) -> None:
        self.layers, self.light = layers, 1.0
        self.line = VMobject(stroke_color=theme.muted, stroke_width=_WIDTH, z_index=Z_EDGE)
        self.tip = VMobject(stroke_width=0, fill_color=theme.muted, fill_opacity=1, z_index=Z_EDGE)
        super().__init__(self.line, self.tip)

    def set_light(self, light: float) -> Self:
        """How far it is in the light, 0 … 1."""
        self.light = light
        self.line.set_stroke(opacity=light)
        self.tip.set_fill(opacity=light)
        return self

    def draw(self, start: Point, end: Point, out: Point, height: float) -> Self:
        """Leave ``start`` outward, pass at a height, arrive at ``end`` inward.

        Args:
            start, end: Points of the frame.
            out: Unit vector outward.
            height: Of the part that runs along the flow, outward from the middle of the frame.
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
        neck = end + _TIP_LENGTH * out
        self.line.add_line_to(neck)
        self.tip.clear_points()
        add_outline(self.tip, [neck - _TIP_WIDTH / 2 * along, end, neck + _TIP_WIDTH / 2 * along])
        return self


class Skips(VGroup):
    """The skip connections of a diagram: above columns, or on the right of rows.

    Args:
        style: Says between which layers.
        theme: Gives the colour.
    """

    def __init__(self, style: Style, theme: Theme) -> None:
        down = style.direction == "down"
        self._along, self._out = (DOWN, RIGHT) if down else (RIGHT, UP)
        self._levels = levels(style.skips)
        super().__init__(*(Skip(pair, theme) for pair in style.skips))

    @property
    def _room(self) -> float:
        return _LEG + max(self._levels) * _STEP + _WIDTH / 200 if self._levels else 0.0

    def within(self, box: Box) -> Box:
        """What they leave of a box to everything else."""
        across, up, _ = self._room * self._out
        return replace(box, right=box.right - across, top=box.top - up)

    def place(
        self, box: Box, centers: Sequence[Sequence[Spot]], columns: Sequence[VMobject]
    ) -> Self:
        """Pass between what they leave of a box and its end.

        Args:
            box: The whole.
            centers: For each layer the points of its neurons.
            columns: For each layer all that stands there.
        """
        left = self.within(box)
        height = float(np.array([left.right, left.top, 0.0]) @ self._out) + _LEG
        for skip, level in zip(self, self._levels, strict=True):
            start, end = (
                self._aside(skip.layers, layer) * self._along
                + (np.array(centers[layer][0]) @ self._along) * self._along
                + ((columns[layer].get_all_points() @ self._out).max() + _AIR) * self._out
                for layer in skip.layers
            )
            skip.draw(start, end, self._out, height + level * _STEP)
        return self

    def _aside(self, layers: tuple[int, int], layer: int) -> float:
        """Arcs that end at a layer stand before those that begin, so that none cross."""
        here = sorted(
            (skip.layers for skip in self if layer in skip.layers),
            key=lambda pair: (
                pair[0] == layer,
                pair[1] - pair[0] if pair[1] == layer else -pair[1],
            ),
        )
        return (here.index(layers) - (len(here) - 1) / 2) * _APART


def levels(pairs: Sequence[tuple[int, int]]) -> list[int]:
    """How far outside each of the arcs runs: 0, or one more than those that it passes.

    >>> levels([(0, 3), (1, 3), (3, 5)])
    [1, 0, 0]
    """
    found: dict[int, int] = {}
    for i in sorted(range(len(pairs)), key=lambda i: pairs[i][1] - pairs[i][0]):
        start, end = pairs[i]
        passed = [found[k] for k in found if pairs[k][0] < end and start < pairs[k][1]]
        found[i] = max(passed, default=-1) + 1
    return [found[i] for i in range(len(pairs))]

"""Numbers and names on edges, each on a plate of the background's colour: no line crosses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import RoundedRectangle, VGroup, VMobject

from netviz.drawing.edges import Z_TAG, Edge, EdgeLayer
from netviz.drawing.neuron import Neuron
from netviz.drawing.paint import Paint
from netviz.drawing.places import find_places
from netviz.drawing.text import Number, Symbol
from netviz.theme import Theme

# Around a label, to the next one or to a neuron, in frame units.
_AIR = 0.06
_PAD, _PADDING = 0.12, (0.12, 0.02)
# Symbols are set larger than numbers, because of their indices.
_NAME = 1.1


class EdgeTag(VGroup):
    """A number on an edge.

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
        self.plate = _plate(self.number.width + _PAD, 1.05 * self.number.em, theme)
        super().__init__(self.plate, self.number)
        self.move_to(edge.between(at))
        _lift(self.plate, self.number)


class EdgeLabel(VGroup):
    """What is written on an edge for as long as the edge is seen: w, or its symbol.

    Args:
        text: A number, which follows the weight, or a symbol.
        theme: Gives the colours.
    """

    def __init__(self, text: Number | Symbol, theme: Theme) -> None:
        self.theme, self.text = theme, text
        self.plate = VMobject(stroke_width=0, fill_color=theme.background, fill_opacity=1)
        super().__init__(self.plate, self.text)
        _lift(self.plate, self.text)

    def measure(self, edge: Edge) -> tuple[float, float]:
        """Width and height of what it says about an edge when it says it in full."""
        if isinstance(self.text, Number):
            self.text.set_value(edge.weight)
        return self.text.width, self.text.height

    def follow(self, edge: Edge, at: float) -> Self:
        """Tell the weight of an edge, ``at`` a fraction of its way; nothing if it is hidden."""
        if isinstance(self.text, Number):
            self.text.set_value(edge.weight).shorten(self.plate.width)
        self.text.set_ink(self.theme.text, 0.0 if edge.hidden else min(edge.light, 1.0))
        self.plate.set_fill(opacity=0.0 if edge.hidden else 1.0)
        for part in self:
            part.move_to(edge.at(at))
        return self


class EdgeLabels(VGroup):
    """A label on each edge of a layer that is seen.

    Args:
        layer: The layer before, counted from the input.
        edges: On which they stand.
    """

    def __init__(self, layer: int, edges: EdgeLayer) -> None:
        self._layer = layer
        self._places: list[float] = []
        self._seen: list[bool] = []
        super().__init__(*(_label(layer, edge, edges.paint) for _, _, edge in edges.edges()))

    def spread(self, edges: EdgeLayer, neurons: Sequence[Neuron]) -> Self:
        """Find a place for each label, clear of the neurons at both ends of the edges.

        Raises:
            ValueError: There is no room.
        """
        pairs = list(zip(self, (edge for _, _, edge in edges.edges()), strict=True))
        seen = [edge for _, edge in pairs if not edge.hidden]
        size = np.max([label.measure(edge) for label, edge in pairs], axis=0) + _PADDING
        discs = np.array([neuron.disc.get_center()[:2] for neuron in neurons])
        reach = max(neuron.reach for neuron in neurons) + _AIR
        found = find_places([edge.course for edge in seen], size + _AIR, discs, reach)
        if len(found) < len(seen):
            raise ValueError(
                f"edge_labels is for {len(seen)} edges from layer {self._layer} to the next: "
                f"expected about {len(found)}, for which there is room; edge_threshold hides some"
            )
        places = iter(found)
        self._seen = [not edge.hidden for _, edge in pairs]
        self._places = [next(places) if is_seen else 0.5 for is_seen in self._seen]
        width, height = size
        plate = _plate(width, height, edges.paint.theme)
        for label in self:
            label.plate.set_points(plate.points)
        return self._follow(edges)

    def forget(self) -> None:
        """Let the places be found anew, for the edges have moved."""
        self._seen = []

    def follow(self, edges: EdgeLayer, neurons: Sequence[Neuron]) -> Self:
        """Tell the weights as they are now; labels move only if they have to."""
        if [not edge.hidden for _, _, edge in edges.edges()] != self._seen:
            return self.spread(edges, neurons)
        return self._follow(edges)

    def _follow(self, edges: EdgeLayer) -> Self:
        for label, at, (_, _, edge) in zip(self, self._places, edges.edges(), strict=True):
            label.follow(edge, at)
        return self


def _label(layer: int, edge: Edge, paint: Paint) -> EdgeLabel:
    theme, em = paint.theme, paint.theme.smallest_text
    if paint.style.edge_labels == "weights":
        return EdgeLabel(Number(edge.weight, theme, signed=True, em=em), theme)
    _, source, target = edge.address
    symbol = Symbol("W", layer + 1, (source + 1, target + 1), theme, em=_NAME * em)
    return EdgeLabel(symbol, theme)


def _plate(width: float, height: float, theme: Theme) -> RoundedRectangle:
    return RoundedRectangle(
        width=width,
        height=height,
        corner_radius=0.08,
        stroke_width=0,
        fill_color=theme.background,
        fill_opacity=1,
    )


def _lift(plate: VMobject, text: Number | Symbol) -> None:
    plate.set_z_index(Z_TAG)
    text.set_z_index(Z_TAG + 0.5)

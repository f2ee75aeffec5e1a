"""Numbers and names on edges, each on a plate of the background's colour: no line crosses it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

import numpy as np
from manim import RoundedRectangle, VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing.edges.layer import Z_DIMMED_TAG, Z_TAG, Edge, EdgeLayer
from netviz.drawing.edges.paint import Paint
from netviz.drawing.edges.places import find_places
from netviz.drawing.neuron import Neuron
from netviz.drawing.text import Number, Symbol
from netviz.theme import Theme

Mask = NDArray[np.bool_]
# A target and a source, as ``EdgeLayer.edge`` takes them.
Address = tuple[int, int]

# Around a label, to the next one or to a neuron, in frame units.
_AIR = 0.06
_PAD = 0.12
# Symbols are set larger than numbers, because of their indices.
_NAME = 1.1
# More labels between two layers find no room in any frame.
_MOST = 128
# Thresholds that are tried where there are too many.
_THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)


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

    Attributes:
        address: (layer, source, target) of the edge.

    Example:
        >>> edge = diagram.edge(0, 1, 3)
        >>> share = float(trace.layers[0].contributions[3, 1])
        >>> tag = EdgeTag(edge, share, DARK_THEME, at=0.5, color=DARK_THEME.forward)
        >>> tag.number.text
        '−0.03'
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
    ) -> None:
        self.address = edge.address
        self.number = Number(
            value, theme, decimals=decimals, signed=True, color=color, em=0.94 * theme.number_size
        )
        self.plate = _plate(self.number.width + _PAD, 1.05 * self.number.em, theme)
        super().__init__(self.plate, self.number)
        self.move_to(edge.between(at))
        _lift(self.plate, self.number, Z_TAG)


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

    def follow(self, edge: Edge, at: float, light: float) -> Self:
        """Tell the weight of an edge, ``at`` a fraction of its way; 0 … 2 in the light.

        A label that is dimmed lies below the edges that stand out.
        """
        self.address = edge.address
        if isinstance(self.text, Number):
            self.text.set_value(edge.weight).shorten(self.plate.width)
        self.text.set_ink(self.theme.text, min(light, 1.0))
        _lift(self.plate, self.text, Z_TAG if light >= 1 else Z_DIMMED_TAG)
        for part in self:
            part.move_to(edge.at(at))
        return self


class EdgeLabels(VGroup):
    """A label on each edge of a layer that is seen, in the order of targets, then of sources.

    Args:
        layer: The layer before, counted from the input.
        paint: Says what is written.
    """

    def __init__(self, layer: int, paint: Paint) -> None:
        super().__init__()
        self._layer, self._paint = layer, paint
        self._places: list[float] = []
        self._seen: list[Address] | None = None

    def forget(self) -> None:
        """Let the places be found anew, for the edges have moved."""
        self._seen = None

    def follow(self, edges: EdgeLayer, neurons: Sequence[Neuron]) -> bool:
        """Tell the weights as they are now; labels move only if they have to.

        Args:
            edges: On which they stand.
            neurons: Of which they keep clear.

        Returns:
            Whether there is room; if not, nothing has changed.
        """
        visible = self._visible(edges, self._paint)
        seen = _addresses(edges, visible)
        if seen != self._seen and not self._spread(edges, seen, neurons):
            return False
        lights = edges.lights().reshape(visible.shape)[visible]
        for label, address, at, light in zip(self, seen, self._places, lights, strict=True):
            label.follow(edges.edge(*address), at, float(light))
        return True

    def has_room(self, edges: EdgeLayer, neurons: Sequence[Neuron], threshold: float) -> bool:
        """Whether there would be room if another ``edge_threshold`` hid edges."""
        paint = replace(self._paint, style=self._paint.style.replaced(edge_threshold=threshold))
        seen = _addresses(edges, self._visible(edges, paint))
        return len(seen) <= _MOST and self._find_room(edges, seen, neurons)[1] is not None

    def _visible(self, edges: EdgeLayer, paint: Paint) -> Mask:
        """Which of the drawn edges are seen."""
        return paint.visible(edges.weights)[np.ix_(edges.targets, edges.sources)]

    def _spread(self, edges: EdgeLayer, seen: Sequence[Address], neurons: Sequence[Neuron]) -> bool:
        """Stand where there is room, if there is."""
        if len(seen) > _MOST:
            return False
        texts, places = self._find_room(edges, seen, neurons)
        if places is None:
            return False
        plate = _plate(*_size(texts), self._paint.theme)
        self.submobjects = [EdgeLabel(text, self._paint.theme) for text in texts]
        for label in self:
            label.plate.set_points(plate.points)
        self._places, self._seen = places, list(seen)
        return True

    def _find_room(
        self, edges: EdgeLayer, seen: Sequence[Address], neurons: Sequence[Neuron]
    ) -> tuple[list[Number | Symbol], list[float] | None]:
        """What is written on the edges that are seen, and where, if there is room."""
        on = [edges.edge(*address) for address in seen]
        texts = [self._text(edge) for edge in on]
        discs = np.array([neuron.disc.get_center()[:2] for neuron in neurons])
        reach = np.array([neuron.reach for neuron in neurons]) + _AIR
        size = np.array(_size(texts)) + _AIR
        return texts, find_places([edge.course for edge in on], size, discs, reach)

    def _text(self, edge: Edge) -> Number | Symbol:
        theme, em = self._paint.theme, self._paint.theme.smallest_text
        if self._paint.style.edge_labels == "weights":
            return Number(edge.weight, theme, signed=True, em=em)
        _, source, target = edge.address
        return Symbol("W", self._layer + 1, (source + 1, target + 1), theme, em=_NAME * em)


def label_edges(layers: Sequence[tuple[EdgeLabels, EdgeLayer, Sequence[Neuron]]]) -> None:
    """Let the labels of all edges tell the weights as they are now.

    Args:
        layers: Labels, their edges, and the neurons of which they keep clear.

    Raises:
        ValueError: There is no room; it tells a threshold that makes enough, if one does.
    """
    for labels, edges, neurons in layers:
        if not labels.follow(edges, neurons):
            raise ValueError(
                f"edge_labels find no room on the edges from layer {edges.layer} to the next: "
                f"expected fewer edges, {_advice(layers)}"
            )


def _advice(layers: Sequence[tuple[EdgeLabels, EdgeLayer, Sequence[Neuron]]]) -> str:
    """A threshold that leaves room in all layers, about the least that does."""

    def fits(threshold: float) -> bool:
        return all(labels.has_room(edges, near, threshold) for labels, edges, near in layers)

    at = bisect_left(_THRESHOLDS, True, key=fits)
    if at == len(_THRESHOLDS):
        return "or none"
    return f"such as with edge_threshold={_THRESHOLDS[at]:g}"


def _addresses(edges: EdgeLayer, visible: Mask) -> list[Address]:
    return [(edges.targets[row], edges.sources[column]) for row, column in np.argwhere(visible)]


def _size(texts: Sequence[Number | Symbol]) -> tuple[float, float]:
    """Width and height of a plate for any of some texts."""
    width = max((text.width for text in texts), default=0.0)
    height = max((text.height for text in texts), default=0.0)
    return width + _PAD, height + _PAD / 6


def _plate(width: float, height: float, theme: Theme) -> RoundedRectangle:
    return RoundedRectangle(
        width=width,
        height=height,
        corner_radius=0.08,
        stroke_width=0,
        fill_color=theme.background,
        fill_opacity=1,
    )


def _lift(plate: VMobject, text: Number | Symbol, z: float) -> None:
    plate.set_z_index(z)
    text.set_z_index(z + 0.25)

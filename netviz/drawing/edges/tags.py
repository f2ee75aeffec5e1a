"""Numbers and names on edges, each on a plate of the background's colour: no line crosses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import RoundedRectangle, VGroup, VMobject

from netviz.drawing.edges.layer import Z_DIMMED_TAG, Z_TAG, Edge, EdgeLayer
from netviz.drawing.edges.paint import Paint
from netviz.drawing.edges.places import find_places
from netviz.drawing.neuron import Neuron
from netviz.drawing.text import Number, Symbol
from netviz.theme import Theme

# Around a label, to the next one or to a neuron, in frame units.
_AIR = 0.06
_PAD = 0.12
# Symbols are set larger than numbers, because of their indices.
_NAME = 1.1
# More labels between two layers find no room in any frame.
_MOST = 128


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

    Example:
        >>> edge = diagram.edge(0, 1, 3)
        >>> share = float(trace.layers[0].contributions[3, 1])
        >>> tag = EdgeTag(edge, share, DARK, at=0.5, color=DARK.forward)
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
        self._seen: list[tuple[int, int]] = []

    def forget(self) -> None:
        """Let the places be found anew, for the edges have moved."""
        self._seen = []

    def follow(self, edges: EdgeLayer, neurons: Sequence[Neuron]) -> Self:
        """Tell the weights as they are now; labels move only if they have to.

        Args:
            edges: On which they stand.
            neurons: Of which they keep clear.

        Raises:
            ValueError: There is no room.
        """
        visible = self._paint.visible(edges.weights)[np.ix_(edges.targets, edges.sources)]
        drawn = np.argwhere(visible)
        seen = [(edges.targets[row], edges.sources[column]) for row, column in drawn]
        if len(seen) > _MOST:
            raise ValueError(self._crowded(len(seen), _MOST))
        on = [edges.edge(*address) for address in seen]
        if seen != self._seen:
            self._spread(on, neurons)
            self._seen = seen
        lights = edges.lights().reshape(visible.shape)[visible]
        for label, edge, at, light in zip(self, on, self._places, lights, strict=True):
            label.follow(edge, at, float(light))
        return self

    def _spread(self, edges: list[Edge], neurons: Sequence[Neuron]) -> None:
        texts = [self._text(edge) for edge in edges]
        width = max(text.width for text in texts) + _PAD
        height = max(text.height for text in texts) + _PAD / 6
        discs = np.array([neuron.disc.get_center()[:2] for neuron in neurons])
        reach = np.array([neuron.reach for neuron in neurons]) + _AIR
        size = np.array([width, height]) + _AIR
        self._places = find_places([edge.course for edge in edges], size, discs, reach)
        if len(self._places) < len(edges):
            raise ValueError(self._crowded(len(edges), len(self._places)))
        plate = _plate(width, height, self._paint.theme)
        self.submobjects = [EdgeLabel(text, self._paint.theme) for text in texts]
        for label in self:
            label.plate.set_points(plate.points)

    def _text(self, edge: Edge) -> Number | Symbol:
        theme, em = self._paint.theme, self._paint.theme.smallest_text
        if self._paint.style.edge_labels == "weights":
            return Number(edge.weight, theme, signed=True, em=em)
        _, source, target = edge.address
        return Symbol("W", self._layer + 1, (source + 1, target + 1), theme, em=_NAME * em)

    def _crowded(self, found: int, most: int) -> str:
        return (
            f"edge_labels is for {found} edges from layer {self._layer} to the next: expected "
            f"about {most}, for which there is room; a smaller neuron_size makes more of it, and "
            "an edge_threshold hides some edges"
        )


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

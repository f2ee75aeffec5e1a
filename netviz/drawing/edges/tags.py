"""Numbers and names on edges, each on a plate in the colour of the background."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Self

import numpy as np
from manim import RoundedRectangle, VGroup, VMobject

from netviz.drawing.edges.layer import Z_DIMMED_TAG, Z_TAG, Address, Edge, EdgeLayer
from netviz.drawing.edges.paint import Mask, Paint
from netviz.drawing.edges.places import find_places
from netviz.drawing.neuron import Neuron
from netviz.drawing.paths import Array
from netviz.drawing.text import Number, Symbol
from netviz.problems import Problem, ProblemError
from netviz.theme import Theme, as_theme

# Margin of a label, and what a plate adds to the width of a text, in frame units.
_MARGIN, _PADDING = 0.06, 0.12
# Radius of the corners of a plate, in frame units.
_CORNER = 0.08
# Where the sides of a plate of four such radii begin and end to bend.
_BENDS = _CORNER * np.array([-2.0, -1.0, 1.0, 2.0])
# Height of the plate of a tag, in ems.
_PLATE_HEIGHT = 1.05
# There is no frame with room for more labels between two layers.
_MOST = 128
# The thresholds that are tried if there are too many labels.
_THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)


class EdgeTag(VGroup):
    """A number on an edge.

    Args:
        edge: The edge that it belongs to.
        value: The number.
        theme: Gives the font and the colours; a theme or its name.
        at: Its place, as a fraction of the way from column to column, beginning at the source.
            So the numbers on edges that meet in a neuron are below each other.
        color: Colour of the number, ``#RRGGBB``; by default that of texts.
        decimals: Digits after the point.

    Attributes:
        address: (layer, source, target) of the edge.

    Raises:
        ProblemError: There is no such theme.

    Example:
        >>> edge = diagram.edge(0, 1, 3)
        >>> share = float(trace.layers[0].contributions[3, 1])
        >>> tag = EdgeTag(edge, share, DARK_THEME, at=0.5, color=DARK_THEME.forward)
        >>> tag.number.text
        '−0.035'
    """

    def __init__(
        self,
        edge: Edge,
        value: float,
        theme: Theme | str,
        *,
        at: float = 0.45,
        color: str | None = None,
        decimals: int = 2,
    ) -> None:
        self.address = edge.address
        theme = as_theme(theme)
        self.number = Number(value, theme, decimals=decimals, signed=True, color=color)
        width = self.number.width + _PADDING
        self.plate = plate(width, _PLATE_HEIGHT * self.number.em, theme)
        super().__init__(self.plate, self.number)
        self.move_to(edge.between(at))
        lift(self.plate, self.number, Z_TAG)


class EdgeLabel(VGroup):
    """What is written on an edge as long as it is visible: its weight, or the weight's symbol.

    Args:
        text: A number, which follows the weight, or a symbol.
        theme: Gives the colours.
    """

    def __init__(self, text: Number | Symbol, theme: Theme) -> None:
        self.theme, self.text = theme, text
        self.plate = VMobject(stroke_width=0, fill_color=theme.background, fill_opacity=1)
        super().__init__(self.plate, self.text)

    def follow(self, edge: Edge, at: float, brightness: float) -> Self:
        """Show the weight of an edge.

        Args:
            edge: The edge.
            at: The place of the label, as a fraction of the edge.
            brightness: 0 … 2. A dimmed label lies below edges that stand out.
        """
        self.address = edge.address
        if isinstance(self.text, Number):
            self.text.set_value(edge.weight)
            self.text.fit(self.plate.width)
        self.text.set_ink(self.theme.text, min(brightness, 1.0))
        lift(self.plate, self.text, Z_TAG if brightness >= 1 else Z_DIMMED_TAG)
        for part in self:
            part.move_to(edge.at(at))
        return self


class EdgeLabels(VGroup):
    """A label on each visible edge of a layer, by targets, and for each target by sources.

    Args:
        layer: The layer before, counted from the input.
        paint: Says what is written.
    """

    def __init__(self, layer: int, paint: Paint) -> None:
        super().__init__()
        self._layer, self._paint = layer, paint
        self._places: list[float] = []
        self._labelled: list[Address] | None = None

    def forget(self) -> None:
        """Discard the places, because the edges have moved."""
        self._labelled = None

    def follow(self, edges: EdgeLayer, neurons: Sequence[Neuron]) -> bool:
        """Show the weights as they are now. Labels move only if necessary.

        Args:
            edges: The edges that they belong to.
            neurons: The neurons that they must not touch.

        Returns:
            Whether there is room. If not, nothing has changed.
        """
        visible = _visible(edges, self._paint)
        if visible != self._labelled and not self._spread(edges, visible, neurons):
            return False
        brightness = edges.brightness_at(visible)
        for label, address, at, value in zip(self, visible, self._places, brightness, strict=True):
            label.follow(edges.edge(*address), at, value)
        return True

    def has_room(self, edges: EdgeLayer, neurons: Sequence[Neuron], threshold: float) -> bool:
        """Whether there would be room with another ``edge_threshold``."""
        paint = replace(self._paint, style=self._paint.style.replaced(edge_threshold=threshold))
        visible = _visible(edges, paint)
        return len(visible) <= _MOST and self._find_room(edges, visible, neurons)[1] is not None

    def _spread(
        self, edges: EdgeLayer, visible: Sequence[Address], neurons: Sequence[Neuron]
    ) -> bool:
        """Place the labels where there is room; return whether there is."""
        if len(visible) > _MOST:
            return False
        texts, places = self._find_room(edges, visible, neurons)
        if places is None:
            return False
        points = plate(*_size(texts), self._paint.theme).points
        self.submobjects = [EdgeLabel(text, self._paint.theme) for text in texts]
        for label in self:
            label.plate.set_points(points)
        self._places, self._labelled = places, list(visible)
        return True

    def _find_room(
        self, edges: EdgeLayer, visible: Sequence[Address], neurons: Sequence[Neuron]
    ) -> tuple[list[Number | Symbol], list[float] | None]:
        """Return what is written on the visible edges, and where, if there is room."""
        on = [edges.edge(*address) for address in visible]
        texts = [self._text(edge) for edge in on]
        discs = np.array([neuron.disc.get_center()[:2] for neuron in neurons])
        reach = np.array([neuron.reach for neuron in neurons]) + _MARGIN
        size = np.array(_size(texts)) + _MARGIN
        return texts, find_places([edge.course for edge in on], size, discs, reach)

    def _text(self, edge: Edge) -> Number | Symbol:
        theme = self._paint.theme
        if self._paint.style.edge_labels == "weights":
            return Number(edge.weight, theme, signed=True, em=theme.smallest_text)
        _, source, target = edge.address
        return Symbol("W", self._layer + 1, (source + 1, target + 1), theme)


def label_edges(layers: Sequence[tuple[EdgeLabels, EdgeLayer, Sequence[Neuron]]]) -> None:
    """Let the labels of all edges show the weights as they are now.

    Args:
        layers: Labels, their edges, and the neurons that they must not touch.

    Raises:
        ProblemError: There is no room. It names a threshold that leaves enough, if one does.
    """
    for labels, edges, neurons in layers:
        if not labels.follow(edges, neurons):
            found = f"do not fit on the edges from layer {edges.layer} to the next"
            raise ProblemError(Problem("edge_labels", found, f"fewer edges, {_advice(layers)}"))


def _advice(layers: Sequence[tuple[EdgeLabels, EdgeLayer, Sequence[Neuron]]]) -> str:
    """Name a threshold that leaves room in all layers, about the least that does."""

    def fits(threshold: float) -> bool:
        return all(labels.has_room(edges, near, threshold) for labels, edges, near in layers)

    at = bisect_left(_THRESHOLDS, True, key=fits)
    if at == len(_THRESHOLDS):
        return "or none"
    return f"such as with edge_threshold={_THRESHOLDS[at]:g}"


def _visible(edges: EdgeLayer, paint: Paint) -> list[Address]:
    """Return the addresses (source, target) of the visible edges."""
    visible: Mask = paint.visible(edges.weights, edges.mask)
    drawn = np.argwhere(visible[np.ix_(edges.targets, edges.sources)])
    return [(edges.sources[column], edges.targets[row]) for row, column in drawn]


def _size(texts: Sequence[Number | Symbol]) -> tuple[float, float]:
    """Return width and height of a plate that fits each of some texts."""
    width = max((text.width for text in texts), default=0.0)
    height = max((text.height for text in texts), default=0.0)
    return width + _PADDING, height + _PADDING / 6


def plate(width: float, height: float, theme: Theme) -> VMobject:
    """Return a plate in the colour of the background, its size in frame units."""
    points = _rounded_square().copy()
    for axis, length in enumerate((width, height)):
        end, bend = length / 2, length / 2 - _CORNER
        points[:, axis] = np.interp(points[:, axis], _BENDS, [-end, -bend, bend, end])
    made = VMobject(stroke_width=0, fill_color=theme.background, fill_opacity=1)
    return made.set_points(points)


@cache
def _rounded_square() -> Array:
    """Return the outline of a plate, which manim takes its time to round."""
    side = 2 * float(_BENDS[-1])
    return np.array(RoundedRectangle(width=side, height=side, corner_radius=_CORNER).points)


def lift(plate: VMobject, text: VMobject, z: float) -> None:
    """Set the stacking order of a plate, and that of its text above it."""
    plate.set_z_index(z)
    text.set_z_index(z + 0.25)

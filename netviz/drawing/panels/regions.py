"""What a network of two inputs decides where: its regions in the plane, and the samples in it."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import VGroup, VMobject
from numpy.typing import NDArray

from netviz.core import Data, Network, forward
from netviz.drawing.layout.box import Box
from netviz.drawing.panels.plane import Plane
from netviz.drawing.text import TextLabel
from netviz.theme import Theme, mix

Array = NDArray[np.float64]

# Points of the plane in which the network is asked, along each side.
_GRID = 80
# How many tints there are of a class's colour: the surer the network, the stronger.
_TINTS = 5
_MARGIN = 0.15
_MOST_POINTS = 300
_TINT = 0.42
_SIZES = (0.11, 0.065)
# Corners of each class's marker, so that classes differ not by their colour alone.
_CORNERS = (24, 4, 3, 5)
MOST_CLASSES = len(_CORNERS)


def class_colors(theme: Theme) -> tuple[str, ...]:
    """A colour for each of up to four classes."""
    return theme.input, theme.first_hidden, theme.last_hidden, theme.output


class DecisionPlane(Plane):
    """A square of the plane of two inputs, in the colours of the classes that the network sees.

    Args:
        data: Two inputs; at most `MOST_CLASSES` classes.
        networks: One for each moment of a run.
        theme: Colours and fonts.
        box: Filled by the square and, below and above it, the names of the inputs.

    Attributes:
        regions: For each class its tints, the weakest and widest first.
        samples: The markers of the samples, a path for each class.
    """

    def __init__(self, data: Data, networks: list[Network], *, theme: Theme, box: Box) -> None:
        self._networks, self._theme = networks, theme
        self._colors = class_colors(theme)[: max(data.classes, 1)]
        first, second = data.input_names or ("x1", "x2")
        names = (
            TextLabel(first, theme, color=theme.muted),
            TextLabel(second, theme, color=theme.muted),
        )
        super().__init__(*_range(data), names, theme=theme, box=box)
        self._grid = self._points_of_the_plane()
        self.regions = VGroup(*(self._tints(color) for color in self._colors))
        self.samples = VGroup(*self._samples(data))
        self.add_to_back(self.regions).add(self.samples)
        self.set_place(0.0)

    def set_place(self, place: float) -> Self:
        """Show what the network of a moment decides."""
        network = self._networks[min(int(place), len(self._networks) - 1)]
        shares = np.clip(forward(network, self._grid).prediction, 0.0, 1.0)
        if shares.shape[1] == 1:
            shares = np.concatenate([1 - shares, shares], axis=1)
        classes, sure = shares.argmax(axis=1), shares.max(axis=1) / shares.sum(axis=1)
        chance = 1 / shares.shape[1]
        tint = np.floor(_TINTS * (sure - chance) / (1 - chance)).clip(0, _TINTS - 1)
        for k, tints in enumerate(self.regions):
            for level, region in enumerate(tints):
                inside = (classes == k) & (tint >= level)
                region.set_points(self._filled(inside.reshape(_GRID, _GRID)))
        return self

    def _tints(self, color: str) -> VGroup:
        shares = _TINT * (np.arange(_TINTS) + 0.5) / _TINTS
        colors = [mix(self._theme.background, color, share) for share in shares]
        return VGroup(
            *(VMobject(stroke_width=0, fill_color=tint, fill_opacity=1) for tint in colors)
        )

    def _filled(self, inside: NDArray[np.bool_]) -> Array:
        """The outlines of the cells that are inside, those side by side in a row as one."""
        edges = np.diff(np.pad(inside, ((0, 0), (1, 1))).astype(int), axis=1)
        row, start = np.nonzero(edges == 1)
        end = np.nonzero(edges == -1)[1]
        cell, square = self.square.width / _GRID, self.square
        left, right = square.left + start * cell, square.left + end * cell
        top = square.top - row * cell
        x = np.stack([left, right, right, left, left], axis=1)
        y = np.stack([top, top, top - cell, top - cell, top], axis=1)
        corners = np.stack([x, y, np.zeros_like(x)], axis=2)
        thirds = (np.arange(4) / 3)[:, np.newaxis]
        sides = corners[:, :-1, np.newaxis], corners[:, 1:, np.newaxis]
        points: Array = (sides[0] + thirds * (sides[1] - sides[0])).reshape(-1, 3)
        return points

    def _points_of_the_plane(self) -> Array:
        """The middles of the cells, row by row from the top left, shape (_GRID², 2)."""
        share = (np.arange(_GRID) + 0.5) / _GRID
        x, y = (low + share * (high - low) for low, high in zip(self._low, self._high, strict=True))
        return np.stack(np.meshgrid(x, y[::-1]), axis=-1).reshape(-1, 2)

    def _samples(self, data: Data) -> list[VMobject]:
        chosen = data.rows(np.unique(np.linspace(0, len(data) - 1, _MOST_POINTS).astype(int)))
        targets = chosen.targets
        classes = targets.argmax(axis=1) if targets.shape[1] > 1 else targets[:, 0].astype(int)
        size = _SIZES[0] if len(chosen) <= 50 else _SIZES[1]
        return [
            self._marked(self.at(chosen.inputs[classes == k]), k, size)
            for k in range(max(data.classes, 1))
        ]

    def _marked(self, points: Array, k: int, size: float) -> VMobject:
        color = self._colors[k]
        marks = VMobject(fill_color=color, fill_opacity=1)
        marks.set_stroke(mix(color, self._theme.background, 0.75), 1.5)
        angles = np.linspace(0, 2 * np.pi, _CORNERS[k] + 1) + np.pi / 2 + (k == 1) * np.pi / 4
        outline = size * np.stack([np.cos(angles), np.sin(angles), np.zeros(len(angles))], axis=1)
        for point in points:
            marks.start_new_path(point + outline[0])
            for corner in outline[1:]:
                marks.add_line_to(point + corner)
        return marks


def _range(data: Data) -> tuple[Array, Array]:
    low, high = data.inputs.min(axis=0), data.inputs.max(axis=0)
    margin = _MARGIN * np.where(high > low, high - low, 1.0)
    return low - margin, high + margin

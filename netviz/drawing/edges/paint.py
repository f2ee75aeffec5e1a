"""How the edges between two layers look: which of them are seen, their colours, their courses.

Everything is computed for all edges of a layer at once, so that it does not matter whether each of
them is a mobject or all are a few. Matrices have the shape of the weights, (n_out, n_in).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from manim import DOWN, RIGHT, color_to_rgb
from numpy.typing import NDArray

from netviz.drawing.edges.course import Course
from netviz.style import Style
from netviz.theme import Theme

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Paint:
    """The look of the edges from one layer to the next.

    Attributes:
        theme: Gives the colours.
        style: Says what they tell.
        before, after: Colours of the two layers, ``#RRGGBB``.
    """

    theme: Theme
    style: Style
    before: str
    after: str

    @property
    def flow(self) -> Array:
        """Unit vector from a layer to the next."""
        return np.array(DOWN if self.style.direction == "down" else RIGHT, dtype=float)

    def visible(self, weights: Array) -> NDArray[np.bool_]:
        """Which edges are drawn: those whose |w| reaches the threshold's quantile of the layer."""
        sizes = np.abs(weights)
        threshold = self.style.edge_threshold
        return sizes >= np.quantile(sizes, threshold) if threshold else np.ones_like(sizes, bool)

    def course(self, a: Array, b: Array, reach: tuple[float, float]) -> Course:
        """The way from rim to rim.

        Args:
            a, b: Centres of neurons, shape ``(3,)`` or ``(n, 3)``.
            reach: From the centre to the outer rim, of the one neuron and of the other.
        """
        before, after = reach
        if self.style.edge_shape == "curved":
            return Course.curved(a + before * self.flow, b - after * self.flow, self.flow)
        along = (b - a) / np.linalg.norm(b - a, axis=-1, keepdims=True)
        return Course.straight(a + before * along, b - after * along)

    def colors(self, weights: Array, *, dense: bool, values: Array | None = None) -> Array:
        """Colour of each edge where it begins and where it ends: rgb, shape (n_out, n_in, 2, 3).

        Args:
            weights: w, whose sign or size is told if the style says so.
            dense: Whether the sign has to be told by a second tint, for want of dashes.
            values: −1 … 1, told instead of the weights.
        """
        theme, told = self.theme, self.style.edge_colors
        if values is not None:
            return _twice(self._scale(values))
        if told == "gradient":
            ends = np.stack([color_to_rgb(self.before), color_to_rgb(self.after)])
            return np.broadcast_to(ends, (*weights.shape, 2, 3))
        if told == "weight":
            return _twice(self._scale(weights / max(float(np.abs(weights).max()), 1e-300)))
        if told == "sign":
            return _twice(self._scale(np.sign(weights)))
        return _twice(_pick(weights < 0, theme.negative_edge if dense else theme.edge, theme.edge))

    def is_colored(self, values: Array | None) -> bool:
        """Whether colours tell something: numbers of their own, or what the style says."""
        return values is not None or self.style.edge_colors != "plain"

    def _scale(self, values: Array) -> Array:
        """From ``negative`` at −1 through the colour of an edge at rest to ``positive`` at 1."""
        rest = color_to_rgb(self.theme.edge)
        ends = _pick(values < 0, self.theme.negative, self.theme.positive)
        colors: Array = rest + np.abs(values)[..., np.newaxis] * (ends - rest)
        return colors


def to_hex(color: Array) -> str:
    """Red, green and blue, 0 … 1, as ``#RRGGBB``."""
    return "#" + "".join(f"{round(255 * part):02X}" for part in color)


def _pick(which: NDArray[np.bool_], one: str, other: str) -> Array:
    return np.where(which[..., np.newaxis], color_to_rgb(one), color_to_rgb(other))


def _twice(colors: Array) -> Array:
    return np.stack([colors, colors], axis=-2)

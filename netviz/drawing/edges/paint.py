"""How the edges between two layers look: which are visible, their colours, their courses.

Everything is computed for all edges of a layer at once, so that it does not matter whether each
edge is a mobject or all are a few paths. Matrices have the shape of the weights, (n_out, n_in).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from manim import DOWN, RIGHT, color_to_rgb
from numpy.typing import NDArray

from netviz.drawing.paths import Course
from netviz.style import Style
from netviz.theme import Theme

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Paint:
    """The look of the edges from one layer to the next.

    Attributes:
        theme: Gives the colours.
        style: Says what colours and visibility depend on.
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

    def visible(self, weights: Array, mask: Mask | None = None) -> Mask:
        """Return which edges are visible: those with |w| at or above the threshold's quantile.

        Args:
            weights: w of every pair, shape (n_out, n_in).
            mask: Which pairs are connected; by default all. The quantile is taken over these.
        """
        sizes = np.abs(weights)
        exists = np.ones_like(sizes, bool) if mask is None else mask
        threshold = self.style.edge_threshold
        if not (threshold and exists.any()):
            return exists
        return exists & (sizes >= np.quantile(sizes[exists], threshold))

    def course(self, a: Array, b: Array, reach: tuple[float, float]) -> Course:
        """Return the course from rim to rim.

        Args:
            a, b: Centres of neurons, shape ``(3,)`` or ``(n, 3)``.
            reach: From the centre to the outer rim, of the first and of the second neuron, in
                frame units.
        """
        before, after = reach
        if self.style.edge_shape == "curved":
            return Course.curved(a + before * self.flow, b - after * self.flow, self.flow)
        along = (b - a) / np.linalg.norm(b - a, axis=-1, keepdims=True)
        return Course.straight(a + before * along, b - after * along)

    def colors(self, weights: Array, *, dense: bool, values: Array | None = None) -> Array:
        """Return the colour of each edge at its start and at its end.

        Args:
            weights: w, shape (n_out, n_in).
            dense: Whether negative weights have a second tint, because dashes would be noise.
            values: −1 … 1, shown instead of the weights.

        Returns:
            Red, green and blue, 0 … 1, shape (n_out, n_in, 2, 3).
        """
        theme, shown = self.theme, self.style.edge_colors
        if values is not None:
            return _twice(self._scale(values))
        if shown == "gradient":
            ends = np.stack([color_to_rgb(self.before), color_to_rgb(self.after)])
            return np.broadcast_to(ends, (*weights.shape, 2, 3))
        if shown == "weight":
            return _twice(self._scale(weights / strongest(weights)))
        if shown == "sign":
            return _twice(self._scale(np.sign(weights)))
        return _twice(_pick(weights < 0, theme.negative_edge if dense else theme.edge, theme.edge))

    def is_colored(self, values: Array | None) -> bool:
        """Whether colours have a meaning: that of ``values``, or the one the style gives them."""
        return values is not None or self.style.edge_colors != "plain"

    def _scale(self, values: Array) -> Array:
        """From ``negative`` at −1 through the colour of an edge at rest to ``positive`` at 1."""
        rest = color_to_rgb(self.theme.edge)
        ends = _pick(values < 0, self.theme.negative, self.theme.positive)
        colors: Array = rest + np.abs(values)[..., np.newaxis] * (ends - rest)
        return colors


def strongest(*values: Array) -> float:
    """Return the largest |value| of some arrays, never 0, so that values can be divided by it."""
    return max(max(float(np.abs(part).max()) for part in values), 1e-300)


def to_hex(color: Array) -> str:
    """Return red, green and blue, 0 … 1, as ``#RRGGBB``."""
    return "#" + "".join(f"{round(255 * part):02X}" for part in color)


def _pick(which: Mask, one: str, other: str) -> Array:
    return np.where(which[..., np.newaxis], color_to_rgb(one), color_to_rgb(other))


def _twice(colors: Array) -> Array:
    return np.stack([colors, colors], axis=-2)

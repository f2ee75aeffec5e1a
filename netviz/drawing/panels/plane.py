"""A square of the plane, with the names of its two axes: what other panels draw into."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Mobject, Rectangle, VGroup
from numpy.typing import NDArray

from netviz.drawing.layout.box import Box
from netviz.theme import Theme

Array = NDArray[np.float64]

_NAMES_ROOM = 0.4


class Plane(VGroup):
    """The largest square in a box that leaves room for names above and below it.

    Args:
        low, high: What the lower left and the upper right corner stand for, shape (2,).
        names: What stands at the two axes.
        theme: Gives the colour of the frame.
        box: Where the square is centred.

    Attributes:
        square: Its box.
        frame: Its outline.
    """

    def __init__(
        self, low: Array, high: Array, names: tuple[Mobject, Mobject], *, theme: Theme, box: Box
    ) -> None:
        self._low, self._high = low, high
        side = min(box.width, box.height - 2 * _NAMES_ROOM)
        x, y, _ = box.center
        self.square = Box(x - side / 2, x + side / 2, y - side / 2, y + side / 2)
        self.frame = Rectangle(width=side, height=side).move_to([x, y, 0])
        self.frame.set_stroke(theme.muted, 2)
        across, up = names
        across.next_to(self.frame, DOWN, buff=0.06).align_to(self.frame, RIGHT)
        up.next_to(self.frame, UP, buff=0.06).align_to(self.frame, LEFT)
        super().__init__(self.frame, across, up)

    def at(self, points: Array) -> Array:
        """The points of the frame for points of the plane, shape (n, 2)."""
        share = (points - self._low) / (self._high - self._low)
        x = self.square.left + share[:, 0] * self.square.width
        y = self.square.bottom + share[:, 1] * self.square.height
        return np.stack([x, y, np.zeros(len(points))], axis=1)

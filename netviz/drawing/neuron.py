"""One neuron: a ring in the colour of its role, a fill as bright as its activation, two numbers.

What a neuron does not show has no points, so that it takes part in any manim animation
(``FadeIn``, ``Transform``, ``.animate``) without ever appearing by accident.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import DOWN, RIGHT, Circle, VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing.morph import Morphing
from netviz.drawing.text import Number
from netviz.theme import Theme

Vector = NDArray[np.float64]

RING_WIDTH = 4.5
# From this radius on, lines are as thick as they get.
FULL_LINES = 0.38
_BLAME_GAP = 0.06
# Between a ring and the number beside it.
_AIR = 0.1
_BLAME_WIDTHS = (2.5, 8.0)
DIMMED = 0.5
# Room for a value beside a crowded neuron, in manim units.
BESIDE = 0.72
Z_NEURON, Z_NUMBER = 3, 4


class Neuron(Morphing, VGroup):
    """A circle that shows a value and a blame.

    Args:
        role: Colour of the ring, ``#RRGGBB``.
        theme: Gives the other colours and the font.
        radius: In frame units.
        value_em: Size of its value's number; ``None`` for no number.
        value_side: Direction (LEFT or RIGHT) in which the value is written; ``None`` for inside.
        blame_side: Direction (a unit vector) in which the blame is written; ``None`` for no number.

    Attributes:
        value: Activation shown, or ``None``.
        blame: Blame shown, or ``None``.
        light: 0 … 1, how far it is in the light.
    """

    def __init__(
        self,
        role: str,
        theme: Theme,
        *,
        radius: float = 0.42,
        value_em: float | None = None,
        value_side: Vector | None = None,
        blame_side: Vector | None = DOWN,
    ) -> None:
        self.role, self.theme = role, theme
        self.value: float | None = None
        self.blame: float | None = None
        self._strength = self._blame_strength = 0.0
        self._presence = self._blame_presence = self.light = 1.0
        self.value_em, self._placed_radius = value_em, radius
        self.value_side, self.blame_side = value_side, blame_side
        self.disc = Circle(radius=radius, stroke_color=role, stroke_width=RING_WIDTH)
        self.disc.set_fill(theme.fill(role, 0), opacity=1)
        self.disc.set_stroke(width=RING_WIDTH * min(1.0, radius / FULL_LINES))
        self.blame_ring = VMobject(stroke_color=theme.blame)
        self.value_text = Number(0, theme, em=value_em, color=theme.text)
        self.blame_text = Number(0, theme, decimals=3, signed=True, color=theme.blame)
        super().__init__(self.blame_ring, self.disc, self.value_text, self.blame_text)
        self.set_z_index(Z_NEURON)
        self.value_text.set_z_index(Z_NUMBER)
        self.blame_text.set_z_index(Z_NUMBER)
        self.set_activation(None)
        self.set_blame(None)

    @property
    def line_scale(self) -> float:
        """0 … 1: small neurons have thin rings."""
        return min(1.0, self.radius / FULL_LINES)

    @property
    def radius(self) -> float:
        """Of the ring's centre line, in frame units, after any scaling."""
        return float(self.disc.width / 2)

    @property
    def _zoom(self) -> float:
        """How far it has been scaled since it was placed, and its numbers with it."""
        return self.radius / self._placed_radius

    @property
    def reach(self) -> float:
        """From the centre to the outer rim of the ring: where edges begin."""
        return self.radius + RING_WIDTH * self.line_scale / 200

    def place(self, center: Vector, radius: float) -> Self:
        """Move the neuron, at another size; what it shows stays, and so does the size of text."""
        self._placed_radius = radius
        self.disc.scale(radius / self.radius).move_to(center)
        return self._show_again()

    def set_light(self, light: float) -> Self:
        """How far the neuron is in the light: 1, or less to step back from what is spoken of."""
        self.light = light
        self.disc.set_stroke(opacity=light)
        return self._show_again()

    def set_presence(self, presence: float) -> Self:
        """Let both numbers appear or disappear, 0 … 1."""
        self._presence = self._blame_presence = presence
        return self._show_again()

    def _show_again(self) -> Self:
        self.set_activation(self.value, self._strength, self._presence)
        return self.set_blame(self.blame, self._blame_strength, self._blame_presence)

    def set_activation(
        self, value: float | None, strength: float = 0.0, presence: float = 1.0
    ) -> Self:
        """Show an activation.

        Args:
            value: The number; ``None`` empties the neuron.
            strength: Brightness of the fill, 0 … 1: |a| on the scale of its activation function.
            presence: 0 … 1, how far it has appeared.
        """
        self.value, self._strength, self._presence = value, strength, presence
        fill = self.theme.fill(self.role, strength * presence * self.light)
        self.disc.set_fill(fill, opacity=1)
        if value is None or self.value_em is None or presence <= 0:
            self.value_text.clear_points()
            return self
        self.value_text.set_value(value).set_em(self.value_em * self._zoom)
        if self.value_side is None:
            self.value_text.move_to(self.disc).shorten(1.79 * self.radius)
            ink = self.theme.ink_on(fill)
        else:
            start = self.disc.get_center() + self._clear_of_rings * self.value_side
            self.value_text.shorten(BESIDE * self._zoom).next_to(start, self.value_side, buff=0)
            ink = self.theme.text
        self.value_text.set_ink(ink, presence * self.light)
        return self

    @property
    def _clear_of_rings(self) -> float:
        rings = _BLAME_GAP + _BLAME_WIDTHS[1] / 100
        return self.reach + rings * self.line_scale + _AIR * self._zoom

    def set_blame(self, value: float | None, strength: float = 0.0, presence: float = 1.0) -> Self:
        """Show a blame as a ring and a signed number.

        Args:
            value: The number; ``None`` takes it away.
            strength: Width of the ring, 0 … 1: |δ| beside the largest |δ| of the network.
            presence: 0 … 1, how far it has appeared.
        """
        self.blame, self._blame_strength, self._blame_presence = value, strength, presence
        if value is None or presence <= 0:
            self.blame_ring.clear_points()
            self.blame_text.clear_points()
            return self
        thin, thick = _BLAME_WIDTHS
        width = (thin + (thick - thin) * strength) * self.line_scale
        rim = Circle(radius=self.reach + _BLAME_GAP * self.line_scale + width / 200).move_to(
            self.disc
        )
        self.blame_ring.set_points(rim.points)
        light = presence * self.light
        self.blame_ring.set_stroke(self.theme.blame, width=width, opacity=light)
        if self.blame_side is not None:
            self.blame_text.set_value(value).set_em(self.theme.number_size * self._zoom)
            self.blame_text.set_ink(self.theme.blame, light)
            self._place_blame(rim, self.blame_side)
        return self

    def _place_blame(self, rim: Circle, side: Vector) -> None:
        buff = _AIR * self._zoom + self.blame_ring.get_stroke_width() / 200
        if side[0] != 0:
            # Numbers beside a column start at one line, whatever the rings' widths.
            start = self.disc.get_center() + self._clear_of_rings * RIGHT
            if self.value_side is not None:
                start += (self.value_text.width + 1.5 * _AIR * self._zoom) * RIGHT
            self.blame_text.next_to(start, RIGHT, buff=0)
        else:
            self.blame_text.next_to(rim, side, buff=buff)

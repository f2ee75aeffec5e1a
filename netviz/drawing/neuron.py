"""One neuron: a ring in the colour of its role, a fill as bright as its activation, two numbers.

What a neuron does not show has no points, so that it takes part in any manim animation
(``FadeIn``, ``Transform``, ``.animate``) without ever appearing by accident.
"""

from __future__ import annotations

import math
from typing import Self

import numpy as np
from manim import DOWN, Circle, ParsableManimColor, VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing.edges.strokes import add_outline
from netviz.drawing.labels.beside import GAP, Texts
from netviz.drawing.layout.box import FULL_LINES
from netviz.drawing.morphing.morph import Morphing
from netviz.drawing.text import Number
from netviz.theme import Theme

Vector = NDArray[np.float64]

RING_WIDTH = 4.5
_BLAME_GAP = 0.06
# Between a ring and the number beside it.
_AIR = 0.1
_BLAME_WIDTHS = (2.5, 8.0)
DIMMED = 0.5
# Room for a value beside a crowded neuron, in manim units.
BESIDE = 0.72
# A plate is under a text that edges would cross, and over these and what flows on them.
Z_PLATE, Z_NEURON, Z_NUMBER = 2, 3, 4
_PLATE_MARGIN = 0.04
_NOTHING = Texts(DOWN)


class Neuron(Morphing, VGroup):
    """A circle that shows a value and a blame.

    Args:
        role: Colour of the ring, ``#RRGGBB``.
        theme: Gives the other colours and the font.
        radius: In frame units.
        value_em: Size of its value's number; ``None`` for no number.
        value_side: Direction (LEFT or RIGHT) in which the value is written; ``None`` for inside.
        blame_side: Direction (a unit vector) in which the blame is written; ``None`` for no number.
        decimals: Digits after the point of the value.
        texts: What else is written beside it; its own from now on.

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
        decimals: int = 2,
        texts: Texts = _NOTHING,
    ) -> None:
        self.role, self.theme = role, theme
        self.value: float | None = None
        self.blame: float | None = None
        self._strength = self._blame_strength = 0.0
        self._presence = self._blame_presence = self.light = 1.0
        self.value_em, self._placed_radius, self._half_way = value_em, radius, math.inf
        self.value_side, self.blame_side = value_side, blame_side
        self.disc = Circle(
            radius=radius,
            stroke_color=role,
            stroke_width=RING_WIDTH * min(1.0, radius / FULL_LINES),
            fill_color=theme.fill(role, 0),
            fill_opacity=1,
        )
        self.blame_ring = VMobject(stroke_color=theme.blame)
        self.texts, self.label_room = texts, 0.0
        self.plate = VMobject(stroke_width=0, fill_color=theme.background, fill_opacity=1)
        self.value_text = Number(0, theme, em=value_em, color=theme.text, decimals=decimals)
        self.blame_text = Number(0, theme, decimals=3, signed=True, color=theme.blame)
        parts = (self.plate, *texts.parts) if texts.plated else texts.parts
        super().__init__(self.blame_ring, self.disc, self.value_text, self.blame_text, *parts)
        self.set_z_index(Z_NEURON)
        self.plate.set_z_index(Z_PLATE)
        for text in (self.value_text, self.blame_text, *texts.parts):
            text.set_z_index(Z_NUMBER)
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

    def set_fill(
        self,
        color: ParsableManimColor | None = None,
        opacity: float | None = None,
        family: bool = True,
    ) -> Self:
        """As of any mobject, but without a colour: a fill tells a value, and ink is read on it."""
        return super().set_fill(None, opacity, family)

    def set_stroke(
        self,
        color: ParsableManimColor | None = None,
        width: float | None = None,
        opacity: float | None = None,
        background: bool = False,
        family: bool = True,
    ) -> Self:
        """As of any mobject, but a colour is the ring's, which ``Indicate`` may have."""
        # manim asks for white before a mobject has parts.
        if color is not None and self.submobjects and not background:
            self.disc.set_stroke(color)
        return super().set_stroke(None, width, opacity, background, family)

    def place(self, center: Vector, radius: float, half_way: float = math.inf) -> Self:
        """Move the neuron, at another size; what it shows stays, and so does the size of text.

        Args:
            center: Where it stands, shape ``(3,)``.
            radius: In frame units.
            half_way: To the next neuron, in frame units: no ring reaches beyond it.
        """
        self._placed_radius, self._half_way = radius, half_way
        self.disc.scale(radius / self.radius).move_to(center)
        return self._show_again()

    def set_sides(
        self, value_em: float | None, value_side: Vector | None, blame_side: Vector | None
    ) -> Self:
        """Where its numbers are written from now on; as in the constructor."""
        self.value_em, self.value_side, self.blame_side = value_em, value_side, blame_side
        return self

    def set_label_room(self, width: float) -> Self:
        """Keep room for a label of this width, so that numbers beyond labels begin at one line."""
        self.label_room = width
        return self

    def set_light(self, light: float) -> Self:
        """How far the neuron is in the light: 1, or less to step back from what is spoken of."""
        self.light = light
        self.disc.set_stroke(opacity=light)
        for text in self.texts.parts:
            text.set_light(light)
        return self._show_again()

    def set_presence(self, presence: float) -> Self:
        """Let both numbers appear or disappear, 0 … 1."""
        self._presence = self._blame_presence = presence
        return self._show_again()

    def _show_again(self) -> Self:
        self.set_activation(self.value, self._strength, self._presence)
        self.set_blame(self.blame, self._blame_strength, self._blame_presence)
        return self.arrange_texts()

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
            self.value_text.shorten(BESIDE * self._zoom)
            ink = self.theme.text
        self.value_text.set_ink(ink, presence * self.light)
        return self if self.value_side is None else self.arrange_texts()

    @property
    def _clear_of_rings(self) -> float:
        rings = _BLAME_GAP + _BLAME_WIDTHS[1] / 100
        return self.reach + rings * self.line_scale + _AIR * self._zoom

    @property
    def _ring_room(self) -> tuple[float, float]:
        """What is left free before a ring of blame, and how wide the widest is, in frame units.

        Where the next neuron is near, the gap gives way first, then the ring becomes thinner.
        """
        widest = _BLAME_WIDTHS[1] / 100 * self.line_scale
        room = self._half_way * self._zoom - self.reach
        gap = min(max(room - widest, room / 4), _BLAME_GAP * self.line_scale)
        return gap, min(widest, room - gap)

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
        gap, widest = self._ring_room
        width = 100 * widest * (thin + (thick - thin) * strength) / thick
        rim = self.reach + gap + width / 200
        center = self.disc.get_center()
        self.blame_ring.set_points(center + rim / self.radius * (self.disc.points - center))
        light = presence * self.light
        self.blame_ring.set_stroke(self.theme.blame, width=width, opacity=light)
        if self.blame_side is None:
            self.blame_text.clear_points()
        else:
            self.blame_text.set_value(value).set_em(self.theme.number_size * self._zoom)
            self.blame_text.set_ink(self.theme.blame, light)
            self.arrange_texts()
        return self

    def arrange_texts(self) -> Self:
        """Put every text in its place: beyond the rings, on each side one after the other."""
        standing = self._standing()
        for side in {tuple(side) for side, *_ in standing}:
            # Numbers beside a column start at one line, whatever the rings' widths.
            reached = self._clear_of_rings
            for _, text, room in (entry for entry in standing if tuple(entry[0]) == side):
                extent = text.width if side[0] else text.height
                center = self.disc.get_center() + (reached + extent / 2) * np.array(side)
                text.move_to(center)
                reached += max(extent, room) + GAP * self._zoom
        return self._lay_plates([text for _, text, _ in standing])

    def _standing(self) -> list[tuple[Vector, VMobject, float]]:
        """Side, text and least room of all that stands beside the disc, from the inside out."""
        room = self.label_room * self._zoom * abs(self.texts.side[0])
        beside = (
            (self.value_side, self.value_text, 0.0),
            (self.texts.side, self.texts.label, room),
            (self.texts.side, self.texts.bias, 0.0),
            (self.blame_side, self.blame_text, 0.0),
        )
        return [
            (side, text, least)
            for side, text, least in beside
            if side is not None and text is not None and len(text.family_members_with_points())
        ]

    def _lay_plates(self, texts: list[VMobject]) -> Self:
        self.plate.clear_points()
        if self.texts.plated:
            for text in texts:
                x, y = text.width / 2 + _PLATE_MARGIN, text.height / 2
                corners = np.array([(x, y, 0), (-x, y, 0), (-x, -y, 0), (x, -y, 0)])
                add_outline(self.plate, list(text.get_center() + corners))
        return self

"""One neuron: a ring in the colour of its role, a fill as full as its activation, two numbers.

What a neuron does not show has no points, so that manim's animations (``FadeIn``, ``Transform``,
``.animate``) never reveal it.
"""

from __future__ import annotations

import math
from typing import Self

import numpy as np
from manim import DOWN, TAU, UP, Arc, Circle, ParsableManimColor, VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing.labels.neuron_labels import TEXT_GAP, NeuronTexts
from netviz.drawing.layout.box import FULL_LINES
from netviz.drawing.morphing.morph import Morphing
from netviz.drawing.paths import add_outline
from netviz.drawing.text import Number
from netviz.theme import Theme, as_theme

Vector = NDArray[np.float64]

# Widths in stroke units (1/100 frame unit): of the ring, and of the thinnest and the widest blame.
RING_WIDTH = 4.5
_BLAME_WIDTHS = (1.2, 8.0)
# The ring of a negative activation: its dashes, the part of the circle between them, and the width
# of what is between them, in ring widths.
_DASHES, _BETWEEN, _NOTCH = 10, 0.4, 2.2
# Below this strength a blame has no ring.
_LEAST_STRENGTH = 0.01
# Lengths in frame units: between ring and blame ring, between these and a text, largest width of a
# value outside a crowded neuron, and margin of a text on a plate.
_BLAME_GAP, _AIR, _VALUE_WIDTH, _PLATE_MARGIN = 0.06, 0.1, 0.72, 0.04
# Largest width of a value inside the neuron, in radii.
_VALUE_SHARE = 1.74
# Stacking order. A plate lies under a text that edges would cross, and above what flows over them.
Z_PLATE, Z_NEURON, Z_NUMBER = 2, 3, 4
_NO_TEXTS = NeuronTexts(DOWN)


class Neuron(Morphing, VGroup):
    """A circle that shows a value and a blame.

    Args:
        role: Colour of the ring, ``#RRGGBB``.
        theme: Gives the other colours and the font; a theme or its name.
        radius: In frame units.
        value_em: Size of the value, in frame units; ``None`` for no number.
        value_side: Unit vector towards a value outside, shape ``(3,)``; ``None`` for inside.
        blame_side: Unit vector towards the blame, shape ``(3,)``; ``None`` for no number.
        decimals: Digits of the value after the point.
        texts: Other texts next to the neuron, which become parts of it.

    Attributes:
        value: The activation shown, or ``None``.
        blame: The blame shown, or ``None``.
        brightness: 0 … 1; less than 1 dims the neuron.
    """

    def __init__(
        self,
        role: str,
        theme: Theme | str,
        *,
        radius: float = 0.42,
        value_em: float | None = None,
        value_side: Vector | None = None,
        blame_side: Vector | None = DOWN,
        decimals: int = 2,
        texts: NeuronTexts = _NO_TEXTS,
    ) -> None:
        theme = as_theme(theme)
        self.role, self.theme = role, theme
        self.value: float | None = None
        self.blame: float | None = None
        self._strength = self._blame_strength = 0.0
        self._presence = self._blame_presence = self.brightness = 1.0
        self.value_em, self._placed_radius, self._half_way = value_em, radius, math.inf
        self.value_side, self.blame_side, self.spare_side = value_side, blame_side, UP
        self._spilled = False
        self.disc = Circle(
            radius=radius,
            stroke_color=role,
            stroke_width=RING_WIDTH * min(1.0, radius / FULL_LINES),
            fill_color=theme.fill(role, 0),
            fill_opacity=1,
        )
        self.notches = VMobject(stroke_color=theme.background)
        self.blame_ring = VMobject(stroke_color=theme.blame)
        self.texts, self.label_room = texts, 0.0
        self.plate = VMobject(stroke_width=0, fill_color=theme.background, fill_opacity=1)
        self.value_text = Number(0, theme, em=value_em, color=theme.text, decimals=decimals)
        self.blame_text = Number(0, theme, decimals=3, signed=True, color=theme.blame)
        parts = (self.plate, *texts.parts) if texts.plated else texts.parts
        marks = self.blame_ring, self.disc, self.notches
        super().__init__(*marks, self.value_text, self.blame_text, *parts)
        self.set_z_index(Z_NEURON)
        self.plate.set_z_index(Z_PLATE)
        for text in (self.value_text, self.blame_text, *texts.parts):
            text.set_z_index(Z_NUMBER)
        self.set_activation(None)
        self.set_blame(None)

    @property
    def line_scale(self) -> float:
        """Width of lines, 0 … 1 relative to large neurons: small ones have thin rings."""
        return min(1.0, self.radius / FULL_LINES)

    @property
    def radius(self) -> float:
        """Radius of the centre line of the ring, in frame units, after any scaling."""
        return float(self.disc.width / 2)

    @property
    def _zoom(self) -> float:
        """How much it has been scaled since it was placed, and its numbers with it."""
        return self.radius / self._placed_radius

    @property
    def reach(self) -> float:
        """From the centre to the outer rim of the ring, where edges begin, in frame units."""
        return self.radius + RING_WIDTH * self.line_scale / 200

    def set_fill(
        self,
        color: ParsableManimColor | None = None,
        opacity: float | None = None,
        family: bool = True,
    ) -> Self:
        """Set the opacity only: the colour of a fill shows a value, on which the number is read."""
        return super().set_fill(None, opacity, family)

    def set_stroke(
        self,
        color: ParsableManimColor | None = None,
        width: float | None = None,
        opacity: float | None = None,
        background: bool = False,
        family: bool = True,
    ) -> Self:
        """Set width and opacity; a colour applies to the ring only, as ``Indicate`` needs it."""
        # manim asks for white before a mobject has parts.
        if color is not None and self.submobjects and not background:
            self.disc.set_stroke(color)
        return super().set_stroke(None, width, opacity, background, family)

    def place(self, center: Vector, radius: float, half_way: float = math.inf) -> Self:
        """Move the neuron and change its size. What it shows stays, and so does the size of texts.

        Args:
            center: Its centre, shape ``(3,)``.
            radius: In frame units.
            half_way: Half the distance to the next neuron, in frame units; no ring is larger.
        """
        self._placed_radius, self._half_way = radius, half_way
        self.disc.scale(radius / self.radius).move_to(center)
        return self._show_again()

    def set_sides(
        self,
        value_em: float | None,
        value_side: Vector | None,
        blame_side: Vector | None,
        spare_side: Vector = UP,
    ) -> Self:
        """Set where the numbers are written.

        Args:
            value_em, value_side, blame_side: As in the constructor.
            spare_side: Unit vector towards the next neuron of the layer, or away from it, shape
                ``(3,)``. A value too long for the neuron is written there.
        """
        self.value_em, self.value_side, self.blame_side = value_em, value_side, blame_side
        self.spare_side = spare_side
        return self

    def set_label_room(self, width: float) -> Self:
        """Reserve a width for the label, in frame units, so that numbers beyond it are aligned."""
        self.label_room = width
        return self

    def set_brightness(self, brightness: float) -> Self:
        """Dim the neuron: 1 is normal, 0 invisible."""
        self.brightness = brightness
        self.disc.set_stroke(opacity=brightness)
        for text in self.texts.parts:
            text.set_brightness(brightness)
        return self._show_again()

    def set_presence(self, presence: float) -> Self:
        """Let both numbers appear (1) or disappear (0)."""
        self._presence = self._blame_presence = presence
        return self._show_again()

    def set_blame_presence(self, presence: float) -> Self:
        """Let blame, if there is one, appear (1) or disappear (0)."""
        return self.set_blame(self.blame, self._blame_strength, presence)

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
            strength: How full the neuron is, 0 … 1: |a| on the scale of its activation function.
                The ring is dashed if ``value`` is negative.
            presence: 0 … 1, how much of it has appeared.
        """
        self.value, self._strength, self._presence = value, strength, presence
        fill = self.theme.fill(self.role, strength * presence * self.brightness)
        self.disc.set_fill(fill, opacity=1)
        self._draw_notches(presence if value is not None and value < 0 else 0.0)
        was_outside, self._spilled = self._value_outside is not None, False
        if value is None or self.value_em is None or presence <= 0:
            self.value_text.clear_points()
            return self.arrange_texts() if was_outside else self
        least, text = self.theme.smallest_text * self._zoom, self.value_text
        text.set_em(self.value_em * self._zoom).set_value(value).move_to(self.disc)
        if self.value_side is not None:
            text.fit(_VALUE_WIDTH * self._zoom)
        elif not text.fit(_VALUE_SHARE * self.radius, least):
            self._spilled = True
            text.fit(_VALUE_WIDTH * self._zoom)
            if not self._has_room_for(text):
                text.clear_points()
        outside = self._value_outside is not None
        ink = self.theme.text if outside else self.theme.ink_on(fill)
        text.set_ink(ink, presence * self.brightness)
        return self.arrange_texts() if outside or was_outside else self

    def _draw_notches(self, presence: float) -> None:
        """Cut the ring into dashes, in the colour of the background, 0 … 1."""
        self.notches.clear_points()
        if presence <= 0:
            return
        step = TAU / _DASHES
        for k in range(_DASHES):
            arc = Arc(self.radius, (k + 0.5 - _BETWEEN / 2) * step, _BETWEEN * step, 4)
            self.notches.append_points(arc.points)
        self.notches.shift(self.disc.get_center())
        width = _NOTCH * RING_WIDTH * self.line_scale
        self.notches.set_stroke(self.theme.background, width=width, opacity=presence)

    @property
    def _value_outside(self) -> Vector | None:
        """Unit vector towards the value, if it is outside the neuron."""
        return self.spare_side if self._spilled else self.value_side

    def _has_room_for(self, text: Number) -> bool:
        """Whether a value too long for the neuron fits between it and the next one."""
        extent = text.width if self.spare_side[0] else text.height
        between = 2 * self._half_way * self._zoom - self._clear_of_rings - self.reach
        if self.blame_side is not None:  # the next neuron has its own there
            between -= self.theme.number_size + _AIR
        return extent + _AIR * self._zoom <= between

    @property
    def _clear_of_rings(self) -> float:
        """Distance from the centre to the texts, in frame units."""
        rings = _BLAME_GAP + _BLAME_WIDTHS[1] / 100
        return self.reach + rings * self.line_scale + _AIR * self._zoom

    @property
    def _ring_room(self) -> tuple[float, float]:
        """Gap before a blame ring, and width of the widest one, in frame units.

        If the next neuron is near, first the gap becomes smaller, then the ring.
        """
        widest = _BLAME_WIDTHS[1] / 100 * self.line_scale
        room = self._half_way * self._zoom - self.reach
        gap = min(max(room - widest, room / 4), _BLAME_GAP * self.line_scale)
        return gap, min(widest, room - gap)

    def set_blame(self, value: float | None, strength: float = 0.0, presence: float = 1.0) -> Self:
        """Show a blame as a ring and a signed number.

        Args:
            value: The number; ``None`` removes it.
            strength: Width of the ring, 0 … 1: |δ| on the scale of the diagram. There is none if
                it is nearly zero.
            presence: 0 … 1, how much of it has appeared.
        """
        self.blame, self._blame_strength, self._blame_presence = value, strength, presence
        if value is None or presence <= 0:
            self.blame_ring.clear_points()
            self.blame_text.clear_points()
            return self if self.blame_side is None else self.arrange_texts()
        thin, thick = _BLAME_WIDTHS
        gap, widest = self._ring_room
        opacity = presence * self.brightness
        if strength < _LEAST_STRENGTH:
            self.blame_ring.clear_points().set_stroke(width=0)
        else:
            width = 100 * widest * (thin + (thick - thin) * strength) / thick
            rim, center = self.reach + gap + width / 200, self.disc.get_center()
            self.blame_ring.set_points(center + rim / self.radius * (self.disc.points - center))
            self.blame_ring.set_stroke(self.theme.blame, width=width, opacity=opacity)
        if self.blame_side is None:
            self.blame_text.clear_points()
        else:
            self.blame_text.set_value(value).set_em(self.theme.number_size * self._zoom)
            self.blame_text.set_ink(self.theme.blame, opacity)
            self.arrange_texts()
        return self

    def arrange_texts(self) -> Self:
        """Place every text: beyond the rings, on each side one after the other."""
        texts = self._outer_texts()
        for side in {tuple(side) for side, *_ in texts}:
            # The texts of a column are aligned, whatever the widths of the rings.
            reached = self._clear_of_rings
            for _, text, room in (entry for entry in texts if tuple(entry[0]) == side):
                extent = text.width if side[0] else text.height
                center = self.disc.get_center() + (reached + extent / 2) * np.array(side)
                text.move_to(center)
                reached += max(extent, room) + TEXT_GAP * self._zoom
        return self._draw_plates([text for _, text, _ in texts])

    def _outer_texts(self) -> list[tuple[Vector, VMobject, float]]:
        """Return side, text and least extent of all texts outside the disc, from the inside out."""
        room = self.label_room * self._zoom * abs(self.texts.side[0])
        texts = (
            (self._value_outside, self.value_text, 0.0),
            (self.texts.side, self.texts.label, room),
            (self.texts.side, self.texts.bias, 0.0),
            (self.blame_side, self.blame_text, 0.0),
        )
        return [
            (side, text, least)
            for side, text, least in texts
            if side is not None and text is not None and len(text.family_members_with_points())
        ]

    def _draw_plates(self, texts: list[VMobject]) -> Self:
        self.plate.clear_points()
        if self.texts.plated:
            for text in texts:
                x, y = text.width / 2 + _PLATE_MARGIN, text.height / 2
                corners = np.array([(x, y, 0), (-x, y, 0), (-x, -y, 0), (x, -y, 0)])
                add_outline(self.plate, list(text.get_center() + corners))
        return self

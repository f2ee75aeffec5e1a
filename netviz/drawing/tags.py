"""Numbers and names on edges."""

from __future__ import annotations

from manim import RoundedRectangle, VGroup

from netviz.drawing.edges import Z_TAG, Edge
from netviz.drawing.text import Number
from netviz.theme import Theme


class EdgeTag(VGroup):
    """A number on an edge, on a plate of the background's colour so that no line crosses it.

    Args:
        edge: Where it stands.
        value: What it says.
        theme: Gives font and colours.
        at: Fraction of the way from column to column, the upstream neuron's first, so that
            the numbers on edges that meet in a neuron stand below each other.
        color: Of the number.
        decimals: Digits after the point.
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
        signed: bool = True,
    ) -> None:
        self.number = Number(
            value, theme, decimals=decimals, signed=signed, color=color, em=0.94 * theme.number_size
        )
        self.plate = RoundedRectangle(
            width=self.number.width + 0.12,
            height=1.05 * self.number.em,
            corner_radius=0.08,
            stroke_width=0,
            fill_color=theme.background,
            fill_opacity=1,
        )
        super().__init__(self.plate, self.number)
        self.move_to(edge.between(at))
        self.plate.set_z_index(Z_TAG)
        self.number.set_z_index(Z_TAG + 0.5)

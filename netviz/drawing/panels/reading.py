"""One line of numbers: ``σ(+1.17) = 0.76``."""

from __future__ import annotations

from typing import Self

from manim import RIGHT, VGroup

from netviz.core import Activation
from netviz.drawing.text import Label, Number, formula
from netviz.theme import Theme


class Reading(VGroup):
    """An activation function at one point.

    Args:
        function: Gives the symbol.
        theme: Colours and fonts.
        z, a: The two numbers, as the core computed them.
        color: Of the result; the forward colour unless told.

    Attributes:
        z, result: The two numbers on screen.
    """

    def __init__(
        self, function: Activation, theme: Theme, z: float, a: float, *, color: str | None = None
    ) -> None:
        self.z = Number(z, theme, signed=True, color=theme.forward)
        self.result = Number(a, theme, color=color or theme.forward)
        before = VGroup(
            formula(function.symbol, theme, color=theme.forward),
            Label("(", theme, color=theme.forward),
        ).arrange(RIGHT, buff=0.05)
        super().__init__(before, self.z, Label(") =", theme, color=theme.forward), self.result)
        for left, right, gap in zip(self, self[1:], (0.03, 0.03, 0.14), strict=False):
            right.next_to(left, RIGHT, buff=gap)
        self.center()

    def set_values(self, z: float, a: float) -> Self:
        """Write other numbers in the same places."""
        self.z.set_value(z)
        self.result.set_value(a)
        return self
